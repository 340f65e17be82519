"""What is odd about a day, pointed out to whoever closes it. Nothing here forbids anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from townshipdesk import i18n
from townshipdesk.i18n import N_
from townshipdesk.store import day_rows, deposit_rows

if TYPE_CHECKING:
    from townshipdesk.store.driver import Connection, Row

LONGEST_CASH_DAYS: Final = 10
"""Cash that a village or the desk holds longer than this is pointed out."""

NAMED_VILLAGES: Final = 3
MANY_REVERSALS: Final = 3
REVERSALS_IN_A_HUNDRED: Final = 5
MANY_PRINTINGS: Final = 4
OPENS: Final = "07:00"
CLOSES: Final = "21:00"

Value = str | int


@dataclass(frozen=True, slots=True)
class Oddity:
    """One odd thing: a code for programs, and a sentence. It never names a resident."""

    code: str
    message: str
    values: tuple[tuple[str, Value], ...] = ()

    def text(self, language: str) -> str:
        """Give the sentence in a language."""
        return i18n.in_language(language, self.message, **dict(self.values))

    def to_json(self) -> list[object]:
        """Give it as a day sheet keeps it."""
        return [self.code, self.message, [list(pair) for pair in self.values]]


def oddities(
    conn: Connection, day: date, parts: Iterable[Row], receipts: Sequence[Row]
) -> tuple[Oddity, ...]:
    """Look a day over. `parts` and `receipts` are the store's rows of that day."""
    found = [*_reversals(parts), *_gaps(conn, day.isoformat(), receipts)]
    found += [
        Oddity(code, message, (("count", count),))
        for code, message, count in _counted(conn, day.isoformat())
        if count
    ]
    found += _old_cash(conn, day)
    counts = day_rows.cash_counts(conn, day.isoformat())
    if counts > 1:
        message = N_("The cash was counted {count} times before the day was closed.")
        found.append(Oddity("counted-again", message, (("count", counts),)))
    return tuple(found)


def _reversals(parts: Iterable[Row]) -> Iterator[Oddity]:
    taken: Counter[str] = Counter()
    reversed_: Counter[str] = Counter()
    for row in parts:
        if row["kind"] == "reversal":
            reversed_[row["clerk"]] += row["count"]
        elif row["kind"] != "refund":
            taken[row["clerk"]] += row["count"]
    for clerk, count in sorted(reversed_.items()):
        if count >= MANY_REVERSALS and count * 100 >= taken[clerk] * REVERSALS_IN_A_HUNDRED:
            yield Oddity(
                "many-reversals",
                N_("{clerk} reversed {count} of {taken} payments."),
                (("clerk", clerk), ("count", count), ("taken", taken[clerk])),
            )


def _gaps(conn: Connection, day: str, receipts: Sequence[Row]) -> Iterator[Oddity]:
    last: dict[str, int] = {}
    for row in receipts:
        series, number = row["series"], row["number"]
        if series not in last:
            last[series] = day_rows.last_receipt_before(conn, day, series)
        if number != last[series] + 1:
            yield Oddity(
                "receipt-gap",
                N_("Receipt {number} does not follow on {before}: numbers are missing."),
                (
                    ("number", f"{series}{number:06d}"),
                    ("before", f"{series}{last[series]:06d}"),
                ),
            )
        last[series] = number


def _old_cash(conn: Connection, day: date) -> Iterator[Oddity]:
    """Tell who holds cash too long, until the day is closed: a closed day tells of its own time.

    Sums are left out, since the desk's cash is counted blind.
    """
    if day_rows.is_closed(conn, day.isoformat()):
        return
    since = (day - timedelta(LONGEST_CASH_DAYS)).isoformat()
    holders = deposit_rows.held_since_before(conn, since)
    if None in holders:
        message = N_("The desk holds cash for more than {limit} days.")
        yield Oddity("old-cash-desk", message, (("limit", LONGEST_CASH_DAYS),))
    villages = [name for name in holders if name is not None]
    if villages:
        message = N_("Villages that hold cash for more than {limit} days: {count} ({villages}).")
        named = ", ".join(villages[:NAMED_VILLAGES]) + (" …" * (len(villages) > NAMED_VILLAGES))
        yield Oddity(
            "old-cash-village",
            message,
            (("limit", LONGEST_CASH_DAYS), ("count", len(villages)), ("villages", named)),
        )


def _counted(conn: Connection, day: str) -> Iterator[tuple[str, str, int]]:
    seen = day_rows.unusual(conn, day, OPENS, CLOSES)
    yield (
        "unlike-standard",
        N_("Payments whose amount is unlike the standard: {count}."),
        seen.unlike_standard,
    )
    yield (
        "by-ruling",
        N_("Payments that rest on a supervisor's ruling: {count}."),
        seen.by_ruling,
    )
    yield (
        "no-voucher",
        N_("Payments by another way than cash that name no voucher: {count}."),
        seen.without_voucher,
    )
    yield (
        "taken-earlier",
        N_("Payments whose money was taken on an earlier day: {count}."),
        seen.taken_earlier,
    )
    yield (
        "outside-hours",
        N_("Entries made outside office hours: {count}."),
        seen.outside_hours,
    )
    yield (
        "printed-often",
        N_("Receipts printed unusually often: {count}."),
        day_rows.printed_often(conn, day, MANY_PRINTINGS),
    )
