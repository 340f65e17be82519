"""The actions of refunds, the receipts of a day, and supervision."""

from __future__ import annotations

from collections.abc import Iterable

from townshipdesk.action_kinds import Action, Place
from townshipdesk.i18n import N_


def supervision_actions() -> Iterable[Action]:
    """Give them all, place by place."""
    yield from _pages()
    yield from _supervision()


def _pages() -> Iterable[Action]:
    here = Place.PAGE
    yield Action("close-page", "escape", N_("Back"), N_("Back to what was open before"), here, True)
    here = Place.APPROVALS
    yield Action("approve", "a", N_("Approve"), N_("Approve this refund"), here, True)
    yield Action("reject", "r", N_("Reject"), N_("Reject this refund"), here, True)
    yield Action("pay-out", "p", N_("Paid out"), N_("It has been paid"), here, True)
    yield Action("withdraw", "w", N_("Withdraw"), N_("Take it back"), here, True)
    yield Action("refund-form", "f", N_("Form"), N_("Print the application form"), here, True)
    yield Action("show-account", "v", N_("Account"), N_("Show the account; it is logged"), here)
    yield Action(
        "other-refunds", "s", N_("Lists"), N_("Waiting, paid out, not refunded"), here, True
    )
    here = Place.TODAY
    yield Action(
        "open-receipt-of-day", "enter", N_("Open"), N_("Open it; print it again"), here, True
    )
    yield Action(
        "take-back", "x", N_("Undo"), N_("Take this payment back, with a reason"), here, True
    )
    yield Action(
        "day-before", "left", N_("Day before"), N_("Receipts of the day before"), here, True
    )
    yield Action("day-after", "right", N_("Day after"), N_("Receipts of the day after"), here, True)


def _supervision() -> Iterable[Action]:
    yield Action("open-section", "enter", N_("Open"), N_("Open it"), Place.SUPERVISION, True)
    here = Place.SETTINGS
    yield Action("change-setting", "enter", N_("Change"), N_("Change this setting"), here, True)
    yield Action(
        "past-values", "h", N_("History"), N_("What it was before, and who set it"), here, True
    )
    here = Place.POLICY
    yield Action("adopt-shipped", "a", N_("Adopt"), N_("Adopt the program's text"), here, True)
    yield Action("adopt-file", "o", N_("From a file"), N_("Adopt a policy from a file"), here, True)
    here = Place.STAFF
    yield Action("add-staff", "a", N_("Add"), N_("Add a member of staff"), here, True)
    yield Action("new-password", "p", N_("Password"), N_("Give a new password"), here, True)
    yield Action("own-pin", "n", N_("My PIN"), N_("Set one's own PIN for unlocking"), here, True)
    yield Action("active", "d", N_("In or out"), N_("Let somebody work, or no more"), here, True)
    here = Place.AUDIT
    yield Action("open-entry", "enter", N_("Open"), N_("Everything about this entry"), here, True)
    yield Action("search-log", "f2", N_("Search"), N_("Search the log"), here, True)
    yield Action("export-log", "f3", N_("Export"), N_("Write what was found to a file"), here, True)
    yield Action("done-with", "enter", N_("Go on"), N_("It is done: go on"), Place.RUNNING, True)
    yield Action("halt", "f4", N_("Stop"), N_("Stop it"), Place.RUNNING, True)
