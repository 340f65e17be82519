"""Work money of ziyang-2021: accrued by head, awards by two days, prizes by rank, and the loss."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from tests.support import Desk
from townshipdesk import policy as policies
from townshipdesk.services.work_funds import (
    FundReport,
    Progress,
    Standing,
    Unit,
    compute,
    lay_out,
    report,
)

TASK = 1000
YEAR_END, JANUARY, FEBRUARY = date(2020, 12, 31), date(2021, 1, 31), date(2021, 2, 28)


def judged(today: date, units: Mapping[str, tuple[int, int, int, int]]) -> dict[str, FundReport]:
    """Judge units by their heads at year's end, end of January, end of February, and now."""
    progress = Progress(
        [Unit(code, code, TASK, heads[3]) for code, heads in units.items()],
        today,
        {
            day: {code: heads[place] for code, heads in units.items()}
            for place, day in enumerate((YEAR_END, JANUARY, FEBRUARY))
        },
    )
    found = compute(policies.load("ziyang-2021"), progress)
    return {item.fund.id: item for item in found}


def standing(item: FundReport, code: str) -> Standing:
    return next(share.standing for share in item.shares if share.unit.code == code)


def test_the_work_fund_is_a_yuan_a_head_and_the_entry_fund_a_fifth() -> None:
    found = judged(date(2020, 11, 20), {"a": (0, 0, 0, 700)})
    assert found["work"].amount_fen == 70000
    assert found["entry"].amount_fen == 14000


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ((900, 1000, 1000, 1000), Standing.EARNED),
        ((899, 1000, 1000, 1000), Standing.MISSED),
        ((900, 999, 1000, 1000), Standing.MISSED),
    ],
)
def test_the_award_needs_ninety_percent_by_new_year_and_all_by_january(
    heads: tuple[int, int, int, int], expected: Standing
) -> None:
    found = judged(date(2021, 3, 5), {"a": heads})
    assert standing(found["award"], "a") is expected


def test_until_its_day_has_passed_an_award_is_open() -> None:
    found = judged(YEAR_END, {"a": (0, 0, 0, 100)})
    assert standing(found["award"], "a") is Standing.OPEN


def test_whoever_is_not_complete_by_february_loses_the_yuan_a_head_but_not_the_fifth() -> None:
    found = judged(date(2021, 3, 1), {"a": (950, 990, 999, 1000), "b": (900, 1000, 1000, 1000)})
    assert standing(found["work"], "a") is Standing.LOST
    assert found["work"].amount_fen == 100000
    assert found["entry"].amount_fen == 40000
    before = judged(FEBRUARY, {"a": (950, 990, 999, 999)})
    assert before["work"].amount_fen == 99900


def test_prizes_go_by_rank_among_those_at_eighty_five_percent() -> None:
    heads = {"a": 990, "b": 980, "c": 970, "d": 960, "e": 950, "f": 850, "g": 849}
    found = judged(date(2021, 1, 5), {code: (n, n, n, n) for code, n in heads.items()})
    names = {
        prize: [(share.unit.code, share.rank) for share in found[prize].shares]
        for prize in ("first-prize", "second-prize", "third-prize")
    }
    assert names == {
        "first-prize": [("a", 1)],
        "second-prize": [("b", 2), ("c", 3)],
        "third-prize": [("d", 4), ("e", 5), ("f", 6)],
    }
    assert sum(found[prize].amount_fen for prize in names) == 18000000


def test_a_tie_over_the_edge_of_a_prize_is_left_to_a_decision() -> None:
    found = judged(date(2021, 1, 5), dict.fromkeys("ab", (990, 990, 990, 990)))
    assert [share.standing for share in found["first-prize"].shares] == [Standing.TIED] * 2
    assert found["first-prize"].amount_fen == 0


def test_a_policy_without_such_rules_reports_nothing(desk: Desk) -> None:
    assert report(desk.office) == ()


def test_a_units_line_has_its_rank_its_conditions_and_what_all_rules_give() -> None:
    """Equal shares share a rank; each condition stands once, with the heads it takes."""
    progress = Progress(
        [Unit("a", "a", 100, 95), Unit("b", "b", 100, 95), Unit("c", "c", None, 3)],
        date(2020, 12, 19),
        {},
    )
    found = lay_out(policies.load("ziyang-2021"), progress)
    assert found.ranked_on == date(2020, 12, 19)
    assert [(line.unit.code, line.rank) for line in found.lines] == [
        ("a", 1),
        ("b", 1),
        ("c", None),
    ]
    first, _second, without_task = found.lines
    assert [(one.on, one.needed, one.met, one.final) for one in first.conditions] == [
        (YEAR_END, 85, True, False),
        (YEAR_END, 90, True, False),
        (JANUARY, 100, False, False),
        (FEBRUARY, 100, False, False),
    ]
    assert first.total_fen == 9500 + 9500 + 1900  # the prize is tied, so nobody has it yet
    assert without_task.conditions == ()
