"""The experiments of benchmarks/faults in their short form: nothing lost, nothing half done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.faults.desks import DESKS, desks
from benchmarks.faults.disk import FAULTS, failing_disk
from benchmarks.faults.kills import kills
from benchmarks.faults.power import power_cuts
from benchmarks.faults.tamper import changed_rows, cut_tails, flipped_bits

KILLS = int(os.environ.get("FAULT_KILLS", "100"))

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="kill -9, fork and the recording file layer are Unix's"
)


def test_no_acknowledged_payment_is_lost_by_killing_desks(tmp_path: Path) -> None:
    found = kills(tmp_path, KILLS)
    assert (found.kills, found.lost, found.problems) == (KILLS, 0, [])
    assert found.acknowledged > KILLS // 2


def test_eight_desks_at_once_make_no_error_no_gap_and_pay_nobody_twice(tmp_path: Path) -> None:
    found = desks(tmp_path, 40, racing=30)
    assert (found.errors, found.problems) == ([], [])
    assert found.receipts == DESKS * 40 + 30
    assert found.refused_kindly == (DESKS - 1) * 30


def test_no_acknowledged_payment_is_lost_by_a_power_cut(tmp_path: Path) -> None:
    found = power_cuts(tmp_path, 120)
    assert (found.lost, found.unusable, found.problems) == (0, [], [])


def test_the_same_cuts_lose_payments_without_full_synchronisation(tmp_path: Path) -> None:
    """So the experiment can tell a disk that was waited for from one that was not."""
    assert power_cuts(tmp_path, 60, full=False).lost > 5


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_disk_is_said_clearly_and_leaves_nothing_half_done(
    tmp_path: Path, fault: str
) -> None:
    found = failing_disk(tmp_path, fault)
    assert found.refused > 0
    assert found.codes == ["disk-full" if fault == "full" else "disk"]
    assert (found.unclear, found.half_done, found.problems) == ([], 0, [])


def test_changes_behind_the_programs_back_are_found(tmp_path: Path) -> None:
    assert changed_rows(tmp_path, 300).unseen == []


def test_a_cut_tail_is_found_with_the_anchor_on_paper(tmp_path: Path) -> None:
    assert cut_tails(tmp_path, 40).unseen == []


def test_a_flipped_bit_that_matters_is_found(tmp_path: Path) -> None:
    assert flipped_bits(tmp_path, 60).unseen == []
