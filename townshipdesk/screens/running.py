"""Long work with a bar, a name for each step and keys that stop it; Enter leads on from its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import _
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import bar, folded, styled
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

T = TypeVar("T")
LOOKS_A_SECOND = 5
BAR = 40


class RunningBox(Box[None], Generic[T]):
    """Runs `do` in another thread and shows how far it is. Esc stops it; when it has ended, leaves.

    A subclass gives `do` and `said`; `do` calls `report` and asks `stopped`, in its own thread.
    """

    PLACE: ClassVar[Place] = Place.RUNNING
    WIDTH: ClassVar[int] = 84
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RUNNING, "screen")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._done, self._whole, self._step = 0, 0, ""
        self._stop = False
        self._runs = False
        self._result: Callable[[], Content] | None = None

    def do(self, office: Office) -> T:
        """Do the work on an office of its own. Raises DeskError."""
        raise NotImplementedError

    def said(self, result: T) -> Content:
        """Say what came out, in the language in force."""
        raise NotImplementedError

    def report(self, done: int, whole: int, step: str = "") -> None:
        """Note how far the work is; called in its thread. `step` is a catalogue key."""
        self._done, self._whole, self._step = done, whole, step

    def stopped(self) -> bool:
        """Tell the work whether it shall stop; called in its thread."""
        return self._stop

    def compose_box(self) -> ComposeResult:
        """Set the bar, and the result under it."""
        yield Words(self._how_far, id="running-bar")
        with VerticalScroll(classes="page", id="running-result"):
            yield Words(
                lambda width: folded(self._result(), width) if self._result else Content("")
            )

    def on_mount(self) -> None:
        """Begin."""
        self.set_interval(1 / LOOKS_A_SECOND, self._look)
        self.start()

    def on_unmount(self) -> None:
        """Let the work stop where the desk is closed over it."""
        self._stop = True

    def start(self) -> None:
        """Begin the work, unless it runs."""
        if not self._runs:
            self._runs, self._stop, self._result = True, False, None
            self.complain()
            self._run_it()

    @work(exit_on_error=False)
    async def _run_it(self) -> None:
        try:
            result = await self._session.apart(self.do)
            self._result = lambda: self.said(result)
        except DeskError as error:
            self.complain(error.message, **error.values)
        finally:
            self._runs = False
            self._look()
            for words in self.query("#running-result Words").results(Words):
                words.relabel()
            self.query_one(KeyLine).refresh()

    def _look(self) -> None:
        self.query_one("#running-bar", Words).refresh()

    def _how_far(self, _width: int) -> Content:
        if not self._runs:
            return styled(_("Done.") if self._result else _("Not done."), "bold")
        filled = styled(bar(self._done, self._whole, BAR), "$accent on $panel")
        percent = f" {self._done * 100 // self._whole:3d} %" if self._whole else ""
        return Content.assemble(filled, percent, "  ", _(self._step) if self._step else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop works while it runs, going on when it does not."""
        if action == "halt":
            return True if self._runs else None
        if action == "done_with":
            return True if not self._runs else None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Stop what runs; where nothing runs, close the box."""
        if self._runs:
            self._stop = True
        else:
            self.dismiss(None)

    def action_done_with(self) -> None:
        """Close the box."""
        self.dismiss(None)

    def action_halt(self) -> None:
        """Stop the work at the next place where it looks."""
        self._stop = True
