"""The base of the full screens (lookup, board, end of day, files)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

from townshipdesk.actions import Place, actions_of
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import _
from townshipdesk.screens.top import Top
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.steps import tell_failure

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session


class OpenResident(Message):
    """Bring this resident to the desk, from wherever somebody came upon them."""

    def __init__(self, resident_id: int) -> None:
        super().__init__()
        self.resident_id = resident_id


class Area(Screen[None]):
    """A full screen with the two lines on top and the keys at the foot."""

    PLACE: ClassVar[Place] = Place.EVERYWHERE
    is_page: ClassVar[bool] = False
    """Whether it lies over an area and is left with Esc (`screens.page`)."""
    # The caret's move paints the two widgets it leaves and reaches, not the whole screen.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    # Not ClassVar: Textual declares them as values of the instance.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]  # noqa: RUF012 - see above
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012 - see above

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose_area(self) -> ComposeResult:
        """Give what stands between the top lines and the keys."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Frame the area."""
        yield Top(self.session)
        yield from self.compose_area()
        yield KeyLine(self.PLACE)

    def office_changed(self) -> None:
        """Show what another desk, or this one, has just committed."""

    def relabel(self) -> None:
        """Say what this screen itself says again, in the language in force."""

    def inner_place(self) -> Place:
        """Give the innermost place whose keys can be used now."""
        return self.PLACE

    def before_key(self, event: events.Key | events.Paste) -> None:
        """Look at a key before whatever has the caret gets it: one that can do nothing says why."""
        if isinstance(event, events.Key) and not isinstance(self.focused, Input):
            for item in actions_of(self.PLACE):
                if event.key == item.key and self.check_action(item.method, ()) is None:
                    said = self.why_not(item.method)
                    if said:
                        self.app.notify(said, severity="warning", markup=False)

    def why_not(self, action: str) -> str:  # noqa: ARG002 - for subclasses
        """Say why an action cannot be done now, in the language in force; "" where it is plain."""
        return ""

    def refresh_keys(self) -> None:
        """Show which keys can be used now."""
        self.query_one(KeyLine).refresh()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell what went wrong beside the keys."""
        tell_failure(self.app, event)

    def tell(self, message: str, /, *, bad: bool = False, **values: object) -> None:
        """Say something in the corner for a few seconds."""
        self.app.notify(
            _(message, **values), severity="warning" if bad else "information", markup=False
        )

    def tell_error(self, error: DeskError) -> None:
        """Say in the corner what went wrong."""
        self.tell(error.message, bad=True, **error.values)
