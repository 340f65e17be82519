"""What must hold for every policy, whoever asks and whenever."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, note
from hypothesis import settings as run

from tests.policy.strategies import READY, Question, policy_named, question, seeds
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.policy import IDENTITY_CODES, Policy, Quote, outlook

packs = pytest.mark.parametrize("name", READY)
often = run(max_examples=400, deadline=None)
rarely = run(max_examples=60, deadline=None)


def _asked(name: str, seed: int) -> tuple[Policy, Question]:
    policy = policy_named(name)
    asked = question(policy, seed)
    note(repr(asked))
    return policy, asked


def _on(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@packs
@often
@given(seed=seeds)
def test_every_moment_gets_one_whole_answer(name: str, seed: int) -> None:
    """Any question gets one of the four decisions, with all its parts and no others."""
    policy, asked = _asked(name, seed)
    answer = asked.ask(policy)
    assert answer.decision in {"allow", "confirm", "refuse", "refer"}
    assert (answer.reason is None) is (answer.decision == "allow")
    if not answer.can_be_paid:
        assert answer.standard_fen is answer.due_fen is answer.coverage is answer.waiting is None
        assert answer.subsidies == ()
        return
    parts_fen = [part.amount_fen for part in answer.subsidies]
    assert all(part > 0 for part in parts_fen)
    assert answer.due_fen is not None
    assert answer.due_fen >= 0
    assert sum(parts_fen) + answer.due_fen == answer.standard_fen
    assert (answer.coverage is None) is (answer.decision == "confirm")
    assert answer.next_opening is None
    if answer.coverage is not None:
        assert answer.coverage.end == policy.coverage.end
        assert answer.coverage.start in policy.coverage
        if answer.waiting is not None:
            assert answer.waiting.end + timedelta(days=1) == answer.coverage.start


@packs
@often
@given(seed=seeds)
def test_everything_said_names_a_clause_of_the_pack(name: str, seed: int) -> None:
    """Every reason, note and step rests on a clause that exists, and can be said in words."""
    policy, asked = _asked(name, seed)
    answer = asked.ask(policy)
    if answer.reason is not None:
        assert answer.reason_clause in policy.clauses
    for part in (*answer.notes, *answer.steps):
        assert part.clause in policy.clauses
        assert part.text("zh_CN")
        assert part.text("en")


@packs
@often
@given(seed=seeds)
def test_the_same_question_gives_the_same_answer(name: str, seed: int) -> None:
    """Asked twice, in another order of identities, or read back from a record: no difference."""
    policy, asked = _asked(name, seed)
    answer = asked.ask(policy)
    assert asked.ask(policy, identities=list(reversed(asked.identities))) == answer
    restored = Quote.from_json(answer.to_record())
    assert restored.to_record() == answer.to_record()
    assert restored.to_json("en") == answer.to_json("en")


@packs
@often
@given(seed=seeds)
def test_one_more_identity_never_makes_it_worse(name: str, seed: int) -> None:
    """Holding one more identity keeps the decision, never adds to the sum nor to the wait."""
    policy, asked = _asked(name, seed)
    before = asked.ask(policy)
    more = Random(seed).choice(IDENTITY_CODES)
    after = asked.ask(policy, identities=[*asked.identities, more])
    assert (after.decision, after.reason) == (before.decision, before.reason)
    assert after.standard_fen == before.standard_fen
    if before.due_fen is not None:
        assert after.due_fen is not None
        assert after.due_fen <= before.due_fen
    if before.coverage is not None:
        assert after.coverage is not None
        assert after.coverage.start <= before.coverage.start


@packs
@often
@given(seed=seeds)
def test_a_later_day_never_costs_less(name: str, seed: int) -> None:
    """The rate never falls; the sum falls only where somebody grows into an identity's age."""
    policy, asked = _asked(name, seed)
    now = asked.ask(policy)
    then = asked.ask(policy, at=asked.at + timedelta(days=Random(seed).randint(1, 300)))
    if now.standard_fen is None or then.standard_fen is None:
        return
    assert then.standard_fen >= now.standard_fen
    if {"low-income", "only-child-loss"}.isdisjoint(asked.identities):
        assert then.due_fen is not None
        assert now.due_fen is not None
        assert then.due_fen >= now.due_fen


@packs
@often
@given(seed=seeds)
def test_the_next_opening_is_the_first_day_that_takes_money(name: str, seed: int) -> None:
    """On the day promised the same person can pay at the rate promised, and on none before."""
    policy, asked = _asked(name, seed)
    answer = asked.ask(policy)
    if answer.can_be_paid:
        return
    opening = answer.next_opening
    last = opening.on - timedelta(days=1) if opening else policy.coverage.end
    if opening is not None:
        found = asked.ask(policy, at=_on(opening.on))
        assert found.can_be_paid
        assert found.standard_fen == opening.standard_fen
    days_between = (last - asked.at.date()).days
    for after in {
        Random(seed + part).randint(1, days_between) for part in range(4 * (days_between > 0))
    }:
        found = asked.ask(policy, at=_on(asked.at.date() + timedelta(days=after)))
        assert not found.can_be_paid


@packs
@rarely
@given(seed=seeds)
def test_the_outlook_holds_on_every_day_it_spans(name: str, seed: int) -> None:
    """The days of an outlook follow one another to the end, and each answer holds on its days."""
    policy, asked = _asked(name, seed)
    days = outlook(policy, asked.facts, asked.identities, asked.settings, asked.at)
    assert days[0].first == asked.at.date()
    assert days[-1].last == max(policy.coverage.end, asked.at.date())
    for before, after in pairwise(days):
        assert after.first in {before.last, before.last + timedelta(days=1)}
    # Where cover starts on the day of payment it moves every day, and the outlook does not list it.
    daily = {way.id for way in policy.ways if way.cover and way.cover.rule == "payment-day"}
    shared = {entry.first for entry in days[1:]}
    for entry in days:
        inside = entry.first + timedelta(
            days=Random(seed).randint(0, (entry.last - entry.first).days)
        )
        if inside == entry.first or inside in shared:
            continue
        found = asked.ask(policy, at=_on(inside))
        shown = entry.quote
        assert (found.decision, found.reason) == (shown.decision, shown.reason)
        assert (found.standard_fen, found.due_fen) == (shown.standard_fen, shown.due_fen)
        assert found.subsidies == shown.subsidies
        if found.window not in daily:
            assert found.coverage == shown.coverage
