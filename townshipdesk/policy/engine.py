"""What would this person pay and get: the answer, with its notes and its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from townshipdesk.domain.dates import SHANGHAI, DateSpan, add_months
from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.answers import NextOpening, Note, Quote, Step
from townshipdesk.policy.conditions import holds
from townshipdesk.policy.decide import NEVER_LATER, Outcome, decide, local_moment, wait_months
from townshipdesk.policy.errors import NotReadyError, UnknownIdentityError
from townshipdesk.policy.facts import Facts, Settings
from townshipdesk.policy.model import Basis, Cover, Policy, Way
from townshipdesk.policy.probes import Case
from townshipdesk.policy.subsidy import Support, support
from townshipdesk.policy.words import Named, Sentence

_KNOWN = frozenset(codes.IDENTITY_CODES)
_ALWAYS = Named("全年", "all year")
_OF_ONE_IDENTITY = ("identity-", "amount-not-set")


def quote(
    policy: Policy, facts: Facts, identities: Sequence[str], settings: Settings, at: datetime
) -> Quote:
    """Give what this person would pay and get at the moment `at`.

    Pure: nothing but the arguments decides. Raises NotReadyError for a policy whose figures are
    not all confirmed, UnknownIdentityError for a code no policy knows.
    """
    local = local_moment(at)
    moment = local.replace(tzinfo=SHANGHAI)
    case = make_case(policy, facts, identities, settings, local)
    outcome = decide(policy, case)
    if outcome.standard_fen is None:
        return _turned_down(policy, case, outcome, moment)
    return _taken(policy, case, outcome, moment)


def make_case(
    policy: Policy,
    facts: Facts,
    identities: Sequence[str],
    settings: Settings,
    local: datetime,
) -> Case:
    """Put a question together; raises as `quote` does."""
    if policy.unconfirmed:
        raise NotReadyError(policy.id, policy.to_confirm)
    held = frozenset(identities)
    if not held <= _KNOWN:
        raise UnknownIdentityError(
            N_("There is no identity {identity}. Allowed: {allowed}."),
            identity=", ".join(sorted(held - _KNOWN)),
            allowed=", ".join(codes.IDENTITY_CODES),
        )
    return Case(facts, held, settings, local, policy.coverage)


def _taken(policy: Policy, case: Case, outcome: Outcome, moment: datetime) -> Quote:
    way, standard_fen = outcome.way, outcome.standard_fen
    assert way is not None  # noqa: S101 - `decide` gives a way with every price
    assert standard_fen is not None  # noqa: S101 - the caller has just looked
    help_given = support(policy, case, way, standard_fen)
    due_fen = standard_fen - help_given.total_fen
    return Quote(
        policy.id,
        moment,
        outcome.decision,
        outcome.reason,
        way.id,
        standard_fen,
        help_given.subsidies,
        due_fen,
        outcome.coverage,
        outcome.waiting,
        None,
        tuple(_taken_notes(policy, case, outcome, way, help_given)),
        tuple(_taken_steps(policy, case, outcome, way, help_given, due_fen)),
    )


def _turned_down(policy: Policy, case: Case, outcome: Outcome, moment: datetime) -> Quote:
    opening = next_opening(policy, case, outcome)
    notes = [*_reason_notes(outcome), *_pack_notes(policy, case, outcome.way)]
    steps = [Step(note.clause, note.decision, note.words) for note in notes]
    if opening is not None:
        words = Sentence(
            N_("From {on} it is possible, at {standard_fen} yuan."),
            {"on": opening.on, "standard_fen": opening.standard_fen},
        )
        steps.append(Step(notes[0].clause, False, words))
    return Quote(
        policy.id,
        moment,
        outcome.decision,
        outcome.reason,
        outcome.way.id if outcome.way else None,
        next_opening=opening,
        notes=tuple(notes),
        steps=tuple(steps),
    )


def _reason_notes(outcome: Outcome) -> Iterator[Note]:
    if outcome.reason is None:
        return
    basis = outcome.basis or Basis("")
    words = Sentence(codes.code_message("reason", outcome.reason))
    yield Note(outcome.reason, basis.clause, basis.decision is not None, words)
    yield from _decision_notes(basis)


def _decision_notes(*bases: Basis | None) -> Iterator[Note]:
    for basis in bases:
        if basis is not None and basis.decision is not None:
            decision = basis.decision
            yield Note(decision.id, decision.clause, True, decision.reading)


def _pack_notes(policy: Policy, case: Case, way: Way | None) -> Iterator[Note]:
    if way is None:
        return
    for note in policy.notes:
        if (not note.ways or way.id in note.ways) and holds(note.who, case):
            yield Note(note.id, note.basis.clause, note.basis.decision is not None, note.words)


def _taken_notes(
    policy: Policy, case: Case, outcome: Outcome, way: Way, help_given: Support
) -> Iterator[Note]:
    seen: set[str] = set()
    cover = way.cover.basis if way.cover else None
    in_late = way.subsidy_decision if help_given.subsidies else None
    for note in (
        *_reason_notes(outcome),
        *_decision_notes(way.basis, cover, *(figure.basis for figure in way.standard)),
        *_decision_notes(Basis(in_late.clause, in_late) if in_late else None),
        *_decision_notes(*(row.basis for row in help_given.rows)),
        *help_given.notes,
        *_repair_notes(policy, case, way),
        *_pack_notes(policy, case, way),
    ):
        if note.code not in seen or note.code.startswith(_OF_ONE_IDENTITY):
            seen.add(note.code)
            yield note


def _repair_notes(policy: Policy, case: Case, way: Way) -> Iterator[Note]:
    """Say what the missed years that are paid back cost; it is paid apart from the contribution."""
    rule, years = policy.waiting_rule, case.facts.repaired_years
    if rule is None or not years or way.cover is None or not way.cover.by_missed_years:
        return
    if rule.repair_fen is None:
        return
    words = Sentence(
        N_(
            "{years} missed years are paid back at {year_fen} yuan each, {total_fen} yuan in all,"
            " apart from this payment."
        ),
        {"years": years, "year_fen": rule.repair_fen, "total_fen": years * rule.repair_fen},
    )
    yield Note("repair", rule.basis.clause, rule.basis.decision is not None, words)


def _taken_steps(
    policy: Policy, case: Case, outcome: Outcome, way: Way, help_given: Support, due_fen: int
) -> Iterator[Step]:
    # The days of a way may rest on a reading of their own, such as a misprinted year.
    yield _step(
        Basis(way.basis.clause, way.basis.decision or way.dates_decision),
        N_("{on}: {way}, {first} to {last}."),
        on=case.day,
        way=way.name,
        first=way.first or _ALWAYS,
        last=way.last or policy.coverage.end,
    )
    for figure in way.standard:
        yield _step(
            figure.basis,
            N_("Standard: {name}, {amount_fen} yuan."),
            name=figure.name,
            amount_fen=_figure_fen(case, figure.amount_fen),
        )
    yield from help_given.steps
    yield _step(
        way.standard[0].basis,
        N_("To pay: {standard_fen} less {support_fen} is {due_fen} yuan."),
        standard_fen=outcome.standard_fen,
        support_fen=help_given.total_fen,
        due_fen=due_fen,
    )
    assert way.cover is not None  # noqa: S101 - the loader demands it of a way that takes money
    if outcome.waiting is not None:
        yield _waiting_step(policy, case, way.cover, outcome.waiting)
    if outcome.coverage is not None:
        yield _step(way.cover.basis, N_("Covered: {span}."), span=outcome.coverage)
    else:
        yield _step(policy.reasons["no-coverage"], codes.code_message("reason", "no-coverage"))


def _waiting_step(policy: Policy, case: Case, cover: Cover, span: DateSpan) -> Step:
    if cover.days is not None:
        return _step(
            cover.basis, N_("Waiting period of {days} days: {span}."), days=cover.days, span=span
        )
    months = wait_months(policy, case, cover)
    return _step(
        cover.basis, N_("Waiting period of {months} months: {span}."), months=months, span=span
    )


def _figure_fen(case: Case, amount_fen: int | None) -> int | None:
    return case.settings.fiscal_standard_fen if amount_fen is None else amount_fen


def _step(basis: Basis, message: str, /, **values: object) -> Step:
    return Step(basis.clause, basis.decision is not None, Sentence(message, values))


def next_opening(policy: Policy, case: Case, outcome: Outcome) -> NextOpening | None:
    """Give the next day on which the same person's money would be taken, with the rate."""
    if outcome.reason in NEVER_LATER or case.facts.employee_insured:
        return None
    for day in change_days(policy, case):
        local = datetime.combine(day, time.min)
        later = Case(case.facts, case.identities, case.settings, local, case.coverage)
        found = decide(policy, later)
        if found.standard_fen is not None:
            return NextOpening(day, found.standard_fen)
    return None


def change_days(policy: Policy, case: Case) -> list[date]:
    """Give the later days on which the answer for this person may change, in order."""
    days = set(policy.changes)
    for key, values in policy.personal_days.items():
        start = getattr(case.facts, key)
        if start is None or start > policy.coverage.end:
            continue
        days.add(start)
        for unit, number in values:
            if unit == "days":
                days.add(start + timedelta(days=number + 1))
            elif unit == "months":
                days.add(add_months(start, number) + timedelta(days=1))
            else:
                days |= _birthday(start, number)
    return sorted(day for day in days if day > case.day)


def _birthday(born: date, years: int) -> set[date]:
    day = add_months(born, 12 * years)
    # Whoever is born on 29 February completes the year on 28 February, as `age_on` counts.
    return {day, day + timedelta(days=1)}
