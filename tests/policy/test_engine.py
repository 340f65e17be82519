"""Quotes in particular: precedence, odd questions, subsidies over sources, words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from townshipdesk.domain.dates import parse_moment
from townshipdesk.policy import (
    Facts,
    Quote,
    RefundAnswer,
    RefundQuestion,
    Settings,
    UnknownIdentityError,
    load,
    load_text,
    outlook,
    quote,
    reason_text,
    refund_check,
    season,
)

LONGJIE = load("longjie-2025")
ZIYANG = load("ziyang-2021")


def _ask(at: str, *identities: str, **facts: object) -> Quote:
    asked = Facts(**facts)  # type: ignore[arg-type] - names of the facts
    return quote(LONGJIE, asked, identities, Settings(), parse_moment(at))


def test_a_moment_counts_in_shanghai_wherever_it_was_written() -> None:
    """16:00 UTC on 25 February is midnight in Shanghai: the window has just closed."""
    closing = datetime(2025, 2, 25, 15, 59, 59, tzinfo=UTC)
    asked = [
        quote(LONGJIE, Facts(), [], Settings(), moment)
        for moment in (closing, closing + timedelta(seconds=1))
    ]
    assert [answer.decision for answer in asked] == ["allow", "refuse"]
    assert asked[0].to_json()["at"] == "2025-02-25T23:59:59+08:00"


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59:59"])
def test_far_away_moments_get_an_answer(at: str) -> None:
    """Long before: not open; long after: closed. The outlook holds, too."""
    answer = _ask(at)
    assert answer.reason == ("not-open" if at < "1" else "window-closed")
    assert outlook(LONGJIE, Facts(), [], Settings(), parse_moment(at))[0].quote == answer


def test_impossible_births_get_an_answer() -> None:
    """A birth at the end of time or at its beginning does not break the arithmetic."""
    assert _ask("2025-03-17", born=date(9999, 12, 31)).reason == "not-registered"
    assert _ask("2025-03-17", "low-income", born=date(1, 1, 1)).due_fen == 28_000


def test_an_unknown_identity_is_refused_with_the_allowed_ones() -> None:
    """A mistyped code is told, not ignored."""
    with pytest.raises(UnknownIdentityError, match="subsistence-allowance"):
        _ask("2025-03-17", "low-imcome")


def test_the_reason_names_the_next_day_and_its_price_in_both_languages() -> None:
    """What a clerk reads aloud to somebody who comes on a closed day."""
    answer = _ask("2025-06-27")
    assert reason_text("between-windows", answer, "en").endswith(
        "From 2025-07-01 it is possible, at 1070.00 yuan."
    )
    assert "2025-07-01 起可以办理" in reason_text("between-windows", answer, "zh_CN")
    assert "可以办理" not in reason_text("between-windows", None, "zh_CN")


def test_steps_tell_the_whole_calculation() -> None:
    """Day and window, standard, each identity, the highest, the sum, the wait, the cover."""
    answer = _ask("2025-03-17", "subsistence-allowance", "marginal")
    steps = [(step.clause, step.text("en")) for step in answer.steps]
    assert [clause for clause, _text in steps] == [
        "三(二)", "二(一)", "二(二)2", "二(二)3", "二(二)3", "二(一)", "三(二)", "三(二)",
    ]  # fmt: skip
    assert steps[5][1] == "To pay: 400.00 less 180.00 is 220.00 yuan."
    assert steps[7][1] == "Covered: 2025-06-01 → 2025-12-31."
    assert answer.steps[5].text("zh_CN") == "应缴：400.00 − 180.00 = 220.00 元。"


def test_two_sources_are_cut_from_the_last_one() -> None:
    """Where less is owed than two sources pay, the first source pays first."""
    text = ZIYANG.text.replace("individual = { yuan = 280", "individual = { yuan = 200")
    text = text.replace("yuan = 280 }", "yuan = 200 }").replace("yuan = 140 }]", "yuan = 60 }]")
    answer = quote(
        load_text(text, "x"), Facts(), ["safety-net-poor"], Settings(), parse_moment("2020-10-10")
    )
    assert [(part.source, part.amount_fen) for part in answer.subsidies] == [
        ("medical-assistance", 14_000),
        ("fiscal", 6_000),
    ]


def test_a_share_of_the_contribution_is_exact() -> None:
    """`percent` is a share of the individual contribution, in whole fen."""
    text = LONGJIE.text.replace("yuan = 45 }", 'percent = "12.5" }')
    answer = quote(
        load_text(text, "x"), Facts(), ["out-of-poverty"], Settings(), parse_moment("2025-07-10")
    )
    assert answer.subsidies[0].amount_fen == 5_000


def test_the_outlook_of_the_documents_own_example() -> None:
    """By 25 June 400 and covered from 1 September; from 1 July 1,070 and from 1 October."""
    days = outlook(LONGJIE, Facts(), [], Settings(), parse_moment("2025-06-10T09:00"))
    told = [
        (str(day.first), str(day.last), day.quote.due_fen, day.quote.decision) for day in days[:3]
    ]
    assert told == [
        ("2025-06-10", "2025-06-25", 40_000, "allow"),
        ("2025-06-26", "2025-06-30", None, "refuse"),
        ("2025-07-01", "2025-07-31", 107_000, "allow"),
    ]
    assert [day.quote.decision for day in days[-2:]] == ["confirm", "refuse"]


def test_the_outlook_sees_birthdays_and_closing_hours() -> None:
    """Somebody who turns 60 next week, and the two hours of a closing day."""
    days = outlook(
        LONGJIE, Facts(born=date(1964, 11, 5)), ["low-income"], Settings(),
        parse_moment("2024-11-01"),
    )  # fmt: skip
    assert (str(days[1].first), days[1].quote.due_fen) == ("2024-11-05", 28_000)
    songming = load("songming-2018")
    hours = outlook(songming, Facts(), [], Settings(), parse_moment("2018-02-22T09:00"))
    reasons = [day.quote.reason for day in hours]
    assert reasons == [None, "not-assessed-in-time", "window-closed"]
    assert [str(day.first) for day in hours] == ["2018-02-22", "2018-02-22", "2018-02-23"]


@pytest.mark.parametrize(
    ("at", "window", "english"),
    [
        ("2024-10-01", "central", "Centralized collection period: until 2025-02-25, 400.00 yuan"),
        (
            "2025-03-17",
            "late-1",
            "Off-season period at 400: 3 months' wait counted with the month of payment, "
            "until 2025-06-25, 400.00 yuan",
        ),
        (
            "2025-02-27",
            None,
            "The day lies between two collection periods: nothing can be taken. "
            "From 2025-03-01 it is possible, at 400.00 yuan.",
        ),
        ("2025-12-30", None, "The collection period is over."),
    ],
)
def test_the_season_in_words(at: str, window: str | None, english: str) -> None:
    """The line under the title of the desk."""
    found = season(LONGJIE, Settings(), parse_moment(at))
    assert found.window == window
    assert found.text("en") == english
    assert found.text("zh_CN") != english


def test_a_closing_hour_stands_in_the_season() -> None:
    """Where the window ends within a day, the hour is told."""
    found = season(load("songming-2018"), Settings(), parse_moment("2018-01-10"))
    assert "2018-02-23 17:00" in found.text("en")


def test_between_the_two_hours_the_season_says_who_is_still_taken() -> None:
    """Assessment has closed, payment has not: the window is not shown as shut."""
    found = season(load("songming-2018"), Settings(), parse_moment("2018-02-23T10:00"))
    assert "only those assessed by 2018-02-22 17:00" in found.text("en")
    assert "until 2018-02-23 17:00" in found.text("en")
    assert found.standard_fen == 18_000


def test_refund_answers_are_kept_whole() -> None:
    """A refund answer read back from its record says the same in both languages."""
    asked = RefundQuestion(
        parse_moment("2024-10-10"), parse_moment("2024-12-01"), "death", 22_000,
        {"medical-assistance": 18_000},
    )  # fmt: skip
    answer = refund_check(LONGJIE, asked)
    again = RefundAnswer.from_json(answer.to_record())
    assert again.to_record() == answer.to_record()
    assert again.to_json("en") == answer.to_json("en")
    assert answer.notes[0].clause == "四(三)"


def test_what_is_read_back_from_the_bare_contract_still_shows() -> None:
    """A quote kept in the contract's form alone can be shown again, in the language it had."""
    answer = _ask("2025-08-10", "extreme-hardship")
    again = Quote.from_json(answer.to_json("en"))
    assert again.notes[0].text("zh_CN") == answer.notes[0].text("en")
    assert again.due_fen == answer.due_fen


def test_every_identity_without_an_amount_is_named() -> None:
    """Two identities subsidised "as provided", none set by the office: both are said."""
    answer = _ask("2024-11-05", "only-child-parent", "entitled-group", "extreme-hardship")
    said = [note.text("en") for note in answer.notes if note.code == "amount-not-set"]
    assert len(said) == 2
    assert "rural only-child parent" in said[0]
    assert "entitled group" in said[1]


def test_of_two_amounts_above_the_standard_the_first_identity_counts() -> None:
    """400 and 500 set for a standard of 400 are the same subsidy: the policy's order decides."""
    codes = ["only-child-loss", "two-daughter-couple"]
    settings = Settings(amounts_fen={"two-daughter-couple": 40_000, "only-child-loss": 50_000})
    answer = quote(LONGJIE, Facts(), codes, settings, parse_moment("2024-11-05"))
    assert [(part.identity, part.amount_fen) for part in answer.subsidies] == [
        ("two-daughter-couple", 40_000)
    ]


def test_days_that_rest_on_a_reading_are_marked_in_the_calculation() -> None:
    """A misprinted year is read as another: the step with the window says it is a reading."""
    policy = load("songming-2018")
    sporadic, collection = (
        quote(policy, Facts(), [], Settings(), parse_moment(at))
        for at in ("2018-01-15T09:30", "2017-11-15T09:30")
    )
    assert sporadic.steps[0].decision
    assert not collection.steps[0].decision
