"""The line of keys at the foot of a screen or a box, made from the list of actions."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.app import RenderResult
from textual.content import Content, Span
from textual.style import Style
from textual.widget import Widget

from townshipdesk.actions import Action, Place, actions_of, places_around
from townshipdesk.i18n import _
from townshipdesk.widgets.cells import cell_len

OWN: Final = {
    Place.DESK: "desk",
    Place.BOARD: "board",
    Place.DAY: "day",
    Place.FILES: "files",
}
"""The action that leads to a place: its key says nothing to somebody who is there."""

ALWAYS: Final = 2
"""Help and the list of all functions, or the way back: the last ones are shown in any width."""


class KeyLine(Widget):
    """Shows the keys of a place; those that cannot be used now are dim. A click does the action."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--dim"}

    def __init__(self, place: Place, *, only_inner: bool = False, id: str | None = None) -> None:
        """Show the keys of `place` and, unless `only_inner`, of what lies around it."""
        super().__init__(id=id)
        self.place = place
        self._only_inner = only_inner
        self._places: list[tuple[int, int, Action]] = []

    def relabel(self) -> None:
        """Say the labels again."""
        self.refresh()

    def _actions(self) -> list[Action]:
        places = places_around(self.place)
        here = OWN.get(self.place)
        found = [
            item
            for place in places
            for item in actions_of(place)
            if item.footer
            and item.id != here
            and self._own_word(item) != ""
            and self._is_there(item)
        ]
        if self._only_inner and len(places) > 1:
            found.sort(key=lambda item: item.id == "back")
        return found

    def _own_word(self, item: Action) -> str | None:
        """Give the screen's own word for a key, "" for one it does not show, else None."""
        own = getattr(self.screen, "key_word", None)
        return None if own is None else own(item.id)

    def _label(self, item: Action) -> str:
        return _(self._own_word(item) or item.label)

    def _width(self, item: Action) -> int:
        return cell_len(f" {item.shown_key} {self._label(item)}")

    def _is_there(self, item: Action) -> bool:
        """Tell whether a key means anything here: False is "not at all", None is "not now"."""
        return self.screen.check_action(item.method, ()) is not False

    def render(self) -> RenderResult:
        """Give as many keys as the width holds."""
        key_style = Style.from_styles(self.get_component_styles("key-line--key"))
        dim_style = Style.from_styles(self.get_component_styles("key-line--dim"))
        text, spans = "", []
        self._places.clear()
        labels, joint, edge = self._fitting()
        for item in labels:
            gap = " " if text else edge
            label = f"{gap}{item.shown_key} {self._label(item)}{joint}"
            start = len(text) + len(gap)
            middle, end = start + len(item.shown_key), len(text) + len(label.rstrip())
            if self.screen.check_action(item.method, ()) is True:
                spans.append(Span(start, middle, key_style))
            else:
                spans.append(Span(start, end, dim_style))
            self._places.append((cell_len(text), cell_len(text) + cell_len(label), item))
            text += label
        return Content(text, spans)

    def _fitting(self) -> tuple[list[Action], str, str]:
        """Give the keys that fit, what more stands between them, and what before the first.

        Where room is short the first key stands at the very edge; the last two always stay.
        """
        actions = self._actions()
        width = self.size.width
        for joint in (" ", ""):
            if sum(self._width(item) + len(joint) for item in actions) <= width:
                return actions, joint, " "
        while len(actions) > ALWAYS + 1 and sum(map(self._width, actions)) - 1 > width:
            del actions[-ALWAYS - 1]
        return actions, "", "" if sum(map(self._width, actions)) > width else " "

    async def on_click(self, event: events.Click) -> None:
        """Do what was clicked on, unless it cannot be used now."""
        for first, last, item in self._places:
            if first <= event.x < last and self.screen.check_action(item.method, ()) is True:
                target = "app" if item.place is Place.EVERYWHERE else "screen"
                await self.run_action(f"{target}.{item.method}")
                return
