"""Supervision: everything beside the counter, each line with how things stand; Enter opens it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one
from textual.screen import Screen

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_, _
from townshipdesk.screens import supervisor_state
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import supervisor_for_step
from townshipdesk.screens.supervisor_state import State
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the menu: its name, and the screen that Enter opens."""

    id: str
    label: str
    module: str
    screen: str


SECTIONS: Final = (
    Section("refunds", N_("Refunds of the office"), "refund_list", "RefundListPage"),
    Section("deposits", N_("Cash and deposits"), "deposits", "DepositsPage"),
    Section("books", N_("Receipt books"), "books", "BooksPage"),
    Section("settings", N_("Office settings"), "settings", "SettingsPage"),
    Section("policy", N_("Policy in force"), "policy_state", "PolicyPage"),
    Section("staff", N_("Staff"), "staff", "StaffPage"),
    Section("backup", N_("Backup"), "backup", "BackupBox"),
    Section("verify", N_("Check the books"), "verify", "VerifyBox"),
    Section("log", N_("Audit log"), "audit_log", "AuditLogPage"),
    Section("clock", N_("Clock"), "clock", "clock_box"),
)


class SupervisorPage(Page):
    """The menu of supervision. Everybody may look at it; what needs a supervisor asks for one."""

    PLACE: ClassVar[Place] = Place.SUPERVISION
    AUTO_FOCUS = "#sections"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SUPERVISION, "screen")]

    sections = query_one("#sections", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._states: dict[str, State] = {}

    def compose_area(self) -> ComposeResult:
        """Set the list of sections."""
        yield Words(plain(lambda: " " + _("Supervision")), classes="strong page-title")
        yield LineList(
            [
                Column(lambda: _("Section"), 22, lambda row: _(row.label), tone="strong"),
                Column(
                    lambda: _("How it stands"),
                    40,
                    lambda row: self._state(row).words(),
                    share=1,
                    tone=lambda row: self._state(row).tone,
                ),
            ],
            SECTIONS,
            digits=True,
            id="sections",
        )

    def on_mount(self) -> None:
        """Find out how things stand."""
        self._look()

    def on_screen_resume(self) -> None:
        """Find out again after a section was left."""
        self._look()

    def office_changed(self) -> None:
        """Find out again: another desk may have changed something."""
        self._look()

    def _state(self, section: Section) -> State:
        return self._states.get(section.id, supervisor_state.UNKNOWN)

    @work(exit_on_error=False)
    async def _look(self) -> None:
        self._states = await self.session.apart(supervisor_state.states)
        self.sections.relabel()

    def action_open_section(self) -> None:
        """Open the section under the cursor."""
        self.sections.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        section: Section = event.row
        if section.id == "log" and not await self._may_read_the_log():
            return
        made = getattr(
            importlib.import_module(f"townshipdesk.screens.{section.module}"), section.screen
        )
        try:
            screen: Screen[Any] = made(self.session)
        except DeskError as error:
            self.tell_error(error)
            return
        self.app.push_screen(screen)

    async def _may_read_the_log(self) -> bool:
        """Let supervisors and auditors read; a clerk asks one to sign in for it."""
        if self.session.who.role in ("supervisor", "auditor"):
            return True
        return await supervisor_for_step(self, self.session) is not None
