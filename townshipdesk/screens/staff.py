"""Staff: who may work, in which role; new passwords, one's own PIN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError, UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import staff, staffing
from townshipdesk.services.staffing import Colleague
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

ROLES: Final = {
    "clerk": N_("clerk"),
    "supervisor": N_("supervisor"),
    "auditor": N_("auditor"),
}


def role_name(code: str) -> str:
    """Give the word for a role."""
    return _(ROLES[code]) if code in ROLES else display_text(code)


class StaffPage(Page):
    """Everybody who has ever worked here; nobody is deleted."""

    PLACE: ClassVar[Place] = Place.STAFF
    AUTO_FOCUS = "#colleagues"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.STAFF, "screen")]

    people = query_one("#colleagues", LineList)

    def compose_area(self) -> ComposeResult:
        """Set the list."""
        yield Words(plain(lambda: " " + _("Staff")), classes="strong page-title")
        yield LineList(_columns(), key=lambda row: row.name, id="colleagues")

    def on_mount(self) -> None:
        """Show everybody."""
        self._load()

    def office_changed(self) -> None:
        """Show what another desk has changed."""
        self._load()

    def _load(self) -> None:
        self.people.set_rows(staffing.colleagues(self.session.office), keep=True)
        self.refresh_keys()

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.refresh_keys()

    @work(exit_on_error=False)
    async def action_add_staff(self) -> None:
        """Add a member of staff."""
        if may_change(self, self.session):
            await self.app.push_screen_wait(AddBox(self.session))
            self._load()

    def _is_own(self, row: Colleague) -> bool:
        return self.session.actor is not None and row.name == self.session.actor.name

    @work(exit_on_error=False)
    async def action_new_password(self) -> None:
        """Give the one under the cursor a new password; an auditor sets the own one."""
        row = self.people.current
        own = row is not None and self._is_own(row)
        if row is not None and (own or may_change(self, self.session)):
            if await self.app.push_screen_wait(PasswordBox(self.session, row)):
                self.tell(N_("The new password counts from now on."))
            self._load()

    @work(exit_on_error=False)
    async def action_own_pin(self) -> None:
        """Set one's own PIN; an auditor has one too."""
        if self.session.actor is not None:
            if await self.app.push_screen_wait(PinBox(self.session)):
                self.tell(N_("The new PIN unlocks this desk from now on."))
            self._load()

    @work(exit_on_error=False)
    async def action_active(self) -> None:
        """Let the one under the cursor work, or no more."""
        from townshipdesk.screens.confirm import ConfirmBox

        row = self.people.current
        by = None if row is None else await supervisor_for_step(self, self.session)
        if row is None or by is None:
            return

        def title() -> str:
            return _("May no longer work?") if row.active else _("May work again?")

        def say(_width: int) -> Content:
            return Content(f"{display_text(row.shown_name)} ({row.name})")

        if not await self.app.push_screen_wait(ConfirmBox(title, say)):
            return
        try:
            await self.session.apart(
                lambda office: staffing.set_active(office, by, row.name, not row.active)
            )
        except DeskError as error:
            self.tell_error(error)
        self._load()


def _columns() -> list[Column[Colleague]]:
    return [
        Column(lambda: _("Signs in as"), 14, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Name"), 12, lambda row: row.shown_name, share=2),
        Column(lambda: _("Role"), 12, lambda row: role_name(row.role)),
        Column(
            lambda: _("Works"),
            12,
            lambda row: _("at work") if row.active else _("no more"),
            tone=lambda row: "good" if row.active else "quiet",
        ),
        Column(lambda: _("PIN"), 8, lambda row: _("set") if row.has_pin else "—", tone="quiet"),
    ]


class AddBox(FormBox[Colleague]):
    """Adds a member of staff; a supervisor does, or signs in for it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Add a member of staff")

    def fields(self) -> Sequence[Field]:
        """Names, role and the first password."""
        return (
            Field(
                "login", N_("Signs in as"), needed=True, hint=N_("small letters, such as lichun")
            ),
            Field("shown", N_("Name"), needed=True, hint=N_("as it stands on receipts")),
            Field("role", N_("Role"), "choice", values=tuple(ROLES), name=role_name),
            Field("password", N_("Password"), "secret", needed=True),
            Field("again", N_("Once more"), "secret", needed=True),
        )

    async def save(self, values: Mapping[str, Any]) -> Colleague | None:
        """Add them."""
        _check_same(values)
        staff.check_new_password(values["password"])
        by = await _supervisor(self, self._session)

        def do(office: Office) -> Colleague:
            return staffing.add(
                office,
                by,
                name=values["login"],
                shown_name=values["shown"],
                role=values["role"],
                password=values["password"],
            )

        return await self._session.apart(do)


class PasswordBox(FormBox[bool]):
    """A new password: one's own against the old one, anybody's by a supervisor."""

    def __init__(self, session: Session, row: Colleague) -> None:
        self._session = session
        self._row = row
        self._own = row.name == session.who.name
        super().__init__()

    def box_title(self) -> str:
        """Name whose password it is."""
        return _("New password: {name}", name=display_text(self._row.shown_name))

    def fields(self) -> Sequence[Field]:
        """The old one where it is one's own, and the new one twice."""
        new = (
            Field("password", N_("New password"), "secret", needed=True),
            Field("again", N_("Once more"), "secret", needed=True),
        )
        return (Field("old", N_("Password now"), "secret", needed=True), *new) if self._own else new

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Set it."""
        _check_same(values)
        staff.check_new_password(values["password"])
        who, name = self._session.who, self._row.name
        by = who if self._own else await _supervisor(self, self._session)

        def do(office: Office) -> bool:
            if self._own:
                staff.sign_in(office.database, name, values["old"], office.now())
            staffing.set_password(office, by, name, values["password"])
            return True

        return await self._session.apart(do)


class PinBox(FormBox[bool]):
    """One's own PIN; the password says that it is oneself."""

    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("My PIN: {name}", name=display_text(self._session.who.shown_name))

    def fields(self) -> Sequence[Field]:
        """The password, and the PIN twice."""
        return (
            Field("old", N_("Password now"), "secret", needed=True),
            Field("password", N_("New PIN"), "secret", needed=True, hint=N_("4 to 8 digits")),
            Field("again", N_("Once more"), "secret", needed=True),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what a PIN is for."""
        return Content(_("A PIN only unlocks an idle desk; it never signs anybody in."))

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Set it."""
        _check_same(values)
        who = self._session.who

        def do(office: Office) -> bool:
            staff.sign_in(office.database, who.name, values["old"], office.now())
            staffing.set_pin(office, who, values["password"])
            return True

        return await self._session.apart(do)


def _check_same(values: Mapping[str, Any]) -> None:
    if values["password"] != values["again"]:
        raise UsageError("The two are not the same.")


async def _supervisor(screen: FormBox[Any], session: Session) -> Actor:
    by = await supervisor_for_step(screen, session)
    if by is None:
        raise UsageError("A supervisor must do this.")
    return by
