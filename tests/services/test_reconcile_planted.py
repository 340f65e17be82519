"""Reconciliation of thousands of payments: all planted differences are found, none is invented.

`benchmarks/bench_reconcile.py` does the same with 10,000 payments and tells how long it takes.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench_reconcile import check_numbers, mistakes, planted_list
from benchmarks.board_office import make_township
from tests.support import Desk
from townshipdesk.services import reconcile

PAYMENTS, EACH = 1_500, 40


def test_all_planted_differences_are_found_and_none_invented_twice_over(tmp_path: Path) -> None:
    office = make_township(tmp_path / "a.tdo", PAYMENTS * 5 // 4, 5)
    check_numbers(office)
    planted = planted_list(office, tmp_path / "tax.xlsx", EACH)
    clerk = Desk(office).clerk
    for _time in range(2):
        done = reconcile.reconcile(office, clerk, planted.path)
        assert done.rows == planted.rows
        assert mistakes(planted, ((f.kind, f.document_number) for f in done.findings)) == []
        # A year's payment that the list gives to another year is missing in this one as well.
        counted = {kind: len(numbers) for kind, numbers in planted.numbers.items()}
        assert {kind: done.counts[kind] for kind in counted} == counted
        assert done.counts["matched"] == planted.rows - 5 * EACH
        assert len(reconcile.open_findings(office)) == sum(counted.values())
    office.close()
