"""The comparison itself: a tax bureau's list against this office's payments, as pure values."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment, parse_date
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.services.imports.residents import same_name
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

REPORT_EVERY: Final = 500

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


RowKey = tuple[str, int | None, int | None, str, str | None]
"""A row of a list whatever became of it: number, year, fen, voucher, moment."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the office knows: people by any of their numbers, their names and their payments.

    `standing` are the payments in force, `refunded` those whose money went back, both by person;
    `of_span` are those through the bureau's channels in the list's days. `watched` are the document
    numbers of differences that are open: what became of their rows is told.
    """

    people: Mapping[str, int]
    names: Mapping[int, str]
    standing: Mapping[int, Row]
    refunded: Mapping[int, Sequence[Row]]
    of_span: tuple[Row, ...] = ()
    watched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing gave: how many rows of each kind, and the differences.

    `seen` tells what each watched row is now and which payment it is; `given_back` are rows as they
    stood before the bureau gave the money back; `other_names` are rows whose number has another
    name here.
    """

    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    seen: Mapping[RowKey, tuple[str, int | None]]
    given_back: frozenset[tuple[str, int | None, int | None]]
    listed_entries: frozenset[int]
    other_names: tuple[TaxRow, ...]
    span: tuple[date, date] | None


def span_of(rows: Iterable[TaxRow]) -> tuple[date, date] | None:
    """Give the first and last day of a list, None when it prints no days."""
    days = sorted({row.paid_on for row in rows if row.paid_on})
    return (parse_date(days[0]), parse_date(days[-1])) if days else None


def compare(
    rows: list[TaxRow],
    *,
    year: int,
    books: Books,
    span: tuple[date, date] | None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compare a list with the office's books.

    Each row of the list counts once: as `twice` from the second of a person and year on, then
    `unknown_person`, `other_year`, `amount_differs`, `only_there`, `matched`. What the bureau
    cancelled or gave back was not collected: it agrees where nothing stands here, and so does a sum
    of nothing. `progress` is told rows done and rows in all, and may raise to stop.
    """
    return _Comparing(rows, year, books).run(span, progress)


class _Comparing:
    """One list being compared."""

    def __init__(self, rows: list[TaxRow], year: int, books: Books) -> None:
        self._rows, self._year, self._books = rows, year, books
        self._keys = [self._key(row) for row in rows]
        self._void, self._pairs = self._cancelled()
        self._collected = {key for place, key in enumerate(self._keys) if place not in self._void}
        self._counts: Counter[str] = Counter()
        self._findings: list[Finding] = []
        self._listed: set[int] = set()
        self._seen: dict[RowKey, tuple[str, int | None]] = {}

    def run(
        self, span: tuple[date, date] | None, progress: Callable[[int, int], None] | None
    ) -> Comparison:
        """Look at every row, then at what the list lacks."""
        times: Counter[tuple[object, int]] = Counter()
        for place, (row, key) in enumerate(zip(self._rows, self._keys, strict=True)):
            if progress is not None and place % REPORT_EVERY == 0:
                progress(place, len(self._rows))
            if place in self._void:
                self._take_void(place, row)
            else:
                times[key] += 1
                self._take(row, key, times[key])
        for payment in self._books.of_span:
            if payment["id"] not in self._listed and payment["individual_fen"] > 0:
                self._counts["only_here"] += 1
                self._findings.append(_only_here(payment))
        return Comparison(
            {kind: self._counts[kind] for kind in KINDS},
            tuple(self._findings),
            self._seen,
            frozenset(
                (row.number, row.year or self._year, abs(row.amount_fen))
                for row in map(self._rows.__getitem__, self._void)
            ),
            frozenset(self._listed),
            tuple(filter(self._is_other_name, self._rows)),
            span,
        )

    def _key(self, row: TaxRow) -> tuple[object, int]:
        return self._books.people.get(row.number, row.number), row.year or self._year

    def _cancelled(self) -> tuple[set[int], set[int]]:
        """Give the rows that collected nothing, and those of them another row gives back."""
        given = [place for place, row in enumerate(self._rows) if row.amount_fen < 0]
        void = {place for place, row in enumerate(self._rows) if row.cancelled}
        taken: dict[tuple[object, int, int], list[int]] = {}
        for place, key in enumerate(self._keys if given else ()):
            if self._rows[place].amount_fen > 0 and place not in void:
                taken.setdefault((*key, self._rows[place].amount_fen), []).append(place)
        pairs: set[int] = set()
        for place in given:
            row = self._rows[place]
            same = taken.get((*self._keys[place], -row.amount_fen), [])
            if same:
                voucher = [p for p in same if row.voucher and self._rows[p].voucher == row.voucher]
                earlier = [p for p in same if p < place]
                pair = (voucher or earlier[-1:] or same)[0]
                same.remove(pair)
                pairs |= {pair, place}
        return void | set(given) | pairs, pairs

    def _take(self, row: TaxRow, key: tuple[object, int], nth: int) -> None:
        person = self._books.people.get(row.number)
        payment = self._payment(row, person) if key[1] == self._year else None
        kind = _kind(nth, person, key[1] == self._year, payment, row.amount_fen)
        self._note(row, kind, payment)
        if kind != "matched":
            self._findings.append(_finding(kind, row, key[1], person, payment, nth))

    def _payment(self, row: TaxRow, person: int | None) -> Row | None:
        """Give the payment a row may be: the one in force, else the very one refunded since."""
        if person is None:
            return None
        standing = self._books.standing.get(person)
        if standing is not None:
            return standing
        for refunded in self._books.refunded.get(person, ()):
            if _is_same(row, refunded):
                return refunded
        return None

    def _take_void(self, place: int, row: TaxRow) -> None:
        """Count a row that collected nothing: it agrees where nothing stands here either."""
        person, year = self._books.people.get(row.number), row.year or self._year
        payment = None
        if person is not None and year == self._year and self._keys[place] not in self._collected:
            payment = self._books.standing.get(person)
        if person is None:
            kind = "unknown_person"
        elif year != self._year:
            kind = "other_year"
        elif payment is None or payment["id"] in self._listed or self._is_given_back(place):
            kind = "matched"
        else:
            kind = "amount_differs"
        self._note(row, kind, payment if kind == "amount_differs" else None)
        if kind != "matched":
            found = _finding(kind, row, year, person, payment, 1)
            if kind == "amount_differs" and (row.cancelled or place in self._pairs):
                found = replace(found, listed_fen=0)
            self._findings.append(found)

    def _is_given_back(self, place: int) -> bool:
        """Tell a payment from the row that gives it back: one of the two is the finding."""
        return place in self._pairs and self._rows[place].amount_fen > 0

    def _note(self, row: TaxRow, kind: str, payment: Row | None) -> None:
        self._counts[kind] += 1
        entry = None if payment is None else payment["id"]
        if entry is not None:
            self._listed.add(entry)
        if kind != "twice" and row.number in self._books.watched:
            self._seen[row_key(row, self._year)] = (kind, entry)

    def _is_other_name(self, row: TaxRow) -> bool:
        person = self._books.people.get(row.number)
        if person is None or not row.name:
            return False
        known = self._books.names[person]
        return known != row.name and same_name(known, row.name) is None


def _is_same(row: TaxRow, payment: Row) -> bool:
    """Tell whether a row is a payment recorded here: by its voucher, else by its day."""
    if row.voucher and payment["voucher"]:
        return bool(row.voucher == payment["voucher"])
    return not row.paid_on or bool(row.paid_on == payment["paid_at"][:10])


def row_key(row: TaxRow, year: int) -> RowKey:
    """Give what a row says, as a finding of it is kept."""
    at = moment_of(row)
    moment = format_moment(at) if at else None
    return row.number, row.year or year, row.amount_fen, row.voucher, moment


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
        return "only_there" if fen else "matched"  # nothing there, nothing here
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
