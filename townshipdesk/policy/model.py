"""A policy in memory: one locality, one coverage year, every part with its clause.

The parts are named tuples: making a frozen dataclass takes eight times as long, and with two dozen
of them that would be most of the time from the start of a command to its answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final, NamedTuple

from townshipdesk.domain.dates import DateSpan
from townshipdesk.policy.conditions import Condition
from townshipdesk.policy.problems import shown
from townshipdesk.policy.words import Named

FIRST_MOMENT: Final = datetime.combine(date(1900, 1, 1), time.min)
WHOLE_CLASSES: Final = frozenset(
    {"groups", "registered", "age_from", "age_below", "missed_years_from", "missed_years_to"}
)
LAST_MOMENT: Final = datetime.combine(date(9999, 12, 30), time.max)


class Decision(NamedTuple):
    """A reading where the document is silent or unclear, and the other one.

    `general` marks one that holds for the whole policy and not for a single rule.
    """

    id: str
    clause: str
    reading: Named
    alternative: Named
    general: bool = False


class Basis(NamedTuple):
    """What something rests on: a clause, and a decision where the clause does not say it."""

    clause: str
    decision: Decision | None = None


class Figure(NamedTuple):
    """An amount of the policy in fen; None where the office sets it (`setting`) or nobody has."""

    key: str
    name: Named
    amount_fen: int | None
    setting: str | None
    basis: Basis


class Cover(NamedTuple):
    """From when a payment covers.

    `rule`: coverage-start, birth, payment-day, next-month, wait. A wait has months, or days, or
    neither: then it follows the person's missed years (`Policy.waiting_rule`).
    """

    rule: str
    months: int | None
    days: int | None
    with_payment_month: bool
    basis: Basis

    @property
    def by_missed_years(self) -> bool:
        """Whether the wait follows the person's missed years."""
        return self.rule == "wait" and self.months is None and self.days is None


class PackNote(NamedTuple):
    """A note of the policy file, for those it concerns, in the ways it names (all without any)."""

    id: str
    words: Named
    basis: Basis
    who: tuple[Condition, ...]
    ways: frozenset[str]


class Way(NamedTuple):
    """One way to be enrolled, or not: for whom, when, at what price, covered from when.

    `opens` and `closes` are Shanghai moments, both in time; without a bound in the file they are
    `FIRST_MOMENT` and `LAST_MOMENT`. `first` and `last` are the bounds as written.
    `individual_fen` is the individual contribution that shares are taken of.
    """

    id: str
    name: Named
    basis: Basis
    who: tuple[Condition, ...]
    first: date | datetime | None
    last: date | datetime | None
    opens: datetime
    closes: datetime
    assessed_to: datetime | None
    setting: str | None
    answer: str
    reason: str | None
    standard: tuple[Figure, ...]
    cover: Cover | None
    subsidy_decision: Decision | None
    dates_decision: Decision | None
    individual_fen: int | None
    no_subsidies: Basis | None

    @property
    def is_window(self) -> bool:
        """Whether it is a stretch of the calendar, open to everybody or to whole classes."""
        return self.answer == "take" and all(part.key in WHOLE_CLASSES for part in self.who)


class Part(NamedTuple):
    """What one source pays for an identity.

    In fen, or a share of the individual contribution, or as provided (the office sets it).
    """

    source: str
    amount_fen: int | None
    percent: Fraction | None
    as_provided: bool


class IdentityRow(NamedTuple):
    """One row of the policy's catalogue of identities; earlier rows win ties."""

    id: str
    name: Named
    codes: tuple[str, ...]
    who: tuple[Condition, ...]
    pays: tuple[Part, ...]
    basis: Basis
    department: str | None


class RefundRule(NamedTuple):
    """One rule about giving money back; the first that fits holds."""

    words: Named
    grounds: tuple[str, ...]
    opens: datetime
    closes: datetime
    within_days: int | None
    answer: str
    reason: str | None
    ends_enrolment: bool
    subsidies_return: bool
    basis: Basis


class AfterPayment(NamedTuple):
    """What the policy says when an identity changes after payment."""

    case: str
    answer: str
    reason: str
    basis: Basis


class WaitingRule(NamedTuple):
    """The variable waiting period after missed years, in months.

    `repair` are the figures that one missed year costs when it is paid back (缴费修复); without
    any the policy leaves open what it costs.
    """

    base_months: int
    added_per_missed_year: int
    removed_per_repaired_year: int
    first_missed_year_adds: bool
    floor_from_missed_years: int
    floor_months: int
    counted_from_year: int
    basis: Basis
    repair: tuple[Figure, ...] = ()

    @property
    def repair_fen(self) -> int | None:
        """What one year paid back costs, in fen; None where the policy does not say."""
        amounts = [figure.amount_fen for figure in self.repair]
        if not amounts or None in amounts:
            return None
        return sum(amount for amount in amounts if amount is not None)

    def months(self, missed_years: int, repaired_years: int) -> int:
        """Give the months to wait: max(base + added - repaired, floor after many years)."""
        counting = missed_years if self.first_missed_year_adds else max(missed_years - 1, 0)
        added = counting * self.added_per_missed_year
        removed = min(added, repaired_years * self.removed_per_repaired_year)
        many = missed_years >= self.floor_from_missed_years
        return max(self.base_months + added - removed, self.floor_months if many else 0)

    def missed_before(self, year: int, enrolled: frozenset[int] | set[int]) -> int:
        """Count the years missed in a row before `year`, from the year counting starts."""
        missed = 0
        for earlier in range(year - 1, self.counted_from_year - 1, -1):
            if earlier in enrolled:
                break
            missed += 1
        return missed


class Department(NamedTuple):
    """An office that supplies identity lists: for which identities, and until when."""

    id: str
    name: Named
    deadline: date | None
    basis: Basis
    codes: tuple[str, ...] = ()

    def late(self, day: date) -> bool:
        """Say whether a list brought on that day is late."""
        return self.deadline is not None and day > self.deadline


class Milestone(NamedTuple):
    """A share of the task that has to be reached by a day, included."""

    on: date
    of_task: Fraction
    basis: Basis


class Target(NamedTuple):
    """How many have to be enrolled: a rate of a base, or tasks by name."""

    id: str
    name: Named
    unit: str
    base: Named | None
    rate: Fraction | None
    codes: tuple[str, ...]
    tasks: Mapping[str, int]
    milestones: tuple[Milestone, ...]
    basis: Basis


class Report(NamedTuple):
    """A report somebody owes somebody, and how often."""

    words: Named
    who: Named | None
    to: Named | None
    every: str
    basis: Basis


class Deadline(NamedTuple):
    """A stage of the work, or somebody's last day for it."""

    words: Named
    who: Named | None
    first: date | None
    last: date
    basis: Basis


class Channel(NamedTuple):
    """A way money may come in, and the voucher it gives.

    `county_review` says that the county reviews what a village collected before it is deposited.
    """

    code: str
    words: Named
    voucher: Named | None
    county_review: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class WorkFund:
    """Money for the work itself: an amount a head, or prizes, and on what condition.

    `of_task` must be reached by the end of the day `by`; with `complete_by` the whole task by that
    day too. A loss cancels the funds named in `cancels` unless `of_task` is reached by `by`.
    """

    id: str
    words: Named
    per: str
    amount_fen: int | None
    count: int | None
    of_task: Fraction | None
    by: date | None
    complete_by: date | None
    cancels: tuple[str, ...]
    basis: Basis


class Gap(NamedTuple):
    """Days on which nothing is taken, and that is meant."""

    span: DateSpan
    groups: tuple[str, ...]
    basis: Basis


class Overlap(NamedTuple):
    """Ways that run at the same time, and that is meant; the first in the file holds."""

    ways: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy, compiled: everything a quote needs stands ready."""

    id: str
    year: int
    title: Named
    locality: Mapping[str, str]
    document: str
    text: str
    hash: str
    origin: str
    coverage: DateSpan
    coverage_basis: Basis
    clauses: Mapping[str, Named]
    decisions: Mapping[str, Decision]
    figures: Mapping[str, Figure]
    ways: tuple[Way, ...]
    reasons: Mapping[str, Basis]
    notes: tuple[PackNote, ...]
    identities: tuple[IdentityRow, ...]
    combine: str
    highest: Basis
    collective: Basis | None
    on_record_only: Basis | None
    held_at_payment: Basis | None
    after_payment: Mapping[str, AfterPayment]
    waiting_rule: WaitingRule | None
    refunds: tuple[RefundRule, ...]
    departments: Mapping[str, Department]
    targets: tuple[Target, ...]
    reports: tuple[Report, ...]
    channels: tuple[Channel, ...]
    work_funds: tuple[WorkFund, ...]
    deadlines: tuple[Deadline, ...]
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    unconfirmed: tuple[tuple[str | int, ...], ...]
    rows_by_code: Mapping[str, tuple[IdentityRow, ...]] = field(default_factory=dict)
    changes: tuple[date, ...] = ()
    personal_days: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether every figure has been set and confirmed."""
        return not self.unconfirmed

    @property
    def to_confirm(self) -> tuple[str, ...]:
        """What is still to be set or confirmed, as a clerk finds it in the file."""
        return tuple(shown(path) for path in self.unconfirmed)

    @property
    def asked(self) -> Mapping[str, tuple[Any, ...]]:
        """What this policy asks about a person: each fact with the values its rules name."""
        found: dict[str, dict[Any, None]] = {}
        conditions = [condition for way in self.ways for condition in way.who]
        conditions += [condition for row in self.identities for condition in row.who]
        conditions += [condition for note in self.notes for condition in note.who]
        for condition in conditions:
            values = condition.value if isinstance(condition.value, tuple) else ()
            found.setdefault(condition.fact, {}).update(dict.fromkeys(values))
        if any(way.assessed_to is not None for way in self.ways):
            found["assessed_at"] = {}
        if self.waiting_rule is not None:
            found |= {"missed_years": {}, "repaired_years": {}}
        return {fact: tuple(values) for fact, values in found.items()}

    @property
    def individual_fen(self) -> int | None:
        """The individual contribution in fen."""
        return self.figures["individual"].amount_fen

    @property
    def span(self) -> DateSpan:
        """From the first day money may be taken to the last covered day."""
        opened = [way.opens.date() for way in self.ways if way.first and way.answer == "take"]
        return DateSpan(min([*opened, self.coverage.start]), self.coverage.end)


class PackSummary(NamedTuple):
    """What a list of policies shows of one."""

    id: str
    year: int
    title: Named
    locality: Mapping[str, str]
    ready: bool
