"""What must hold for every policy, whoever asks and whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, note
from hypothesis import settings as run

from tests.policy.strategies import READY, Question, policy_named, question, seeds
from townshipdesk.domain.dates import SHANGHAI, age_on
from townshipdesk.policy import IDENTITY_CODES, Facts, Policy, Quote, Settings, outlook, quote
from townshipdesk.policy.model import Way

_FIRST, _LAST = time(), time(23, 59, 59)
packs = pytest.mark.parametrize("name", READY)
often = run(max_examples=400, deadline=None)
rarely = run(max_examples=60, deadline=None)


def _asked(name: str, seed: int) -> tuple[Policy, Question]:
    policy = policy_named(name)
    asked = question(policy, seed)
    note(repr(asked))
    return policy, asked


def _on(day: date, hour: time = _FIRST) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


@packs
@often
@given(seed=seeds)
def test_every_moment_gets_one_whole_answer(name: str, seed: int) -> None:
    """Any question gets one of the four decisions, with all its parts and no others.

    None is taken once the coverage year is over, nor before the policy's span begins except where
    a way has no first day.
    """
    policy, asked = _asked(name, seed)
    answer = asked.ask(policy)
    assert answer.decision in {"allow", "confirm", "refuse", "refer"}
    assert (answer.reason is None) is (answer.decision == "allow")
    if not answer.can_be_paid:
        assert answer.standard_fen is answer.due_fen is answer.coverage is answer.waiting is None
        assert answer.subsidies == ()
        return
    assert asked.at.date() <= policy.coverage.end
    assert asked.at.date() >= policy.span.start or _way(policy, answer).first is None
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


def _way(policy: Policy, answer: Quote) -> Way:
    return next(way for way in policy.ways if way.id == answer.window)


@packs
def test_every_day_of_the_span_has_one_answer_for_every_payer_group(name: str) -> None:
    """From the first second to the last; only a day with an hour of its own may have more."""
    policy = policy_named(name)
    midnights = {time(), time.max}
    hours = [moment for way in policy.ways for moment in (way.closes, way.assessed_to) if moment]
    split = {moment.date() for moment in hours if moment.time() not in midnights}
    first = policy.span.start - timedelta(days=40)
    for group in policy.asked.get("payer_group", ("walk-in",)):
        seen = set()
        for number in range((policy.span.end - first).days + 2):
            day = first + timedelta(days=number)
            ends = [_plain(policy, group, _on(day)), _plain(policy, group, _on(day, _LAST))]
            assert ends[0] == ends[1] or day in split, day
            seen.update(answer.reason for answer in ends)
            if day > policy.span.end:
                assert {answer.reason for answer in ends} == {"window-closed"}
        assert None in seen
        assert "window-closed" in seen


def _plain(policy: Policy, group: str, at: datetime) -> Quote:
    """Ask for somebody of whom nothing is known; without the moment, to compare the answers."""
    return replace(quote(policy, Facts(payer_group=group), [], Settings(), at), at=_on(date.max))


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
    """The rate never falls nor cover begins earlier; the sum falls only with a birthday."""
    policy, asked = _asked(name, seed)
    later = asked.at + timedelta(days=Random(seed).randint(1, 300))
    now, then = asked.ask(policy), asked.ask(policy, at=later)
    if now.standard_fen is None or then.standard_fen is None:
        return
    assert then.standard_fen >= now.standard_fen
    assert then.due_fen is not None
    assert now.due_fen is not None
    if not _grows_into_an_identity(policy, asked, later):
        assert then.due_fen >= now.due_fen
    if then.coverage is not None:
        assert now.coverage is not None
        assert then.coverage.start >= now.coverage.start


def _grows_into_an_identity(policy: Policy, asked: Question, later: datetime) -> bool:
    """Say whether a birthday up to then brings an age from which an identity held counts."""
    held = [row for row in policy.identities if not set(row.codes).isdisjoint(asked.identities)]
    for condition in (condition for row in held for condition in row.who):
        if condition.key in {"age_from", "wife_age_from"}:
            born = getattr(asked.facts, condition.fact)
            if born and age_on(born, asked.at.date()) < condition.value <= age_on(
                born, later.date()
            ):
                return True
    return False


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
