"""What a lookup and a card cost, beside the bare SQL of the same run.

    python benchmarks/bench_lookup.py [RESIDENTS]

An office of RESIDENTS with ten years of history. "Bare" is the SQL alone, rows fetched and
dropped. Prints medians and the 99th percentile in milliseconds, and ratios of medians.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import POLICY, made_up_number
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.pinyin import search_keys
from townshipdesk.services import people, quotes
from townshipdesk.services.office import Office, create_office, open_office
from townshipdesk.store import identity_rows, people_rows
from townshipdesk.store.uids import new_uids

AT = "2024-09-01T08:00:00+08:00"
DAY, YEAR = "2025-03-17", 2025
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建国春梅小云山水金玉"
STEP = 20_000


def make_office(path: Path, residents: int) -> Office:
    """Make an office of that size: four to a household, nine in ten enrolled each year."""
    office = create_office(
        path, name="演练", policy_id=POLICY, now=parse_moment("2025-03-17T09:00"), training=True
    )
    conn = office.conn
    for (name,) in conn.execute(
        "SELECT name FROM sqlite_temp_master WHERE type = 'trigger'"
    ).fetchall():
        conn.execute(f"DROP TRIGGER temp.{name}")  # nobody verifies this office
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("BEGIN")
    conn.executemany(
        "INSERT INTO village (id, uid, code, name, changed_at) VALUES (?, ?, ?, ?, ?)",
        [(n + 1, uid, f"53239910{n:04d}", f"第{n}村", AT) for n, uid in enumerate(new_uids(40))],
    )
    dice = random.Random(7)
    for start in range(0, residents, STEP):
        for statement, rows in _batch(dice, start, min(start + STEP, residents), office):
            conn.executemany(statement, rows)
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    office.close()
    return open_office(path)


def _batch(
    dice: random.Random, start: int, end: int, office: Office
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    span = range(start, end)
    homes = range(start // 4, (end + 3) // 4)
    yield (
        "INSERT INTO household (id, uid, number, village_id, changed_at) VALUES (?, ?, ?, ?, ?)",
        [
            (h + 1, uid, f"DL{h:06d}", h % 40 + 1, AT)
            for h, uid in zip(homes, new_uids(len(homes)), strict=True)
        ],
    )
    names = [
        dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(["", *GIVEN]) for _serial in span
    ]
    yield (
        "INSERT INTO resident (id, uid, name, name_key, sex, born, village_id, household_id,"
        " phone, created_at, changed_at) VALUES (?, ?, ?, ?, 'male', ?, ?, ?, ?, ?, ?)",
        [
            (s + 1, uid, name, name, _born(s).isoformat(), s // 4 % 40 + 1, s // 4 + 1,
             f"139{s:08d}", AT, AT)
            for s, uid, name in zip(span, new_uids(len(span)), names, strict=True)
        ],
    )  # fmt: skip
    yield (
        "INSERT INTO document (resident_id, kind, number, added_at)"
        " VALUES (?, 'resident-id', ?, ?)",
        [(s + 1, _number(s), AT) for s in span],
    )
    yield (
        "INSERT OR IGNORE INTO name_reading (reading, name_key) VALUES (?, ?)",
        [(reading, name) for name in {*names} for reading in search_keys(name)],
    )
    yield (
        "INSERT INTO earlier_enrolment (resident_id, year) VALUES (?, ?)",
        [(s + 1, year) for s in span for year in range(YEAR - 9, YEAR) if dice.random() < 0.9],
    )
    yield (
        "INSERT INTO identity (uid, resident_id, code, from_on, entered_at, entered_by)"
        " VALUES (?, ?, 'subsistence-allowance', '2024-01-01', ?, 1)",
        [(uid, s + 1, AT) for s, uid in zip(span, new_uids(len(span)), strict=True) if s % 8 == 0],
    )
    yield (
        "INSERT INTO enrolment (uid, resident_id, year, village_id, policy_hash, paid_at, day,"
        f" facts, quote, standard_fen) VALUES (?, ?, {YEAR}, 1, '{office.policy.hash}', '{AT}',"
        " '2024-09-01', '{}', '{}', 40000)",
        [(uid, s + 1) for s, uid in zip(span, new_uids(len(span)), strict=True) if s % 10],
    )


def _born(serial: int) -> date:
    return date(1935, 1, 1) + timedelta(serial * 7919 % 32_000)


def _number(serial: int) -> str:
    return made_up_number(_born(serial), (serial * 37 + serial // 32_000) % 999 + 1)


def timed(name: str, call: Callable[[int], object], times: int, residents: int) -> float:
    """Call with so many different people, print how long it took, and give the median in ms."""
    dice = random.Random(3)
    people_asked = [dice.randrange(residents) for _time in range(times)]
    call(people_asked[0])
    found = []
    for one in people_asked:
        start = time.perf_counter()
        call(one)
        found.append((time.perf_counter() - start) * 1000)
    found.sort()
    median = statistics.median(found)
    print(f"{name:<44} median {median:9.4f} ms   p99 {found[int(len(found) * 0.99)]:9.4f} ms")
    return median


def main() -> None:
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 80_000
    with tempfile.TemporaryDirectory() as folder:
        office = make_office(Path(folder) / "office.tdo", residents)
        print(f"{residents} residents")
        _numbers_and_cards(office, residents)
        _searches(office, residents)
        office.close()


def _numbers_and_cards(office: Office, residents: int) -> None:
    conn = office.conn
    bare = timed(
        "ID lookup, bare",
        lambda one: people_rows.resident_by_number(conn, _number(one)),
        3000,
        residents,
    )
    whole = timed("by_number", lambda one: people.by_number(office, _number(one)), 3000, residents)
    print(f"  by_number / bare = {whole / bare:.2f}")

    def card_sql(one: int) -> None:
        row = people_rows.person(conn, one + 1)
        people_rows.live_enrolment(conn, one + 1, YEAR)
        people_rows.members(conn, row["household_id"] if row else 0, YEAR)
        people_rows.facts(conn, one + 1)
        people_rows.documents(conn, one + 1)
        identity_rows.history(conn, one + 1)
        people_rows.enrolled_years(conn, one + 1, YEAR - 9, YEAR)
        people_rows.employee_insurance(conn, one + 1)

    bare = timed("card, bare SQL", card_sql, 1000, residents)
    whole = timed("card", lambda one: people.card(office, one + 1), 1000, residents)

    def with_quote(one: int) -> None:
        people.card(office, one + 1)
        quotes.quote_for(office, one + 1)

    quoted = timed("card and quote", with_quote, 1000, residents)
    print(f"  card / bare = {whole / bare:.2f}   card and quote / bare = {quoted / bare:.2f}")


def _searches(office: Office, residents: int) -> None:
    conn = office.conn
    searches = {
        "last four": (people_rows.residents_by_tail, lambda one: _number(one)[-4:]),
        "name prefix": (people_rows.residents_by_name, lambda one: SURNAMES[one % len(SURNAMES)]),
        "two characters": (
            people_rows.residents_by_name,
            lambda one: SURNAMES[one % len(SURNAMES)] + GIVEN[one % len(GIVEN)],
        ),
        "pinyin prefix": (people_rows.residents_by_reading, lambda one: "wly"[one % 3] + "x"),
    }
    for name, (search, text) in searches.items():

        def bare_sql(one: int, search: Any = search, text: Any = text) -> None:
            people_rows.matches(conn, search(conn, text(one), 50), YEAR, DAY)

        bare = timed(f"{name}, bare SQL of 50 people", bare_sql, 300, residents)
        whole = timed(
            f"find: {name}", lambda one, text=text: people.find(office, text(one)), 300, residents
        )
        print(f"  find / bare = {whole / bare:.2f}")


if __name__ == "__main__":
    main()
