"""A made-up township of any size with a season of payments, written straight into the tables.

Only what the board reads is lifelike: villages, residents, identities, enrolments by day, channel
and source. The office's own triggers keep the tallies.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import POLICY, made_up_number
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services.office import Office, create_office, open_office
from townshipdesk.store.uids import new_uids

FIRST_DAY, LAST_DAY = date(2024, 9, 1), date(2025, 3, 17)
CODES = (
    ("subsistence-allowance", 180_00),
    ("disability", 180_00),
    ("unstable-out-of-poverty", 180_00),
    ("extreme-hardship", 400_00),
    ("out-of-poverty", 0),
)
STANDARD_FEN = 400_00
BATCH = 20_000


def make_township(path: Path, residents: int, villages: int, seed: int = 1) -> Office:
    """Make an office of that size, four in five enrolled, and open it at 2025-03-17 09:00."""
    office = create_office(
        path,
        name="演练镇医保窗口",
        policy_id=POLICY,
        now=parse_moment("2025-03-17T09:00"),
        training=True,
    )
    dice = random.Random(seed)
    conn = office.conn
    conn.execute("PRAGMA synchronous = OFF")
    _leave_seals_out(office)
    conn.execute("BEGIN")
    _villages(office, residents, villages)
    days = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    conn.executemany(
        "INSERT INTO business_day VALUES (?, ?, 1)",
        [(day.isoformat(), f"{day}T08:30:00+08:00") for day in days],
    )
    numbers = itertools.count(1)
    for start in range(0, residents, BATCH):
        _batch(office, dice, range(start, min(start + BATCH, residents)), villages, days, numbers)
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    office.close()
    return open_office(path)


def _leave_seals_out(office: Office) -> None:
    """Let millions of rows in without noting each; nobody verifies this office."""
    for (name,) in office.conn.execute(
        "SELECT name FROM sqlite_temp_master WHERE type = 'trigger'"
    ).fetchall():
        office.conn.execute(f"DROP TRIGGER temp.{name}")


def _villages(office: Office, residents: int, villages: int) -> None:
    base = residents // villages
    office.conn.executemany(
        "INSERT INTO village (uid, code, name, base, target, changed_at)"
        " VALUES (?, ?, ?, ?, NULL, '2024-09-01T08:00:00+08:00')",
        [
            (uid, f"532399{100 + n // 99:03d}{201 + n % 99:03d}", f"第{n + 1}村委会", base)
            for n, uid in enumerate(new_uids(villages))
        ],
    )
    office.conn.executemany(
        "INSERT INTO household (uid, number, village_id, group_name, changed_at)"
        " VALUES (?, ?, ?, ?, '2024-09-01T08:00:00+08:00')",
        [
            (uid, f"H{n:06d}", n % villages + 1, f"{n // villages % 8 + 1}组")
            for n, uid in enumerate(new_uids(residents // 4 + 1))
        ],
    )


def _batch(
    office: Office,
    dice: random.Random,
    people: range,
    villages: int,
    days: list[date],
    numbers: Iterator[int],
) -> None:
    conn, at = office.conn, "2024-09-01T08:00:00+08:00"
    households = office.conn.execute("SELECT count(*) FROM household").fetchone()[0]
    rows, papers, held, enrolled, entries, parts, operations, earlier = ([] for _n in range(8))
    for n, uid in zip(people, new_uids(len(people)), strict=True):
        household = n // 4 % households
        born = date(1930, 1, 1) + timedelta(dice.randrange(34_000))
        village = household % villages + 1
        group = f"{household // villages % 8 + 1}组"
        relation, phone = "户主" if n % 4 == 0 else "子", f"139{n:08d}"
        rows.append((n + 1, uid, f"人{n}", f"人{n}", born.isoformat(), village, group,
                     household + 1, relation, phone, at, at))  # fmt: skip
        papers.append((n + 1, made_up_number(born, n % 999 + 1)[:12] + f"{n:06d}", at))
        code, subsidy_fen = CODES[n % 5] if n % 25 < 4 else ("", 0)
        if code:
            held.append((new_uids(1)[0], n + 1, code, at))
        earlier += [(n + 1, year) for year in range(2015, 2025) if dice.random() < 0.8]
        if dice.random() < 0.8:
            number = next(numbers)
            day = days[min(int(dice.triangular(0, len(days), 60)), len(days) - 1)].isoformat()
            moment, channel = f"{day}T10:00:00+08:00", dice.choice(("cash", "mobile", "village"))
            key = f"bench-{number:012d}"
            operations.append((key, moment))
            enrolled.append((number, f"e{number}", n + 1, village, household + 1,
                             office.policy_hash, moment, day))  # fmt: skip
            entries.append((number, f"y{number}", number, n + 1, village, day, moment, moment,
                            channel, STANDARD_FEN - subsidy_fen, subsidy_fen, key))  # fmt: skip
            parts.append((number, "individual", "", STANDARD_FEN - subsidy_fen))
            if subsidy_fen:
                parts.append((number, "medical-assistance", code, subsidy_fen))
    for query, values in (
        ("INSERT INTO resident (id, uid, name, name_key, sex, born, village_id, group_name,"
         " household_id, relation, phone, created_at, changed_at)"
         " VALUES (?, ?, ?, ?, 'male', ?, ?, ?, ?, ?, ?, ?, ?)", rows),
        ("INSERT INTO document (resident_id, kind, number, added_at)"
         " VALUES (?, 'resident-id', ?, ?)", papers),
        ("INSERT INTO identity (uid, resident_id, code, from_on, entered_at, entered_by)"
         " VALUES (?, ?, ?, '2024-03-01', ?, 1)", held),
        ("INSERT INTO earlier_enrolment (resident_id, year) VALUES (?, ?)", earlier),
        ("INSERT INTO operation (key, kind, staff_id, done_at, result)"
         " VALUES (?, 'payment', 1, ?, '{}')", operations),
        ("INSERT INTO enrolment (id, uid, resident_id, year, village_id, household_id, policy_hash,"
         f" paid_at, day, facts, quote, standard_fen) VALUES (?, ?, ?, 2025, ?, ?, ?, ?, ?, '{{}}',"
         f" '{{}}', {STANDARD_FEN})", enrolled),
        ("INSERT INTO entry (id, uid, kind, enrolment_id, resident_id, village_id, year, day,"
         " paid_at, entered_at, channel, staff_id, individual_fen, subsidy_fen, operation_key)"
         " VALUES (?, ?, 'contribution', ?, ?, ?, 2025, ?, ?, ?, ?, 1, ?, ?, ?)", entries),
        ("INSERT INTO entry_part (entry_id, source, identity, amount_fen) VALUES (?, ?, ?, ?)",
         parts),
    ):  # fmt: skip
        conn.executemany(query, values)
