"""The line of keys at the foot of a screen or a box, made from the list of actions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content, Span
from textual.style import Style
from textual.widget import Widget

from townshipdesk.actions import Action, Place, actions_of, places_around
from townshipdesk.i18n import _
from townshipdesk.widgets.cells import cell_len


class KeyLine(Widget):
    """Shows the keys of a place; those that cannot be used now are dim. A click does the action."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--dim"}

    def __init__(self, place: Place, *, only_inner: bool = False, id: str | None = None) -> None:
        """Show the keys of `place` and, unless `only_inner`, of what lies around it."""
        super().__init__(id=id)
        self.place = place
        self._only_inner = only_inner

    def relabel(self) -> None:
        """Say the labels again."""
        self.refresh()

    def _actions(self) -> list[Action]:
        places = places_around(self.place)
        found = [item for place in places for item in actions_of(place) if item.footer]
        if self._only_inner and len(places) > 1:
            found.sort(key=lambda item: item.id == "back")
        return found

    def _target(self, item: Action) -> str:
        return "app" if item.place is Place.EVERYWHERE else "screen"

    def render(self) -> RenderResult:
        """Give as many keys as the width holds."""
        key_style = Style.from_styles(self.get_component_styles("key-line--key"))
        dim_style = Style.from_styles(self.get_component_styles("key-line--dim"))
        text, spans = "", []
        actions = self._actions()
        needed = sum(cell_len(f" {item.shown_key} {_(item.label)} ") for item in actions)
        joint = " " if needed <= self.size.width else ""
        for item in actions:
            label = f" {item.shown_key} {_(item.label)}{joint}"
            if cell_len(text) + cell_len(label) > self.size.width:
                break
            start = len(text) + 1
            middle, end = start + len(item.shown_key), len(text) + len(label.rstrip())
            usable = self.screen.check_action(item.method, ()) is True
            click = Style.from_meta({"@click": f"{self._target(item)}.{item.method}"})
            spans.append(Span(start, middle, key_style if usable else dim_style))
            if not usable:
                spans.append(Span(middle, end, dim_style))
            spans.append(Span(start, end, click))
            text += label
        return Content(text, spans)
