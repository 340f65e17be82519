"""English sentences for one thing: "1 row", not "1 rows". Chinese has no such difference.

The catalogue key of a sentence says it for many; here stands what English says where the named
place is 1. `_` looks here in English only, so nobody who writes a message needs to think of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ONE: Final[Mapping[str, tuple[str, str]]] = {
    "Close the ledger without {count} people?": (
        "count",
        "Close the ledger without {count} person?",
    ),
    "The list names nobody of {identity}: {count} people lose it. Is it complete?": (
        "count",
        "The list names nobody of {identity}: {count} person loses it. Is it complete?",
    ),
    "{count} rows name somebody else than their number has here; look at rows:": (
        "count",
        "{count} row names somebody else than its number has here; look at row:",
    ),
    "{count} differences are open": ("count", "{count} difference is open"),
    "{count} payments taken over": ("count", "{count} payment taken over"),
    "{count} payments, {amount} yuan": ("count", "{count} payment, {amount} yuan"),
    "{count} people differ": ("count", "{count} person differs"),
    "{count} people differ: set them aside or mend them.": (
        "count",
        "{count} person differs: set the row aside or mend it.",
    ),
    "{count} people differ; mend the ledger or set their rows aside.": (
        "count",
        "{count} person differs; mend the ledger or set the row aside.",
    ),
    "{count} people enrolled": ("count", "{count} person enrolled"),
    "{count} people, {amount} yuan": ("count", "{count} person, {amount} yuan"),
    "{count} results recorded": ("count", "{count} result recorded"),
    "{count} rows": ("count", "{count} row"),
    "{count} rows cannot be read:": ("count", "{count} row cannot be read:"),
    "{count} rows cannot be read; e sends them back.": (
        "count",
        "{count} row cannot be read; e sends it back.",
    ),
    "{count} rows may be people who are here already.": (
        "count",
        "{count} row may be somebody who is here already.",
    ),
    "{count} rows written": ("count", "{count} row written"),
    "{rows} rows: {unchanged} known already, {empty} without a result": (
        "rows",
        "{rows} row: {unchanged} known already, {empty} without a result",
    ),
    "{count} identities end: the complete list no longer has them.": (
        "count",
        "{count} identity ends: the complete list no longer has it.",
    ),
    "{count} of them have paid this year: nothing changes for it.": (
        "count",
        "{count} of them has paid this year: nothing changes for it.",
    ),
    "{count} rejected rows written to {name}.": (
        "count",
        "{count} rejected row written to {name}.",
    ),
    "In {count} rows the typed birth date or sex differs from the number; the number holds.": (
        "count",
        "In {count} row the typed birth date or sex differs from the number; the number holds.",
    ),
    "{count} dates have no day; the first of the month was taken.": (
        "count",
        "{count} date has no day; the first of the month was taken.",
    ),
    "{count} numbers end in 000, as numbers do that a spreadsheet has ruined; check them.": (
        "count",
        "{count} number ends in 000, as numbers do that a spreadsheet has ruined; check it.",
    ),
    "{count} numbers of 15 digits were read in their 18-digit form.": (
        "count",
        "{count} number of 15 digits was read in its 18-digit form.",
    ),
    "{count} telephone numbers cannot be right; they are kept as written.": (
        "count",
        "{count} telephone number cannot be right; it is kept as written.",
    ),
    "cash out for {count} days": ("count", "cash out for {count} day"),
    "{count} days": ("count", "{count} day"),
    "{days} days": ("days", "{days} day"),
    "{days} days ago": ("days", "{days} day ago"),
    "in {days} days": ("days", "in {days} day"),
    "wait {months} months": ("months", "wait {months} month"),
    "Waiting period of {months} months: {span}.": (
        "months",
        "Waiting period of {months} month: {span}.",
    ),
    "Waiting period of {days} days: {span}.": ("days", "Waiting period of {days} day: {span}."),
    "Refunds waiting: {count}, the oldest for {days} days": (
        "days",
        "Refunds waiting: {count}, the oldest for {days} day",
    ),
    "{count} receipts void": ("count", "{count} receipt void"),
    "{count} log entries": ("count", "{count} log entry"),
    "{count} numbers": ("count", "{count} number"),
}
"""Key -> the place that counts, and the sentence where it is 1."""


def for_one(message: str, values: Mapping[str, object]) -> str:
    """Give the sentence that fits a count of one; any other is given back as it is."""
    found = ONE.get(message)
    return found[1] if found is not None and str(values.get(found[0])) == "1" else message
