"""`policy check`: what can be read and makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from townshipdesk.policy import load
from townshipdesk.policy.check import check, check_file
from townshipdesk.policy.loader import PACKS, built_in
from townshipdesk.policy.problems import Lines

TEXT = load("longjie-2025").text


_CONFIRM = "Compare with the new document, then remove to_confirm = true."
_FILL_IN = "Nothing is filled in yet: write what the new document says."


def _found(text: str) -> list[str]:
    policy, problems = check(text.encode(), "test.toml")
    assert policy is not None, [part.text("en") for part in problems]
    return [f"{part.key}: {part.text('en')}" for part in problems]


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_pack_has_nothing_wrong_but_open_figures(name: str) -> None:
    """The five packs are clean; the template names every figure that is still open."""
    policy, problems = check_file(PACKS / f"{name}.toml")
    assert policy is not None
    texts = {part.text("en") for part in problems}
    assert texts == (set() if policy.ready else {_CONFIRM, _FILL_IN})
    assert len(problems) == len(policy.unconfirmed)


def test_an_undeclared_gap_is_found() -> None:
    """Days between two windows on which nothing is taken have to be meant."""
    start = TEXT.index("[[gaps]]\nfrom = 2025-06-26")
    text = TEXT[:start] + TEXT[TEXT.index("# -----", start) :]
    found = _found(text)
    assert any("2025-06-26 to 2025-06-30" in said and "[[gaps]]" in said for said in found)


def test_a_gap_too_short_for_what_it_declares_is_found() -> None:
    """A declared gap has to hold all of the days."""
    assert _found(TEXT.replace("to = 2025-06-30", "to = 2025-06-29"))


def test_a_gap_in_which_money_is_taken_is_found() -> None:
    """A gap is declared over days on which a window is open."""
    found = _found(TEXT.replace("to = 2025-06-30", "to = 2025-07-01"))
    assert any("declared, but Off-season period at 1,070" in said for said in found)


def test_an_overlap_is_found_unless_declared() -> None:
    """Two windows on the same day are a mistake, unless the file says that it is meant."""
    text = TEXT.replace("from = 2025-07-01", "from = 2025-06-20").replace(
        '[[gaps]]\nfrom = 2025-06-26\nto = 2025-06-30\nclause = "三(二)"\n', ""
    )
    assert any("[[overlaps]]" in said for said in _found(text))
    declared = text + '\n[[overlaps]]\nways = ["late-1", "late-2"]\nclause = "三(二)"\n'
    assert _found(declared) == []


def test_an_unreachable_way_is_found() -> None:
    """A way behind another one that fits everybody it fits is told."""
    way = TEXT[TEXT.index("[[ways]]") : TEXT.index("# 新生儿")]
    more = way.replace('"central"', '"again"').replace("2024-09-01", "2024-10-01")
    text = TEXT.replace("[[gaps]]", more + "\n[[gaps]]", 1)
    assert any("Nobody can reach this way" in said for said in _found(text))


def test_a_narrower_class_behind_a_wider_one_is_unreachable() -> None:
    """Under 10 behind under 18, both at all times: never reached."""
    template = """
[[ways]]
id = "{id}"
zh = "测试"
en = "test"
clause = "一"
from = 2025-07-01
who = {{ age_below = {age} }}
answer = "refer"
reason = "document-silent"
"""
    ahead, behind = template.format(id="a", age=18), template.format(id="b", age=10)
    found = _found(TEXT.replace("[[ways]]", ahead + behind + "\n[[ways]]", 1))
    assert [said for said in found if "Nobody can reach" in said] == [
        "ways[2]: Nobody can reach this way: test stands before it and fits first."
    ]
    found = _found(TEXT.replace("[[ways]]", behind + ahead + "\n[[ways]]", 1))
    assert found == []


def test_an_identity_row_that_never_applies_is_found() -> None:
    """A row for the same people that gives less can never be the highest."""
    row = """
[[identities]]
id = "less"
zh = "低保另一行"
en = "another row"
codes = ["subsistence-allowance"]
pays = [{ source = "medical-assistance", yuan = 100 }]
clause = "二(二)2"
department = "social-affairs"
"""
    found = _found(TEXT.replace("[after_payment]", row + "\n[after_payment]"))
    assert any("This row never applies: subsistence allowance" in said for said in found)


def test_a_refund_rule_behind_a_wider_one_is_found() -> None:
    """Nothing can follow a refund rule that fits every case."""
    rule = """
[[refunds]]
zh = "永远轮不到"
en = "never reached"
grounds = ["death"]
answer = "refer"
reason = "document-silent"
clause = "四(三)"
"""
    found = _found(
        TEXT.replace(
            "# ---------------------------------------------------------------- 缴费方式和凭证",
            rule,
        )
    )
    assert any("Nobody can reach this rule" in said for said in found)


def test_a_year_that_does_not_match_the_coverage_is_found() -> None:
    """The policy's year is the year its coverage begins in."""
    assert any(
        "begins in 2025" in said for said in _found(TEXT.replace("year = 2025", "year = 2026"))
    )


def test_what_nothing_uses_is_pointed_out(tmp_path: Path) -> None:
    """An unused decision, an unused figure and another file name are pointed out, no more."""
    text = TEXT.replace('decision = "listed-late"', "").replace(" }\n\n# 条", "")
    text = text.replace(
        "[figures]", '[figures]\nspare = { yuan = 1, clause = "一", zh = "备", en = "s" }'
    )
    text = text.replace(', clause = "二(二)3",  }', ', clause = "二(二)3" }')
    path = tmp_path / "another.toml"
    path.write_text(text, encoding="utf-8")
    policy, problems = check_file(path)
    assert policy is not None
    assert all(part.warning for part in problems)
    assert {part.key for part in problems} == {"policy.id", "figures.spare", "decisions[5]"}


def test_lines_of_keys_are_found_in_tables_lists_and_arrays() -> None:
    """The scanner gives the line of headers, keys, and of entries in a list over several lines."""
    text = '[a]\nx = 1\n\n[[b]]\n"y z" = 2\n[[b]]\nlist = [\n  { on = 1 },\n  { on = 2 },\n]\n'
    lines = Lines(text + "[c.d]\nq = 1\n")
    assert lines.of(("a", "x")) == 2
    assert lines.of(("b", 0, "y z")) == 5
    assert lines.of(("b", 1, "list", 1, "on")) == 9
    assert lines.of(("b", 1, "missing")) == 6
    assert lines.of(("c", "d", "q")) == 12
    assert lines.of(("nowhere",)) is None


def test_an_open_place_is_shown_on_its_own_line_with_the_id_of_its_part() -> None:
    """A clerk goes straight to the mark to remove, or to the question mark to fill in."""
    text = (PACKS / "national-template.toml").read_text(encoding="utf-8")
    _policy, problems = check(text.encode(), "test.toml")
    lines = text.splitlines()
    for part in problems:
        assert part.line is not None
        wanted = "to_confirm = true" if part.text("en") == _CONFIRM else '"?"'
        assert wanted in lines[part.line - 1]
    places = {part.place for part in problems}
    assert {"ways[2] (central)", "identities[1].pays[1].yuan (extreme-hardship)"} <= places


def test_an_allowed_refund_says_whether_the_enrolment_ends() -> None:
    """Left out, a refund for a death would quietly keep the person enrolled."""
    policy, problems = check(TEXT.replace("ends_enrolment = true\n", "").encode(), "x.toml")
    assert policy is None
    assert "must say ends_enrolment" in problems[0].text("en")
    assert problems[0].key == "refunds[2]"


def test_a_referral_needs_no_reason_of_its_own() -> None:
    """Only a silent document is referred, so `answer = "refer"` is enough."""
    policy, problems = check(TEXT.replace('reason = "document-silent"\n', "").encode(), "x.toml")
    assert problems == []
    assert policy is not None
    assert {way.reason for way in policy.ways if way.answer == "refer"} == {"document-silent"}


def test_a_rate_without_what_it_is_taken_of_is_named() -> None:
    """92 % of what? Nobody could tell whether the village has reached it."""
    base = 'base = { zh = "2023年户籍人口", en = "registered population of 2023" }\n'
    found = _found(TEXT.replace(base, ""))
    assert [said.split(":")[0] for said in found] == ["targets[1]"]
    assert "the number of people it is taken of" in found[0]
