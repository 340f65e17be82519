"""Who a rule is for: the conditions a policy file may put under `who`.

Each condition is read from the file once and becomes a small function. It answers yes, no, or
None: the fact it needs is not known. A rule holds for a person when every condition says yes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from townshipdesk.i18n import N_
from townshipdesk.policy import codes, probes
from townshipdesk.policy.probes import Case, Test
from townshipdesk.policy.reader import Table
from townshipdesk.policy.words import Sentence


class Condition(NamedTuple):
    """One condition of a rule: its key and value in the file, its test, and itself in words."""

    key: str
    value: Any
    test: Test
    fact: str
    words: Sentence


class _Kind(NamedTuple):
    read: Callable[[Table, str], Any]
    make: Callable[[Any], Test]
    fact: str
    message: str
    code_kind: str = ""


def _codes(allowed: tuple[Any, ...]) -> Callable[[Table, str], Any]:
    return lambda table, key: table.choices(key, allowed) or None


def _flag(table: Table, key: str) -> Any:
    return table.flag(key) if table.has(key) else None


def _int(low: int, high: int) -> Callable[[Table, str], Any]:
    return lambda table, key: table.integer(key, low, high)


def _day(table: Table, key: str) -> date | None:
    return table.day(key)


KINDS: Final[Mapping[str, _Kind]] = {
    "groups": _Kind(
        _codes(codes.PAYER_GROUPS),
        probes.in_list("payer_group"),
        "payer_group",
        N_("pays {value}"),
        "group",
    ),
    "registered": _Kind(
        _codes(codes.REGISTERED),
        probes.in_list("registered"),
        "registered",
        N_("household registration: {value}"),
        "registered",
    ),
    "born": _Kind(
        lambda table, key: table.choice(key, ("payment-year", "coverage-year")) or None,
        probes.born_in,
        "born",
        N_("born in the {value}"),
        "born",
    ),
    "born_from": _Kind(_day, probes.born_bound(first=True), "born", N_("born on or after {value}")),
    "born_to": _Kind(_day, probes.born_bound(first=False), "born", N_("born on or before {value}")),
    "age_from": _Kind(
        _int(1, 120), probes.age("born", below=False), "born", N_("aged {value} or more on the day")
    ),
    "age_below": _Kind(
        _int(1, 120), probes.age("born", below=True), "born", N_("under {value} on the day")
    ),
    "wife_age_from": _Kind(
        _int(1, 120),
        probes.age("wife_born", below=False),
        "wife_born",
        N_("the wife aged {value} or more on the day"),
    ),
    "days_after_birth_to": _Kind(
        _int(0, 366),
        probes.days_after("born", over=False),
        "born",
        N_("no more than {value} days after birth"),
    ),
    "days_after_birth_over": _Kind(
        _int(0, 366), probes.days_after("born", over=True), "born", N_("more than {value} days old")
    ),
    "days_after_registration_to": _Kind(
        _int(0, 366),
        probes.days_after("household_registered_on", over=False),
        "household_registered_on",
        N_("no more than {value} days after household registration"),
    ),
    "days_after_registration_over": _Kind(
        _int(0, 366),
        probes.days_after("household_registered_on", over=True),
        "household_registered_on",
        N_("more than {value} days after household registration"),
    ),
    "household_registered": _Kind(
        _flag,
        probes.household_registered,
        "household_registered_on",
        N_("household registration done: {value}"),
    ),
    "household_registration_later": _Kind(
        _flag,
        probes.registration_later,
        "household_registered_on",
        N_("household registration comes later: {value}"),
    ),
    "household_registration_known": _Kind(
        _flag,
        probes.known("household_registered_on"),
        "household_registered_on",
        N_("day of household registration known: {value}"),
    ),
    "both_parents_enrolled": _Kind(
        _flag,
        probes.equals("both_parents_enrolled"),
        "both_parents_enrolled",
        N_("both parents enrolled: {value}"),
    ),
    "birth_compliant": _Kind(
        _flag,
        probes.equals("birth_compliant"),
        "birth_compliant",
        N_("birth in line with family planning: {value}"),
    ),
    "employment_ended_within_months": _Kind(
        _int(1, 24),
        probes.ended_within_months,
        "employee_insurance_ended",
        N_("employee insurance ended no more than {value} months ago"),
    ),
    "employment_ended": _Kind(
        _flag,
        probes.known("employee_insurance_ended"),
        "employee_insurance_ended",
        N_("employee insurance has ended: {value}"),
    ),
    "situations": _Kind(
        _codes(codes.SITUATIONS),
        probes.in_list("special_situation"),
        "special_situation",
        N_("special situation: {value}"),
        "situation",
    ),
    "new_employment": _Kind(
        _flag,
        probes.equals("new_employment"),
        "new_employment",
        N_("works in a new form of employment: {value}"),
    ),
    "first_enrolment": _Kind(
        _flag, probes.first_enrolment, "first_enrolment_here", N_("first enrolment here: {value}")
    ),
    "first_enrolment_known": _Kind(
        _flag,
        probes.known("first_enrolment_here"),
        "first_enrolment_here",
        N_("first enrolment on record: {value}"),
    ),
    "whole_household": _Kind(
        _flag,
        probes.equals("whole_household"),
        "whole_household",
        N_("whole household enrolled: {value}"),
    ),
    "missed_years_from": _Kind(
        _int(0, 99),
        probes.missed(at_least=True),
        "missed_years",
        N_("{value} missed years or more"),
    ),
    "missed_years_to": _Kind(
        _int(0, 99),
        probes.missed(at_least=False),
        "missed_years",
        N_("{value} missed years or fewer"),
    ),
    "missed_years_known": _Kind(
        _flag, probes.known("missed_years"), "missed_years", N_("missed years known: {value}")
    ),
    "disability_grade": _Kind(
        _codes((1, 2, 3, 4)),
        probes.in_list("disability_grade"),
        "disability_grade",
        N_("disability grade {value}"),
    ),
    "disability_kind": _Kind(
        _codes(codes.DISABILITY_KINDS),
        probes.in_list("disability_kind"),
        "disability_kind",
        N_("kind of disability: {value}"),
        "disability",
    ),
    "work_incapacity": _Kind(
        _flag,
        probes.equals("work_incapacity"),
        "work_incapacity",
        N_("lost working capacity: {value}"),
    ),
    "work_incapacity_on_record": _Kind(
        _flag,
        probes.incapacity_on_record,
        "work_incapacity",
        N_("lost working capacity on record: {value}"),
    ),
    "with_any": _Kind(
        _codes(codes.IDENTITY_CODES), probes.with_any, "identity", N_("also: {value}"), "identity"
    ),
    "without": _Kind(
        _codes(codes.IDENTITY_CODES), probes.without, "identity", N_("and not: {value}"), "identity"
    ),
}
FACT_NAMES: Final[Mapping[str, str]] = {
    "born": N_("date of birth"),
    "wife_born": N_("the wife's date of birth"),
    "registered": N_("household registration"),
    "payer_group": N_("payer group"),
    "disability_grade": N_("grade of disability"),
    "disability_kind": N_("kind of disability"),
    "work_incapacity": N_("whether working capacity is lost"),
    "household_registered_on": N_("day of household registration"),
    "both_parents_enrolled": N_("whether both parents are enrolled"),
    "birth_compliant": N_("whether the birth is in line with family planning"),
    "employee_insurance_ended": N_("end of employee insurance"),
    "special_situation": N_("special situation"),
    "new_employment": N_("whether in new employment"),
    "first_enrolment_here": N_("whether it is the first enrolment here"),
    "whole_household": N_("whether the whole household is enrolled"),
    "missed_years": N_("missed years"),
    "identity": N_("other identities"),
}
_VALUE_NAMES: Final[Mapping[object, str]] = {
    "payment-year": N_("year of payment"),
    "coverage-year": N_("coverage year"),
    True: N_("yes"),
    False: N_("no"),
}


def _in_words(kind: _Kind, value: Any) -> Sentence:
    def named(part: Any) -> object:
        if kind.code_kind in {"born", ""}:
            is_word = isinstance(part, bool | str)
            return Sentence(_VALUE_NAMES[part]) if is_word else part
        return Sentence(codes.code_message(kind.code_kind, part))

    shown = tuple(named(part) for part in value) if isinstance(value, tuple) else named(value)
    return Sentence(kind.message, {"value": shown})


def read_who(table: Table | None) -> tuple[Condition, ...]:
    """Read the conditions of a rule; none at all where there is no table."""
    if table is None:
        return ()
    found: list[Condition] = []
    for key, kind in KINDS.items():
        table.note_known(key)
        if table.has(key):
            value = kind.read(table, key)
            if value is not None:
                words = _in_words(kind, value)
                found.append(Condition(key, value, kind.make(value), kind.fact, words))
    table.finish()
    return tuple(found)


def holds(conditions: tuple[Condition, ...], case: Case) -> bool:
    """Say whether every condition says yes; what is not known is not yes."""
    return all(condition.test(case) is True for condition in conditions)
