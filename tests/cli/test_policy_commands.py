"""quote, refund-check and policy from the command line, as the contract has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.policy.strategies import filled
from townshipdesk.cli import main
from townshipdesk.policy.loader import PACKS

QUOTE = ["quote", "--policy", "longjie-2025", "--at", "2025-08-10T10:00"]
REFUND = [
    "refund-check", "--policy", "longjie-2025", "--paid-at", "2024-10-10T10:00",
    "--at", "2024-12-31T09:00", "--ground", "employee-insurance", "--paid", "280",
]  # fmt: skip


def _run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    try:
        status = main(list(args))
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capfd.readouterr()
    return status, out, err


def _json(capfd: pytest.CaptureFixture[str], *args: str) -> Any:
    status, out, err = _run(capfd, *args)
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_quote_is_the_contracts_document(capfd: pytest.CaptureFixture[str]) -> None:
    """The example of the contract, key by key and in its order."""
    answer = _json(capfd, *QUOTE, "--identity", "extreme-hardship")
    text = answer["notes"][0].pop("text")
    assert "特困" in text
    assert answer == {
        "policy": "longjie-2025",
        "at": "2025-08-10T10:00:00+08:00",
        "decision": "allow",
        "reason": None,
        "window": "late-2",
        "standard": "1070.00",
        "subsidies": [
            {"source": "medical-assistance", "identity": "extreme-hardship", "amount": "400.00"}
        ],
        "due": "670.00",
        "coverage": {"from": "2025-11-01", "to": "2025-12-31"},
        "waiting": {"from": "2025-08-01", "to": "2025-10-31"},
        "next_opening": None,
        "notes": [{"code": "subsidy-in-late-window", "clause": "二(二)", "decision": True}],
    }
    assert list(answer)[:5] == ["policy", "at", "decision", "reason", "window"]


def test_the_answer_is_utf8_and_not_escaped(capfd: pytest.CaptureFixture[str]) -> None:
    """Chinese stands as Chinese in the output."""
    status, out, _err = _run(capfd, *QUOTE, "--identity", "marginal")
    assert status == 0
    assert "资助" in out
    assert "\\u" not in out


def test_notes_follow_the_language(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TOWNSHIPDESK_LANG=en the notes are English."""
    monkeypatch.setenv("TOWNSHIPDESK_LANG", "en")
    answer = _json(capfd, *QUOTE, "--identity", "marginal")
    assert answer["notes"][0]["text"].startswith("Subsidies apply in the off-season")


@pytest.mark.parametrize("at", ["2025-08-10T10:00:00+08:00", "2025-08-10T02:00:00Z", "2025-08-10"])
def test_moments_with_and_without_offset(capfd: pytest.CaptureFixture[str], at: str) -> None:
    """With an offset, in UTC, or a bare day: all are Shanghai time in the answer."""
    answer = _json(capfd, "quote", "--policy", "longjie-2025", "--at", at)
    assert answer["at"].startswith("2025-08-10T")
    assert answer["at"].endswith("+08:00")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--fact", "height=180"], "payer_group"),
        (["--fact", "born=tomorrow"], "YYYY-MM-DD"),
        (["--identity", "king"], "subsistence-allowance"),
        (["--set", "colour=red"], "extension_open"),
        (["--set", "amount.king=3"], "subsistence-allowance"),
        (["--at", "soon"], "--at"),
        (["--at", "0001-01-01T00:00+14:00"], "--at"),
        (["--policy", "atlantis"], "songming-2015"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    capfd: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    """Exit status 2, nothing on standard output, a sentence naming what is allowed."""
    status, out, err = _run(capfd, *QUOTE, *args)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_policy_that_is_not_ready_or_broken_gives_status_one(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The template and a damaged file: a reason in the data, not in the call."""
    status, out, err = _run(capfd, "quote", "--policy", "national-template", "--at", "2026-03-01")
    assert (status, out) == (1, "")
    assert "figures.individual" in err
    path = tmp_path / "bad.toml"
    path.write_text("[policy]\n", encoding="utf-8")
    assert _run(capfd, "quote", "--policy", str(path), "--at", "2026-03-01")[0] == 1


def test_a_policy_file_can_be_quoted(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file an office has written is asked like a built-in policy."""
    path = tmp_path / "ours.toml"
    text = (PACKS / "national-template.toml").read_text(encoding="utf-8")
    path.write_text(filled(text, yuan="390"), encoding="utf-8")
    answer = _json(capfd, "quote", "--policy", str(path), "--at", "2026-03-01")
    assert (answer["standard"], answer["due"]) == ("390.00", "390.00")


def test_a_refund_check_is_the_contracts_document(capfd: pytest.CaptureFixture[str]) -> None:
    """The example of the contract; every note with its clause."""
    answer = _json(capfd, *REFUND, "--subsidy", "medical-assistance=120")
    notes = answer.pop("notes")
    assert answer == {
        "policy": "longjie-2025",
        "decision": "allow",
        "reason": None,
        "individual": "280.00",
        "subsidies": [{"source": "medical-assistance", "amount": "120.00"}],
        "ends_enrolment": True,
    }
    assert [note["clause"] for note in notes] == ["四(三)"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--ground", "regret"], "changed-mind"),
        (["--paid", "much"], "--paid"),
        (["--paid", "-5"], "负数"),
        (["--subsidy", "fiscal"], "来源=金额"),
        (["--subsidy", "uncle=5"], "medical-assistance"),
        (["--subsidy", "fiscal=5", "--subsidy", "fiscal=6"], "fiscal"),
        (["--at", "2024-01-01"], "早于"),
    ],
)
def test_a_wrong_refund_call_says_what_is_wrong(
    capfd: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    """Exit status 2 and a sentence."""
    extra = args if args[0] != "--paid" else [f"{args[0]}={args[1]}"]
    status, out, err = _run(capfd, *REFUND, *extra)
    assert (status, out) == (2, "")
    assert said in err


def test_the_list_of_policies(capfd: pytest.CaptureFixture[str]) -> None:
    """As lines and as JSON, with readiness."""
    found = _json(capfd, "policy", "list", "--json")
    assert len(found) == 6
    assert {part["id"] for part in found if not part["ready"]} == {"national-template"}
    status, out, _err = _run(capfd, "policy", "list")
    assert status == 0
    assert out.count("\n") == 6


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_policy_is_shown_as_a_page(capfd: pytest.CaptureFixture[str], language: str) -> None:
    """Windows, amounts, identities, decisions with the other reading, in either language."""
    status, out, _err = _run(capfd, "policy", "show", "ziyang-2021", "--language", language)
    assert status == 0
    other = "另一种读法" if language == "zh_CN" else "Other reading"
    for piece in ("2020-09-01", "280.00", "茈湖口镇  37736", "2020-11-13", "[附件1]", other):
        assert piece in out
    assert ("集中参保缴费期" in out.split("\n## ")[2]) is (language == "zh_CN")


def test_a_policy_is_shown_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    """Everything with its clause, amounts as the contract writes money."""
    document = _json(capfd, "policy", "show", "songming-2018", "--json")
    assert document["figures"]["individual"]["amount"] == "180.00"
    sporadic = next(way for way in document["ways"] if way["id"] == "sporadic")
    assert sporadic["to"] == "2018-02-23T17:00:00"
    assert sporadic["assessed_to"] == "2018-02-22T17:00:00"
    assert sporadic["clause"] in document["clauses"]


def test_check_runs_the_cases_beside_a_pack(capfd: pytest.CaptureFixture[str]) -> None:
    """A clean pack with its cases: status 0."""
    document = _json(capfd, "policy", "check", str(PACKS / "chuxiong-2021.toml"), "--json")
    assert _json(capfd, "policy", "check", "chuxiong-2021", "--json") == document
    assert document["ok"] is True
    assert document["cases"]["run"] >= 40
    assert document["cases"]["failed"] == []


def test_check_names_problems_and_failing_cases(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A wrong expectation beside a good file, then a mistake in the file: status 1 both times."""
    path = tmp_path / "longjie-2025.toml"
    text = (PACKS / "longjie-2025.toml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    cases = tmp_path / "longjie-2025.cases.toml"
    cases.write_text(
        '[[cases]]\ntitle = "t"\nat = 2025-03-17T09:00:00\nexpect = { due = "1.00" }\n',
        encoding="utf-8",
    )
    status, out, _err = _run(capfd, "policy", "check", str(path), "--language", "en")
    assert status == 1
    assert 'case t: due: expected "1.00", the policy answers "400.00".' in out
    path.write_text(text.replace("to = 2025-02-25", "to = 2025-02-26"), encoding="utf-8")
    status, out, err = _run(capfd, "policy", "check", str(path), "--language", "en")
    assert status == 1
    line = text[: text.index("[[gaps]]")].count("\n") + 1
    assert f"line {line}  gaps[1]  wrong: This gap is declared, but" in out
    assert "things to put right" in err
    assert _run(capfd, "policy", "check", str(tmp_path / "none.toml"))[0] == 2


def test_new_writes_a_file_once(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The new file is written, waits for confirmation, and is never overwritten."""
    path = tmp_path / "longjie-2027.toml"
    call = ["policy", "new", "--from", "longjie-2025", "--year", "2027", "-o", str(path)]
    assert _run(capfd, *call)[0] == 0
    written = path.read_text(encoding="utf-8")
    status, out, _err = _run(capfd, "policy", "check", str(path), "--language", "en")
    assert status == 1
    assert "then remove to_confirm = true" in out
    assert _run(capfd, *call)[0] == 1
    assert path.read_text(encoding="utf-8") == written
    path.write_text(filled(written), encoding="utf-8")
    assert _run(capfd, "policy", "check", str(path))[0] == 0
    there = _json(capfd, "quote", "--policy", str(path), "--at", "2027-03-17T09:00")
    assert there["coverage"] == {"from": "2027-06-01", "to": "2027-12-31"}


@pytest.mark.parametrize("change", [["--year", "17"], ["--from", "x"], ["-o", "/nowhere/x.toml"]])
def test_new_refuses_what_cannot_be(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, change: list[str]
) -> None:
    """A year out of range, an unknown policy, a folder that is not there."""
    call = ["policy", "new", "--from", "longjie-2025", "--year", "2027", "-o", str(tmp_path / "a")]
    status, _out, err = _run(capfd, *call, *change)
    assert status in {1, 2}
    assert err
    assert list(tmp_path.iterdir()) == []
