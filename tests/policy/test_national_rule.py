"""The national rule of 2024: fixed and variable waiting, repair payments, exemptions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from tests.policy.strategies import FILLED, policy_named
from townshipdesk.domain.dates import DateSpan, add_months, parse_moment
from townshipdesk.policy import Facts, NotReadyError, Quote, Settings, load, load_text, quote
from townshipdesk.policy.model import WaitingRule

POLICY = policy_named(FILLED)


def _rule(**changed: object) -> WaitingRule:
    assert POLICY.waiting_rule is not None
    return POLICY.waiting_rule._replace(**changed)  # type: ignore[arg-type] - names of the rule


def _ask(at: str, *identities: str, **facts: object) -> Quote:
    asked = Facts(**facts)  # type: ignore[arg-type] - names of the facts
    return quote(POLICY, asked, identities, Settings(), parse_moment(at))


@pytest.mark.parametrize(
    ("missed", "repaired", "first_adds", "months"),
    [
        (0, 0, False, 3),
        (1, 0, False, 3),
        (1, 0, True, 4),
        (2, 0, False, 4),
        (3, 0, False, 5),
        (3, 2, False, 3),
        (3, 9, False, 3),
        (4, 0, False, 6),
        (4, 0, True, 7),
        (4, 1, False, 6),
        (4, 9, False, 6),
        (6, 0, False, 8),
        (6, 3, False, 6),
        (6, 1, True, 8),
    ],
)
def test_months_follow_the_formula(
    missed: int, repaired: int, first_adds: bool, months: int
) -> None:
    """max(3 + added - repaired, 6 if missed >= 4 else 3); the first year as the policy says."""
    assert _rule(first_missed_year_adds=first_adds).months(missed, repaired) == months


years = st.integers(0, 60)


@given(missed=years, repaired=years, first_adds=st.booleans())
def test_the_wait_is_the_national_formula_and_moves_one_way(
    missed: int, repaired: int, first_adds: bool
) -> None:
    """As printed; a year missed never shortens it, a year paid back never lengthens it."""
    rule = _rule(first_missed_year_adds=first_adds)
    added = missed if first_adds else max(missed - 1, 0)
    wait = rule.months(missed, repaired)
    assert wait == max(3 + added - repaired, 6 if missed >= 4 else 3)
    assert wait <= rule.months(missed + 1, repaired) <= max(wait + 1, 6)
    assert max(wait - 1, 3) <= rule.months(missed, repaired + 1) <= wait


@run(max_examples=300, deadline=None)
@given(missed=years, repaired=years, day=st.dates(date(2025, 9, 1), date(2026, 12, 25)))
def test_a_quote_waits_as_the_rule_says_on_every_day(missed: int, repaired: int, day: date) -> None:
    """From the month of payment, or January; the rest of the year is covered, or a yes asked."""
    answer = _ask(f"{day}T10:00", missed_years=missed, repaired_years=repaired)
    if day.year == 2025 and missed == 0:
        assert (answer.waiting, answer.coverage) == (None, POLICY.coverage)
        return
    assert POLICY.waiting_rule is not None
    begin = max(day.replace(day=1), POLICY.coverage.start)
    covered = add_months(begin, POLICY.waiting_rule.months(missed, repaired))
    assert answer.waiting == DateSpan(begin, covered - timedelta(days=1))
    if covered <= POLICY.coverage.end:
        assert answer.decision == "allow"
        assert answer.coverage == DateSpan(covered, POLICY.coverage.end)
    else:
        assert (answer.decision, answer.reason) == ("confirm", "no-coverage")
        assert answer.coverage is None


def test_missed_years_are_counted_from_the_years_enrolled() -> None:
    """Years in a row before the coverage year, back to the last enrolment or the first counted."""
    rule = _rule(counted_from_year=2025)
    assert rule.missed_before(2030, {2029}) == 0
    assert rule.missed_before(2030, {2027, 2020}) == 2
    assert rule.missed_before(2030, {2020}) == 5
    assert rule.missed_before(2025, set()) == 0


def test_years_paid_back_shorten_the_wait_and_their_price_is_named() -> None:
    """Three missed years, two paid back at this year's rate: 3 months, 600 yuan apart."""
    answer = _ask("2026-03-02", missed_years=3, repaired_years=2)
    assert answer.waiting is not None
    assert (str(answer.waiting.start), str(answer.waiting.end)) == ("2026-03-01", "2026-05-31")
    assert answer.due_fen == answer.standard_fen == 30000
    note = next(note for note in answer.notes if note.code == "repair")
    assert note.clause == "等待期"
    assert "300.00" in note.text("zh_CN")
    assert "600.00" in note.text("zh_CN")
    assert "repair" not in {note.code for note in _ask("2026-03-02", missed_years=3).notes}


def test_a_policy_that_does_not_price_a_year_paid_back_names_no_sum() -> None:
    """The wait is shorter all the same."""
    silent = POLICY.text.replace('repair = ["individual"]', "# repair")
    policy = load_text(silent, "silent")
    asked = Facts(missed_years=3, repaired_years=2)
    answer = quote(policy, asked, [], Settings(), parse_moment("2026-03-02"))
    assert str(answer.waiting and answer.waiting.end) == "2026-05-31"
    assert "repair" not in {note.code for note in answer.notes}


def test_the_template_gives_no_answer_before_it_is_filled_in() -> None:
    """Without figures it refuses to quote and says what is open."""
    with pytest.raises(NotReadyError, match=r"figures\.individual"):
        quote(load("national-template"), Facts(), [], Settings(), parse_moment("2026-03-01"))


def test_in_collection_without_a_gap_there_is_no_wait() -> None:
    """Enrolled last year: covered from 1 January."""
    answer = _ask("2025-11-01", missed_years=0)
    assert answer.waiting is None
    assert answer.coverage == POLICY.coverage


def test_after_a_gap_the_wait_begins_with_the_coverage_year() -> None:
    """Two missed years, paid in November: waits January to April."""
    answer = _ask("2025-11-01", missed_years=2)
    assert answer.waiting is not None
    assert answer.coverage is not None
    assert str(answer.waiting.start) == "2026-01-01"
    assert str(answer.coverage.start) == "2026-05-01"


def test_late_payers_wait_from_the_month_of_payment() -> None:
    """Fixed three months; with five missed years and one repaired six."""
    plain, gap = _ask("2026-03-17", missed_years=0), _ask("2026-03-17", missed_years=5)
    repaired = _ask("2026-03-17", missed_years=5, repaired_years=1)
    starts = [str(part.coverage.start) for part in (plain, gap, repaired) if part.coverage]
    assert starts == ["2026-06-01", "2026-10-01", "2026-09-01"]
    assert any(note.code == "repair-possible" for note in gap.notes)


def test_unknown_history_is_said_and_exempt_people_do_not_wait() -> None:
    """A note where earlier years are not known; exempt situations and identities without wait."""
    assert any(note.code == "missed-years-unknown" for note in _ask("2026-03-17").notes)
    released = _ask("2026-03-17", special_situation="released")
    assert released.coverage is not None
    assert str(released.coverage.start) == "2026-03-17"
    poor = _ask("2025-11-01", "extreme-hardship", missed_years=3)
    assert poor.coverage == POLICY.coverage
    in_collection = _ask("2025-11-01", special_situation="released", missed_years=5)
    assert (in_collection.waiting, in_collection.coverage) == (None, POLICY.coverage)


def test_a_wait_may_be_counted_from_the_month_after_payment() -> None:
    """`counted = "after-payment-month"` moves the wait by one month."""
    text = POLICY.text.replace('counted = "with-payment-month"', 'counted = "after-payment-month"')
    other = load_text(text, "other")
    answer = quote(other, Facts(missed_years=0), [], Settings(), parse_moment("2026-03-17"))
    assert answer.waiting is not None
    assert str(answer.waiting.start) == "2026-04-01"
    assert answer.coverage is not None
    assert str(answer.coverage.start) == "2026-07-01"
