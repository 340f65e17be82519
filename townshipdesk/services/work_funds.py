"""Money for the work itself (工作经费与奖惩): what each unit has earned, missed or lost, and why.

A unit is a line of the office's list of villages or towns with its task. Heads are counted at the
end of the day a rule names; before that day they are those of now, and the rule is still open.
Prizes go by rank of exact shares; units that tie over the edge of a prize are left to a decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from townshipdesk.policy.targets import required_heads
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.policy.model import Policy, WorkFund
    from townshipdesk.services.office import Office


class Standing(StrEnum):
    """How a unit stands under a rule."""

    EARNED = "earned"
    OPEN = "open"
    MISSED = "missed"
    LOST = "lost"
    TIED = "tied"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Unit:
    """A village or town with its task and the heads it has today."""

    code: str
    name: str
    target: int | None
    heads: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit gets under one rule, in fen; `rank` only for prizes."""

    unit: Unit
    standing: Standing
    amount_fen: int
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class FundReport:
    """One rule of the policy with every unit's share."""

    fund: WorkFund
    shares: tuple[Share, ...]

    @property
    def amount_fen(self) -> int:
        """All units together."""
        return sum(share.amount_fen for share in self.shares)


@dataclass(frozen=True, slots=True)
class Condition:
    """A share of the task by a day: the heads it takes, and those of the day, or of now before it.

    `final` tells that the day has passed.
    """

    on: date
    of_task: Fraction
    needed: int
    heads: int
    final: bool

    @property
    def met(self) -> bool:
        """Tell whether the heads were enough."""
        return self.heads >= self.needed


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with its rank, the heads the rank is by, and its share under each rule.

    `rank` is None for a unit without a task; `shares` holds None where a rule gives it nothing,
    such as a prize it has not won. `total_fen` is what it has earned or would earn as it stands.
    """

    unit: Unit
    rank: int | None
    ranked_heads: int
    shares: tuple[Share | None, ...]
    conditions: tuple[Condition, ...]

    @property
    def total_fen(self) -> int:
        """All rules together."""
        return sum(share.amount_fen for share in self.shares if share is not None)


@dataclass(frozen=True, slots=True)
class FundSheet:
    """The rules of a policy and every unit's line, the best rank first.

    `ranked_on` is the day whose heads decide the rank: that of the prizes, else today.
    """

    today: date
    ranked_on: date
    reports: tuple[FundReport, ...]
    lines: tuple[UnitLine, ...]


class Progress:
    """Heads of each unit at the end of any day, read once."""

    def __init__(self, units: Sequence[Unit], today: date, at: Mapping[date, Mapping[str, int]]):
        self.units = tuple(units)
        self.today = today
        self._at = at

    def heads(self, unit: Unit, day: date) -> int:
        """Give the heads of a unit at the end of a day, or now before that."""
        if day >= self.today:
            return unit.heads
        return self._at[day].get(unit.code, 0)

    def reached(self, unit: Unit, share: Fraction, day: date) -> bool:
        """Tell whether a unit has reached a share of its task by a day, in exact integers."""
        if not unit.target:
            return False
        return self.heads(unit, day) * share.denominator >= unit.target * share.numerator


def report(office: Office) -> tuple[FundReport, ...]:
    """Give every rule on work money of the office's policy; none where it has no such rules."""
    if not office.policy.work_funds:
        return ()
    with office.database.snapshot():
        progress = _read(office)
    return compute(office.policy, progress)


def sheet(office: Office) -> FundSheet | None:
    """Give the work money of every unit; None where the policy has no such rules."""
    if not office.policy.work_funds:
        return None
    with office.database.snapshot():
        progress = _read(office)
    return lay_out(office.policy, progress)


def lay_out(policy: Policy, progress: Progress) -> FundSheet:
    """Give a line for each unit of a policy's rules on work money; pure."""
    reports = compute(policy, progress)
    prizes = [fund.by for fund in policy.work_funds if fund.per == "prize" and fund.by is not None]
    ranked_on = min([*prizes, progress.today])
    shares = {
        unit.code: Fraction(progress.heads(unit, ranked_on), unit.target)
        for unit in progress.units
        if unit.target
    }
    lines = []
    for unit in progress.units:
        own = shares.get(unit.code)
        rank = None if own is None else 1 + sum(other > own for other in shares.values())
        found = tuple(
            next((share for share in one.shares if share.unit.code == unit.code), None)
            for one in reports
        )
        conditions = tuple(_conditions(policy, progress, unit))
        lines.append(UnitLine(unit, rank, progress.heads(unit, ranked_on), found, conditions))
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0))
    return FundSheet(progress.today, ranked_on, reports, tuple(lines))


def _conditions(policy: Policy, progress: Progress, unit: Unit) -> Iterator[Condition]:
    """Give each condition that any rule sets, once, the earliest first."""
    asked = {
        (day, share)
        for fund in policy.work_funds
        for share, day in ((fund.of_task, fund.by), (Fraction(1), fund.complete_by))
        if share is not None and day is not None
    }
    for day, share in sorted(asked) if unit.target else ():
        needed = required_heads(unit.target or 0, share)
        heads = progress.heads(unit, day)
        yield Condition(day, share, needed, heads, day < progress.today)


def compute(policy: Policy, progress: Progress) -> tuple[FundReport, ...]:
    """Apply a policy's rules on work money to the progress of units; pure."""
    lost = _lost(policy.work_funds, progress)
    reports = []
    podium: _Podium | None = None
    for fund in policy.work_funds:
        if fund.per == "head":
            reports.append(FundReport(fund, _per_head(fund, progress, lost)))
        elif fund.per == "prize":
            podium = podium or _Podium(_ranked(fund, progress))
            reports.append(FundReport(fund, podium.hand_out(fund, progress.today)))
        else:
            reports.append(FundReport(fund, _losses(fund, progress, lost)))
    return tuple(reports)


def _read(office: Office) -> Progress:
    today = office.today()
    villages = export_rows.villages(office.conn)
    codes = {row["id"]: row["code"] for row in villages}
    days = {
        day
        for fund in office.policy.work_funds
        for day in (fund.by, fund.complete_by)
        if day is not None and day < today
    }
    at = {
        day: {
            codes[number]: heads
            for number, heads in export_rows.heads_on(
                office.conn, office.year, day.isoformat()
            ).items()
        }
        for day in days
    }
    now = export_rows.heads_on(office.conn, office.year, today.isoformat())
    units = [
        Unit(row["code"], row["name"], row["target"], now.get(row["id"], 0)) for row in villages
    ]
    return Progress(units, today, at)


def _lost(funds: Sequence[WorkFund], progress: Progress) -> dict[str, set[str]]:
    """Give, by fund, the units that have lost it: a loss whose day has passed unmet."""
    lost: dict[str, set[str]] = {}
    for fund in funds:
        if fund.per != "loss" or fund.by is None or fund.by >= progress.today:
            continue
        failed = {
            unit.code
            for unit in progress.units
            if unit.target and not progress.reached(unit, fund.of_task or Fraction(1), fund.by)
        }
        for cancelled in fund.cancels:
            lost.setdefault(cancelled, set()).update(failed)
    return lost


def _per_head(
    fund: WorkFund, progress: Progress, lost: Mapping[str, set[str]]
) -> tuple[Share, ...]:
    shares = []
    for unit in progress.units:
        standing = _condition(fund, progress, unit)
        if unit.code in lost.get(fund.id, ()):
            standing = Standing.LOST
        earned = standing in (Standing.EARNED, Standing.OPEN)
        amount_fen = (fund.amount_fen or 0) * unit.heads if earned else 0
        shares.append(Share(unit, standing, amount_fen))
    return tuple(shares)


def _condition(fund: WorkFund, progress: Progress, unit: Unit) -> Standing:
    """Judge a rule's two conditions: a share of the task by a day, all of it by another."""
    conditions = [
        (share, day)
        for share, day in ((fund.of_task, fund.by), (Fraction(1), fund.complete_by))
        if share is not None and day is not None
    ]
    standing = Standing.EARNED
    for share, day in conditions:
        if progress.reached(unit, share, day):
            continue
        if day < progress.today:
            return Standing.MISSED
        standing = Standing.OPEN
    return standing


def _ranked(fund: WorkFund, progress: Progress) -> list[list[Unit]]:
    """Group the units that qualify for prizes by equal shares, the best first."""
    day = fund.by or progress.today
    qualified = [
        unit
        for unit in progress.units
        if unit.target and progress.reached(unit, fund.of_task or Fraction(0), day)
    ]
    by_share: dict[Fraction, list[Unit]] = {}
    for unit in qualified:
        by_share.setdefault(Fraction(progress.heads(unit, day), unit.target or 1), []).append(unit)
    return [by_share[share] for share in sorted(by_share, reverse=True)]


class _Podium:
    """The units that qualify for prizes, best first; each prize takes the next of them."""

    def __init__(self, groups: list[list[Unit]]) -> None:
        self._groups = groups
        self._rank = 1

    def hand_out(self, fund: WorkFund, today: date) -> tuple[Share, ...]:
        """Give a prize to the best units that have none yet; a tie over its edge is decided."""
        left = fund.count or 0
        final = fund.by is None or fund.by < today
        shares = []
        while left and self._groups:
            group = self._groups.pop(0)
            tied = len(group) > left
            for unit in group:
                standing = Standing.TIED if tied else Standing.EARNED if final else Standing.OPEN
                amount_fen = 0 if tied else fund.amount_fen or 0
                shares.append(Share(unit, standing, amount_fen, self._rank))
            self._rank += len(group)
            left = 0 if tied else left - len(group)
        return tuple(shares)


def _losses(fund: WorkFund, progress: Progress, lost: Mapping[str, set[str]]) -> tuple[Share, ...]:
    shares = []
    for unit in progress.units:
        reached = progress.reached(unit, fund.of_task or Fraction(1), fund.by or progress.today)
        gone = any(unit.code in lost.get(cancelled, ()) for cancelled in fund.cancels)
        standing = Standing.LOST if gone else Standing.NONE if reached else Standing.OPEN
        shares.append(Share(unit, standing, 0))
    return tuple(shares)
