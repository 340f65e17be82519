"""Next year's policy: dates moved, every figure marked, comments kept, usable when confirmed."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from fractions import Fraction

import pytest

from tests.policy.strategies import READY, filled, question
from townshipdesk.policy import NotReadyError, Policy, load, load_text
from townshipdesk.policy.check import check
from townshipdesk.policy.loader import built_in
from townshipdesk.policy.renew import renewed

BUILT_IN = [name for name in READY if name in built_in()]
MOVED = (
    "born",
    "wife_born",
    "household_registered_on",
    "employee_insurance_ended",
    "assessed_at",
)


def _renewed(name: str, years: int) -> tuple[Policy, str]:
    policy = load(name)
    return policy, renewed(policy, policy.year + years)


@pytest.mark.parametrize("name", built_in())
def test_the_new_file_loads_and_only_waits_for_confirmation(name: str) -> None:
    """Nothing is wrong with the copy but that its figures are not confirmed."""
    policy, text = _renewed(name, 2)
    copy, problems = check(text.encode(), "new.toml")
    assert copy is not None
    open_places = {"Compare with the new document, then remove to_confirm = true."}
    if name.startswith("nat"):
        open_places.add("Nothing is filled in yet: write what the new document says.")
    assert {part.text("en") for part in problems} == open_places
    assert copy.year == policy.year + 2
    assert copy.id == name.replace(str(policy.year), str(policy.year + 2)) or name.startswith("nat")
    with pytest.raises(NotReadyError):
        question(copy, 1).ask(copy)


@pytest.mark.parametrize("name", built_in())
def test_every_figure_and_date_is_marked(name: str) -> None:
    """Each table that holds an amount, a share, months or a date carries the mark."""
    _policy, text = _renewed(name, 1)
    unmarked = []

    def look(value: object, place: str) -> None:
        if isinstance(value, list):
            for number, part in enumerate(value):
                look(part, f"{place}[{number}]")
        if not isinstance(value, dict):
            return
        figures = [
            key
            for key, part in value.items()
            if hasattr(part, "year")
            or key in {"yuan", "percent", "percent_of_task", "months", "tasks", "count"}
        ]
        open_already = "?" in {value.get("yuan"), value.get("percent")}
        if figures and not value.get("to_confirm") and not open_already:
            unmarked.append((place, figures))
        for key, part in value.items():
            look(part, f"{place}.{key}")

    look(tomllib.loads(text), "")
    assert unmarked == []


@pytest.mark.parametrize("name", built_in())
def test_comments_stay(name: str) -> None:
    """Every comment of the old file stands in the new one."""
    policy, text = _renewed(name, 1)
    comments = [line for line in policy.text.splitlines() if line.strip().startswith("#")]
    kept = set(text.splitlines())
    assert comments
    assert all(comment in kept for comment in comments)


@pytest.mark.parametrize("name", BUILT_IN)
def test_once_confirmed_it_answers_a_year_later_as_the_old_one_did(name: str) -> None:
    """The confirmed copy, asked four years later about people four years younger, says the same.

    Four years, so that 29 February falls alike.
    """
    policy, text = _renewed(name, 4)
    copy = load_text(filled(text), "new.toml")
    assert copy.ready
    shift = timedelta(days=365 * 4 + 1)
    for seed in range(150):
        asked = question(policy, seed)
        old = asked.ask(policy)
        moved = {
            key: getattr(asked.facts, key) + shift
            for key in MOVED
            if getattr(asked.facts, key) is not None
        }
        facts = type(asked.facts)(
            **{key: moved.get(key, getattr(asked.facts, key)) for key in asked.facts.__slots__}
        )
        new = asked.ask(copy, facts=facts, at=asked.at + shift)
        assert (new.decision, new.reason, new.window) == (old.decision, old.reason, old.window)
        assert (new.standard_fen, new.due_fen) == (old.standard_fen, old.due_fen)


def test_leap_days_and_texts_are_handled() -> None:
    """29 February becomes the 28th; days in texts stay, and their lines are pointed at."""
    policy = load("longjie-2025")
    text = policy.text.replace("to = 2025-02-25", "to = 2024-02-29", 1)
    old = load_text(text.replace("from = 2024-09-01", "from = 2024-01-05", 1), "x")
    new = renewed(old, 2026)
    assert "from = 2025-01-05\nto = 2025-02-28\n" in new
    line = next(line for line in new.splitlines() if line.startswith('"三(一)"'))
    assert "2024年9月1日" in line
    assert line.endswith("# 待核对：文字里有年份")


def test_the_template_is_filled_in_by_an_office() -> None:
    """From the template alone: a new year, figures set, marks removed, and it quotes."""
    text = renewed(load("national-template"), 2027)
    policy = load_text(filled(text, yuan="380", percent="92"), "2027.toml")
    assert policy.year == 2027
    assert policy.individual_fen == 38_000
    assert policy.targets[0].rate == Fraction(92, 100)
    assert not re.search(r"^[^#\"]*2026-0", text, re.MULTILINE) or "2026-09-01" in text
