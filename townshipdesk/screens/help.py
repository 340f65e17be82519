"""Help (F1): every key of the place one is in, and everywhere else, with what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from townshipdesk.actions import PLACE_NAMES, Action, Place, actions_of, places_around
from townshipdesk.i18n import N_, _
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

INTRODUCTION = N_(
    "Type or scan into the lookup box: a number, its last digits, a name, pinyin initials, "
    "a household or phone number."
)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A heading (without action) or a key."""

    place: Place
    action: Action | None


def help_rows(first: Place) -> list[HelpRow]:
    """Give every action once, beginning with the place the clerk is in and what is around it."""
    order = [
        *places_around(first),
        *(place for place in Place if place not in places_around(first)),
    ]
    rows: list[HelpRow] = []
    for place in order:
        found = actions_of(place)
        if found:
            rows.append(HelpRow(place, None))
            rows.extend(HelpRow(place, item) for item in found)
    return rows


class HelpBox(Box[None]):
    """The list of keys."""

    WIDTH: ClassVar[int] = 96
    COMPLAINS = False

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def box_title(self) -> str:
        """Name the box."""
        return _("Help: keys")

    def compose_box(self) -> ComposeResult:
        """Show the list."""
        yield Words(plain(lambda: _(INTRODUCTION)), classes="quiet")
        columns: list[Column[HelpRow]] = [
            Column(
                lambda: _("Key"),
                6,
                lambda row: row.action.shown_key if row.action else "",
                tone="strong",
            ),
            Column(
                lambda: _("Function"),
                16,
                lambda row: _(row.action.label) if row.action else _(PLACE_NAMES[row.place]),
                tone=lambda row: "" if row.action else "heading",
            ),
            Column(
                lambda: _("What it does"),
                20,
                lambda row: _(row.action.help) if row.action else "",
                share=1,
                tone="quiet",
            ),
        ]
        yield LineList(columns, help_rows(self._place), id="help-list")
