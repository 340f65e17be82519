"""Damaged and hostile workbooks, looked at and imported one after the other into one office.

    python -m benchmarks.bench_hostile [COUNT] [FIRST SEED]

COUNT files are made by chance (`tests.sheets.hostile`), after them one of every kind that somebody
thought of (`tests.sheets.hostile_kinds`). Each file is looked at as the kind it pretends to be and,
where that gives a preview, imported. A crash is anything but a message for the person who chose the
file. A half import is a number of rows in the office other than the preview said, or a file that
was refused and left something behind. At the end `verify` goes over the office. Exit status 1 where
anything was found.
"""

from __future__ import annotations

import collections
import contextlib
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.sheets.hostile import Hostile, make
from tests.sheets.hostile_kinds import KINDS
from tests.support import POLICY, Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import DeskError
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.services.office import Office, create_office
from townshipdesk.services.verify import verify

_WATCHED = (
    *("village", "household", "resident", "document", "identity", "enrolment", "entry", "receipt"),
    *("import_file", "import_change", "residency", "resident_fact"),
)


@dataclass
class Outcome:
    """What became of a run: how many files ended how, and what must not have happened."""

    files: int = 0
    ended: collections.Counter[str] = field(default_factory=collections.Counter)
    problems: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def run(folder: Path, count: int, first: int = 0, *, by_thought: bool = False) -> Outcome:
    """Try the files of `count` seeds from `first` on, and those made by thought."""
    outcome = Outcome()
    with _office(folder / "office.tdo") as office:
        for name, hostile in _files(folder, count, first, by_thought=by_thought):
            start = time.perf_counter()
            try:
                ended = _try(office, hostile)
            except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
                ended = "CRASH"
                outcome.problems.append(f"{name} {hostile.how}: {traceback.format_exc()}")
            outcome.slowest = max(
                outcome.slowest, (time.perf_counter() - start, f"{name} {hostile.how}")
            )
            outcome.files += 1
            outcome.ended[ended] += 1
            if ended.startswith("HALF"):
                outcome.problems.append(f"{name} {hostile.how}: {ended}")
            hostile.path.unlink()
        outcome.problems += [f"verify: {problem}" for problem in verify(office)]
    return outcome


def _files(
    folder: Path, count: int, first: int, *, by_thought: bool
) -> Iterator[tuple[str, Hostile]]:
    for seed in range(first, first + count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile tells that a part stands there twice
            hostile = make(folder, seed)
        yield str(seed), hostile
    for place, (name, kind) in enumerate(KINDS.items() if by_thought else ()):
        path = folder / f"thought-{place}.{kind.ending}"
        path.write_bytes(kind.make())
        yield "by thought", Hostile(path, name, ImportKind.RESIDENTS)


@contextlib.contextmanager
def _office(path: Path) -> Iterator[Office]:
    now = parse_moment("2025-03-17T09:00")
    office = create_office(path, name="演练", policy_id=POLICY, now=now, training=True)
    with office.database.transaction():
        Desk(office).add_village("532399100201", "大龙箐村委会")
    try:
        yield office
    finally:
        office.close()


def _try(office: Office, hostile: Hostile) -> str:
    before = _rows(office)
    full = False if hostile.kind is ImportKind.IDENTITIES else None
    options = ImportOptions(
        village="大龙箐村委会" if hostile.kind is ImportKind.CONTRIBUTIONS else "",
        department="民政" if full is not None else "",
        full=full,
    )
    try:
        shown = imports.preview(office, hostile.kind, hostile.path, options)
        if _rows(office) != before:
            return "HALF: looking changed something"
        done = imports.commit(office, Desk(office).clerk, shown)
    except DeskError:
        return "message" if _rows(office) == before else "HALF: a refused file left something"
    after = _rows(office)
    if done.changes_nothing:
        return "nothing to do" if after == before else "HALF: nothing to do, and something changed"
    wanted = {
        ImportKind.RESIDENTS: "resident",
        ImportKind.VILLAGES: "village",
        ImportKind.IDENTITIES: "identity",
        ImportKind.CONTRIBUTIONS: "enrolment",
    }[hostile.kind]
    grown = after[wanted] - before[wanted]
    if grown != done.added or after["import_file"] != before["import_file"] + 1:
        return f"HALF: {done.added} added, {grown} there"
    return "imported"


def _rows(office: Office) -> dict[str, int]:
    return {
        name: office.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _WATCHED
    }


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), count, first, by_thought=True)
    for problem in outcome.problems:
        print(problem)
    ended = ", ".join(f"{number} {what}" for what, number in outcome.ended.most_common())
    print(f"{outcome.files} files in {time.perf_counter() - start:.0f} s: {ended}")
    print(f"slowest {outcome.slowest[0]:.1f} s ({outcome.slowest[1]})")
    print(f"{len(outcome.problems)} problems")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
