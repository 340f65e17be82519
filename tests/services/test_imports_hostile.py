"""Damaged and hostile workbooks: a message or an import, never a crash, never half of one."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench_hostile import run


def test_no_hostile_workbook_crashes_the_desk_or_leaves_half_an_import(tmp_path: Path) -> None:
    """A sample of the thousand that `benchmarks.bench_hostile` tries, one of every way."""
    outcome = run(tmp_path, 21)
    assert outcome.problems == []
    assert outcome.files == 21
    assert {"message", "imported"} <= set(outcome.ended)
