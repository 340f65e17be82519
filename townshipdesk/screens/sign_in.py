"""Who works: signing in with name and password, and unlocking an idle desk with a PIN."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.inputs import LineInput
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor


class SignInBox(Box["Actor"]):
    """Asks for name and password. In a training office the name alone is enough."""

    PLACE: ClassVar[Place] = Place.SIGN_IN
    WIDTH: ClassVar[int] = 56
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SIGN_IN, "screen")]

    def __init__(
        self, session: Session, *, may_go_back: bool = False, supervisor: bool = False
    ) -> None:
        """Ask who works; `supervisor` asks for a second person who may approve something."""
        super().__init__()
        self._session = session
        self._may_go_back = may_go_back
        self._supervisor = supervisor
        self.add_class("veil" if not may_go_back else "over")

    def box_title(self) -> str:
        """Say what is asked for."""
        return _("A supervisor signs in") if self._supervisor else _("Sign in")

    def compose_box(self) -> ComposeResult:
        """Ask for name and password."""
        office = self._session.office
        yield Words(plain(lambda: display_text(office.name)), classes="strong")
        if office.is_training:
            yield Words(
                plain(lambda: _("Training office: clerk or supervisor, no password needed.")),
                classes="quiet",
            )
        yield Words(plain(lambda: _("Signs in as")), classes="label")
        yield LineInput(
            "supervisor" if self._supervisor else "",
            selects=True,
            id="staff-name",
            classes="field",
        )
        yield Words(plain(lambda: _("Password")), classes="label")
        yield LineInput(password=True, id="password", classes="field")

    def on_mount(self) -> None:
        """Put the caret where something is missing."""
        name = self.query_one("#staff-name", LineInput)
        (self.query_one("#password", LineInput) if name.value else name).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without anybody signed in there is nothing to go back to."""
        if action == "back":
            return self._may_go_back
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_sign_in()

    def action_sign_in(self) -> None:
        """Sign in with what is filled in; from the name on to the password where one is needed."""
        password = self.query_one("#password", LineInput)
        if self.focused is not password and not self._session.office.is_training:
            password.focus()
            return
        self._check(self.query_one("#staff-name", LineInput).value.strip(), password.value)

    @work(exit_on_error=False)
    async def _check(self, name: str, password: str) -> None:
        from townshipdesk.services import staff

        def sign_in(office: Office) -> Actor:
            if office.is_training and not password:
                return staff.without_password(office.conn, name)
            return staff.sign_in(office.database, name, password, office.now())

        try:
            actor = await self._session.apart(sign_in)
        except DeskError as error:
            self.complain(error.message, **error.values)
            self.query_one("#password", LineInput).value = ""
            return
        if self._supervisor and not actor.is_supervisor:
            self.complain("A supervisor must do this.")
            return
        self.dismiss(replace(actor, desk=self._session.desk))


class LockBox(Box[None]):
    """Covers the desk until whoever works here gives the PIN, or the password without one."""

    PLACE: ClassVar[Place] = Place.LOCKED
    WIDTH: ClassVar[int] = 56
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.LOCKED, "screen")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.add_class("veil")

    def box_title(self) -> str:
        """Name the box."""
        return _("Locked")

    def compose_box(self) -> ComposeResult:
        """Ask for the PIN."""
        shown = self._session.who.shown_name
        yield Words(
            plain(lambda: _("{name} works here. PIN or password:", name=display_text(shown)))
        )
        yield LineInput(password=True, id="pin", classes="field")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing leads out but the PIN."""
        return False if action == "back" else super().check_action(action, parameters)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_unlock()

    def action_unlock(self) -> None:
        """Unlock with what is typed."""
        self._check(self.query_one("#pin", LineInput).value)

    @work(exit_on_error=False)
    async def _check(self, secret: str) -> None:
        from townshipdesk.services import staff

        name = self._session.who.name
        try:
            await self._session.apart(
                lambda office: staff.unlock(office.database, name, secret, office.now())
            )
        except DeskError as error:
            self.complain(error.message, **error.values)
            self.query_one("#pin", LineInput).value = ""
            return
        self.dismiss(None)
