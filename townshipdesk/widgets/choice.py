"""A choice of a few things on one line: ● Cash  ○ POS. Left and right choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from townshipdesk.widgets.cells import cell_len, styled, wrapped

T = TypeVar("T")
JOINT = "  "


class Choice(Widget, Generic[T], can_focus=True):
    """One of a few values; `label` names a value in the language in force."""

    DEFAULT_CSS = """
    Choice { height: auto; width: 1fr; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--chosen"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", show=False),
        Binding("right,down,space", "step(1)", show=False),
    ]

    index: reactive[int] = reactive(0)

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, choice: Choice[Any]) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice[Any]:
            """The choice, for selectors."""
            return self.choice

    def __init__(
        self,
        values: Sequence[T],
        label: Callable[[T], str],
        *,
        chosen: T | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._values = tuple(values)
        self._label = label
        if chosen is not None and chosen in self._values:
            self.set_reactive(Choice.index, self._values.index(chosen))

    @property
    def value(self) -> T:
        """The chosen value."""
        return self._values[self.index]

    def validate_index(self, index: int) -> int:
        """Go round at both ends."""
        return index % len(self._values)

    def watch_index(self) -> None:
        """Tell that another value is chosen."""
        self.post_message(self.Changed(self))

    def action_step(self, by: int) -> None:
        """Choose the next value, or the one before."""
        self.index += by

    def relabel(self) -> None:
        """Say the names again."""
        self.refresh(layout=True)

    def _parts(self) -> list[Content]:
        parts = []
        for index, value in enumerate(self._values):
            text = f"{'●' if index == self.index else '○'} {self._label(value)}"
            chosen = index == self.index
            style = "bold $accent" if chosen and self.has_focus else "bold" if chosen else ""
            parts.append(styled(text, style))
        return parts

    def get_content_height(
        self,
        container: object,  # noqa: ARG002 - the base class gives it
        viewport: object,  # noqa: ARG002 - the base class gives it
        width: int,
    ) -> int:
        """Give the lines needed for all names."""
        return len(wrapped(self._parts(), max(1, width), JOINT))

    def render(self) -> RenderResult:
        """Show all values with the chosen one marked."""
        return Content("\n").join(wrapped(self._parts(), max(1, self.size.width), JOINT))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked on."""
        self.focus()
        x = y = 0
        for index, part in enumerate(self._parts()):
            if x and x + cell_len(JOINT) + part.cell_length > self.size.width:
                x, y = 0, y + 1
            elif x:
                x += cell_len(JOINT)
            if event.y == y and x <= event.x < x + part.cell_length:
                self.index = index
                return
            x += part.cell_length
