"""All functions (^P): type a part of a name in either language, Enter does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from townshipdesk.actions import Action, actions_of, places_around
from townshipdesk.i18n import LANGUAGES, _, in_language
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.inputs import LineInput
from townshipdesk.widgets.line_list import Column, LineList

if TYPE_CHECKING:
    from townshipdesk.screens.area import Area

NOT_LISTED = frozenset({"palette", "mark"})


def matching(actions: list[Action], text: str) -> list[Action]:
    """Give the actions whose key, label or help holds every word of the text, best first."""
    words = text.casefold().split()
    if not words:
        return actions

    def rank(item: Action) -> int | None:
        labels = " ".join(in_language(name, item.label) for name in LANGUAGES).casefold()
        helps = " ".join(in_language(name, item.help) for name in LANGUAGES).casefold()
        key = item.shown_key.casefold()
        if all(word in labels or word == key for word in words):
            return 0 if any(labels.startswith(word) or word == key for word in words) else 1
        return 2 if all(word in labels or word in helps for word in words) else None

    ranked = [
        (found, index) for index, item in enumerate(actions) if (found := rank(item)) is not None
    ]
    return [actions[index] for _rank, index in sorted(ranked)]


class PaletteBox(Box[str]):
    """Finds an action by name and gives its id."""

    WIDTH: ClassVar[int] = 84
    COMPLAINS = False

    def __init__(self, screen: Area) -> None:
        super().__init__()
        self._screen = screen
        places = places_around(screen.inner_place())
        self._actions = [item for item in actions_of(*places) if item.id not in NOT_LISTED]

    def box_title(self) -> str:
        """Name the box."""
        return _("All functions")

    def compose_box(self) -> ComposeResult:
        """Show the box to type into and the list."""
        yield LineInput(hint=lambda: _("Type a part of its name"), id="palette-text")
        columns: list[Column[Action]] = [
            Column(lambda: _("Function"), 18, lambda row: _(row.label), tone=self._tone),
            Column(lambda: _("Key"), 6, lambda row: row.shown_key, tone="strong"),
            Column(
                lambda: _("What it does"),
                20,
                lambda row: _(row.help),
                share=1,
                tone="quiet",
            ),
        ]
        yield LineList(
            columns, self._actions, key=lambda row: row.id, head=False, id="palette-list"
        )

    def _tone(self, row: Action) -> str:
        return "" if self._screen.check_action(row.method, ()) is True else "quiet"

    @property
    def _list(self) -> LineList[Action]:
        return self.query_one("#palette-list", LineList)

    @on(Input.Changed, "#palette-text")
    def _filter(self, event: Input.Changed) -> None:
        self._list.set_rows(matching(self._actions, event.value))

    @on(Input.Submitted, "#palette-text")
    def _take(self) -> None:
        self._list.action_choose()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        self.dismiss(event.row.id)

    def on_key(self, event: events.Key) -> None:
        """Let the arrows move the list while the caret stays in the box."""
        if event.key in ("down", "up") and not self._list.has_focus:
            self._list.action_move(1 if event.key == "down" else -1)
            event.prevent_default()
            event.stop()
