"""The small questions that conditions ask about one person at one moment.

Each function takes the value a policy file gives and makes a test: yes, no, or None where the fact
it needs is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from townshipdesk.domain.dates import DateSpan, add_months, age_on
from townshipdesk.policy.facts import Facts, Settings


class Case:
    """One person at one moment, as the conditions look at them."""

    __slots__ = ("coverage", "day", "facts", "identities", "local", "settings")

    def __init__(
        self,
        facts: Facts,
        identities: frozenset[str],
        settings: Settings,
        local: datetime,
        coverage: DateSpan,
    ) -> None:
        self.facts = facts
        self.identities = identities
        self.settings = settings
        self.local = local
        self.day = local.date()
        self.coverage = coverage


Test = Callable[[Case], bool | None]


def in_list(field: str) -> Callable[[Any], Test]:
    def make(allowed: Any) -> Test:
        wanted = frozenset(allowed)

        def test(case: Case) -> bool | None:
            value = getattr(case.facts, field)
            return None if value is None else value in wanted

        return test

    return make


def equals(field: str) -> Callable[[Any], Test]:
    def make(wanted: Any) -> Test:
        def test(case: Case) -> bool | None:
            value: bool | None = getattr(case.facts, field)
            return None if value is None else value is wanted

        return test

    return make


def age(field: str, *, below: bool) -> Callable[[Any], Test]:
    def make(years: Any) -> Test:
        def test(case: Case) -> bool | None:
            born = getattr(case.facts, field)
            return None if born is None else (age_on(born, case.day) < years) is below

        return test

    return make


def born_in(which: Any) -> Test:
    def in_payment_year(case: Case) -> bool | None:
        born = case.facts.born
        return None if born is None else born.year == case.day.year and born <= case.day

    def in_coverage_year(case: Case) -> bool | None:
        born = case.facts.born
        return None if born is None else born in case.coverage

    return in_payment_year if which == "payment-year" else in_coverage_year


def born_bound(*, first: bool) -> Callable[[Any], Test]:
    def make(bound: Any) -> Test:
        def test(case: Case) -> bool | None:
            born = case.facts.born
            return None if born is None else (born >= bound if first else born <= bound)

        return test

    return make


def days_after(field: str, *, over: bool) -> Callable[[Any], Test]:
    """The day of the event is day 0, and day N is still in time."""

    def make(days: Any) -> Test:
        limit = timedelta(days=days)

        def test(case: Case) -> bool | None:
            event = getattr(case.facts, field)
            if event is None:
                return None
            if event > case.day:
                return False
            return (case.day - event > limit) is over

        return test

    return make


def ended_within_months(months: Any) -> Test:
    def test(case: Case) -> bool | None:
        ended = case.facts.employee_insurance_ended
        return None if ended is None else ended <= case.day <= add_months(ended, months)

    return test


def known(field: str) -> Callable[[Any], Test]:
    def make(wanted: Any) -> Test:
        return lambda case: (getattr(case.facts, field) is not None) is wanted

    return make


def incapacity_on_record(wanted: Any) -> Test:
    return lambda case: (case.facts.work_incapacity is True) is wanted


def household_registered(wanted: Any) -> Test:
    def test(case: Case) -> bool:
        on = case.facts.household_registered_on
        return (on is not None and on <= case.day) is wanted

    return test


def registration_later(wanted: Any) -> Test:
    def test(case: Case) -> bool:
        on = case.facts.household_registered_on
        return (on is not None and on > case.day) is wanted

    return test


def first_enrolment(wanted: Any) -> Test:
    """Unknown counts as a first enrolment: a second one has to be on record."""
    return lambda case: (case.facts.first_enrolment_here is not False) is wanted


def with_any(wanted: Any) -> Test:
    identities = frozenset(wanted)
    return lambda case: not identities.isdisjoint(case.identities)


def without(unwanted: Any) -> Test:
    identities = frozenset(unwanted)
    return lambda case: identities.isdisjoint(case.identities)


def missed(*, at_least: bool) -> Callable[[Any], Test]:
    def make(years: Any) -> Test:
        def test(case: Case) -> bool | None:
            missed = case.facts.missed_years
            if missed is None:
                return None
            return bool(missed >= years if at_least else missed <= years)

        return test

    return make
