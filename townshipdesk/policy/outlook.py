"""What time does to an answer: today beside the days that matter, and the season of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from townshipdesk import i18n
from townshipdesk.domain.dates import ONE_DAY, SHANGHAI, first_of_next_month
from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.answers import NextOpening, Quote
from townshipdesk.policy.decide import decide, local_moment, wait_months
from townshipdesk.policy.engine import change_days, make_case, next_opening, quote
from townshipdesk.policy.facts import Facts, Settings
from townshipdesk.policy.model import Policy, Way
from townshipdesk.policy.words import Named, Sentence

_TICK = timedelta(microseconds=1)


class OutlookDay(NamedTuple):
    """One answer and the days it holds for, from `first` to `last`, both included.

    A boundary with an hour lies within a day: then two entries share that day.
    """

    first: date
    last: date
    quote: Quote


def outlook(
    policy: Policy, facts: Facts, identities: Sequence[str], settings: Settings, at: datetime
) -> tuple[OutlookDay, ...]:
    """Give today's answer, then each later one that differs in decision, price or cover.

    Ends with the last day of the policy's span. Raises as `quote` does.
    """
    local = local_moment(at)
    case = make_case(policy, facts, identities, settings, local)
    moments = {datetime.combine(day, time.min) for day in change_days(policy, case)}
    moments |= _months(local, policy)
    moments |= _hours(policy)
    found: list[tuple[datetime, Quote]] = []
    for moment in (local, *sorted(part for part in moments if part > local)):
        if moment.date() > policy.coverage.end and found:
            break
        answer = quote(policy, facts, identities, settings, moment.replace(tzinfo=SHANGHAI))
        if not found or _changed(found[-1][1], answer):
            found.append((moment, answer))
    days: list[OutlookDay] = []
    for index, (moment, answer) in enumerate(found):
        if index + 1 < len(found):
            last = (found[index + 1][0] - _TICK).date()
        else:
            last = max(policy.coverage.end, moment.date())
        days.append(OutlookDay(moment.date(), last, answer))
    return tuple(days)


def _months(local: datetime, policy: Policy) -> set[datetime]:
    found: set[datetime] = set()
    if local.date() > policy.coverage.end:
        return found
    day = first_of_next_month(max(local.date(), policy.span.start - ONE_DAY))
    while day <= policy.coverage.end:
        found.add(datetime.combine(day, time.min))
        day = first_of_next_month(day)
    return found


def _hours(policy: Policy) -> set[datetime]:
    """Give the moments just after a closing hour, where it does not end the day."""
    bounds = [way.closes for way in policy.ways if way.last is not None]
    bounds += [way.assessed_to for way in policy.ways if way.assessed_to is not None]
    opens = [way.opens for way in policy.ways if way.first is not None]
    return {bound + _TICK for bound in bounds if bound.time() != time.max} | set(opens)


def _changed(before: Quote, after: Quote) -> bool:
    return (before.decision, before.reason, before.due_fen, before.coverage, before.subsidies) != (
        after.decision,
        after.reason,
        after.due_fen,
        after.coverage,
        after.subsidies,
    )


class Season(NamedTuple):
    """Which stretch of the year a day lies in, for a clerk to repeat. Amounts in fen.

    `assessed_to` says that only those are still taken who were assessed by then.
    """

    window: str | None
    name: Named | None
    first: date | None
    last: date | None
    closes: datetime | None
    standard_fen: int | None
    waiting_months: int | None
    reason: str | None
    next_opening: NextOpening | None
    assessed_to: datetime | None = None

    def text(self, language: str | None = None) -> str:
        """Say it in a sentence, in the language in force unless one is named."""
        wanted = language or i18n.language()
        joint = "，" if wanted == "zh_CN" else ", "
        if self.reason is not None and self.name is None:
            parts = [Sentence(codes.code_message("reason", self.reason))]
            opening = self.next_opening.text(wanted) if self.next_opening else ""
            return " ".join(part for part in (parts[0].text(wanted), opening) if part)
        parts = []
        if self.assessed_to is not None:
            message = N_("only those assessed by {moment}")
            parts.append(Sentence(message, {"moment": self.assessed_to}))
        if self.waiting_months:
            message = N_("{months} months' wait counted with the month of payment")
            parts.append(Sentence(message, {"months": self.waiting_months}))
        if self.closes is not None and self.closes.time() != time.max:
            parts.append(Sentence(N_("until {last}"), {"last": self.closes}))
        elif self.last is not None:
            parts.append(Sentence(N_("until {last}"), {"last": self.last}))
        if self.standard_fen is not None:
            message = N_("{standard_fen} yuan")
            parts.append(Sentence(message, {"standard_fen": self.standard_fen}))
        name = self.name.text(wanted) if self.name else ""
        colon = "：" if wanted == "zh_CN" else ": "
        return f"{name}{colon}{joint.join(part.text(wanted) for part in parts)}"


def season(policy: Policy, settings: Settings, at: datetime, facts: Facts | None = None) -> Season:
    """Give the season of a moment, for somebody ordinary unless facts are given.

    Raises NotReadyError for a policy whose figures are not all confirmed.
    """
    local = local_moment(at)
    case = make_case(policy, facts or Facts(), (), settings, local)
    outcome = decide(policy, case)
    way = outcome.way
    if outcome.reason == "not-assessed-in-time" and way is not None and way.assessed_to is not None:
        in_time = replace(case.facts, assessed_at=way.assessed_to)
        return season(policy, settings, at, in_time)._replace(assessed_to=way.assessed_to)
    if way is None or outcome.standard_fen is None:
        opening = next_opening(policy, case, outcome)
        return Season(None, None, None, None, None, None, None, outcome.reason, opening)
    waits = way.cover is not None and way.cover.rule == "wait" and way.cover.days is None
    months = wait_months(policy, case, way.cover) if way.cover and waits else None
    return Season(
        way.id,
        way.name,
        _plain(way.first),
        _plain(way.last),
        way.closes if way.last is not None else None,
        outcome.standard_fen,
        months,
        outcome.reason,
        None,
    )


def _plain(day: date | datetime | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day


def way_of(policy: Policy, way_id: str | None) -> Way | None:
    """Give a way of the policy by its id; None for an unknown one."""
    return next((way for way in policy.ways if way.id == way_id), None)
