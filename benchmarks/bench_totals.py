"""What totals, the board, a village, the day and paper cost, beside the bare SQL of the same run.

    python benchmarks/bench_totals.py [RESIDENTS] [VILLAGES]

Prints medians and the 99th percentile in milliseconds, and ratios of medians. "Bare" is the SQL
alone, its rows fetched and dropped; "ledger" counts the same figures without any tally.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.board_office import make_township
from tests.printing import samples
from townshipdesk.printing.receipt_pdf import receipt_pdf, receipts_pdf
from townshipdesk.services.board import board
from townshipdesk.services.days import day_story
from townshipdesk.services.key_groups import GroupCounts
from townshipdesk.services.office import Office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.staff import without_password
from townshipdesk.services.totals import today, totals
from townshipdesk.services.villages import village_detail
from townshipdesk.store import totals_rows
from townshipdesk.store.driver import Connection

YEAR, DAY, FIRST = 2025, "2025-03-17", "2025-03-04"
BUSY_DAY = date(2024, 11, 1)


def timed(name: str, call: Callable[[], object], times: int) -> float:
    """Call something so many times, print how long it took, and give the median in ms."""
    call()
    found = []
    for _time in range(times):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    found.sort()
    median = statistics.median(found)
    print(f"{name:<44} median {median:9.3f} ms   p99 {found[int(len(found) * 0.99)]:9.3f} ms")
    return median


def bare(conn: Connection, *queries: str) -> None:
    for query in queries:
        conn.execute(query).fetchall()


LIVE = (
    "SELECT id, code, name, base, target FROM village ORDER BY code",
    "SELECT village_id, living FROM tally_resident",
    f"SELECT village_id, heads FROM tally_enrolled WHERE year = {YEAR}",
    f"SELECT village_id, standing FROM tally_head WHERE year = {YEAR} AND day = '{DAY}'",
    f"SELECT village_id, kind, channel, source, amount_fen FROM tally_source WHERE year = {YEAR}",
    "SELECT village_id, kind, sum(amount_fen) FROM tally_money"
    f" WHERE year = {YEAR} AND day = '{DAY}' AND source = 'individual' GROUP BY 1, 2",
)
MOVED = (
    "SELECT village_id, day, enrolled - ended FROM tally_head"
    f" WHERE year = {YEAR} AND day BETWEEN '{FIRST}' AND '{DAY}'"
)
LEDGER = (
    "SELECT village_id, count(*) FROM resident WHERE status = 'living' GROUP BY 1",
    f"SELECT village_id, count(*), sum(day = '{DAY}') FROM enrolment"
    f" WHERE year = {YEAR} AND ended_at IS NULL GROUP BY 1",
    "SELECT e.village_id, e.kind, e.channel, p.source, sum(p.amount_fen),"
    f" sum(p.amount_fen) FILTER (WHERE e.day = '{DAY}') FROM entry AS e"
    f" JOIN entry_part AS p ON p.entry_id = e.id WHERE e.year = {YEAR} GROUP BY 1, 2, 3, 4",
)
VILLAGE = (
    "SELECT r.id, r.name, r.phone, h.number, d.number, EXISTS (SELECT 1 FROM enrolment AS e"
    f" WHERE e.resident_id = r.id AND e.year = {YEAR} AND e.ended_at IS NULL)"
    " FROM resident AS r LEFT JOIN household AS h ON h.id = r.household_id"
    " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
    " WHERE r.village_id = 1 AND r.status = 'living'"
)
CLERKS = (
    "SELECT staff_id, channel, kind, count(*), sum(individual_fen), sum(subsidy_fen)"
    f" FROM entry WHERE day = '{BUSY_DAY}' GROUP BY 1, 2, 3"
)


def figures(office: Office, code: str) -> None:
    conn = office.conn
    sql = timed("totals: bare SQL on the tallies", lambda: bare(conn, *LIVE), 200)
    live = timed("totals()", lambda: totals(office), 200)
    ledger = timed("totals: bare SQL on the ledger", lambda: bare(conn, *LEDGER), 5)
    moment = office.now()
    past = timed("totals(at=…), a past moment", lambda: totals(office, at=moment), 5)
    print(f"  totals / bare = {live / sql:.2f}   ledger / totals = {ledger / live:.0f}"
          f"   past / ledger = {past / ledger:.2f}")  # fmt: skip
    sql = timed("board: bare SQL", lambda: bare(conn, *LIVE, MOVED), 200)
    whole = timed("board()", lambda: board(office), 200)
    print(f"  board / bare = {whole / sql:.2f}")
    timed("key groups, everybody read", lambda: GroupCounts().read(office), 20)
    timed("today()", lambda: today(office), 200)
    sql = timed("village: bare SQL", lambda: bare(conn, VILLAGE), 20)
    opened = timed("village_detail()", lambda: village_detail(office, code), 20)
    print(f"  village / bare = {opened / sql:.2f}")
    sql = timed("day by clerk and channel: bare SQL", lambda: bare(conn, CLERKS), 200)
    story = timed("day_story()", lambda: day_story(office, BUSY_DAY), 200)
    print(f"  day / bare = {story / sql:.2f}")
    timed("recount of every tally (verify)", lambda: totals_rows.drift(conn), 2)


def paying(office: Office) -> None:
    """Time payments with and without the triggers that keep the tallies.

    The two take turns in small blocks, so that a busy disk is busy for both.
    """
    conn = office.conn
    unpaid = [
        row[0]
        for row in conn.execute(
            "SELECT id FROM resident AS r WHERE NOT EXISTS"
            " (SELECT 1 FROM enrolment WHERE resident_id = r.id AND year = 2025) LIMIT 3000"
        )
    ]
    triggers = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tally_%'"
    ).fetchall()
    kept: list[float] = []
    free: list[float] = []
    for start in range(0, len(unpaid) - 99, 100):
        kept += _pay_all(office, unpaid[start : start + 50])
        for name, _sql in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        free += _pay_all(office, unpaid[start + 50 : start + 100])
        for _name, sql in triggers:
            conn.execute(sql)
    with_ms, without_ms = statistics.median(kept), statistics.median(free)
    print(f"{'payment, tallies kept':<44} median {with_ms:9.3f} ms")
    print(f"{'payment, no tallies':<44} median {without_ms:9.3f} ms")
    print(f"  payment with tallies / without = {with_ms / without_ms:.3f}")


def _pay_all(office: Office, people: list[int]) -> list[float]:
    """Take a payment from each and give the times, without the first one's, which prepares."""
    found = []
    clerk = without_password(office.conn, "clerk")
    for person in people:
        start = time.perf_counter()
        pay(office, clerk, PaymentOrder((person,), "cash"))
        found.append((time.perf_counter() - start) * 1000)
    return found[1:]


def paper() -> None:
    start = time.perf_counter()
    receipt_pdf(samples.receipt())
    print(
        f"{'first receipt as PDF, fonts opened':<44} {(time.perf_counter() - start) * 1000:9.1f} ms"
    )
    number = iter(range(1, 1_000_000))

    def another() -> bytes:
        return receipt_pdf(replace(samples.receipt(), number=f"{next(number):06d}"))

    timed("a further receipt as PDF", another, 20)
    batch = [(replace(samples.receipt(), number=f"{n:06d}"), 1) for n in range(500)]
    timed("500 receipts as one PDF", lambda: receipts_pdf(batch), 3)


def main() -> None:
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    villages = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    with tempfile.TemporaryDirectory() as folder:
        office = make_township(Path(folder) / "office.tdo", residents, villages)
        code = office.conn.execute("SELECT code FROM village WHERE id = 1").fetchone()[0]
        print(f"{residents} residents, {villages} villages")
        figures(office, code)
        paying(office)
        office.close()
    paper()


if __name__ == "__main__":
    main()
