"""What sheets cost in and out, beside the bare libraries in the same run.

    python benchmarks/bench_sheets.py [ROWS] [REPEATS]

A roster of ROWS × 16 is read by python-calamine alone (a process that loads it and turns it into
lists) and by `read_roster` (process, limits, recognising, checking and all). The same cells are
written by xlsxwriter alone (constant memory), as a plain list, and as a printed sheet. The best of
REPEATS counts; memory is the largest of each process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import xlsxwriter

from tests.sheets.making import ROSTER_HEADINGS, TODAY, number, roster_row
from townshipdesk.domain.pinyin import readings
from townshipdesk.sheets.reader import read_roster
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec
from townshipdesk.sheets.writer import write_list, write_sheet

CALAMINE = (
    "import sys, python_calamine as c;"
    "c.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python(skip_empty_area=False)"
)
SURNAMES = "杨李张王赵陈刘段普罗周马徐何高鲁郭毕孔苏尹单曾仇解"
GIVEN = "发贵有才秀英明华丽琼志强国兴春兰文玉芳光荣学云龙凤美仙正平成林德福寿安宁永昌红燕梅桂"
COLUMNS = [Column(h, CellKind.ID if "证件号码" in h else CellKind.TEXT) for h in ROSTER_HEADINGS]


def race(runners: dict[str, Callable[[], object]], repeats: int) -> None:
    """Time each in turn, round by round, so that a busy machine is busy for all; the first is 1."""
    times: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(repeats):
        for name, call in runners.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    first = min(next(iter(times.values())))
    for name, taken in times.items():
        print(f"{name:<36} {min(taken):7.2f} s   {min(taken) / first:5.2f} ×")


def person(serial: int) -> list[str]:
    """Give a row; numbers differ for as many people as there are days and sequences.

    Names are as various as in a real township: some 7,000 different ones among 80,000 people.
    """
    row = roster_row(serial % 1000)
    day = date.fromordinal(date(1940, 1, 1).toordinal() + serial * 7919 % 30_000)
    row[3] = SURNAMES[serial * 7 % len(SURNAMES)] + "".join(
        GIVEN[serial * step % len(GIVEN)] for step in ((13,) if serial % 5 == 0 else (13, 29))
    )
    row[5] = number(serial * 31 % 999 + 1, day, f"5323{20 + serial // 30_000:02d}")
    row[6], row[7] = "男" if int(row[5][16]) % 2 else "女", day.isoformat()
    row[0], row[11] = f"DL{serial // 4:05d}", f"大龙箐{serial // 4_000 % 20}村委会"
    row[13] = f"龙街镇{row[11]}{serial // 4 % 90}号"
    return [str(cell) for cell in row]


def bare_xlsxwriter(path: Path, rows: list[list[str]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.write_string(at, place, cell)
    book.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rows = [person(serial) for serial in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        book = xlsxwriter.Workbook(str(path))
        page = book.add_worksheet()
        page.write_row(0, 0, ["参保登记花名册"])
        page.write_row(1, 0, ROSTER_HEADINGS)
        for at, row in enumerate(rows, 2):
            page.write_row(at, 0, row)
        book.close()
        result = read_roster(path, today=TODAY)
        print(f"{len(result.rows)} rows, {len(result.rejections)} rejected")
        del result
        command = [sys.executable, "-c", CALAMINE, str(path)]
        race(
            {
                "read: python-calamine alone": lambda: subprocess.run(command, check=True),
                "read: read_roster": lambda: read_roster(path, today=TODAY),
            },
            repeats,
        )
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"memory of this process, which holds the rows twice: {own} MB")
        out = Path(folder) / "out.xlsx"
        spec = SheetSpec("花名册", "参保登记花名册", COLUMNS, rows, signatures=("制表：",))
        race(
            {
                "write: xlsxwriter alone": lambda: bare_xlsxwriter(out, rows),
                "write: plain list": lambda: write_list(out, "名单", COLUMNS, rows),
                "write: printed sheet": lambda: write_sheet(out, spec),
            },
            max(repeats // 2, 1),
        )
        race({"pinyin of every name": lambda: [readings(row[3]) for row in rows]}, 1)


if __name__ == "__main__":
    main()
