"""A file before it is taken over: read beside the keys, shown whole, then written or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.import_lists import (
    ADDED,
    Line,
    PreviewList,
    added_list,
    count_of,
    lists_of,
)
from townshipdesk.screens.import_notes import counts_of, noted, status_text
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.sheet_why import import_why_not
from townshipdesk.screens.sheet_words import KINDS, STAGES, counts_text, field_name
from townshipdesk.services import imports
from townshipdesk.services.imports import CancelledError, ImportKind, ImportOptions, Preview, Stage
from townshipdesk.services.imports import columns as known_columns
from townshipdesk.services.imports.added import added
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.cells import bar, styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.imports import Summary
    from townshipdesk.services.office import Office

LOOKS_A_SECOND: Final = 5
BAR: Final = 30
NOTES: Final = 4
FEW_NOTES: Final = 2
SHORT_LISTS: Final = ("columns", "added")
"""Lists whose last cell is never too long for its column."""
READY: Final = "ready"
"""States of the page: reading, ready, writing, written, stopped."""


class ImportPage(Page):
    """One file: reading with progress, its preview, and taking it over. Esc stops, then leaves."""

    PLACE: ClassVar[Place] = Place.IMPORT
    AUTO_FOCUS = "#import-list"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.IMPORT, "screen")]

    rows = query_one("#import-list", LiveList)
    lists = query_one("#import-lists", Choice)

    def __init__(
        self, session: Session, path: Path, kind: ImportKind, options: ImportOptions
    ) -> None:
        super().__init__(session)
        self._path = path
        self._kind = kind
        self._options = options
        self._state = "reading"
        self._stage = Stage("opening", 0, 0)
        self._stop = False
        self.shown: Preview | None = None
        self.summary: Summary | None = None
        self._lists: list[PreviewList] = []
        self._stay: tuple[str, object] = ("", None)  # the list and line shown before reading again
        self._to_keep: dict[str, str] = {}  # columns said here that are not remembered yet
        self._failed: Callable[[], str] = lambda: ""

    @property
    def sheet_kind(self) -> SheetKind:
        """The kind of sheet, as the reader names it."""
        return SheetKind(self._kind.value)

    def compose_area(self) -> ComposeResult:
        """Set what the file is, what would come of it, and the lists."""
        yield Words(self._title, classes="page-title")
        yield Words(self._status, id="import-status")
        yield Words(self._notes, id="import-notes")
        yield LiveList[Line]((), key=lambda line: line.key, id="import-list")
        yield Words(self._details, id="import-details")

    def on_mount(self) -> None:
        """Begin to read."""
        self.set_interval(1 / LOOKS_A_SECOND, self._look)
        self._read()

    def _look(self) -> None:
        if self._state in ("reading", "writing"):
            self.query_one("#import-status", Words).refresh()

    # ------------------------------------------------------------------------- reading and writing

    def _report(self, stage: Stage) -> None:
        self._stage = stage  # called in the thread that reads

    @work(exclusive=True, exit_on_error=False)
    async def _read(self, columns: Mapping[str, str] | None = None) -> None:
        """Read it, with what was said of its columns; what cannot be read so is not kept."""
        before, options = self.shown, self._options
        if self._lists:
            line: Line | None = self.rows.current
            self._stay = self.lists.value.name, line and line.key
        if columns is not None:
            self._options = replace(options, columns=columns)
        self._state, self._stop, self.shown, self.summary = "reading", False, None, None
        self._failed = lambda: ""
        self._stage = Stage("opening", 0, 0)
        self._say_again()
        try:
            self.shown = await self.session.apart(self._preview)
            self._state = READY
        except CancelledError:
            self._state = "stopped"
        except DeskError as error:
            self._state = "stopped"
            message, values = error.message, error.values
            self._failed = lambda: _(message, **values)
            if columns is not None and before is not None:
                self.tell_error(error)  # else the page itself says it
                self._state, self.shown, self._options = READY, before, options
        self._to_keep = self._not_kept()
        await self._show_lists()
        self._say_again()

    def _preview(self, office: Office) -> Preview:
        return imports.preview(
            office, self._kind, self._path, self._options, self._report, lambda: self._stop
        )

    @work(exclusive=True, exit_on_error=False)
    async def action_take_over(self) -> None:
        """Write what is shown, after a second yes."""
        from townshipdesk.screens.confirm import ConfirmBox

        shown = self.shown
        if shown is None or self._state != READY or not may_change(self, self.session):
            return
        if shown.refused or shown.changes_nothing:
            await self._keep_columns()
            return
        yes = N_("Y: write it.   Esc: not yet")
        if await self.app.push_screen_wait(ConfirmBox(self._question, self._at_stake, yes=yes)):
            await self._write(shown)

    async def _write(self, shown: Preview) -> None:
        who = self.session.who
        self._state, self._stop = "writing", False
        self._stage = Stage("writing", 0, 0)
        await self._show_lists()
        self._say_again()

        def do(office: Office) -> Summary:
            done = imports.commit(office, who, shown, self._report, lambda: self._stop)
            confirmed = known_columns.doubtful(shown.mappings)
            known_columns.remember(office, who, self.sheet_kind, confirmed)
            return done

        try:
            self.summary = await self.session.apart(do)
            self._state = "written"
        except DeskError as error:
            self.tell_error(error)
            self._read()
            return
        self._say_again()

    def _not_kept(self) -> dict[str, str]:
        """Give the columns somebody said here that the office does not remember so."""
        said = self._options.columns
        if not said or self.shown is None:
            return {}
        known = known_columns.remembered(self.session.office, self.sheet_kind)
        seen = known_columns.doubtful(self.shown.mappings)
        return {h: f for h, f in seen.items() if h in said and known.get(h) != f}

    async def _keep_columns(self) -> None:
        """Remember what was said of columns, though nothing else of the file is written."""
        from townshipdesk.screens.confirm import ConfirmBox

        columns, who = self._to_keep, self.session.who

        def told(_width: int) -> Content:
            pairs = [
                f"{display_text(heading)} → {field_name(field) if field else _('not read')}"
                for heading, field in columns.items()
            ]
            return Content("\n".join([*pairs, _("Nothing else of this file is written.")]))

        question = ConfirmBox(lambda: _("Remember these columns for the next file?"), told)
        if await self.app.push_screen_wait(question):
            await self.session.apart(
                lambda office: known_columns.remember(office, who, self.sheet_kind, columns)
            )
            self._to_keep = {}
            self.tell(N_("Remembered for the next file of this kind."))
            self.refresh_keys()

    # -------------------------------------------------------------------------------- what it says

    async def _show_lists(self) -> None:
        self._lists = [] if self.shown is None else lists_of(self.shown, self._new())
        for old in self.query("#import-lists"):
            await old.remove()
        if self._lists:
            name, key = self._stay
            stay = next((one for one in self._lists if one.name == name), None)
            choice = Choice(self._lists, self._list_label, chosen=stay, id="import-lists")
            await self.mount(choice, before=self.rows)
        self._fill()
        if self._lists and stay is not None:
            keys = [line.key for line in self.rows.rows] if name == "columns" else []
            self.rows.cursor = keys.index(key) if key in keys else 0

    def _new(self) -> PreviewList | None:
        """Give the list of whom the file adds; while it is written nobody waits any more."""
        if self._state != READY or self.shown is None or self.sheet_kind not in ADDED:
            return None
        people = added(self.session.office, self.shown)
        return added_list(self.sheet_kind, people) if people else None

    def _list_label(self, one: PreviewList) -> str:
        count = 0 if self.shown is None else count_of(self.shown, one.name)
        return f"{_(one.label)} {count:,}"

    @on(Choice.Changed, "#import-lists")
    def _fill(self) -> None:
        if self.shown is None or not self._lists:
            self.rows.set_columns(())
            self.rows.set_rows(())
            return
        chosen: PreviewList = self.lists.value
        self.rows.set_columns(chosen.as_columns())
        self.rows.set_rows(chosen.lines(self.shown))
        self.rows.focus()
        self._moved()
        self.refresh_keys()

    def relabel(self) -> None:
        """Say the lists again in the language in force."""
        if self.shown is not None and self._lists:
            self.rows.set_rows(self.lists.value.lines(self.shown), keep=True)

    def _say_again(self) -> None:
        for selector in ("#import-status", "#import-notes"):
            self.query_one(selector, Words).relabel()
        self.refresh_keys()

    def _title(self, _width: int) -> Content:
        parts: list[Content | str] = [
            " ",
            styled(display_text(self._path.name), "bold $accent"),
            "   ",
            styled(_(KINDS[self.sheet_kind]), "bold"),
        ]
        if self._options.department:
            full = _("complete list") if self._options.full else _("additions")
            parts.append(f"   {display_text(self._options.department)}  {full}")
        if self._options.village:
            parts.append(f"   {display_text(self._options.village)}")
        return Content.assemble(*parts)

    def _status(self, width: int) -> Content:
        if self._state in ("reading", "writing"):
            stage = self._stage
            filled = styled(bar(stage.done, stage.total, BAR), "$accent on $panel")
            done = f"  {stage.done:,} / {stage.total:,}" if stage.total else ""
            return Content.assemble(" ", filled, f"  {_(STAGES[stage.name])}", done)
        if self.summary is not None:
            said = counts_text(counts_of(self.summary))
            return styled(" ✓ " + _("Written.") + "  " + said, "bold $text-success")
        if self.shown is None:
            return styled(" " + _("Not read. Nothing was changed."), "bold $text-warning")
        style = "bold $text-error" if self.shown.refused else "bold"
        return styled(f" {status_text(self.shown)}", style).truncate(width, ellipsis=True)

    def _notes(self, width: int) -> Content:
        shown = self.shown
        if shown is None:
            failed = self._failed()
            hint = "\n " + _("h points at the heading.") if failed else ""
            return Content(f" {failed}{hint}")
        lines = [styled(f" {text}", tone) for text, tone in noted(shown, written=self._is_written)]
        if len(lines) > FEW_NOTES:  # else there is room for each to take a second line
            lines = [line.truncate(width, ellipsis=True) for line in lines[:NOTES]]
        return Content("\n").join(lines)

    def _details(self, width: int) -> Content:
        """Say the last cell of the line under the cursor whole: reasons are longer than a line."""
        line: Line | None = self.rows.current
        if line is None or not self._lists or self.lists.value.name in SHORT_LISTS:
            return Content("")
        return styled(line.cells[-1], "$quiet").truncate(width * 2)

    @on(LineList.Moved, "#import-list")
    def _moved(self) -> None:
        self.query_one("#import-details", Words).refresh()

    @property
    def _is_written(self) -> bool:
        return self._state == "written"

    def _question(self) -> str:
        return _("Write this file into the office?")

    def _at_stake(self, _width: int) -> Content:
        if self.shown is None:
            return Content("")
        counts = counts_of(self.shown.summary(dry_run=True))
        lines = [
            styled(display_text(self._path.name), "bold"),
            styled(counts_text(counts), "bold $accent"),
        ]
        if self.shown.same_persons:
            count = len(self.shown.same_persons)
            said = _("{count} rows may be people who are here already.", count=count)
            lines.append(styled(said, "$text-warning"))
        if self.shown.rejections:
            said = _("The rejected rows are left out; send them back with E.")
            lines.append(Content(said))
        return Content("\n").join(lines)

    # -------------------------------------------------------------------------------- what it does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what cannot be done now; leave out what only another list or a failure has."""
        ready = self._state == READY and self.shown is not None
        if action == "correct_column":
            return bool(ready and self._lists and self.lists.value.name == "columns")
        if action == "point_out":
            return self._state == "stopped"
        if action == "take_over":
            shown = self.shown
            writes = shown is not None and not (shown.refused or shown.changes_nothing)
            may = ready and (writes or bool(self._to_keep))
        elif action == "write_rejects":
            may = self.shown is not None and bool(self.shown.rejections)
        elif action == "look_again":
            may = self._state in (READY, "stopped")
        elif action == "next_list":
            may = bool(self._lists)
        else:
            return super().check_action(action, parameters)
        return True if may else None

    def why_not(self, action: str) -> str:
        """Say why the file does not allow an action now."""
        return import_why_not(action, self.shown, self._state)

    def action_close_page(self) -> None:
        """Stop what runs; where nothing runs, go back."""
        if self._state in ("reading", "writing"):
            self._stop = True
        else:
            self.dismiss(None)

    def action_next_list(self) -> None:
        """Show the next list."""
        self.lists.action_step(1)

    def action_look_again(self) -> None:
        """Read the file once more, as it is now."""
        self._read()

    def action_correct_column(self) -> None:
        """Say what the column under the cursor holds."""
        self.rows.action_choose()

    @on(LineList.Chosen, "#import-list")
    @work(exit_on_error=False)
    async def _correct(self, event: LineList.Chosen) -> None:
        if self._state != READY or not self._lists or self.lists.value.name != "columns":
            return
        from townshipdesk.screens.import_options import ColumnBox

        line: Line = event.row
        heading = str(line.key[2])
        box = ColumnBox(self.sheet_kind, heading, self._field_of(heading))
        field = await self.app.push_screen_wait(box)
        if field is not None:
            said: Mapping[str, str] = self._options.columns or {}
            self._read({**said, heading: field})

    @work(exit_on_error=False)
    async def action_point_out(self) -> None:
        """Let somebody point at the heading of a file that was not recognised."""
        from townshipdesk.screens.import_heading import HeadingBox

        if self._state != "stopped":
            return
        named = await self.app.push_screen_wait(
            HeadingBox(self.session, self._path, self.sheet_kind)
        )
        if named:
            self._read({**(self._options.columns or {}), **named})

    def _field_of(self, heading: str) -> str:
        shown = self.shown
        mappings = shown.mappings if shown is not None else ()
        return next((c.field for m in mappings for c in m.columns if c.heading == heading), "")

    @work(exit_on_error=False)
    async def action_write_rejects(self) -> None:
        """Write the rejected rows to a workbook that goes back."""
        from townshipdesk.screens.rejected_rows import send_back

        shown = self.shown
        if shown is not None and shown.rejections:
            await send_back(self, self.session, shown.path, shown.rejections, shown.mappings)
