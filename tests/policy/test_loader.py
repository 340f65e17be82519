"""Reading policy files: what is wrong is told at once, with its line, and nothing crashes."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path
from random import Random

import pytest

from townshipdesk.policy import PackError, UnknownPolicyError, available, load, load_text
from townshipdesk.policy.check import check
from townshipdesk.policy.document import policy_json
from townshipdesk.policy.loader import PACKS, built_in, read

TEXT = load("longjie-2025").text


def _problems(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(PackError) as caught:
        load_text(text, "test.toml")
    return [(part.line, part.key, part.text("en")) for part in caught.value.problems]


def _line(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def test_all_built_in_policies_are_listed() -> None:
    """The five documents and the template are there, and only the template is not ready."""
    ready = {summary.id: summary.ready for summary in available()}
    assert ready == {
        "chuxiong-2021": True,
        "longjie-2025": True,
        "national-template": False,
        "songming-2015": True,
        "songming-2018": True,
        "ziyang-2021": True,
    }


@pytest.mark.parametrize("name", built_in())
def test_a_policy_knows_its_text_and_its_hash(name: str) -> None:
    """The hash is that of the file's bytes, and the text read again gives the same policy."""
    content = (PACKS / f"{name}.toml").read_bytes()
    policy = load(name)
    assert policy.hash == hashlib.sha256(content).hexdigest()
    again = load_text(policy.text, "kept")
    assert again.hash == policy.hash
    assert policy_json(again) == policy_json(policy)


def test_a_windows_file_is_read_and_keeps_its_hash(tmp_path: Path) -> None:
    """A mark at the start and Windows line ends do no harm; the hash is still that of the bytes."""
    content = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    path = tmp_path / "longjie-2025.toml"
    path.write_bytes(content)
    policy = load(str(path))
    assert policy.hash == hashlib.sha256(content).hexdigest()
    assert load_text(policy.text, "kept").hash == policy.hash


def test_an_unknown_policy_is_refused_with_the_known_ones() -> None:
    """The message names what there is."""
    with pytest.raises(UnknownPolicyError, match="songming-2018"):
        load("atlantis-2030")


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('clause = "三(一)"\n', 'clause = "九"\n', "clause", "no clause 九"),
        ("yuan = 400, clause", "yuan = 400.5, clause", "yuan", "amount in yuan"),
        ("yuan = 400, clause", "yuan = -4, clause", "yuan", "amount in yuan"),
        ("yuan = 400, clause", 'yuan = "vier", clause', "yuan", "amount in yuan"),
        ("from = 2024-09-01", 'from = "2024-09-01"', "from", "must be a day"),
        ("from = 2024-09-01", "from = 2023-09-01", "from", "outside the year"),
        ("to = 2025-02-25", "to = 2024-02-25", "to", "before the first"),
        ("to = 2025-12-25", "to = 2026-02-25", "to", "outside the year"),
        ('codes = ["orphanage"]', "", "", ""),
        ('["subsistence-allowance"]', '["sunshine"]', "codes", "cannot be 'sunshine'"),
        ("yuan = 180 }]", "yuan = 480 }]", "pays", "larger than the contribution"),
        ("yuan = 180 }]", "yuan = 180, percent = 50 }]", "pays[1]", "exactly one"),
        ("yuan = 180 }]", 'percent = "33.3333" }]', "pays", "no whole number of fen"),
        ('standard = ["individual"]', 'standard = ["price"]', "standard", "cannot be 'price'"),
        ("months = 3, ", "months = 0, ", "months", "whole number"),
        (
            'answer = "refer"\nreason = "document-silent"',
            'answer = "refuse"',
            "ways[2]",
            "reason is",
        ),
        ('decision = "newborn-silent"', 'decision = "newborn"', "decision", "no decision newborn"),
        ('id = "late-2"', 'id = "late-1"', "id", "used twice"),
        ("percent = 92", "percent = 0", "percent", "percentage"),
        ('from = "wait", months = 3, ', 'from = "wait", ', "cover", "needs months"),
        ("not-open = {", "never-open = {", "reasons", "not-open is missing"),
        ('answer = "refer"', 'answer = "perhaps"', "answer", "cannot be 'perhaps'"),
        ("disability_grade = [1, 2]", "disability_grade = [5]", "grade", "cannot be 5"),
        ("age_from = 60", "age_over = 60", "age_over", "means nothing here"),
        ("year = 2025", "year = true", "year", "whole number"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, key: str, said: str) -> None:
    """One mistake in the file gives a sentence about it, at its line."""
    if not key:
        assert old not in TEXT
        return
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    found = [part for part in _problems(text) if said in part[2] and key in part[1] + part[2]]
    assert found, _problems(text)
    line = found[0][0]
    assert line is not None
    assert abs(line - _line(TEXT, old)) <= 12


def test_all_mistakes_are_named_at_once_in_line_order() -> None:
    """Four mistakes in four places are four problems, first line first."""
    text = TEXT.replace("yuan = 670", 'yuan = "x"', 1).replace("months = 3", "months = 99", 1)
    text = text.replace("percent = 92", "percent = 920", 1).replace('"social-affairs"', '"no"', 1)
    found = _problems(text)
    lines = [line for line, _key, _said in found]
    assert len(found) >= 4
    assert lines == sorted(line or 0 for line in lines)


@pytest.mark.parametrize("text", ["", "x", "[policy", "a = 1\na = 2", "[" * 5000, "\x00"])
def test_what_is_no_policy_is_told(text: str) -> None:
    """An empty or broken file gives problems, never a crash."""
    assert _problems(text)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    """A file in GB18030 is refused with a sentence."""
    path = tmp_path / "old.toml"
    path.write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(PackError) as caught:
        load(str(path))
    assert "UTF-8" in caught.value.problems[0].text("en")


_PLAIN = '1 -1 "x" true [] [1] [[1]] {} {a=1} [{a=1}] [{}] 1.5 "" "?" ["a"]'
_TIMES = "10:00:00 2025-01-01 2025-01-01T10:00:00 2025-01-01T10:00:00Z 9999-12-31 0001-01-01"
_ODD = f"{_PLAIN} {_TIMES} 99999999999999999999".split()


@pytest.mark.parametrize("name", built_in())
def test_damaged_files_give_problems_and_never_crash(name: str) -> None:
    """Lines lost, values of a wrong kind: the check always answers, in both languages."""
    lines = (PACKS / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    dice = Random(name)
    for _round in range(40):
        damaged = list(lines)
        for _part in range(dice.choice([1, 2, 3])):
            place = dice.randrange(len(damaged))
            key, sign, _value = damaged[place].partition("=")
            if sign and dice.random() < 0.7:
                damaged[place] = f"{key}= {dice.choice(_ODD)}"
            else:
                del damaged[place]
        policy, problems = check("\n".join(damaged).encode(), "damaged")
        assert policy is not None or problems
        assert all(part.text("zh_CN") and part.text("en") for part in problems)


def test_no_figure_and_no_place_stands_in_the_code() -> None:
    """The engine knows no amount and no locality of any document; documentation may name one."""
    all_figures = [part for name in built_in() for part in load(name).figures.values()]
    figures = {part.amount_fen for part in all_figures if part.amount_fen}
    amounts = figures | {fen // 100 for fen in figures}
    places = re.compile("嵩明|楚雄|龙街|大姚|资阳|益阳|songming|chuxiong|longjie|ziyang", re.I)
    for path in PACKS.parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in notes:
                assert not (isinstance(node.value, int) and node.value in amounts), path.name
                assert not (isinstance(node.value, str) and places.search(node.value)), path.name


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("individual = { yuan = 1,130, clause = 'x' }", "without a comma"),
        ("from = 2025-11-31", "no such day"),
        ("id = “village”", "English keyboard"),
        ("yuan = 420，", "English keyboard"),
        ('zh = "the village', "quotation mark is missing"),
        ("id = village", "After = comes"),
        ("a = 1\na = 2", "stands here twice"),
        ("a b = 1", "bracket or = is missing"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_do(line: str, said: str) -> None:
    """The usual slips are named on their line, and not in the words of the file format."""
    policy, (problem,) = read(f"[policy]\n{line}\n".encode(), "x.toml")
    assert policy is None
    assert said in problem.text("en")
    assert problem.line in {2, 3}


def test_every_line_that_cannot_be_read_is_told_at_once_with_its_key() -> None:
    """Two slips far apart are mended in one go; the file format's own English reaches nobody."""
    text = TEXT.replace("to = 2025-02-25", "to = 2025-02-30", 1)
    text = text.replace("yuan = 400,", "yuan = 400，", 1)
    text = text.replace("[[targets]]", "[[targets]", 1)
    policy, problems = read(text.encode(), "x.toml")
    assert policy is None
    said = [(problem.line, problem.key, problem.text("zh_CN")) for problem in problems]
    assert [line for line, _key, _text in said] == [
        _line(text, "yuan = 400，"), _line(text, "to = 2025-02-30"), _line(text, "[[targets]\n"),
    ]  # fmt: skip
    assert [key for _line, key, _text in said] == ["individual", "to", ""]
    assert not any("Expected" in text or "Invalid" in text for _line, _key, text in said)


def test_a_name_may_be_given_in_chinese_alone() -> None:
    """An office without English writes one text; it then stands for both languages."""
    text = (PACKS / "longjie-2025.toml").read_text(encoding="utf-8")
    start = text.index("locality = ")
    line = text[start : text.index("\n", start)]
    text = text.replace(line, 'locality = "河山镇"')
    text = text.replace('zh = "集中征缴期"\nen = "Centralized collection period"', 'zh = "集中期"')
    policy, problems = read(text.encode(), "x.toml")
    assert problems == []
    assert policy is not None
    assert policy.locality["en"] == "河山镇"
    assert policy.ways[0].name.text("en") == "集中期"
