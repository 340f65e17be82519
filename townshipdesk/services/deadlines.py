"""What comes next: windows, lists, reports, milestones; and what has waited too long here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import add_months, day_of, first_of_month
from townshipdesk.i18n import N_
from townshipdesk.policy.words import Sentence, Words
from townshipdesk.services import days, refunds
from townshipdesk.services.oddities import LONGEST_CASH_DAYS

__all__ = ["LONGEST_CASH_DAYS", "LONGEST_REFUND_DAYS", "Coming", "coming", "milestones"]

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.policy.model import Milestone, Way
    from townshipdesk.services.cash_out import CashOut
    from townshipdesk.services.office import Office

LONGEST_REFUND_DAYS: Final = 7
"""An application for a refund that waits longer than this is pointed out."""

SHOWN_AFTER_DAYS: Final = 31
"""A milestone that has passed is shown for so long."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Something to do by a day, or something that waits. `on` is None where no day is given.

    `pressing` marks what is late or has waited too long. `clause` is empty for the office's own.
    """

    on: date | None
    words: Words
    clause: str = ""
    pressing: bool = False


def coming(office: Office, cash: Iterable[CashOut]) -> tuple[Coming, ...]:
    """Give what presses, then what comes next by day, then what has no day."""
    policy, today = office.policy, office.today()
    found = [
        *_waiting(office, cash, today),
        *_windows(policy, office.settings().extension_open, today),
        *_milestones(policy, today),
        *_lists(policy, today),
        *_stages(policy, today),
        *_reports(policy, today),
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (not one.pressing, one.on is None, one.on or today),
        )
    )


def _waiting(office: Office, cash: Iterable[CashOut], today: date) -> Iterator[Coming]:
    unclosed = days.unclosed_days(office)
    if unclosed:
        message = N_("Days not closed: {count}, the oldest {day}")
        values = {"count": len(unclosed), "day": unclosed[0]}
        yield Coming(today, Sentence(message, values), pressing=True)
    yield from _cash_out(cash, today)
    waiting = refunds.waiting(office)
    if waiting:
        oldest = min(day_of(refund.requested_at) for refund in waiting)
        age = (today - oldest).days
        message = N_("Refunds waiting: {count}, the oldest for {days} days")
        words = Sentence(message, {"count": len(waiting), "days": age})
        yield Coming(today, words, pressing=age > LONGEST_REFUND_DAYS)


def _cash_out(cash: Iterable[CashOut], today: date) -> Iterator[Coming]:
    """Give the desk's cash and the villages' that have been out too long, the villages as one."""
    villages = []
    for held in cash:
        if held.age_days(today) <= LONGEST_CASH_DAYS or held.amount_fen <= 0:
            continue
        if held.village_code is not None:
            villages.append(held)
            continue
        message = N_("Desk cash not deposited for {days} days: {amount_fen} yuan")
        of_desk = {"days": held.age_days(today), "amount_fen": held.amount_fen}
        yield Coming(today, Sentence(message, of_desk), pressing=True)
    if villages:
        oldest = max(villages, key=lambda held: held.age_days(today))
        message = N_("{village}: cash not deposited for {days} days: {amount_fen} yuan")
        values: dict[str, object] = {
            "village": oldest.village_name,
            "days": oldest.age_days(today),
            "amount_fen": oldest.amount_fen,
        }
        if len(villages) > 1:
            message = N_(
                "{count} villages hold cash too long: {amount_fen} yuan, {village} for {days} days"
            )
            values |= {
                "count": len(villages),
                "amount_fen": sum(held.amount_fen for held in villages),
            }
        yield Coming(today, Sentence(message, values), pressing=True)


def _windows(policy: Policy, extended: bool | None, today: date) -> Iterator[Coming]:
    for way in policy.ways:
        if way.answer != "take" or not way.is_window or (way.setting and not extended):
            continue
        yield from _window(way, today)


def _window(way: Way, today: date) -> Iterator[Coming]:
    named = {"window": way.name}
    if way.first is not None and way.opens.date() > today:
        yield Coming(way.opens.date(), Sentence(N_("{window} opens"), named), way.basis.clause)
    if way.last is not None and way.closes.date() >= today:
        yield Coming(way.closes.date(), Sentence(N_("{window}: last day"), named), way.basis.clause)


def milestones(policy: Policy) -> tuple[Milestone, ...]:
    """Give the milestones of the policy's task for everybody, the earliest first."""
    for target in policy.targets:
        if target.milestones and not target.codes:
            return tuple(sorted(target.milestones, key=lambda milestone: milestone.on))
    return ()


def _milestones(policy: Policy, today: date) -> Iterator[Coming]:
    for milestone in milestones(policy):
        percent = milestone.of_task * 100
        values = {"percent": f"{percent.numerator // percent.denominator}"}
        if milestone.on >= today:
            words = Sentence(N_("{percent} % of the task by this day"), values)
        elif today - milestone.on <= timedelta(SHOWN_AFTER_DAYS):
            words = Sentence(N_("{percent} % of the task was due"), values)
        else:
            continue
        yield Coming(milestone.on, words, milestone.basis.clause)


def _lists(policy: Policy, today: date) -> Iterator[Coming]:
    for department in policy.departments.values():
        if department.deadline is not None and department.deadline >= today:
            words = Sentence(N_("List due from {department}"), {"department": department.name})
            yield Coming(department.deadline, words, department.basis.clause)


def _stages(policy: Policy, today: date) -> Iterator[Coming]:
    for stage in policy.deadlines:
        if stage.last >= today:
            yield Coming(stage.last, _by(stage.words, stage.who), stage.basis.clause)


def _reports(policy: Policy, today: date) -> Iterator[Coming]:
    """Give the reports that are owed; none any more once the year of cover is over."""
    if today > policy.coverage.end:
        return
    for report in policy.reports:
        words = _by(report.words, report.who)
        yield Coming(_due(report.every, today), words, report.basis.clause)


def _by(words: Words, who: Words | None) -> Words:
    return words if who is None else Sentence(N_("{words} ({who})"), {"words": words, "who": who})


def _due(every: str, today: date) -> date | None:
    """Give the end of the day, week (Friday) or month; None for a report without a rhythm."""
    if every == "day":
        return today
    if every == "week":
        friday = today + timedelta(4 - today.weekday())
        return friday if friday >= today else friday + timedelta(7)
    if every == "month":
        return add_months(first_of_month(today), 1) - timedelta(1)
    return None
