"""The comparison itself: a tax bureau's list against this office's payments, as pure values."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment, parse_date
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.store.tax_rows import NewFinding
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.sheets.taxlist import TaxRow
    from townshipdesk.store.driver import Row

KINDS: Final = (
    "matched",
    "only_there",
    "only_here",
    "amount_differs",
    "twice",
    "unknown_person",
    "other_year",
)
NON_CASH: Final = ("pos", "mobile", "bank", "tax-hall")
"""Channels whose money goes to the bureau directly; cash is deposited instead."""

NOON: Final = time(12)
"""The time of day of a list that prints days only: within opening hours on either side."""

TEXTS: Final = {
    "only_there": N_("The bureau collected {listed} yuan; nothing is recorded here."),
    "only_here": N_("{here} yuan are recorded here; the list lacks them."),
    "amount_differs": N_("The bureau collected {listed} yuan, here are {here} yuan."),
    "twice": N_("This person and year stands in the list a second time ({listed} yuan)."),
    "unknown_person": N_("Nobody in this office has this number ({listed} yuan)."),
    "other_year": N_("The payment of {listed} yuan is for {year}."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference between list and office. Amounts in fen, None where one side has nothing."""

    kind: str
    row: int | None
    document_number: str
    name: str
    resident_id: int | None
    entry_id: int | None
    year: int | None
    listed_fen: int | None
    here_fen: int | None
    channel: str
    voucher: str
    paid_at: datetime | None
    fingerprint: str

    @property
    def text(self) -> str:
        """Say the difference in a sentence without personal data."""
        message = TEXTS[self.kind]
        return _(
            message,
            listed=format_yuan(self.listed_fen or 0),
            here=format_yuan(self.here_fen or 0),
            year=self.year or "—",
        )

    def to_row(self) -> NewFinding:
        """Give what is kept of it."""
        return NewFinding(
            uid=new_uid(),
            fingerprint=self.fingerprint,
            kind=self.kind,
            row=self.row,
            document_number=self.document_number,
            name=self.name,
            resident_id=self.resident_id,
            entry_id=self.entry_id,
            year=self.year,
            listed_fen=self.listed_fen,
            here_fen=self.here_fen,
            channel=self.channel,
            voucher=self.voucher,
            paid_at=format_moment(self.paid_at) if self.paid_at else None,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing gave: how many rows of each kind, and the differences."""

    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    matched: Mapping[str, int]  # fingerprint a matched row would have had as only_there -> entry
    listed_entries: frozenset[int]
    span: tuple[date, date] | None


def span_of(rows: Iterable[TaxRow]) -> tuple[date, date] | None:
    """Give the first and last day of a list, None when it prints no days."""
    days = sorted({row.paid_on for row in rows if row.paid_on})
    return (parse_date(days[0]), parse_date(days[-1])) if days else None


def compare(
    rows: list[TaxRow],
    *,
    year: int,
    people: Mapping[str, int],
    payments: Mapping[int, Row],
    of_span: Iterable[Row],
    span: tuple[date, date] | None,
) -> Comparison:
    """Compare: `people` by document number, standing `payments` by person, those `of_span`.

    Each row of the list counts once: as `twice` from the second of a person and year on, then
    `unknown_person`, `other_year`, `amount_differs`, `only_there`, `matched`.
    """
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    matched: dict[str, int] = {}
    listed: set[int] = set()
    seen: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        person = people.get(row.number)
        row_year = row.year or year
        key = (person if person is not None else row.number, row_year)
        seen[key] += 1
        payment = payments.get(person) if person is not None and row_year == year else None
        kind = _kind(seen[key], person, row_year == year, payment, row.amount_fen)
        counts[kind] += 1
        if payment is not None:
            listed.add(payment["id"])
        if kind == "matched" and payment is not None:
            matched[_fingerprint("only_there", row, row_year, 1)] = payment["id"]
            continue
        findings.append(_finding(kind, row, row_year, person, payment, seen[key]))
    for payment in of_span:
        if payment["id"] not in listed and payment["individual_fen"] > 0:
            counts["only_here"] += 1
            findings.append(_only_here(payment))
    return Comparison(
        {kind: counts[kind] for kind in KINDS},
        tuple(findings),
        matched,
        frozenset(listed),
        span,
    )


def moment_of(row: TaxRow) -> datetime | None:
    """Give the moment a listed payment was taken; noon where the list prints the day only."""
    if not row.paid_on:
        return None
    at = time.fromisoformat(row.paid_time) if row.paid_time else NOON
    return datetime.combine(parse_date(row.paid_on), at, SHANGHAI)


def _kind(nth: int, person: int | None, this_year: bool, payment: Row | None, fen: int) -> str:
    if nth > 1:
        return "twice"
    if person is None:
        return "unknown_person"
    if not this_year:
        return "other_year"
    if payment is None:
        return "only_there"
    return "matched" if payment["individual_fen"] == fen else "amount_differs"


def _finding(
    kind: str, row: TaxRow, year: int, person: int | None, payment: Row | None, nth: int
) -> Finding:
    return Finding(
        kind=kind,
        row=row.row,
        document_number=row.number,
        name=row.name,
        resident_id=person,
        entry_id=payment["id"] if payment is not None else None,
        year=year,
        listed_fen=row.amount_fen,
        here_fen=payment["individual_fen"] if payment is not None else None,
        channel=row.channel,
        voucher=row.voucher,
        paid_at=moment_of(row),
        fingerprint=_fingerprint(kind, row, year, nth),
    )


def _only_here(payment: Row) -> Finding:
    return Finding(
        kind="only_here",
        row=None,
        document_number=payment["number"] or "",
        name=payment["name"],
        resident_id=payment["person_id"],
        entry_id=payment["id"],
        year=payment["year"],
        listed_fen=None,
        here_fen=payment["individual_fen"],
        channel=payment["channel"],
        voucher=payment["voucher"],
        paid_at=datetime.fromisoformat(payment["paid_at"]),
        fingerprint=only_here_fingerprint(payment["uid"]),
    )


def only_here_fingerprint(entry_uid: str) -> str:
    """Give the fingerprint of a payment that a list lacks."""
    return f"only_here:{entry_uid}"


def _fingerprint(kind: str, row: TaxRow, year: int, nth: int) -> str:
    """Tell findings apart over all lists: a bureau's number if there is one, else what it says."""
    parts = [kind, row.number, year, row.amount_fen, row.voucher, row.paid_on, row.paid_time]
    if kind == "twice" and not row.voucher:
        parts.append(nth)
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
