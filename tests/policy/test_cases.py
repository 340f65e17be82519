"""The cases beside the packs, read from the documents by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.policy.strategies import FILLED, READY
from townshipdesk.domain.errors import UsageError
from townshipdesk.policy import load
from townshipdesk.policy.cases import cases_beside, read_cases, run_cases
from townshipdesk.policy.loader import PACKS, built_in


@pytest.mark.parametrize("name", [name for name in READY if name != FILLED])
def test_every_case_of_a_pack_holds(name: str) -> None:
    """Each document has many cases beside its pack, and the pack answers all of them."""
    path = cases_beside(PACKS / f"{name}.toml")
    assert path is not None
    results = run_cases(load(name), read_cases(path))
    assert len(results) >= 40
    wrong = [f"{r.title}: {d.text('en')}" for r in results for d in r.differences]
    assert wrong == []


def test_cases_files_are_no_policies() -> None:
    """A cases file beside a pack is not taken for a policy of its own."""
    assert not [name for name in built_in() if "cases" in name]


def test_a_case_that_differs_is_told_with_both_answers(tmp_path: Path) -> None:
    """The difference names the key, what was expected and what the policy answers."""
    path = tmp_path / "x.cases.json"
    case = {
        "id": "A1",
        "title": "wrong",
        "policy": "longjie-2025",
        "command": "quote",
        "input": {"at": "2025-03-17T09:00", "facts": {}, "identities": [], "set": {}},
        "expect": {"due": "1.00", "decision": "allow", "notes": ["nothing-of-the-kind"]},
    }
    path.write_text(json.dumps([case, {**case, "policy": "other-2020"}]), encoding="utf-8")
    (result,) = run_cases(load("longjie-2025"), read_cases(path))
    assert result.title == "A1 wrong"
    texts = [part.text("en") for part in result.differences]
    assert texts[0] == 'due: expected "1.00", the policy answers "400.00".'
    assert len(texts) == 2


@pytest.mark.parametrize(
    "case",
    [
        {"title": "no moment"},
        {"at": "yesterday"},
        {"at": "2025-03-17", "facts": {"height": 180}},
        {"at": "2025-03-17", "identities": ["king"]},
        {"at": "2025-03-17", "command": "refund-check"},
        {"at": 7},
    ],
)
def test_a_case_that_makes_no_sense_is_a_difference(case: dict[str, object]) -> None:
    """A case with a mistake in itself is reported, and the others still run."""
    good = {"at": "2025-03-17T09:00", "expect": {"due": "400.00"}}
    bad_result, good_result = run_cases(load("longjie-2025"), [case, good])
    assert bad_result.differences
    assert not good_result.differences


@pytest.mark.parametrize("text", ["{", "[1]", '{"cases": 3}', "\ufeff\x00"])
def test_a_damaged_cases_file_is_refused(tmp_path: Path, text: str) -> None:
    """A file that is no list of cases is refused with a sentence."""
    path = tmp_path / "x.cases.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_cases(path)
