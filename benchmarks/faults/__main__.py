"""Run the experiments in their long form and print what they found."""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults.desks import DESKS, desks
from benchmarks.faults.disk import FAULTS, failing_disk
from benchmarks.faults.kills import WRITERS, kills
from benchmarks.faults.power import power_cuts
from benchmarks.faults.tamper import changed_rows, cut_tails, flipped_bits
from townshipdesk.store.driver import sqlite3


def run_kills(folder: Path, times: int) -> str:
    found = kills(folder, times)
    return (
        f"kill -9, {found.kills:,} times, {WRITERS} writers: {found.acknowledged:,} acknowledged "
        f"payments, {found.lost} lost; {found.committed_unacknowledged} committed without an "
        f"acknowledgement; {len(found.problems)} problems found by verify"
    )


def run_power(folder: Path, images: int) -> str:
    with_full = power_cuts(folder / "full", images)
    with_normal = power_cuts(folder / "normal", images, full=False)
    return (
        f"power cuts, {images:,} images: FULL lost an acknowledged payment in {with_full.lost}, "
        f"{len(with_full.unusable)} unusable, {len(with_full.problems)} problems; "
        f"NORMAL lost one in {with_normal.lost}"
    )


def run_desks(folder: Path, payments: int) -> str:
    lines = []
    for think_seconds, each in ((0.0, payments), (0.5, max(20, payments // 50))):
        place = folder / f"think-{think_seconds}"
        place.mkdir()
        found = desks(place, each, think_seconds, racing=100)
        lines.append(
            f"{DESKS} desks × {each:,} payments, {think_seconds} s between them: "
            f"{len(found.errors)} errors, {found.receipts:,} receipts, {len(found.problems)} "
            f"problems; wait {found.median_ms:.1f} ms, p99 {found.p99_ms:.0f}, "
            f"worst {found.worst_ms:.0f}"
        )
    return "\n".join(lines)


def run_disk(folder: Path, _times: int) -> str:
    lines = []
    for fault in FAULTS:
        place = folder / fault
        place.mkdir()
        found = failing_disk(place, fault)
        lines.append(
            f"disk {fault}, at every step of a payment: {found.refused} refused as "
            f"{', '.join(found.codes)}; {len(found.unclear)} unclear, {found.half_done} half done, "
            f"{len(found.problems)} problems"
        )
    return "\n".join(lines)


def run_rows(folder: Path, changes: int) -> str:
    found = changed_rows(folder, changes)
    return f"{changes:,} single-row changes: {len(found.unseen)} unseen {found.unseen[:5]}"


def run_tails(folder: Path, cuts: int) -> str:
    found = cut_tails(folder, cuts)
    return f"{cuts:,} cut tails, with the anchor of a day sheet: {len(found.unseen)} unseen"


def run_bits(folder: Path, flips: int) -> str:
    found = flipped_bits(folder, flips)
    return f"{flips:,} flipped bits: {len(found.unseen)} that mattered unseen {found.unseen[:5]}"


EXPERIMENTS: dict[str, tuple[Callable[[Path, int], str], int]] = {
    "kills": (run_kills, 10_000),
    "power": (run_power, 3_600),
    "desks": (run_desks, 5_000),
    "disk": (run_disk, 1),
    "rows": (run_rows, 10_000),
    "tails": (run_tails, 1_000),
    "bits": (run_bits, 1_500),
}


def main(arguments: list[str]) -> int:
    """Run what is named, else everything."""
    if arguments and arguments[0] not in EXPERIMENTS:
        print(f"experiments: {', '.join(EXPERIMENTS)}")
        return 2
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for name in arguments[:1] or EXPERIMENTS:
        experiment, times = EXPERIMENTS[name]
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            print(experiment(Path(folder), int(arguments[1]) if arguments[1:] else times))
        print(f"    {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
