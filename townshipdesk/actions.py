"""Every action of the desk, once: its key, its words, where it can be done.

Bindings, the line of keys at the foot of a screen, the palette (^P) and help (F1) are all made
from this list, so that none of them can say something else than the others. A key stands for one
action in one place, counting the places around it; a test holds the list to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.binding import Binding

from townshipdesk.action_kinds import AROUND, PLACE_NAMES, Action, Place, shown_key
from townshipdesk.actions_board import board_actions
from townshipdesk.actions_sheets import sheet_actions
from townshipdesk.actions_supervision import supervision_actions
from townshipdesk.i18n import N_

__all__ = [
    "ACTIONS",
    "AROUND",
    "PLACE_NAMES",
    "Action",
    "Place",
    "action",
    "actions_of",
    "bindings",
    "places_around",
    "shown_key",
]


def _all() -> Iterable[Action]:
    here = Place.DESK
    yield Action("pay", "f2", N_("Pay"), N_("Take the payment of this resident"), here, True)
    yield Action(
        "identities",
        "f3",
        N_("Identity"),
        N_("Identities of this resident: add, end, history, effect on today's price"),
        here,
        True,
    )
    yield Action("refund", "f4", N_("Refund"), N_("Ask for a refund of this year"), here, True)
    yield Action(
        "household",
        "f5",
        N_("Family"),
        N_("Mark everybody of the household who can pay now, then pay for all with F2"),
        here,
        True,
    )
    yield from _everywhere()
    yield Action(
        "register", "ctrl+n", N_("New resident"), N_("Register somebody who is not known yet"), here
    )
    yield Action(
        "receipts",
        "ctrl+r",
        N_("Receipts"),
        N_("Receipts of this resident: look at one, print it again"),
        here,
    )
    yield Action(
        "undo",
        "ctrl+z",
        N_("Undo"),
        N_("Take back a mistaken payment of today, with a reason"),
        here,
    )
    yield from _resident()
    yield from _areas()
    yield from _boxes()
    yield from supervision_actions()


def _everywhere() -> Iterable[Action]:
    here = Place.EVERYWHERE
    yield Action("desk", "f10", N_("Lookup"), N_("Back to the lookup box"), here, True)
    yield Action("board", "f6", N_("Board"), N_("Totals of all villages, live"), here, True)
    yield Action("day", "f7", N_("Close"), N_("Count the cash and close the day"), here, True)
    yield Action("files", "f8", N_("Files"), N_("Bring rosters and lists in"), here, True)
    yield Action("deposits", "ctrl+f", N_("Deposits"), N_("Cash in hand, deposits, books"), here)
    yield Action(
        "approvals", "f9", N_("Refunds waiting"), N_("Refunds waiting for approval or payout"), here
    )
    yield Action(
        "supervisor",
        "ctrl+g",  # F11 makes many terminals fill the screen
        N_("Supervision"),
        N_("Settings, policy, staff, clock, backup, checks, audit log"),
        here,
    )
    yield Action(
        "today",
        "ctrl+y",
        N_("Receipts of today"),
        N_("Payments and receipts of today: look, print again, take back"),
        here,
    )
    yield Action(
        "work-year",
        "ctrl+b",
        N_("Another year"),
        N_("Work for another year: enrol late for the one that ends, collect for the next"),
        here,
    )
    yield Action("help", "f1", N_("Help"), N_("Every key and what it does"), here, True, True)
    yield Action("palette", "ctrl+p", N_("All"), N_("Find a function by its name"), here, True)
    yield Action(
        "language",
        "f12",
        N_("中文/English"),
        N_("Switch between Chinese and English"),
        here,
        priority=True,
    )
    yield Action(
        "look", "ctrl+t", N_("Light or dark"), N_("Switch between light and dark colours"), here
    )
    yield Action("staff", "ctrl+o", N_("Change of staff"), N_("Sign in as somebody else"), here)
    yield Action("lock", "ctrl+l", N_("Lock"), N_("Lock the desk until the PIN is given"), here)
    yield Action("leave", "ctrl+q", N_("Quit"), N_("Close the desk"), here, priority=True)


def _resident() -> Iterable[Action]:
    here = Place.RESIDENT
    yield Action("why", "w", N_("Why"), N_("The calculation step by step, with clauses"), here)
    yield Action(
        "when", "d", N_("When"), N_("Price and cover on the days that matter from today on"), here
    )
    yield Action(
        "what-if",
        "f",
        N_("What if"),
        N_("Price with another identity, day or household, without saving"),
        here,
    )
    yield Action("reveal", "v", N_("Show number"), N_("Show full numbers; it is logged"), here)
    yield Action(
        "ruling", "r", N_("Ruling"), N_("A supervisor decides where the policy is silent"), here
    )
    yield Action("correct", "c", N_("Correct"), N_("Correct the record of this resident"), here)
    yield Action("move", "m", N_("Move"), N_("Move to another village or household"), here)
    yield Action(
        "paper", "n", N_("New paper"), N_("Another document number, such as a newborn's ID"), here
    )
    yield Action("newborn", "b", N_("Newborn"), N_("Register a newborn of this household"), here)
    yield Action(
        "insured", "e", N_("Employee insurance"), N_("Record employee insurance and its end"), here
    )
    yield Action(
        "facts", "i", N_("Situation"), N_("What else the policy asks about this person"), here
    )
    yield Action("death", "x", N_("Death"), N_("Record a death"), here)
    yield Action("moved-away", "o", N_("Moved away"), N_("Record that somebody moved away"), here)
    yield Action("mark", "space", N_("Mark"), N_("Mark a member to pay together"), here)
    yield Action("lookup", "slash", N_("Look up"), N_("Caret to the lookup box"), here)


def _areas() -> Iterable[Action]:
    yield from board_actions()
    yield from sheet_actions()


def _boxes() -> Iterable[Action]:
    yield Action("back", "escape", N_("Back"), N_("Close the box, change nothing"), Place.BOX, True)
    yield Action(
        "go-on", "enter", N_("Next field"), N_("Next field; on the last one save"), Place.FORM, True
    )
    yield Action("save", "ctrl+s", N_("Save"), N_("Save what is filled in"), Place.FORM, True)
    yield Action(
        "field-before", "up", N_("Field before"), N_("Back to the field before"), Place.FORM
    )
    yield Action("field-after", "down", N_("Field after"), N_("On to the next field"), Place.FORM)
    yield Action("take", "enter", N_("Take the money"), N_("Take the money"), Place.PAY, True)
    yield Action(
        "print", "enter", N_("Print"), N_("Print and go back to the lookup"), Place.RECEIPT, True
    )
    yield Action("save-pdf", "p", N_("PDF"), N_("Save as PDF"), Place.RECEIPT, True)
    yield Action("save-text", "t", N_("Text"), N_("Save as plain text"), Place.RECEIPT, True)
    yield Action("open-receipt", "enter", N_("Open"), N_("Open the receipt"), Place.RECEIPTS, True)
    yield Action("sign-in", "enter", N_("Sign in"), N_("Sign in"), Place.SIGN_IN, True)
    yield Action("unlock", "enter", N_("Unlock"), N_("Unlock the desk"), Place.LOCKED, True)
    yield Action("add-identity", "a", N_("Add"), N_("Add an identity"), Place.IDENTITIES, True)
    yield Action("end-identity", "x", N_("End"), N_("End this identity"), Place.IDENTITIES, True)


ACTIONS: Final[tuple[Action, ...]] = tuple(_all())
_BY_ID: Final = {action.id: action for action in ACTIONS}


def action(action_id: str) -> Action:
    """Give an action by its id. Raises KeyError for an unknown one."""
    return _BY_ID[action_id]


def actions_of(*places: Place) -> tuple[Action, ...]:
    """Give the actions of places, in the order of the list."""
    return tuple(item for item in ACTIONS if item.place in places)


def places_around(place: Place) -> tuple[Place, ...]:
    """Give a place and every place it lies in, innermost first."""
    found = [place]
    while (outer := AROUND[found[-1]]) is not None:
        found.append(outer)
    return tuple(found)


def bindings(place: Place, target: str) -> list[Binding]:
    """Give the bindings of a place. `target` says whose methods do it: "screen" or "app"."""
    return [
        Binding(
            item.key,
            f"{target}.{item.method}",
            item.label,
            show=item.footer,
            priority=item.priority,
            id=item.id,
        )
        for item in actions_of(place)
    ]
