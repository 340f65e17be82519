"""Files (F8): what came in and went out, and the ways to everything that is done with sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.area import Area
from townshipdesk.screens.file_choice import ChooseFileBox, Chosen
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.sheet_why import file_why_not
from townshipdesk.screens.sheet_words import counts_text, record_kind, short_kind
from townshipdesk.services import file_history
from townshipdesk.services.file_history import FileRecord
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

UNDOABLE: Final = frozenset(kind.value for kind in ImportKind if kind != "contributions")
SHORT_HASH: Final = 12


class FilesScreen(Area):
    """The history of files, newest first; its keys lead to reading, writing and comparing."""

    PLACE: ClassVar[Place] = Place.FILES
    AUTO_FOCUS = "#files"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FILES, "screen")]

    files = query_one("#files", LineList)

    def compose_area(self) -> ComposeResult:
        """Set a line, the list, and what is known of the file under the cursor."""
        yield Words(self._title, classes="page-title")
        yield LineList(_columns(self._moment), key=lambda row: (row.uid, row.undone_at), id="files")
        yield Words(self._details, id="file-details")

    def on_mount(self) -> None:
        """Show the history."""
        self.office_changed()

    def on_screen_resume(self) -> None:
        """Show what has been done on the pages over this one."""
        self.office_changed()

    def office_changed(self) -> None:
        """Show what came in or went out at any desk."""
        on_top = self.files.cursor == 0  # who stands on the newest file stays on the newest
        self.files.set_rows(file_history.history(self.session.office), keep=not on_top)
        self._say_again()

    @on(LineList.Moved)
    def _say_again(self) -> None:
        self.query_one("#file-details", Words).refresh()
        self.refresh_keys()

    # -------------------------------------------------------------------------------- what it says

    def _moment(self, row: FileRecord) -> str:
        """Give day and time; of another year the whole day."""
        this_year = row.at.year == self.session.office.today().year
        return f"{row.at:%m-%d %H:%M}" if this_year else f"{row.at:%Y-%m-%d}"

    def _title(self, _width: int) -> Content:
        return Content.assemble(
            styled(" " + _("Files in and out"), "bold"),
            styled(
                "   " + _("F2 reads a file; nothing is written before you say so."),
                "$quiet",
            ),
        )

    def _details(self, width: int) -> Content:
        row = self.files.current
        if row is None:
            return styled(" " + _("No file has come in or gone out yet."), "$quiet")
        lines = [
            Content.assemble(
                f" {display_text(row.name)}  ",
                styled(
                    f"{display_text(row.staff)}  SHA-256 {row.sha256[:SHORT_HASH]}…"
                    f"  {display_text(row.about)}",
                    "$quiet",
                ),
            ),
            styled(f" {_undone_text(row)}", "$text-warning")
            if row.undone_at
            else Content(" " + _result(row)),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the file under the cursor does not have."""
        if action in ("take_import_back", "open_file"):
            row = self.files.current if self.is_mounted else None
            if row is None:
                return None
            may = action == "open_file" or (row.kind in UNDOABLE and row.undone_at is None)
            return True if may else None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Say why the file under the cursor cannot be taken back."""
        return file_why_not(action, self.files.current)

    # -------------------------------------------------------------------------------- what it does

    @work(exclusive=True, exit_on_error=False)
    async def action_bring_in(self) -> None:
        """Choose a file and show what it would change."""
        box = ChooseFileBox(self.session, lambda: _("Bring a file in"))
        chosen = await self.app.push_screen_wait(box)
        if chosen is not None:
            page = await self._page_for(chosen.kind, chosen)
            if page is not None:
                self.app.push_screen(page)

    async def _page_for(self, kind: SheetKind, chosen: Chosen) -> Screen[None] | None:
        """Give the page that reads this kind of file; None where somebody went back."""
        from townshipdesk.screens.import_columns import ColumnsBox
        from townshipdesk.screens.import_options import OptionsBox
        from townshipdesk.screens.import_preview import ImportPage

        if kind is SheetKind.TAX_LIST:
            from townshipdesk.screens.reconcile import ReconcilePage

            return ReconcilePage(self.session, chosen.path)
        if kind is SheetKind.CONTRIBUTIONS:
            from townshipdesk.screens.collections import CollectionsPage

            return CollectionsPage(self.session, chosen.path)
        if kind is SheetKind.CALLS:
            from townshipdesk.screens.call_list import CallListBox

            if may_change(self, self.session):
                read = await self.app.push_screen_wait(
                    ColumnsBox(self.session, chosen.path, SheetKind.CALLS)
                )
                if read is not None:
                    await self.app.push_screen_wait(CallListBox(self.session, chosen.path, read))
            return None
        options: ImportOptions | None = ImportOptions()
        if kind in (SheetKind.IDENTITIES, SheetKind.RESIDENTS):
            box = OptionsBox(self.session, kind, chosen.path.name)
            options = await self.app.push_screen_wait(box)
        if options is None:
            return None
        return ImportPage(self.session, chosen.path, ImportKind(kind.value), options)

    def action_write_out(self) -> None:
        """Write a sheet."""
        from townshipdesk.screens.exports_out import ExportsPage

        self.app.push_screen(ExportsPage(self.session))

    def action_compare_list(self) -> None:
        """Compare with the tax bureau's list."""
        from townshipdesk.screens.reconcile import ReconcilePage

        self.app.push_screen(ReconcilePage(self.session))

    def action_ledgers(self) -> None:
        """Show what villages collect."""
        from townshipdesk.screens.collections import CollectionsPage

        self.app.push_screen(CollectionsPage(self.session))

    def action_claims(self) -> None:
        """Claim subsidies."""
        from townshipdesk.screens.claims import ClaimsPage

        self.app.push_screen(ClaimsPage(self.session))

    def action_open_file(self) -> None:
        """Show everything about the file under the cursor."""
        self.files.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        await self.app.push_screen_wait(FileBox(event.row))

    @work(exit_on_error=False)
    async def action_take_import_back(self) -> None:
        """Take the import under the cursor back, while nothing was built on it."""
        from townshipdesk.screens.reason import ReasonBox
        from townshipdesk.services.imports import undo

        row = self.files.current
        if row is None or row.kind not in UNDOABLE or not may_change(self, self.session):
            return
        who, uid = self.session.who, row.uid

        async def take_back(why: str) -> bool:
            await self.session.apart(lambda office: undo.take_back(office, who, uid, why))
            return True

        try:
            at_stake = await self.session.apart(lambda office: undo.at_stake(office, uid))
        except DeskError as error:
            self.tell_error(error)
            return
        box = ReasonBox(
            lambda: _("Take {name} back", name=display_text(row.name)),
            take_back,
            lambda: counts_text(at_stake),
        )
        if await self.app.push_screen_wait(box):
            self.tell(N_("Taken back: {name}"), name=display_text(row.name))
            self.office_changed()


class FileBox(Box[None]):
    """Everything about one file."""

    WIDTH: ClassVar[int] = 90
    COMPLAINS = False

    def __init__(self, record: FileRecord) -> None:
        super().__init__()
        self._record = record

    def box_title(self) -> str:
        """Name the file."""
        return display_text(self._record.name)

    def compose_box(self) -> ComposeResult:
        """Show it."""
        with VerticalScroll(classes="page"):
            yield Words(self._say)

    def _say(self, _width: int) -> Content:
        row = self._record
        said: list[tuple[Callable[[], str], str]] = [
            (lambda: _("Kind"), record_kind(row)),
            (lambda: _("About"), display_text(row.about) or "—"),
            (lambda: _("Moment"), f"{row.at:%Y-%m-%d %H:%M:%S}  {display_text(row.staff)}"),
            (
                lambda: _("Result"),
                _result(row),
            ),
            (lambda: "SHA-256", row.sha256),
        ]
        if row.undone_at:
            said.append((lambda: _("Import taken back"), _undone_text(row)))
        lines = [Content.assemble(styled(label() + "  ", "$quiet"), text) for label, text in said]
        return Content("\n").join(lines)


def _result(row: FileRecord) -> str:
    return _("{count} rows", count=f"{row.rows:,}") + "  " + counts_text(row.counts)


def _undone_text(row: FileRecord) -> str:
    at = f"{row.undone_at:%Y-%m-%d %H:%M}" if row.undone_at else ""
    return _(
        "Taken back {at} by {staff}: {why}",
        at=at,
        staff=display_text(row.undone_by),
        why=display_text(row.undone_why),
    )


def _columns(moment: Callable[[FileRecord], str]) -> list[Column[FileRecord]]:
    return [
        Column(lambda: _("Moment"), 11, moment, tone="quiet"),
        Column(lambda: "", 4, lambda row: _("out") if row.way == "out" else _("in")),
        Column(lambda: _("Kind"), 15, short_kind, tone="strong"),
        Column(lambda: _("File"), 22, lambda row: row.name, share=3),
        Column(lambda: _("Rows"), 7, lambda row: f"{row.rows:,}", right=True),
        Column(
            lambda: _("Result"),
            12,
            lambda row: _("undone") if row.undone_at else counts_text(row.counts),
            share=3,
            tone=lambda row: "warning" if row.undone_at or row.counts.get("rejected") else "",
        ),
        Column(lambda: _("Who"), 8, lambda row: row.staff, leave=1, tone="quiet"),
    ]
