"""The guides for offices are held against the code, so that no key is left out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from townshipdesk.policy import load
from townshipdesk.policy.cases import run_cases
from townshipdesk.policy.codes import IDENTITY_CODES
from townshipdesk.policy.conditions import KINDS
from townshipdesk.policy.load_money import COMBINATIONS
from townshipdesk.policy.load_ways import COVERS
from townshipdesk.policy.loader import PACKS

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("policy-guide.md", "policy-guide.zh-CN.md")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_condition_and_cover_is_in_the_guide(guide: str) -> None:
    """A clerk finds every condition, every way of covering and of combining."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    said = text.replace("`…_over`", "`days_after_registration_over`")
    for key in (*KINDS, *COVERS, *COMBINATIONS[1:], *IDENTITY_CODES):
        assert re.search(rf"(`|\"){key}\b", said), key


@pytest.mark.parametrize("guide", GUIDES)
def test_every_part_of_a_pack_is_in_the_guide(guide: str) -> None:
    """Every table that stands in a built-in pack has its line in the guide."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    for path in PACKS.glob("*.toml"):
        if path.stem.endswith(".cases"):
            continue
        for header in re.findall(r"^\[+([a-z_]+)\]+", path.read_text("utf-8"), re.MULTILINE):
            assert f"[{header}]" in text, (path.name, header)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_examples_of_the_guide_hold(guide: str) -> None:
    """The cases shown in the guide are true of the policy they are taken from."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    example = next(
        part for part in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "cases" in part
    )
    results = run_cases(load("longjie-2025"), tomllib.loads(example)["cases"])
    assert len(results) == 3
    assert [result.differences for result in results] == [(), (), ()]
