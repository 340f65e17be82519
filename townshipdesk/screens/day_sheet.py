"""The sheet of a closed day on the screen, and on paper: printer, PDF, plain text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.domain.errors import DeskError, NotFoundError
from townshipdesk.i18n import _, language
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.days import DaySheet
    from townshipdesk.services.office import Office

FOLDER: Final = "day-sheets"


class DaySheetPane(VerticalScroll):
    """Shows the sheet of a closed day as it is printed, and gives it out."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="day-sheet")
        self._session = session
        self._sheet: DaySheet | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        """Set the paper."""
        yield Words(self._paper, id="sheet-paper")

    def load(self, day: date) -> bool:
        """Show the sheet of a day, and tell whether there is one."""
        from townshipdesk.services.days import day_sheet

        try:
            self._sheet = day_sheet(self._session.office, day)
        except NotFoundError:
            self._sheet = None
            return False
        self.query_one("#sheet-paper", Words).relabel()
        self.scroll_home(animate=False)
        return True

    def _paper(self, _width: int) -> Content:
        from townshipdesk.printing.day_sheet import day_sheet_text
        from townshipdesk.services.day_sheets import on_paper

        if self._sheet is None:
            return Content("")
        text = day_sheet_text(on_paper(self._sheet, language()), language=language())
        return Content(text.replace("\f", "").rstrip())

    @work(exit_on_error=False)
    async def give_out(self, form: str) -> None:
        """Print the sheet, or save it beside the office: "printer", "pdf" or "text"."""
        sheet = self._sheet
        if sheet is None or self._busy:
            return
        self._busy = True
        try:
            told = await self._session.apart(lambda office: _made(office, sheet, form))
        except DeskError as error:
            told = _(error.message, **error.values)
        except OSError as error:
            told = _("It could not be written: {why}", why=type(error).__name__)
        finally:
            self._busy = False
        self.app.notify(told, markup=False)


def _made(office: Office, sheet: DaySheet, form: str) -> str:
    """Make the paper in another thread, and say where it is. On paper it is Chinese."""
    from townshipdesk.printing.day_sheet import day_sheet_pdf, day_sheet_text
    from townshipdesk.printing.printer import PrinterError, send_to_printer
    from townshipdesk.services.day_sheets import on_paper

    printed = on_paper(sheet)
    if form == "text":
        return _(
            "Saved: {path}", path=_saved(office, sheet, form, _encoded(day_sheet_text(printed)))
        )
    contents = day_sheet_pdf(printed)
    if form == "pdf":
        return _("Saved: {path}", path=_saved(office, sheet, form, contents))
    try:
        send_to_printer(contents, title=sheet.story.day.isoformat())
    except PrinterError as error:
        why = _(error.message, **error.values)
        path = _saved(office, sheet, "pdf", contents)
        return _("{why} The sheet is saved: {path}", why=why, path=path)
    return _("The sheet of {day} is at the printer.", day=sheet.story.day)


def _encoded(text: str) -> bytes:
    return text.encode("gb18030")


def _saved(office: Office, sheet: DaySheet, form: str, contents: bytes) -> Path:
    folder = office.database.path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{sheet.story.day}.{'pdf' if form == 'pdf' else 'txt'}"
    path.write_bytes(contents)
    return path
