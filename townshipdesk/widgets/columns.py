"""Columns of a list, and how they share the width there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

R = TypeVar("R")

NARROWEST: Final = 3
"""Cells a column keeps however narrow the list is."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: its title when asked, its width in cells, and what a row shows in it.

    Columns with `share` divide the room that is left. When the list is too narrow, columns with
    the highest `leave` go first; those with 0 always stay. `tone` is the name of a style, or says
    which for a row.
    """

    title: Callable[[], str]
    width: int
    text: Callable[[R], str]
    right: bool = False
    share: int = 0
    leave: int = 0
    tone: Callable[[R], str] | str = ""


def lay_out(columns: Sequence[Column[R]], room: int) -> tuple[tuple[Column[R], int], ...]:
    """Give the columns that fit into `room` cells, one space between them, and each one's width."""
    kept = list(columns)

    def needed() -> int:
        return sum(column.width for column in kept) + max(0, len(kept) - 1)

    while needed() > room and any(column.leave for column in kept):
        worst = max(range(len(kept)), key=lambda i: kept[i].leave)
        del kept[worst]
    widths = [column.width for column in kept]
    too_much = needed() - room
    while too_much > 0 and max(widths, default=0) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
        too_much -= 1
    spare = max(0, room - needed())
    shares = sum(column.share for column in kept)
    if shares:
        widths = [
            width + spare * column.share // shares
            for column, width in zip(kept, widths, strict=True)
        ]
    return tuple(zip(kept, widths, strict=True))
