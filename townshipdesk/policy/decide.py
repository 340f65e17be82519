"""The core of a quote: which way fits this person at this moment, and what it covers.

The same few steps for every policy: blocks that hold on any day, then the ways of the policy in
their order, then what a taken way still asks for. Everything else only explains the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from townshipdesk.domain.dates import (
    ONE_DAY,
    SHANGHAI,
    DateSpan,
    add_months,
    first_of_month,
    first_of_next_month,
)
from townshipdesk.policy.conditions import holds
from townshipdesk.policy.model import Basis, Cover, Policy, Way
from townshipdesk.policy.probes import Case

NEVER_LATER: Final = frozenset({"already-enrolled", "documents-missing"})
"""Reasons that no later day of the same policy mends."""


@dataclass(slots=True)
class Outcome:
    """What was decided. Amounts in fen; `basis` is what the reason rests on."""

    decision: str
    reason: str | None = None
    basis: Basis | None = None
    way: Way | None = None
    standard_fen: int | None = None
    coverage: DateSpan | None = None
    waiting: DateSpan | None = None


def local_moment(moment: datetime) -> datetime:
    """Give a moment as Shanghai wall time without its offset. One without counts as Shanghai."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(SHANGHAI).replace(tzinfo=None)


def decide(policy: Policy, case: Case) -> Outcome:
    """Decide about one person at one moment."""
    blocked = _block(policy, case)
    if blocked is not None:
        return blocked
    unassessed: Way | None = None
    for way in policy.ways:
        if not (runs(way, case) and holds(way.who, case)):
            continue
        if way.assessed_to is not None and _assessed(case) > way.assessed_to:
            unassessed = unassessed or way
            continue
        if way.answer == "take":
            return _take(policy, case, way)
        return Outcome(way.answer, way.reason, way.basis, way)
    if unassessed is not None:
        return Outcome("refuse", "not-assessed-in-time", unassessed.basis, unassessed)
    return _refuse(policy, _closed_reason(policy, case))


def runs(way: Way, case: Case) -> bool:
    """Say whether a way is open at the moment, and opened by the office where it must be."""
    return way.opens <= case.local <= way.closes and allowed(way, case)


def allowed(way: Way, case: Case) -> bool:
    """Say whether a way that the office must open has been opened."""
    return way.setting is None or bool(getattr(case.settings, way.setting))


def _refuse(policy: Policy, reason: str) -> Outcome:
    return Outcome("refuse", reason, policy.reasons.get(reason))


def _block(policy: Policy, case: Case) -> Outcome | None:
    """Blocks that hold whatever the calendar says. Being insured elsewhere comes first."""
    facts = case.facts
    ended = facts.employee_insurance_ended
    if facts.employee_insured or (ended is not None and ended > case.day):
        return _refuse(policy, "employee-insured")
    if facts.already_enrolled:
        return _refuse(policy, "already-enrolled")
    if case.day > policy.coverage.end:
        return _refuse(policy, "window-closed")
    if facts.born is not None and facts.born > case.day:
        return _refuse(policy, "not-registered")
    return None


def _assessed(case: Case) -> datetime:
    moment = case.facts.assessed_at
    return case.local if moment is None else local_moment(moment)


def _closed_reason(policy: Policy, case: Case) -> str:
    before = after = False
    for way in policy.ways:
        if way.answer == "take" and allowed(way, case) and holds(way.who, case):
            if way.opens > case.local:
                after = True
            else:
                before = True
    if not after:
        return "window-closed" if before or case.day >= policy.coverage.start else "not-open"
    return "between-windows" if before else "not-open"


def _take(policy: Policy, case: Case, way: Way) -> Outcome:
    if case.facts.documents == "missing":
        return Outcome("refuse", "documents-missing", policy.reasons["documents-missing"], way)
    standard_fen = 0
    for figure in way.standard:
        amount_fen = figure.amount_fen
        if figure.setting is not None:
            amount_fen = getattr(case.settings, f"{figure.setting}_fen")
        if amount_fen is None:
            return Outcome("refer", "fiscal-standard-unknown", figure.basis, way)
        standard_fen += amount_fen
    assert way.cover is not None  # noqa: S101 - the loader demands it of a way that takes money
    coverage, waiting = covered(policy, case, way.cover)
    if coverage is None:
        basis = policy.reasons["no-coverage"]
        return Outcome("confirm", "no-coverage", basis, way, standard_fen, None, waiting)
    return Outcome("allow", None, None, way, standard_fen, coverage, waiting)


def covered(policy: Policy, case: Case, cover: Cover) -> tuple[DateSpan | None, DateSpan | None]:
    """Give coverage and waiting of a payment; coverage is clipped to the coverage year."""
    waiting = None
    if cover.days is not None:
        start = case.day + timedelta(days=cover.days)
        waiting = DateSpan(case.day, start - ONE_DAY)
    elif cover.rule == "wait":
        begin = (
            first_of_month(case.day) if cover.with_payment_month else first_of_next_month(case.day)
        )
        begin = max(begin, policy.coverage.start)
        start = add_months(begin, wait_months(policy, case, cover))
        waiting = DateSpan(begin, start - ONE_DAY) if start > begin else None
    elif cover.rule == "birth":
        start = case.facts.born or case.day
    elif cover.rule == "next-month":
        start = first_of_next_month(case.day)
    elif cover.rule == "payment-day":
        start = case.day
    else:
        start = policy.coverage.start
    start = max(start, policy.coverage.start)
    end = policy.coverage.end
    return (DateSpan(start, end) if start <= end else None), waiting


def wait_months(policy: Policy, case: Case, cover: Cover) -> int:
    """Give the months to wait: fixed, or by the policy's rule for missed years."""
    if cover.months is not None:
        return cover.months
    assert policy.waiting_rule is not None  # noqa: S101 - the loader demands it of such a wait
    return policy.waiting_rule.months(case.facts.missed_years or 0, case.facts.repaired_years)
