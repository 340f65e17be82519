"""What importing a roster costs, beside python-calamine alone reading the same file.

    python benchmarks/bench_import.py [ROWS]

A roster of ROWS × 16 goes into an empty office and comes once more, changing nothing. Meanwhile
another process takes payments in the same office, one after the other; how long each waited is
printed too. Each import runs in a process of its own, whose largest memory is given.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_sheets import CALAMINE, person
from tests.sheets.making import ROSTER_HEADINGS, as_xlsx_other
from tests.support import POLICY, Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind
from townshipdesk.services.office import create_office, open_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.staff import without_password

VILLAGES, PAYERS = 20, 4_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    with tempfile.TemporaryDirectory() as folder:
        roster, office = Path(folder) / "roster.xlsx", Path(folder) / "office.tdo"
        as_xlsx_other(roster, [ROSTER_HEADINGS, *(person(serial) for serial in range(rows))])
        make_office(office)
        calamine = min(_seconds([sys.executable, "-c", CALAMINE, str(roster)]) for _ in range(2))
        print(f"{rows} rows; python-calamine alone {calamine:.2f} s")
        stop = Path(folder) / "stop"
        paying = subprocess.Popen(
            [sys.executable, __file__, "pay", str(office), str(stop)], stdout=subprocess.PIPE
        )
        for title in ("into an empty office", "the same file again"):
            done = subprocess.run(
                [sys.executable, __file__, "import", str(office), str(roster)],
                stdout=subprocess.PIPE,
                check=True,
            )
            told = json.loads(done.stdout)
            whole = told["preview"] + told["commit"]
            print(
                f"{title:<22} preview {told['preview']:6.2f} s = {told['preview'] / calamine:.2f} ×"
                f"   import {whole:6.2f} s = {whole / calamine:.2f} ×"
                f"   memory {told['memory']} MB   {told['counts']}"
            )
        stop.touch()
        waits = json.loads(paying.communicate()[0])
        print(
            f"{len(waits)} payments meanwhile: median {statistics.median(waits):.1f} ms,"
            f" p99 {sorted(waits)[int(len(waits) * 0.99)]:.1f} ms, longest {max(waits):.0f} ms"
        )


def make_office(path: Path) -> None:
    """Make an office with the roster's villages and people who will pay at another desk."""
    office = create_office(
        path, name="演练", policy_id=POLICY, now=parse_moment("2025-03-17T09:00"), training=True
    )
    desk = Desk(office)
    with office.database.transaction():
        for n in range(VILLAGES):
            desk.add_village(f"5323991002{n:02d}", f"大龙箐{n}村委会")
        for n in range(PAYERS):
            desk.add_resident(f"付{n}", number=f"P{n:07d}")
    office.close()


def import_once(office_path: str, roster: str) -> None:
    """Import in this process and print what it took."""
    office = open_office(Path(office_path))
    start = time.perf_counter()
    shown = imports.preview(office, ImportKind.RESIDENTS, Path(roster))
    looked = time.perf_counter()
    done = imports.commit(office, without_password(office.conn, "clerk"), shown)
    end = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = f"{done.added} added, {done.unchanged} unchanged, {done.rejected} rejected"
    told = {"preview": looked - start, "commit": end - looked, "memory": memory, "counts": counts}
    print(json.dumps(told))


def pay_until(office_path: str, stop: str) -> None:
    """Take payments one after the other until told to stop; print how long each took, in ms."""
    office = open_office(Path(office_path))
    clerk = without_password(office.conn, "clerk")
    waits = []
    for resident in range(1, PAYERS + 1):
        if Path(stop).exists():
            break
        start = time.perf_counter()
        pay(office, clerk, PaymentOrder((resident,), "cash"))
        waits.append((time.perf_counter() - start) * 1000)
        time.sleep(0.005)
    print(json.dumps(waits))


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["import"]:
        import_once(*sys.argv[2:4])
    elif sys.argv[1:2] == ["pay"]:
        pay_until(*sys.argv[2:4])
    else:
        main()
