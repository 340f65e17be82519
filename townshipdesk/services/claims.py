"""Claims (资助资金申请): each source is asked once for each subsidised person.

A claim takes everything in the ledger that its source has not been asked for up to a day; what was
reversed or refunded later is deducted from the next claim, since it stands in the ledger too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import day_of, parse_date, parse_moment
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_
from townshipdesk.services.imports.model import check_not
from townshipdesk.services.work import work
from townshipdesk.store import claim_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One person in a claim, in fen; negative for somebody whose subsidy was taken back.

    `standard_fen` and `individual_fen` are None where the payment stood in an earlier claim.
    """

    resident_id: int
    village: str
    name: str
    number: str
    identity: str
    standard_fen: int | None
    amount_fen: int
    individual_fen: int | None
    paid_on: date


@dataclass(frozen=True, slots=True)
class Claim:
    """A numbered claim and what the source paid on it, in fen.

    A source may pay in parts: `paid_fen` is their sum, `paid_on` the last day, `reference` all of
    the bank's references, `why` the last reason.
    """

    uid: str
    number: str
    source: str
    to_day: date
    made_at: datetime
    made_by: str
    people: int
    amount_fen: int
    paid_fen: int | None
    paid_on: date | None
    reference: str
    why: str = ""
    payments: int = 0

    @property
    def missing_fen(self) -> int:
        """What the source paid less than was claimed; below 0 where it paid more."""
        return 0 if self.paid_fen is None else self.amount_fen - self.paid_fen

    @property
    def owed_fen(self) -> int:
        """What is still to be paid: below 0 where the office owes it to the source; else 0."""
        rest_fen = self.amount_fen - (self.paid_fen or 0)
        return rest_fen if rest_fen * self.amount_fen > 0 else 0


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """What a source owes for an identity: people, granted, claimed, in fen.

    `standard_fen` are the least and the most that one person got; `departments` those whose lists
    brought them. `source_paid_fen` is what the source has paid on all its claims.
    """

    source: str
    identity: str
    people: int
    amount_fen: int
    claimed_fen: int
    standard_fen: tuple[int, int]
    departments: tuple[str, ...]
    source_paid_fen: int

    @property
    def unclaimed_fen(self) -> int:
        """What the next claim would ask for."""
        return self.amount_fen - self.claimed_fen


def preview(office: Office, source: str, to_day: date | None = None) -> list[ClaimLine]:
    """Give the lines a claim made now would have; nothing is changed."""
    day = (to_day or office.today()).isoformat()
    return [_line(row) for row in claim_rows.unclaimed(office.conn, office.year, source, day)]


def make(
    office: Office,
    actor: Actor,
    source: str,
    to_day: date | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Claim:
    """Make a numbered claim of everything a source has not been asked for up to a day.

    Raises RuleError when there is nothing to claim, UsageError for a day to come, CancelledError
    when it was stopped: then there is no claim.
    """

    def tell(done: int, whole: int) -> None:
        check_not(cancelled)
        if progress is not None:
            progress(done, whole)

    with work(office, actor) as w:
        day = to_day or w.day
        if day > w.day:
            raise UsageError(N_("A claim cannot reach into days to come."))
        rows = claim_rows.unclaimed(w.conn, office.year, source, day.isoformat())
        if not rows:
            raise RuleError(N_("There is nothing left to claim from this source."), code="nothing")
        uid, number = new_uid(), f"ZZ{office.year}-{claim_rows.next_number(w.conn):04d}"
        amount_fen = sum(row["amount_fen"] for row in rows)
        claim_rows.insert(
            w.conn,
            uid=uid,
            number=number,
            year=office.year,
            source=source,
            to_day=day.isoformat(),
            at=w.moment,
            staff_id=actor.staff_id,
            people=len({row["resident_id"] for row in rows}),
            amount_fen=amount_fen,
            progress=tell,
        )
        w.note("claim.made", uid, {"number": number, "source": source, "amount_fen": amount_fen})
    return claim(office, number)


def record_payment(
    office: Office,
    actor: Actor,
    number: str,
    amount_fen: int,
    paid_on: date,
    reference: str,
    why: str = "",
) -> Claim:
    """Record what a source paid on a claim, or a part of it, until all of it has come.

    Where the parts do not add up to what was claimed a reason is needed. Raises UsageError without
    the bank's reference, for a day to come, or without that reason; RuleError `paid`.
    """
    if not reference.strip():
        raise UsageError(N_("A payment on a claim needs the bank's reference."))
    with work(office, actor) as w:
        found = _row(office, number)
        before = _from_row(found)
        if before.payments and not before.owed_fen:
            raise RuleError(N_("This claim has been paid already."), code="paid")
        if paid_on > w.day:
            raise UsageError(N_("A source's payment cannot be of a day to come."))
        paid_fen = (before.paid_fen or 0) + amount_fen
        if paid_fen != before.amount_fen and not why.strip():
            raise UsageError(
                N_("{claimed} yuan were claimed and {paid} yuan paid: this needs a reason."),
                claimed=format_yuan(before.amount_fen),
                paid=format_yuan(paid_fen),
            )
        claim_rows.insert_payment(
            w.conn,
            claim_id=found["id"],
            paid_on=paid_on.isoformat(),
            amount_fen=amount_fen,
            reference=reference.strip(),
            at=w.moment,
            staff_id=actor.staff_id,
            why=why.strip(),
        )
        w.note("claim.paid", found["uid"], {"number": number, "amount_fen": amount_fen})
    return claim(office, number)


def claim(office: Office, number: str) -> Claim:
    """Give a claim by its number. Raises NotFoundError."""
    return _from_row(_row(office, number))


def claims(office: Office) -> list[Claim]:
    """Give the year's claims, newest first."""
    return [_from_row(row) for row in claim_rows.every(office.conn, office.year)]


def claim_lines(office: Office, number: str) -> list[ClaimLine]:
    """Give a claim's lines, one for each person and identity."""
    row = _row(office, number)
    return [_line(line) for line in claim_rows.lines(office.conn, row["id"])]


def settlement(office: Office, to_day: date | None = None) -> list[SettlementLine]:
    """Give what each source granted, by identity, up to a day, and how much of it was claimed."""
    day = (to_day or office.today()).isoformat()
    with office.database.snapshot() as conn:
        rows = claim_rows.settlement(conn, office.year, day)
        departments = claim_rows.departments(conn, office.year)
        paid = claim_rows.paid_by_source(conn, office.year)
    return [
        SettlementLine(
            row["source"],
            row["identity"],
            row["people"],
            row["amount_fen"],
            row["claimed_fen"],
            (row["least_fen"] or 0, row["most_fen"] or 0),
            tuple(departments.get((row["source"], row["identity"]), ())),
            paid.get(row["source"], 0),
        )
        for row in rows
    ]


def paid_by_source(office: Office) -> dict[str, int]:
    """Give what each source has paid on its claims of the year, in fen."""
    return claim_rows.paid_by_source(office.conn, office.year)


def _row(office: Office, number: str) -> Row:
    for row in claim_rows.every(office.conn, office.year):
        if row["number"] == number:
            return row
    raise NotFoundError(N_("There is no claim {number}."), number=number[:40])


def _line(row: Row) -> ClaimLine:
    return ClaimLine(
        resident_id=row["resident_id"],
        village=row["village_name"],
        name=row["name"],
        number=row["number"] or "",
        identity=row["identity"],
        standard_fen=row["standard_fen"],
        amount_fen=row["amount_fen"],
        individual_fen=row["individual_fen"],
        paid_on=day_of(parse_moment(row["paid_at"])),
    )


def _from_row(row: Row) -> Claim:
    return Claim(
        uid=row["uid"],
        number=row["number"],
        source=row["source"],
        to_day=parse_date(row["to_day"]),
        made_at=parse_moment(row["made_at"]),
        made_by=row["shown_name"],
        people=row["people"],
        amount_fen=row["amount_fen"],
        paid_fen=row["paid_fen"],
        paid_on=parse_date(row["paid_on"]) if row["paid_on"] else None,
        reference=row["reference"] or "",
        why=row["why"] or "",
        payments=row["payments"],
    )
