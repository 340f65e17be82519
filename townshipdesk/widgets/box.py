"""The base of every box that opens over a screen: a title, a border, Esc to go back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import ClassVar, Final, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.worker import Worker

from townshipdesk.actions import Place, bindings
from townshipdesk.i18n import N_, _
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.steps import tell_failure
from townshipdesk.widgets.words import Words

T = TypeVar("T")
PATIENCE_SECONDS: Final = 0.5
PATIENCE: Final = N_(
    "Being written; please wait. If another desk is writing, this goes on after it."
)


class Box(ModalScreen[T | None], Generic[T]):
    """A box with a typed answer; Esc answers None.

    A subclass gives `box_title`, `compose_box`, its `PLACE` for keys and help, and says what is
    wrong with `complain`, which keeps its line so that nothing moves.
    """

    PLACE: ClassVar[Place] = Place.BOX
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.BOX, "screen")]
    WIDTH: ClassVar[int] = 64
    COMPLAINS: ClassVar[bool] = True
    GIVES_WAY: ClassVar[bool] = False
    """Whether a scan while it is open closes it and looks up the next person."""

    def __init__(self) -> None:
        super().__init__()
        self._complaint: Callable[[], str] = lambda: ""
        self._is_writing = self._asks_patience = False

    def box_title(self) -> str:
        """Give the title, in the language in force; text from outside must be cleaned before."""
        return ""

    def compose_box(self) -> ComposeResult:
        """Give what stands inside."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Set the box in the middle, with a line for complaints and one of keys."""
        with Vertical(classes="box"):
            yield from self.compose_box()
            if self.COMPLAINS:
                yield Words(lambda _width: self._complaint(), id="complaint", classes="complaint")
            yield KeyLine(self.PLACE, only_inner=True)

    def on_mount(self) -> None:
        """Give the box its width and title."""
        box = self.query_one(".box", Vertical)
        box.styles.max_width = self.WIDTH
        self._set_title()

    def relabel(self) -> None:
        """Say the title again in the language in force."""
        self._set_title()

    def _set_title(self) -> None:
        self.query_one(".box", Vertical).border_title = Content(f" {self.box_title()} ")

    def complain(self, message: str = "", /, **values: object) -> None:
        """Say what is wrong; a message without text takes the complaint away."""
        self._asks_patience = False
        self._complaint = (lambda: _(message, **values)) if message else (lambda: "")
        if self.COMPLAINS:
            self.query_one("#complaint", Words).relabel()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the box open while it writes: what is on its way can no longer be called back.

        After a moment it says why nothing happens, which is nearly always another desk at work.
        """
        self._is_writing = True
        timer = self.set_interval(PATIENCE_SECONDS, self._ask_patience)
        try:
            yield
        finally:
            timer.stop()
            self._is_writing = False
            if self._asks_patience:
                self.complain()

    def _ask_patience(self) -> None:
        if self.is_current and not self._asks_patience:  # not while it asks for another's password
            self.complain(PATIENCE)
            self._asks_patience = True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell what went wrong beside the keys."""
        tell_failure(self.app, event)

    def action_back(self) -> None:
        """Close the box without an answer, unless it is just writing."""
        if self._is_writing:
            self._ask_patience()
        else:
            self.dismiss(None)
