"""How a file's columns are read, before anything is done with it: shown, corrected, confirmed.

Tax lists, village ledgers and call lists come through here; rosters and identity lists show the
same lists in their preview. What was confirmed is remembered for the next file of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.import_lists import LISTS, Line, PreviewList
from townshipdesk.screens.import_options import ColumnBox
from townshipdesk.screens.rejected_rows import send_back
from townshipdesk.screens.sheet_words import KINDS, STAGES
from townshipdesk.services.imports import columns as known_columns
from townshipdesk.sheets import reader
from townshipdesk.sheets.process import ReadingStopped
from townshipdesk.sheets.result import Progress, SheetKind, SheetResult
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import bar, styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

LOOKS_A_SECOND: Final = 5
BAR: Final = 30
NOTES: Final = 2
READERS: Final[Mapping[SheetKind, Callable[..., SheetResult[Any]]]] = {
    SheetKind.TAX_LIST: reader.read_tax_list,
    SheetKind.CONTRIBUTIONS: reader.read_ledger,
    SheetKind.CALLS: reader.read_calls,
}
"""Kinds of files that have no preview of their own."""
SHOWN: Final = tuple(one for one in LISTS if one.name in ("columns", "rejected"))


class ColumnsBox(Box[SheetResult[Any]]):
    """Reads a file and answers with what was read, once somebody has looked at its columns."""

    PLACE: ClassVar[Place] = Place.COLUMNS
    WIDTH: ClassVar[int] = 100
    AUTO_FOCUS = "#column-list"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.COLUMNS, "screen")]

    rows = query_one("#column-list", LiveList)
    lists = query_one("#column-lists", Choice)

    def __init__(self, session: Session, path: Path, kind: SheetKind) -> None:
        super().__init__()
        self._session = session
        self._path = path
        self._kind = kind
        self._said: dict[str, str] = {}
        self._progress = Progress("opening", 0, 0)
        self._stop = False
        self._reads = False
        self._leaving = False
        self.read: SheetResult[Any] | None = None

    def box_title(self) -> str:
        """Name the file and what it was taken for."""
        return f"{display_text(self._path.name)}  {_(KINDS[self._kind])}"

    def compose_box(self) -> ComposeResult:
        """Set how far it is, what to know, and the columns."""
        yield Words(self._status, id="column-status")
        yield Words(self._notes, id="column-notes")
        yield Choice(SHOWN, self._list_label, id="column-lists")
        yield LiveList[Line](SHOWN[0].as_columns(), key=lambda line: line.key, id="column-list")
        yield Words(self._details, id="column-details")

    def on_mount(self) -> None:
        """Begin to read."""
        super().on_mount()
        self.set_interval(1 / LOOKS_A_SECOND, self._look)
        self._read({})

    def on_unmount(self) -> None:
        """Let the reading stop where the desk is closed over it."""
        self._stop = True

    def _look(self) -> None:
        if self._reads:
            self.query_one("#column-status", Words).refresh()

    # ------------------------------------------------------------------------------------- reading

    def _tell(self, step: Progress) -> None:
        self._progress = step  # called in the thread that reads

    @work(exclusive=True, exit_on_error=False)
    async def _read(self, said: dict[str, str]) -> None:
        """Read it with what was said of its columns; what cannot be read so is not kept."""
        before, self.read = self.read, None
        self._reads, self._stop = True, False
        self.complain()
        self._show()
        try:
            self.read = await self._session.apart(lambda office: self._reading(office, said))
            self._said = said
        except ReadingStopped:
            pass
        except DeskError as error:
            self.read = before
            self.complain(error.message, **error.values)
        self._reads = False
        if self._leaving:
            self.dismiss(None)
        else:
            self._show()

    def _reading(self, office: Office, said: Mapping[str, str]) -> SheetResult[Any]:
        known = known_columns.remembered(office, self._kind)
        return READERS[self._kind](
            self._path,
            today=office.today(),
            mapping={**known, **said},
            progress=self._tell,
            cancelled=lambda: self._stop,
        )

    # -------------------------------------------------------------------------------- what it says

    def _list_label(self, one: PreviewList) -> str:
        return f"{_(one.label)} {len(self._lines(one)):,}"

    def _lines(self, one: PreviewList) -> Sequence[Line]:
        return [] if self.read is None else one.lines(self.read)

    @on(Choice.Changed, "#column-lists")
    def _show(self) -> None:
        chosen: PreviewList = self.lists.value
        self.rows.set_columns(chosen.as_columns())
        self.rows.set_rows(self._lines(chosen), keep=True)
        self.rows.focus()
        self.lists.relabel()
        for words in self.query(Words):
            words.relabel()
        self.query_one(KeyLine).refresh()

    def relabel(self) -> None:
        """Say the lists again in the language in force."""
        super().relabel()
        self._show()

    def _status(self, _width: int) -> Content:
        if self._reads:
            step = self._progress
            filled = styled(bar(step.done, step.total, BAR), "$accent on $panel")
            done = f"  {step.done:,} / {step.total:,}" if step.total else ""
            return Content.assemble(filled, f"  {_(STAGES[step.stage])}", done)
        if self.read is None:
            return styled(_("Not read. Nothing was changed."), "bold $text-warning")
        count = f"{self.read.data_rows:,}"
        ready = _("F3 goes on if the columns are right.")
        if self._is_held_back:
            ready = _("A ledger comes whole or not at all: mend those rows first.")
        return Content.assemble(styled(_("{count} rows", count=count), "bold"), f"   {ready}")

    @property
    def _is_held_back(self) -> bool:
        """Whether rows that cannot be read keep the file out: a ledger comes whole."""
        read = self.read
        return self._kind is SheetKind.CONTRIBUTIONS and bool(read and read.rejections)

    def _notes(self, width: int) -> Content:
        read = self.read
        if read is None:
            return Content("")
        lines: list[Content] = []
        if read.rejections:
            said = _("{count} rows cannot be read; e sends them back.", count=len(read.rejections))
            lines.append(styled(said, "$text-warning"))
        if any(not mapping.confident for mapping in read.mappings):
            said = _("Some columns were recognised by a part of their heading: please check them.")
            lines.append(styled(said, "$text-warning"))
        lines += [styled(warning.text, "$quiet") for warning in read.warnings]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines[:NOTES])

    def _details(self, width: int) -> Content:
        """Say the last cell of the line under the cursor whole: reasons are longer than a line."""
        line: Line | None = self.rows.current
        if line is None or self.lists.value.name == "columns":
            return Content("")
        return styled(line.cells[-1], "$quiet").truncate(width * 2)

    @on(LineList.Moved, "#column-list")
    def _moved(self) -> None:
        self.query_one("#column-details", Words).refresh()

    # -------------------------------------------------------------------------------- what it does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what cannot be done now."""
        if not self.is_mounted:
            return True
        if action == "accept_columns":
            return True if self.read is not None and not self._is_held_back else None
        if action == "set_column":
            here = self.read is not None and self.lists.value.name == "columns"
            return True if here else None
        if action == "find_heading":
            return True if self.read is None and not self._reads else None
        if action == "return_rows":
            return True if self.read is not None and self.read.rejections else None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Stop the reading, or go back without doing anything with the file."""
        if self._reads:
            self._stop = self._leaving = True
        else:
            self.dismiss(None)

    def action_accept_columns(self) -> None:
        """Go on with what was read."""
        if self.read is not None and not self._is_held_back:
            self.dismiss(self.read)

    def action_other_list(self) -> None:
        """Show the rejected rows, or the columns again."""
        self.lists.action_step(1)

    def action_set_column(self) -> None:
        """Say what the column under the cursor holds."""
        self.rows.action_choose()

    @on(LineList.Chosen, "#column-list")
    @work(exit_on_error=False)
    async def _correct(self, event: LineList.Chosen) -> None:
        if self.read is None or self.lists.value.name != "columns":
            return
        heading = str(event.row.key[2])
        known = (c.field for m in self.read.mappings for c in m.columns if c.heading == heading)
        field = await self.app.push_screen_wait(ColumnBox(self._kind, heading, next(known, "")))
        if field is not None:
            self._read({**self._said, heading: field})

    @work(exit_on_error=False)
    async def action_find_heading(self) -> None:
        """Let somebody point at the heading of a file that was not recognised."""
        from townshipdesk.screens.import_heading import HeadingBox

        if self._reads or self.read is not None:
            return
        box = HeadingBox(self._session, self._path, self._kind)
        named = await self.app.push_screen_wait(box)
        if named:
            self._read({**self._said, **named})

    @work(exit_on_error=False)
    async def action_return_rows(self) -> None:
        """Write the rejected rows to a workbook that goes back."""
        read = self.read
        if read is not None and read.rejections:
            await send_back(self, self._session, self._path, read.rejections, read.mappings)


def remember(office: Office, actor: Actor, read: SheetResult[Any]) -> None:
    """Keep the columns somebody has seen and confirmed, for the next file of this kind."""
    known_columns.remember(office, actor, read.kind, known_columns.doubtful(read.mappings))
