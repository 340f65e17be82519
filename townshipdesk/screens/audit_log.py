"""The audit log for supervisors and auditors: search it, read an entry, write it to a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.audit_words import (
    ACTIONS,
    action_words,
    all_details,
    detail_words,
    matching_actions,
    subject_words,
)
from townshipdesk.screens.page import Page
from townshipdesk.services import audit_export, audit_search
from townshipdesk.services.audit_search import PAGE, AuditQuestion, AuditRow
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.inputs import DateInput, LineInput
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

NEAR_THE_END: Final = 20
FIELDS: Final = (
    (("log-from", N_("From")), ("log-to", N_("To")), ("log-staff", N_("Who"))),
    (("log-action", N_("What")), ("log-text", N_("About"))),
)


class AuditLogPage(Page):
    """The log, newest first; more rows are read when the cursor comes near the end."""

    PLACE: ClassVar[Place] = Place.AUDIT
    AUTO_FOCUS = "#log"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.AUDIT, "screen")]

    log_list = query_one("#log", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._question = AuditQuestion()
        self._complete = False
        self._reading = False

    def compose_area(self) -> ComposeResult:
        """Set the five fields on two lines, and the list."""
        for line in FIELDS:
            with Horizontal(classes="log-fields"):
                for field_id, label in line:
                    yield Words(partial(_label, label), classes="log-label")
                    if field_id in ("log-from", "log-to"):
                        yield DateInput(id=field_id, classes="log-day")
                    else:
                        yield LineInput(hint=_hint(field_id), id=field_id, classes="log-text")
        yield Words(self._title, id="log-title")
        yield LineList(_columns(), key=lambda row: row.number, id="log")

    def on_mount(self) -> None:
        """Show the newest rows."""
        self._read(fresh=True)

    def _title(self, _width: int) -> Content:
        shown = len(self.log_list.rows)
        said = (
            _("{count} log entries", count=shown)
            if self._complete
            else _("{count} log entries and more", count=shown)
        )
        return styled(f" {_('Audit log')}   {said}", "$quiet")

    # ------------------------------------------------------------------------------------- reading

    @on(Input.Submitted)
    def _search(self) -> None:
        try:
            self._question = self._asked()
        except ValueError:
            self.tell(N_("That is not a day: 2025-03-17"), bad=True)
            return
        self._read(fresh=True)
        self.set_focus(self.log_list)

    def _asked(self) -> AuditQuestion:
        def text(field_id: str) -> str:
            return self.query_one(f"#{field_id}", Input).value.strip()

        return AuditQuestion(
            from_day=self.query_one("#log-from", DateInput).day,
            to_day=self.query_one("#log-to", DateInput).day,
            staff=text("log-staff"),
            actions=matching_actions(text("log-action"), ACTIONS),
            text=text("log-text"),
        )

    @work(exit_on_error=False)
    async def _read(self, *, fresh: bool = False) -> None:
        """Read the next rows, or from the start; rows of another question are dropped."""
        question = self._question
        before = None if fresh or not self.log_list.rows else self.log_list.rows[-1].number
        self._reading = True
        try:
            found = await self.session.apart(
                lambda office: audit_search.search(office, question, limit=PAGE, before=before)
            )
        finally:
            self._reading = False
        if question is not self._question:
            return
        self._complete = len(found) < PAGE
        rows = found if before is None else [*self.log_list.rows, *found]
        self.log_list.set_rows(rows, keep=before is not None)
        self.query_one("#log-title", Words).refresh()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        near = event.index >= len(self.log_list.rows) - NEAR_THE_END
        if near and not self._complete and not self._reading:
            self._read()

    # ------------------------------------------------------------------------------- what it does

    def action_search_log(self) -> None:
        """Put the caret into the field that is asked for most."""
        self.query_one("#log-text").focus()

    def action_open_entry(self) -> None:
        """Show the entry under the cursor whole."""
        self.log_list.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        await self.app.push_screen_wait(EntryBox(self.session, event.row))

    @work(exit_on_error=False)
    async def action_export_log(self) -> None:
        """Write everything that was found to a workbook, however many rows that is."""
        question, who = self._question, self.session.who

        def do(office: Office) -> tuple[str, int]:
            path, rows = audit_export.export(
                office, who, question, headings=_headings(), words=_cells
            )
            return str(path), rows

        try:
            path, rows = await self.session.apart(do)
        except DeskError as error:
            self.tell_error(error)
            return
        self.tell(N_("{count} entries written: {path}"), count=rows, path=path)


def _label(label: str, _width: int) -> str:
    return _(label)


def _hint(field_id: str) -> Callable[[], str]:
    hints = {
        "log-staff": N_("name"),
        "log-action": N_("such as refund"),
        "log-text": N_("ID, receipt, document no."),
    }
    return lambda: _(hints[field_id])


def _headings() -> tuple[str, ...]:
    return (
        _("Entry"),
        _("Moment"),
        _("Who"),
        _("Desk"),
        _("What"),
        _("Details"),
        _("About"),
        "hash",
    )


def _cells(row: AuditRow) -> tuple[str, str]:
    """Give the two cells of an exported row that are words: what was done, and its details."""
    return action_words(row.action), detail_words(row)


def _columns() -> list[Column[AuditRow]]:
    return [
        Column(lambda: _("Entry"), 6, lambda row: str(row.number), right=True, tone="quiet"),
        Column(lambda: _("Moment"), 16, lambda row: f"{row.at:%Y-%m-%d %H:%M}"),
        Column(lambda: _("Who"), 8, lambda row: row.staff or "—"),
        Column(lambda: _("Desk"), 8, lambda row: row.desk, leave=1, tone="quiet"),
        Column(lambda: _("What"), 16, lambda row: action_words(row.action), share=1, tone="strong"),
        Column(lambda: _("Details"), 20, detail_words, share=3),
    ]


class EntryBox(Box[None]):
    """One entry whole: everything the log keeps of it, and what its uid names."""

    WIDTH: ClassVar[int] = 100
    COMPLAINS = False

    def __init__(self, session: Session, row: AuditRow) -> None:
        super().__init__()
        self._row = row
        self._subject = audit_search.subject_of(session.office, row.subject)

    def box_title(self) -> str:
        """Name the entry."""
        return _("Entry no. {number}", number=self._row.number)

    def compose_box(self) -> ComposeResult:
        """Show it."""
        with VerticalScroll(classes="page"):
            yield Words(self._say)

    def _say(self, _width: int) -> Content:
        row = self._row
        lines = [
            Content.assemble(
                styled(action_words(row.action), "bold $accent"),
                styled(f"  {row.action}", "$quiet"),
            ),
            Content(f"{row.at:%Y-%m-%d %H:%M:%S}  {display_text(row.staff)}  {row.desk}"),
            Content(subject_words(self._subject, row.subject)),
            styled(display_text(row.subject), "$quiet"),
            Content(""),
        ]
        lines += [
            Content.assemble(styled(f"{display_text(key)}  ", "$quiet"), value)
            for key, value in all_details(row)
        ]
        lines += [Content(""), styled(f"hash  {row.hash}", "$quiet")]
        return Content("\n").join(lines)
