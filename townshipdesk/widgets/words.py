"""Text on a screen that says itself again when the language changes."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class Words(Widget):
    """Shows what a function gives, and asks it again on `relabel`.

    The function gets the width in cells and gives Content, or a string that is never markup.
    """

    DEFAULT_CSS = "Words { width: 1fr; height: auto; }"

    def __init__(
        self,
        say: Callable[[int], Content | str],
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._say = say

    def render(self) -> RenderResult:
        """Give the text for the width there is."""
        said = self._say(max(1, self.content_size.width or self.size.width))
        return Content(said) if isinstance(said, str) else said

    def get_content_height(
        self,
        container: object,  # noqa: ARG002 - the base class gives it
        viewport: object,  # noqa: ARG002 - the base class gives it
        width: int,
    ) -> int:
        """Give the number of lines the text takes, long lines folded."""
        return self._lines(width)

    def _lines(self, width: int) -> int:
        said = self._say(max(1, width))
        content = Content(said) if isinstance(said, str) else said
        return content.get_height({}, max(1, width))

    def relabel(self) -> None:
        """Say it again. Only a text that takes another number of lines moves what is below it."""
        height = self.styles.height
        free = height is not None and height.is_auto
        self.refresh(layout=free and self._lines(self.size.width) != self.size.height)


def plain(say: Callable[[], str]) -> Callable[[int], str]:
    """Make a text that needs no width."""
    return lambda _width: say()
