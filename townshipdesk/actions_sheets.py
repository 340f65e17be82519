"""The actions of the screens of sheets: files in and out, comparison, village ledgers, claims."""

from __future__ import annotations

from collections.abc import Iterable

from townshipdesk.action_kinds import Action, Place
from townshipdesk.i18n import N_


def sheet_actions() -> Iterable[Action]:
    """Give them all, place by place."""
    yield from _files()
    yield from _reconcile()
    yield from _collections()
    yield from _claims()


def _files() -> Iterable[Action]:
    here = Place.FILES
    yield Action("bring-in", "f2", N_("File in"), N_("Read a file and show it first"), here, True)
    yield Action("write-out", "f3", N_("Write"), N_("Write a sheet as workbook"), here, True)
    yield Action(
        "compare-list", "f4", N_("Tax list"), N_("Compare with the tax bureau's list"), here, True
    )
    yield Action(
        "ledgers",
        "f5",
        N_("Ledgers"),
        N_("What villages, schools and departments collect, gate after gate"),
        here,
        True,
    )
    yield Action("claims", "c", N_("Claims"), N_("Claim subsidies from their sources"), here, True)
    yield Action("take-import-back", "x", N_("Take back"), N_("Take this import back"), here, True)
    yield Action("open-file", "enter", N_("Details"), N_("Everything about this file"), here)
    here = Place.IMPORT
    yield Action("take-over", "f3", N_("Take over"), N_("Write what is shown here"), here, True)
    yield Action("next-list", "s", N_("Lists"), N_("Columns, changes, rejected …"), here, True)
    yield Action(
        "correct-column", "enter", N_("Column"), N_("Say what this column holds"), here, True
    )
    yield Action(
        "write-rejects",
        "e",
        N_("Send back"),
        N_("Write the rejected rows, with reasons, to a workbook"),
        here,
        True,
    )
    yield Action("look-again", "r", N_("Again"), N_("Read and compare once more"), here, True)
    yield Action("point-out", "h", N_("Heading"), N_("Point at the row of headings"), here, True)
    here = Place.EXPORTS
    yield Action("write-sheet", "enter", N_("Write"), N_("Write this sheet"), here, True)
    here = Place.CHOOSE_FILE
    yield Action("choose", "enter", N_("Open"), N_("Open the folder, choose the file"), here, True)
    yield Action("folder-up", "f4", N_("Folder up"), N_("The folder around this one"), here, True)
    here = Place.COLUMNS
    yield Action(
        "accept-columns", "f3", N_("Go on"), N_("The columns are right: go on"), here, True
    )
    yield Action("set-column", "enter", N_("Column"), N_("Say what this column holds"), here, True)
    yield Action("other-list", "s", N_("Lists"), N_("Columns, rejected rows"), here, True)
    yield Action("find-heading", "h", N_("Heading"), N_("Point at the row of headings"), here, True)
    yield Action(
        "return-rows",
        "e",
        N_("Send back"),
        N_("Write the rejected rows, with reasons, to a workbook"),
        here,
        True,
    )
    here = Place.HEADING
    yield Action("point", "enter", N_("This one"), N_("This row is the heading"), here, True)
    yield Action("accept-heading", "f3", N_("Go on"), N_("Read the file so"), here, True)


def _reconcile() -> Iterable[Action]:
    here = Place.RECONCILE
    yield Action("choose-list", "f2", N_("List"), N_("Choose the tax bureau's list"), here, True)
    yield Action("accept-one", "a", N_("Take"), N_("Take this payment over"), here, True)
    yield Action(
        "accept-all",
        "f3",
        N_("Take all"),
        N_("Take over every payment that was allowed at its own moment"),
        here,
        True,
    )
    yield Action("settle", "r", N_("Settle"), N_("Settle it with a reason"), here, True)
    yield Action(
        "surplus", "p", N_("Surplus"), N_("Record a second payment, to be refunded"), here, True
    )
    yield Action("next-kind", "s", N_("Kinds"), N_("Differences of the next kind"), here, True)
    yield Action("open-person", "enter", N_("Open"), N_("Open the resident"), here)


def _collections() -> Iterable[Action]:
    here = Place.COLLECTIONS
    yield Action("receive", "f2", N_("Receive"), N_("Take a ledger in"), here, True)
    yield Action("open-ledger", "enter", N_("Open"), N_("Differences and gates"), here, True)
    here = Place.COLLECTION
    yield Action("next-gate", "f3", N_("Next gate"), N_("Go through the next gate"), here, True)
    yield Action(
        "set-aside", "a", N_("Set aside"), N_("Leave this row out, with a reason"), here, True
    )
    yield Action(
        "give-back",
        "w",
        N_("Give back"),
        N_("Give the ledger back to whoever brought it"),
        here,
        True,
    )
    yield Action(
        "send-back", "e", N_("Send back"), N_("Write who differs to a workbook"), here, True
    )
    yield Action("other-rows", "s", N_("Lists"), N_("Those who differ, everybody"), here, True)
    yield Action(
        "correct-deposit",
        "c",
        N_("Slip"),
        N_("Correct the bank's reference or day"),
        here,
        True,
    )
    yield Action("open-one", "enter", N_("Open"), N_("Open the resident"), here)


def _claims() -> Iterable[Action]:
    here = Place.CLAIMS
    yield Action("make-claim", "f3", N_("Claim"), N_("Make a numbered claim"), here, True)
    yield Action("write-claim", "f2", N_("Write"), N_("Write the claim as workbook"), here, True)
    yield Action(
        "claim-paid", "p", N_("Source paid"), N_("Record what the source paid"), here, True
    )
    yield Action("next-view", "s", N_("Lists"), N_("Settlement, claims made, lines"), here, True)
    yield Action("open-claim", "enter", N_("Lines"), N_("Everybody in it"), here, True)
