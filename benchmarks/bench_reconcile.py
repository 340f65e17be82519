"""What the comparison with the tax bureau costs: 10,000 payments, 200 differences of every kind.

    python benchmarks/bench_reconcile.py [PAYMENTS] [OF_EACH_KIND] [REPEATS]

A made-up office with about PAYMENTS payments of the year gets a list (实征清册) that agrees with it
but for OF_EACH_KIND planted differences of each of the six kinds. All must be found and
none invented. The whole of it counts: reading the file in a process of its own, comparing, keeping
the findings in one transaction. Beside it: what python-calamine alone takes to read the same file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import xlsxwriter

from benchmarks.board_office import make_township
from tests.support import Desk
from townshipdesk.services.office import Office
from townshipdesk.services.reconcile import reconcile

HEADINGS = ("序号", "姓名", "证件号码", "年度", "缴费金额", "缴费渠道", "缴费日期", "电子税票号")
CALAMINE = (
    "import sys, python_calamine as c;"
    "c.load_workbook(sys.argv[1]).get_sheet_by_index(0).to_python()"
)
YEAR = 2025


@dataclass(frozen=True, slots=True)
class Planted:
    """A list with planted differences: its file, and the document numbers of each kind."""

    path: Path
    rows: int
    numbers: dict[str, set[str]]


def check_numbers(office: Office) -> None:
    """Give everybody of the made-up township a number whose check character is right."""
    people = [row[0] for row in office.conn.execute("SELECT resident_id FROM document")]
    office.conn.executemany(
        "UPDATE document SET number = ? WHERE resident_id = ?",
        [
            (checked(f"53009919{n % 90 + 10:02d}{n // 999 % 12 + 1:02d}01{n % 999 + 1:03d}"), n)
            for n in people
        ],
    )


def planted_list(office: Office, path: Path, each: int) -> Planted:
    """Write a list of everybody's payment with `each` differences of every kind in it."""
    paid = office.conn.execute(
        "SELECT d.number, e.individual_fen / 100 AS yuan, e.paid_at, e.channel FROM entry AS e"
        " JOIN document AS d ON d.resident_id = e.resident_id WHERE e.individual_fen > 0"
        " ORDER BY e.id"
    ).fetchall()
    owing = office.conn.execute(
        "SELECT d.number FROM document AS d WHERE NOT EXISTS"
        " (SELECT 1 FROM enrolment AS n WHERE n.resident_id = d.resident_id) LIMIT ?",
        (2 * each,),
    ).fetchall()
    by_phone = [row["number"] for row in paid if row["channel"] == "mobile"][: 2 * each]
    left_out, other = set(by_phone[:each]), set(by_phone[each:])
    rest = [row["number"] for row in paid if row["number"] not in left_out | other]
    differs, again = set(rest[:each]), set(rest[each : 2 * each])
    only_there = {row[0] for row in owing[:each]}
    unknown = {checked(f"532399{1930 + n // 999}0101{n % 999 + 1:03d}") for n in range(each)}
    rows: list[tuple[object, ...]] = []
    for row in paid:
        number, yuan, moment = row["number"], row["yuan"], row["paid_at"][:19].replace("T", " ")
        if number not in left_out:
            year = YEAR - 1 if number in other else YEAR
            rows.append((number, year, yuan + (number in differs), moment))
        if number in again:
            rows.append((number, YEAR, yuan, moment))
    last = "2025-03-17 08:30:00"
    rows += [(number, YEAR, 400, last) for number in sorted(only_there)]
    rows += [(number, YEAR, 400, last) for number in sorted(unknown)]
    _write(path, rows)
    return Planted(
        path,
        len(rows),
        {
            "only_there": only_there,
            "only_here": left_out | other,
            "amount_differs": differs,
            "twice": again,
            "unknown_person": unknown,
            "other_year": other,
        },
    )


def checked(number: str) -> str:
    """Give a made-up number with a right check character."""
    from townshipdesk.domain.idnumber import check_character

    return number[:17] + check_character(number[:17])


def _write(path: Path, rows: list[tuple[object, ...]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("实征清册")
    page.write_row(0, 0, ["城乡居民基本医疗保险费实征清册"])
    page.write_row(1, 0, HEADINGS)
    for place, (number, year, yuan, moment) in enumerate(rows, 1):
        cells = (place, "某某", number, year, yuan, "电子税务局", moment, f"DZ{place:08d}")
        page.write_row(place + 1, 0, cells)
    book.close()


def mistakes(planted: Planted, findings: Iterable[tuple[str, str]]) -> list[str]:
    """Compare what was found with what was planted; give every kind that is not the same."""
    found: dict[str, list[str]] = {}
    for kind, number in findings:
        found.setdefault(kind, []).append(number)
    return [
        f"{kind}: planted {len(numbers)}, found {len(found.get(kind, []))}"
        for kind, numbers in planted.numbers.items()
        if sorted(found.get(kind, [])) != sorted(numbers)
    ] + [f"invented: {kind}" for kind in found if kind not in planted.numbers]


def main() -> None:
    payments = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory() as folder:
        office = make_township(Path(folder) / "a.tdo", payments * 5 // 4, 20)
        check_numbers(office)
        planted = planted_list(office, Path(folder) / "tax.xlsx", each)
        clerk = Desk(office).clerk
        taken, bare = [], []
        for _ in range(repeats):
            start = time.perf_counter()
            done = reconcile(office, clerk, planted.path)
            taken.append(time.perf_counter() - start)
            pairs = ((f.kind, f.document_number) for f in done.findings)
            if wrong := mistakes(planted, pairs):
                sys.exit("\n".join(wrong))
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", CALAMINE, str(planted.path)], check=True)
            bare.append(time.perf_counter() - start)
        office.close()
    print(f"{planted.rows:,} rows, {6 * each:,} differences: all found, none invented")
    print(f"first time {taken[0]:.2f} s, again at best {min(taken[1:] or taken):.2f} s")
    print(f"calamine alone {min(bare):.2f} s: {min(taken) / min(bare):.1f} ×")


if __name__ == "__main__":
    main()
