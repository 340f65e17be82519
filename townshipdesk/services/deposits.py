"""Deposits (缴存): cash carried to the bank, against the days it was taken on, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import parse_date, parse_moment
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.services.work import Work, work
from townshipdesk.store import deposit_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class CashInHand:
    """Cash not at the bank: the desk's (no village) or a village's, by day taken, in fen."""

    village_code: str | None
    village_name: str | None
    days: tuple[tuple[date, int], ...]

    @property
    def amount_fen(self) -> int:
        """All of it."""
        return sum(amount_fen for _day, amount_fen in self.days)

    def age_days(self, today: date) -> int:
        """How many days the oldest of it has been out."""
        return (today - self.days[0][0]).days


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as recorded; `amount_fen` with the bank's reference."""

    uid: str
    village_name: str | None
    amount_fen: int
    bank_reference: str
    deposited_on: date
    recorded_at: datetime
    recorded_by: str
    taken_back: bool
    is_taking_back: bool


def cash_in_hand(office: Office) -> list[CashInHand]:
    """Give the cash that is not at the bank, the desk's first, then by village."""
    return _in_hand(deposit_rows.in_hand(office.conn))


def deposit(
    office: Office,
    actor: Actor,
    amount_fen: int,
    bank_reference: str,
    *,
    village_code: str | None = None,
    deposited_on: date | None = None,
) -> Deposit:
    """Record that cash was paid into the bank: the desk's, or a village's.

    It carries the oldest days first. Raises RuleError for more than is in hand, UsageError without
    the bank's reference, for a day to come, or for an amount that is not positive.
    """
    if amount_fen <= 0:
        raise UsageError("A deposit is an amount above zero.")
    if not bank_reference.strip():
        raise UsageError("A deposit needs the bank's reference.")
    with work(office, actor) as w:
        on = deposited_on or w.day
        if on > w.day:
            raise UsageError("A deposit cannot be of a day to come.")
        held = _held_by(w, village_code)
        if held is None or held.amount_fen < amount_fen:
            raise RuleError(
                "Only {held} yuan are in hand; {amount} yuan cannot be deposited.",
                code="more-than-in-hand",
                held=format_yuan(held.amount_fen if held else 0),
                amount=format_yuan(amount_fen),
            )
        uid = new_uid()
        deposit_rows.insert(
            w.conn,
            uid=uid,
            village_id=_village_id(w, village_code),
            amount_fen=amount_fen,
            bank_reference=bank_reference.strip(),
            deposited_on=on.isoformat(),
            at=w.moment,
            staff_id=actor.staff_id,
            days=_oldest_first(held, amount_fen),
        )
        w.note(
            "deposit.recorded",
            uid,
            {"amount_fen": amount_fen, "village": village_code, "on": on.isoformat()},
        )
    return next(found for found in deposits(office, 5) if found.uid == uid)


def take_back(office: Office, actor: Actor, deposit_uid: str, why: str) -> None:
    """Take back a deposit that was recorded wrongly: the cash is in hand again.

    A supervisor only. Raises RuleError for one taken back before, UsageError without a reason.
    """
    if not why.strip():
        raise UsageError("Taking a deposit back needs a reason.")
    with work(office, actor, supervisor=True) as w:
        row = deposit_rows.by_uid(w.conn, deposit_uid)
        if row is None:
            raise NotFoundError("There is no such deposit.")
        if row["taken_back"] or row["takes_back"] is not None:
            raise RuleError("This deposit has been taken back already.", code="taken-back")
        uid = new_uid()
        deposit_rows.insert(
            w.conn,
            uid=uid,
            village_id=row["village_id"],
            amount_fen=row["amount_fen"],
            bank_reference=row["bank_reference"],
            deposited_on=row["deposited_on"],
            at=w.moment,
            staff_id=actor.staff_id,
            days=[],
            takes_back=row["id"],
            why=why.strip(),
        )
        w.note("deposit.taken-back", deposit_uid, {"by": uid, "why": why.strip()})


def deposits(office: Office, limit: int = 100) -> list[Deposit]:
    """Give the last deposits, newest first."""
    return [
        Deposit(
            uid=row["uid"],
            village_name=row["village_name"],
            amount_fen=row["amount_fen"],
            bank_reference=row["bank_reference"],
            deposited_on=parse_date(row["deposited_on"]),
            recorded_at=parse_moment(row["recorded_at"]),
            recorded_by=row["shown_name"],
            taken_back=bool(row["taken_back"]),
            is_taking_back=row["takes_back"] is not None,
        )
        for row in deposit_rows.newest(office.conn, limit)
    ]


def _in_hand(rows: list[Row]) -> list[CashInHand]:
    return [
        CashInHand(
            code,
            name,
            tuple((parse_date(row["day"]), row["amount_fen"]) for row in group),
        )
        for (code, name), group in groupby(rows, key=lambda row: (row["code"], row["name"]))
    ]


def _held_by(w: Work, village_code: str | None) -> CashInHand | None:
    for held in _in_hand(deposit_rows.in_hand(w.conn)):
        if held.village_code == village_code:
            return held
    return None


def _village_id(w: Work, village_code: str | None) -> int | None:
    if village_code is None:
        return None
    row = w.conn.execute("SELECT id FROM village WHERE code = ?", (village_code,)).fetchone()
    return int(row[0])


def _oldest_first(held: CashInHand, amount_fen: int) -> list[tuple[str, int]]:
    """Spread a deposit over the days; a day on which more went back than came in is passed over."""
    left_fen = amount_fen
    days = []
    for day, on_day_fen in held.days:
        part_fen = min(left_fen, on_day_fen)
        if part_fen > 0:
            days.append((day.isoformat(), part_fen))
            left_fen -= part_fen
    return days
