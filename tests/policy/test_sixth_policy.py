"""A policy nobody here had in mind: prices by age, shares, waits in days, added subsidies."""

from __future__ import annotations

from pathlib import Path

from tests.policy.strategies import question
from townshipdesk.policy import load
from townshipdesk.policy.cases import cases_beside, read_cases, run_cases
from townshipdesk.policy.check import check_file
from townshipdesk.policy.page import page

PATH = Path(__file__).parent / "data" / "qingshan-2026.toml"


def test_nothing_is_wrong_with_it_and_its_cases_hold() -> None:
    """Written with the keys of the guide alone, it is clean and answers as its document says."""
    policy, problems = check_file(PATH)
    assert policy is not None
    assert [part.text("en") for part in problems if not part.warning] == []
    beside = cases_beside(PATH)
    assert beside is not None
    results = run_cases(policy, read_cases(beside))
    assert len(results) == 17
    assert [r.title for r in results if r.differences] == []


def test_any_question_about_it_adds_up() -> None:
    """Parts add up for any question, and the page shows every way."""
    policy = load(str(PATH))
    for seed in range(500):
        answer = question(policy, seed).ask(policy)
        if answer.due_fen is not None:
            assert answer.due_fen + sum(p.amount_fen for p in answer.subsidies) == (
                answer.standard_fen
            )
    shown = page(policy, "en")
    assert "60 days' wait counted from the day of payment" in shown
    assert all(f"({way.id})" in shown for way in policy.ways)


def test_adding_all_identities_never_exceeds_what_is_owed(tmp_path: Path) -> None:
    """With `combine = "add"` every identity counts, up to the contribution."""
    path = tmp_path / "qingshan-2026.toml"
    text = PATH.read_text(encoding="utf-8").replace("highest-of-each-source", "add")
    path.write_text(text, encoding="utf-8")
    policy = load(str(path))
    for seed in range(300):
        asked = question(policy, seed)
        fewer = asked.ask(policy, identities=asked.identities[:1])
        answer = asked.ask(policy)
        if answer.due_fen is not None and fewer.due_fen is not None:
            assert 0 <= answer.due_fen <= fewer.due_fen
