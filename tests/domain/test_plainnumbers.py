"""Numbers by the ten thousand are told as one by one."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from townshipdesk.domain.idnumber import DocumentKind, NumberProblem, check_character, identify
from townshipdesk.domain.plainnumbers import PlainNumbers

TODAY = date(2026, 2, 28)


def one_by_one(text: str) -> tuple[str, str]:
    try:
        found = identify(text, today=TODAY)
    except NumberProblem:
        return "", ""
    if found.kind is not DocumentKind.RESIDENT_ID or found.number != text or found.born is None:
        return "", ""
    return str(found.sex), found.born.isoformat()


def numbers(count: int) -> list[str]:
    dice = random.Random(7)
    found = []
    for _turn in range(count):
        county = dice.choice(("532399", "110101", "820000", "990101", "810000", "5323x9"))
        born = TODAY - timedelta(days=dice.randrange(-400, 45_000))
        day = dice.choice(
            (f"{born:%Y%m%d}", "20000229", "20010229", "19000229", "18801231", "20260301")
        )
        first = f"{county}{day}{dice.randrange(1_000):03d}"
        check = check_character(first) if first.isdigit() else "1"
        found.append(first + (check if dice.random() < 0.8 else dice.choice("0123456789Xx")))
    return found


def test_what_is_told_at_once_is_what_is_told_one_by_one() -> None:
    asked = numbers(6_000)
    told = [*zip(*PlainNumbers(TODAY).tell(asked), strict=True)]
    ruined = [text.endswith("000") for text in asked]
    differing = [
        (text, at_once)
        for text, at_once, lost in zip(asked, told, ruined, strict=True)
        if at_once != (("", "") if lost else one_by_one(text))
    ]
    assert differing == []
    assert sum(day != "" for _sex, day in told) > 400


@pytest.mark.parametrize(
    "cell",
    ["", None, 5.32399e17, "53239919800505001", " 532399198005050013", "５３２３９９19800505001X"],
)
def test_what_is_no_plain_number_is_left_to_be_looked_at(cell: object) -> None:
    assert PlainNumbers(TODAY).tell([cell]) == ([""], [""])
