"""What importing a roster costs, beside python-calamine alone reading the same file.

    python benchmarks/bench_import.py [ROWS] [REPEATS] [MAKER]

A roster of ROWS × 16 goes into an empty office and comes once more, changing nothing; the whole is
done REPEATS times and the best of each counts, all in one run, so that a busy machine is busy for
all. MAKER says which library has written the roster: `xlsxwriter` (the default; read fastest, so
the ratio is hardest for us) or `openpyxl`. Meanwhile another process takes payments in the same
office, one after the other; how long each waited is printed too. The ratios in brackets are to
calamine reading the file in the same company. Each import runs in a process of its own: its memory
is the largest sum, at one moment, of what it and its reading process hold.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_sheets import CALAMINE, person
from tests.sheets.making import ROSTER_HEADINGS, as_xlsx, as_xlsx_other
from tests.support import POLICY, Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind
from townshipdesk.services.office import create_office, open_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.staff import without_password

VILLAGES, PAYERS = 20, 6_000
BESIDE = "while another desk pays"


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    calamine, beside, runs, waits = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.xlsx"
        write = as_xlsx if sys.argv[3:] == ["openpyxl"] else as_xlsx_other
        write(roster, [ROSTER_HEADINGS, *(person(serial) for serial in range(rows))])
        for turn in range(repeats):
            calamine.append(_seconds([sys.executable, "-c", CALAMINE, str(roster)]))
            alone = Path(folder) / f"alone{turn}.tdo"
            make_office(alone)
            runs += [("nobody else at work", one) for one in _import_twice(alone, roster)]
            office = Path(folder) / f"busy{turn}.tdo"
            make_office(office)
            with _paying(office, Path(folder) / f"stop{turn}", waits):
                beside.append(_seconds([sys.executable, "-c", CALAMINE, str(roster)]))
                runs += [(BESIDE, one) for one in _import_twice(office, roster)]
    least = min(calamine)
    print(
        f"{rows} rows; python-calamine alone {least:.2f} s, while another desk pays"
        f" {min(beside):.2f} s; best of {repeats}"
    )
    for title in dict.fromkeys(title for title, _told in runs):
        for counts in dict.fromkeys(told["counts"] for _title, told in runs):
            same = [told for name, told in runs if (name, told["counts"]) == (title, counts)]
            shown, whole = (
                min(told["preview"] for told in same),
                min(told["preview"] + told["commit"] for told in same),
            )
            fair = min(beside) if title == BESIDE else least
            print(
                f"{title:<24} {counts:<34}"
                f" preview {shown:5.2f} s = {shown / least:.2f} × ({shown / fair:.2f})"
                f"   import {whole:5.2f} s = {whole / least:.2f} × ({whole / fair:.2f})"
                f"   memory {max(told['memory'] for told in same)} MB"
            )
    print(
        f"{len(waits)} payments meanwhile: median {statistics.median(waits):.1f} ms,"
        f" p99 {sorted(waits)[int(len(waits) * 0.99)]:.1f} ms, longest {max(waits):.0f} ms"
    )


def _import_twice(office: Path, roster: Path) -> list[dict[str, Any]]:
    found = []
    for _turn in range(2):
        command = [sys.executable, __file__, "import", str(office), str(roster)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            most = 0
            while process.poll() is None:
                most = max(most, _held(process.pid))
                time.sleep(0.02)
            assert process.stdout is not None
            found.append(json.loads(process.stdout.read()) | {"memory": most // 1024})
    return found


@contextlib.contextmanager
def _paying(office: Path, stop: Path, waits: list[float]) -> Iterator[None]:
    command = [sys.executable, __file__, "pay", str(office), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield
        stop.touch()
        waits += json.loads(process.communicate()[0])


def _held(pid: int) -> int:
    """Give the kilobytes a process and its children hold at this moment (Linux only)."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if str(pid) in (lines["Pid"].strip(), lines["PPid"].strip()):
                total += int(lines.get("VmRSS", "0 kB").split()[0])
    return total


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
    counts = f"{done.added} added, {done.unchanged} unchanged, {done.rejected} rejected"
    told = {"preview": looked - start, "commit": end - looked, "counts": counts}
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
