"""What the end of the day says: the day's story, the difference, the way through the steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.naming import joined, named, short_day, yuan
from townshipdesk.screens.top import weekday
from townshipdesk.services.day_sheets import CASH
from townshipdesk.widgets.cells import beside, fit, styled

if TYPE_CHECKING:
    from townshipdesk.services.days import CashCount, ClerkReceipts, DayPart, DayStory

STEPS: Final = (N_("the day"), N_("count the cash"), N_("close"), N_("sheet"))
HIDDEN: Final = "···"
"""Stands for every sum of cash until the cash has been counted."""

NUMBERS: Final = (7, 13, 7, 12, 7, 12)


def title_line(day: date, today: date, step: int, width: int) -> Content:
    """Name the day, and show where on the way through the steps one is."""
    said = f" {day} {weekday(day)}"
    said += "  " + (_("today") if day == today else _("not closed in time"))
    way: list[Content | str] = []
    for number, name in enumerate(STEPS):
        style = "bold $accent" if number == step else "$text-success" if number < step else "$quiet"
        sign = "✓" if number < step else str(number + 1)
        way += [styled(f"{sign} {_(name)}", style), "  "]
    style = "bold" if day == today else "bold $text-warning"
    return beside(styled(said, style), Content.assemble(*way), width)


def unclosed_line(days: Iterable[date], today: date) -> Content:
    """Say which earlier days are still open; they are closed first."""
    names = joined([short_day(day, today.year) for day in days])
    return styled(
        " ! " + _("Not closed yet: {days}. The oldest comes first.", days=names),
        "bold $text-warning",
    )


def story_lines(story: DayStory, width: int, *, counted: bool) -> list[Content]:
    """Tell the day. Sums of cash stay hidden until the cash was `counted`."""
    if not story.parts and not story.receipts:
        return [
            Content(""),
            styled("  " + _("No money was taken or given back on this day."), "bold"),
            styled("  " + _("It can be closed all the same: count, and enter 0."), "$quiet"),
        ]
    lines = [_heads(width)]
    lines += [_part(part, width, counted=counted) for part in story.parts]
    lines.append(_sums(story, width, counted=counted))
    lines += [_receipts(one) for one in story.receipts]
    lines += [
        Content.assemble(" ", styled(f"! {display_text(one.text(language()))}", "$text-warning"))
        for one in story.oddities
    ]
    return lines


def _names(width: int) -> tuple[int, int]:
    room = width - sum(NUMBERS) - 3
    channel = min(16, room // 2)
    return room - channel, channel


def _row(cells: Iterable[str], width: int) -> str:
    clerk, channel, *numbers = cells
    sizes = _names(width)
    text = f" {fit(clerk, sizes[0])} {fit(channel, sizes[1])}"
    return text + "".join(
        fit(number, size, right=True) for number, size in zip(numbers, NUMBERS, strict=True)
    )


def _heads(width: int) -> Content:
    heads = (_("Clerk"), _("Channel"), _("No."), _("Amount"), _("Rev."), _("Amount"), _("Ref."))
    return styled(_row((*heads, _("Amount")), width), "$quiet underline")


def _part(part: DayPart, width: int, *, counted: bool) -> Content:
    hidden = part.channel == CASH and not counted
    cells = (
        display_text(part.clerk),
        named("channel", part.channel),
        *_pair(part.taken, part.taken_fen, hidden=hidden),
        *_pair(part.reversals, part.reversed_fen, hidden=hidden),
        *_pair(part.refunds, part.refunded_fen, hidden=False),
    )
    return styled(_row(cells, width), "bold" if part.channel == CASH else "")


def _pair(count: int, amount_fen: int, *, hidden: bool) -> tuple[str, str]:
    if not count:
        return "", ""
    return str(count), HIDDEN if hidden else yuan(amount_fen)


def _sums(story: DayStory, width: int, *, counted: bool) -> Content:
    parts = story.parts
    hidden = not counted and any(part.channel == CASH for part in parts)
    cells = (
        _("Whole day"),
        "",
        *_pair(sum(p.taken for p in parts), sum(p.taken_fen for p in parts), hidden=hidden),
        *_pair(*story.reversals(), hidden=hidden),
        *_pair(*story.refunds(), hidden=False),
    )
    return styled(_row(cells, width), "bold $accent")


def _receipts(one: ClerkReceipts) -> Content:
    runs = joined([first if first == last else f"{first}–{last}" for first, last in one.runs])
    said = _("Receipts of {clerk}: {runs}", clerk=display_text(one.clerk), runs=runs)
    parts: list[Content | str] = [" ", said, "  ", _("{count} issued", count=one.count)]
    if one.void:
        parts += ["  ", styled(_("{count} void", count=one.void), "$text-warning")]
    return Content.assemble(*parts)


def verdict_lines(count: CashCount) -> list[Content]:
    """Say what was expected, what was counted, and the difference."""
    difference_fen = count.difference_fen
    if not difference_fen:
        word, style = _("The cash is right."), "bold $text-success"
    elif difference_fen > 0:
        word = _("{amount} yuan too much", amount=yuan(difference_fen))
        style = "bold $text-warning"
    else:
        word = _("{amount} yuan missing", amount=yuan(-difference_fen))
        style = "bold $text-error"
    return [
        Content.assemble(
            " " + _("Expected") + " ",
            styled(yuan(count.expected_fen), "bold"),
            "    " + _("Counted") + " ",
            styled(yuan(count.counted_fen), "bold"),
            "    ",
            styled(word, style),
        )
    ]
