"""The actions of the board, a village, the end of the day, deposits and receipt books."""

from __future__ import annotations

from collections.abc import Iterable

from townshipdesk.action_kinds import Action, Place
from townshipdesk.i18n import N_


def board_actions() -> Iterable[Action]:
    """Give them all, place by place."""
    yield from _board()
    yield from _day()
    yield from _money()


def _board() -> Iterable[Action]:
    here = Place.BOARD
    yield Action(
        "open-village", "enter", N_("Open"), N_("Unpaid households of a village"), here, True
    )
    yield Action("sort", "s", N_("Sort"), N_("Sort by the next column"), here, True)
    yield Action("turn-order", "r", N_("Other way"), N_("Turn the order round"), here)
    yield Action(
        "key-groups", "g", N_("Key groups"), N_("Key groups and their targets"), here, True
    )
    yield Action("coming", "c", N_("Deadlines"), N_("What presses and what comes next"), here, True)
    yield Action(
        "pictures",
        "p",
        N_("Pictures"),
        N_("Progress over the weeks, and the villages side by side"),
        here,
        True,
    )
    yield Action(
        "money-columns",
        "m",
        N_("Money"),
        N_("Money by source, then by channel, instead of heads"),
        here,
        True,
    )
    yield Action(
        "period", "d", N_("Period"), N_("Figures of a day or a period, as they were then"), here
    )
    yield Action(
        "work-money", "w", N_("Work money"), N_("Money for the work itself, and prizes"), here
    )
    here = Place.PICTURES
    yield Action(
        "picture-village", "enter", N_("This village"), N_("Its weeks, or all again"), here, True
    )
    yield Action("sort-villages", "s", N_("Sort"), N_("Sort in another way"), here, True)
    here = Place.WORK_MONEY
    yield Action("sort-units", "s", N_("Sort"), N_("Sort in another way"), here, True)
    here = Place.PERIOD
    yield Action("period-before", "left", N_("Before"), N_("The period before"), here, True)
    yield Action("period-after", "right", N_("After"), N_("The period after"), here, True)
    yield Action("period-length", "d", N_("Day/week"), N_("Day, week, month, year"), here, True)
    yield Action(
        "choose-period", "f", N_("Choose"), N_("Choose the first and last day"), here, True
    )
    here = Place.VILLAGE
    yield Action("open-resident", "enter", N_("Open"), N_("Open the resident"), here, True)
    yield Action("groups", "g", N_("Groups"), N_("Next group of the village"), here, True)
    yield Action(
        "households", "h", N_("Households"), N_("Households, or who is missing again"), here, True
    )
    yield Action(
        "show-phones", "v", N_("Phones"), N_("Phone numbers in full; it is logged"), here, True
    )
    yield Action("record-call", "r", N_("Call"), N_("Record what a call gave"), here, True)


def _day() -> Iterable[Action]:
    here = Place.DAY
    yield Action("next-step", "enter", N_("Next"), N_("Go to the next step"), here, True)
    yield Action("step-back", "escape", N_("Step back"), N_("Go back by one step"), here, True)
    yield Action("print-sheet", "ctrl+s", N_("Print"), N_("Print the sheet"), here, True)
    yield Action("sheet-pdf", "p", N_("PDF"), N_("Save the sheet as PDF"), here)
    yield Action("sheet-text", "t", N_("Text"), N_("Save the sheet as plain text"), here)
    yield Action("earlier-day", "left", N_("Day before"), N_("An earlier day or its sheet"), here)
    yield Action("later-day", "right", N_("Day after"), N_("A later day, at last today"), here)


def _money() -> Iterable[Action]:
    here = Place.DEPOSITS
    yield Action("deposit", "enter", N_("Deposit"), N_("Record what the bank took"), here, True)
    yield Action(
        "take-deposit-back", "x", N_("Undo deposit"), N_("Take a wrong deposit back"), here, True
    )
    yield Action(
        "books", "k", N_("Receipt books"), N_("Pre-numbered receipts: who holds which"), here, True
    )
    here = Place.BOOKS
    yield Action("receive-book", "n", N_("Book in"), N_("A book came in"), here, True)
    yield Action(
        "issue-book", "i", N_("Issue"), N_("Give a range to a village or a clerk"), here, True
    )
    yield Action(
        "void-number", "v", N_("Void one"), N_("Void one number, keep its copies"), here, True
    )
    yield Action("write-off", "w", N_("Write off"), N_("Check and write a range off"), here, True)
    yield Action("all-ranges", "s", N_("Written off too"), N_("Also those written off"), here, True)
