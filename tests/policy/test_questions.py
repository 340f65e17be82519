"""Facts, settings, refunds, targets: what may be asked, and what is told when it may not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import UsageError
from townshipdesk.policy import Facts, RefundQuestion, Settings, after_payment, load, refund_check
from townshipdesk.policy.facts import FACTS
from townshipdesk.policy.targets import reached, required_heads, tenths_of_percent

EXAMPLES = {
    "born": "1957-12-01",
    "payer_group": "school",
    "registered": "city",
    "documents": "missing",
    "employee_insured": "yes",
    "employee_insurance_ended": "2018-03-15",
    "already_enrolled": "yes",
    "assessed_at": "2018-02-22T17:00:00+08:00",
    "disability_grade": "3",
    "disability_kind": "mental",
    "work_incapacity": "no",
    "wife_born": "1968-12-20",
    "household_registered_on": "2021-03-22",
    "both_parents_enrolled": "yes",
    "birth_compliant": "no",
    "special_situation": "released",
    "new_employment": "yes",
    "first_enrolment_here": "no",
    "whole_household": "yes",
    "collective_support": "30.50",
    "missed_years": "4",
    "repaired_years": "1",
}


def test_every_fact_of_the_contract_is_read_and_written_alike() -> None:
    """Parsed from the command line and written as JSON, each fact is the same text."""
    assert set(EXAMPLES) == set(FACTS)
    facts = Facts.parse(f"{key}={value}" for key, value in EXAMPLES.items())
    assert facts.to_json() == EXAMPLES
    assert Facts.from_json(facts.to_json()) == facts
    assert Facts().to_json() == {}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("height=180", "no fact height"),
        ("born", "NAME=VALUE"),
        ("=1", "NAME=VALUE"),
        ("born=1957-13-01", "YYYY-MM-DD"),
        ("born=1957年12月1日", "YYYY-MM-DD"),
        ("payer_group=tourist", "walk-in"),
        ("employee_insured=maybe", "yes, no"),
        ("employee_insured=YES", "yes, no"),
        ("disability_grade=5", "1–4"),
        ("disability_grade=２", "1–4"),
        ("collective_support=-5", "12.50"),
        ("collective_support=0.001", "12.50"),
        ("missed_years=-1", "0–99"),
        ("assessed_at=noon", "HH:MM"),
    ],
)
def test_a_bad_fact_is_named_with_what_is_allowed(pair: str, said: str) -> None:
    """The message names the fact and what may stand there."""
    with pytest.raises(UsageError, match=said):
        Facts.parse([pair])


def test_a_fact_given_twice_is_refused() -> None:
    """Two values for one fact are a mistake, not a choice."""
    with pytest.raises(UsageError, match="twice"):
        Facts.parse(["born=1957-12-01", "born=1957-12-02"])


@given(st.text(max_size=30))
def test_any_text_is_a_fact_or_told(text: str) -> None:
    """No text at all makes the reading of facts and settings crash."""
    for parse in (Facts.parse, Settings.parse):
        for pairs in ([text], [f"born={text}"], [f"extension_open={text}"]):
            told = ""
            try:
                found = parse(pairs)
            except UsageError as error:
                found, told = None, str(error)
            assert found is not None or told


def test_settings_are_read_and_written_alike() -> None:
    """Extension, fiscal standard and amounts, as the contract writes them."""
    pairs = ["extension_open=yes", "fiscal_standard=580", "amount.only-child=60"]
    settings = Settings.parse(pairs)
    assert settings.fiscal_standard_fen == 58_000
    assert settings.amounts_fen == {"only-child": 6_000}
    assert Settings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("open=yes", "extension_open"),
        ("extension_open=1", "yes, no"),
        ("fiscal_standard=much", "12.50"),
        ("amount.king=5", "subsistence-allowance"),
        ("amount.orphan=-5", "12.50"),
    ],
)
def test_a_bad_setting_is_named_with_what_is_allowed(pair: str, said: str) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(UsageError, match=said):
        Settings.parse([pair])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ground": "regret"}, "changed-mind"),
        ({"subsidies_fen": {"uncle": 5}}, "medical-assistance"),
        ({"subsidies_fen": {"fiscal": -5}}, "negative"),
        ({"paid_fen": -1}, "negative"),
        ({"at": parse_moment("2024-01-01")}, "before the payment"),
    ],
)
def test_a_refund_question_that_makes_no_sense_is_refused(
    changed: dict[str, object], said: str
) -> None:
    """Unknown ground or source, negative sums, a request before the payment."""
    asked: dict[str, object] = {
        "paid_at": parse_moment("2024-10-10"),
        "at": parse_moment("2024-11-10"),
        "ground": "death",
        "paid_fen": 40_000,
        "subsidies_fen": {},
    }
    question = RefundQuestion(**{**asked, **changed})
    with pytest.raises(UsageError, match=said):
        refund_check(load("longjie-2025"), question)


@pytest.mark.parametrize(
    ("name", "case", "decision", "reason"),
    [
        ("longjie-2025", "gained-later", "refuse", "identity-frozen"),
        ("longjie-2025", "lost-later", "refuse", "identity-frozen"),
        ("longjie-2025", "listed-late", "refer", "document-silent"),
        ("chuxiong-2021", "gained-later", "refer", "document-silent"),
        ("ziyang-2021", "gained-later", "refer", "document-silent"),
        ("songming-2015", "gained-later", "refer", "document-silent"),
    ],
)
def test_an_identity_that_changes_after_payment(
    name: str, case: str, decision: str, reason: str
) -> None:
    """Paid is paid where the document says so; where it is silent a supervisor decides."""
    policy = load(name)
    answer = after_payment(policy, case)
    assert (answer.decision, answer.reason) == (decision, reason)
    assert all(note.clause in policy.clauses for note in answer.notes)


def test_lists_are_late_from_the_day_after_their_deadline() -> None:
    """13 November is in time, the 14th late; a department without a day is never late."""
    department = load("ziyang-2021").departments["civil-affairs"]
    assert not department.late(date(2020, 11, 13))
    assert department.late(date(2020, 11, 14))
    assert not load("songming-2018").departments["health"].late(date(2018, 12, 31))
    assert department.codes == (
        *("extreme-hardship", "wubao", "three-nos", "orphan"),
        *("safety-net-poor", "subsistence-allowance"),
    )


def test_required_heads_are_rounded_up_and_rates_never_rounded() -> None:
    """1,203 of 1,204 is not 100 %, and 99.9 is what is shown."""
    assert required_heads(1234, Fraction(92, 100)) == 1136
    assert required_heads(350_000, Fraction(85, 100)) == 297_500
    assert required_heads(0, Fraction(1)) == 0
    assert not reached(1203, 1204, Fraction(1))
    assert reached(1204, 1204, Fraction(1))
    assert tenths_of_percent(1203, 1204) == 999
    assert tenths_of_percent(0, 0) is None
    with pytest.raises(ValueError, match="negative"):
        required_heads(-1, Fraction(1))


@given(st.integers(0, 10**7), st.integers(1, 1000))
def test_the_required_heads_reach_the_rate_and_one_fewer_does_not(base: int, mille: int) -> None:
    """The two functions agree for every base and rate."""
    rate = Fraction(mille, 1000)
    needed = required_heads(base, rate)
    assert reached(needed, base, rate)
    assert needed == 0 or not reached(needed - 1, base, rate)


def test_the_tasks_of_annex_two_are_all_there() -> None:
    """Nine towns, 350,000 heads in all, and what each needs for 85 %."""
    target = next(part for part in load("ziyang-2021").targets if part.tasks)
    assert len(target.tasks) == 9
    assert sum(target.tasks.values()) == 350_000
    assert required_heads(target.tasks["茈湖口镇"], Fraction(85, 100)) == 32_076
