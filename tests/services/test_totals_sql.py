"""Every figure of `totals` and the board, counted again by SQL written without the program.

The queries below were written from the words of the field and the policies alone: who is enrolled
is who has paid and was neither taken back nor refunded; money is what stands in the ledger; a task
is 92 % of the base, rounded up, where no list gives one. They read the ledger, never a tally, never
when an enrolment is said to have ended.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.services.season import CODES, Season
from tests.support import Desk
from townshipdesk.domain.dates import format_moment, parse_moment
from townshipdesk.services.board import Board, BoardRow, board
from townshipdesk.services.demo import make_demo
from townshipdesk.services.live_board import LiveBoard
from townshipdesk.services.periods import period
from townshipdesk.services.totals import VillageTotals, totals
from townshipdesk.services.verify import verify
from townshipdesk.services.watch import LiveWatch, Watch, watch
from townshipdesk.store.driver import Connection

# :at is a moment, :day its day. A refund takes the cover away where its ground ends it.
LIVE = """
WITH paid AS (
    SELECT p.id, p.village_id, p.resident_id, p.day FROM entry AS p
    WHERE p.kind = 'contribution' AND p.year = :year AND p.entered_at <= :at
        AND NOT EXISTS (SELECT 1 FROM entry AS u WHERE u.reverses_id = p.id
            AND u.entered_at <= :at)
        AND NOT EXISTS (SELECT 1 FROM entry AS u JOIN refund AS f ON f.id = u.refund_id
            WHERE f.enrolment_id = p.enrolment_id AND f.ends_enrolment = 1
            AND u.entered_at <= :at)),
home AS (
    SELECT resident_id, village_id, status, max(id) FROM residency WHERE from_at <= :at
    GROUP BY resident_id),
line AS (
    SELECT e.village_id, e.kind, e.day, e.channel, p.source, p.amount_fen AS fen
    FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id
    WHERE e.year = :year AND e.entered_at <= :at)
"""

VILLAGES = (
    LIVE
    + """
SELECT v.code, v.base, coalesce(v.target, (v.base * :rate + 99) / 100) AS target,
    (SELECT count(*) FROM home WHERE village_id = v.id AND status = 'living')
    + coalesce((SELECT sum(l.living) FROM import_undo_living AS l
        JOIN import_undo AS u ON u.import_file_id = l.import_file_id
        JOIN import_file AS f ON f.id = l.import_file_id
        WHERE l.village_uid = v.uid AND f.imported_at <= :at AND :at < u.undone_at), 0)
        AS residents,
    (SELECT count(*) FROM paid WHERE village_id = v.id) AS enrolled,
    (SELECT count(*) FROM paid WHERE village_id = v.id AND day = :day) AS enrolled_today,
    (SELECT coalesce(sum(fen), 0) FROM line WHERE village_id = v.id AND source = 'individual'
        AND kind <> 'refund') AS individual,
    (SELECT coalesce(-sum(fen), 0) FROM line WHERE village_id = v.id AND source = 'individual'
        AND kind = 'refund') AS refunded,
    (SELECT coalesce(sum(fen), 0) FROM line WHERE village_id = v.id AND source = 'individual'
        AND kind <> 'refund' AND day = :day) AS paid_today,
    (SELECT coalesce(-sum(fen), 0) FROM line WHERE village_id = v.id AND source = 'individual'
        AND kind = 'refund' AND day = :day) AS refunded_today
FROM village AS v ORDER BY v.code"""
)

BY_SOURCE = LIVE + (
    "SELECT v.code, l.source, sum(l.fen) FROM line AS l JOIN village AS v ON v.id = l.village_id"
    " WHERE l.source <> 'individual' GROUP BY 1, 2 HAVING sum(l.fen) <> 0"
)
BY_CHANNEL = LIVE + (
    "SELECT v.code, l.channel, sum(l.fen) FROM line AS l JOIN village AS v ON v.id = l.village_id"
    " WHERE l.source = 'individual' AND l.kind <> 'refund' GROUP BY 1, 2 HAVING sum(l.fen) <> 0"
)

# Heads that came and went on each of the last fourteen days, whatever happened to them later.
MOVED = """
SELECT v.code, m.day, sum(m.heads) FROM (
    SELECT village_id, day, 1 AS heads FROM entry
    WHERE kind = 'contribution' AND year = :year AND entered_at <= :at
    UNION ALL
    SELECT e.village_id, e.day, -1 FROM entry AS e JOIN entry AS o ON o.id = e.reverses_id
    WHERE o.kind = 'contribution' AND e.year = :year AND e.entered_at <= :at
    UNION ALL
    SELECT e.village_id, e.day, -1 FROM entry AS e JOIN refund AS f ON f.id = e.refund_id
    WHERE f.ends_enrolment = 1 AND e.year = :year AND e.entered_at <= :at) AS m
JOIN village AS v ON v.id = m.village_id
WHERE m.day > date(:day, '-14 days') GROUP BY 1, 2"""
MONDAY = "SELECT date(:day, 'weekday 0', '-6 days')"

# The task by 25 December 2024 and 25 February 2025; an even pace begins on 1 September 2024.
PACE = """
WITH goal AS (SELECT min(d) AS d FROM (SELECT '2024-12-25' AS d UNION SELECT '2025-02-25')
    WHERE d >= :day)
SELECT CASE WHEN (SELECT d FROM goal) IS NULL THEN NULL ELSE
    (max(0, :target - :enrolled) + left - 1) / left END,
    (:target * min(116, gone) + 115) / 116
FROM (SELECT cast(julianday((SELECT d FROM goal)) - julianday(:day) AS INTEGER) + 1 AS left,
    cast(julianday(:day) - julianday('2024-09-01') AS INTEGER) + 1 AS gone)"""

GROUP = (
    LIVE
    + """
SELECT count(DISTINCT h.resident_id),
    count(DISTINCT CASE WHEN h.resident_id IN (SELECT resident_id FROM paid) THEN h.resident_id END)
FROM home AS h JOIN identity AS i ON i.resident_id = h.resident_id
WHERE h.status = 'living' AND i.code IN ({codes}) AND i.entered_at <= :at AND i.from_on <= :day
    AND (i.ended_at IS NULL OR i.ended_at > :at OR i.ended_on > :day)"""
)
# 100 % of who gets medical assistance for the premium, by clause six of the policy.
GROUPS = {
    "Subsistence": ("subsistence-allowance",),
    "Extreme hardship": ("extreme-hardship", "wubao", "three-nos"),
    "Monitored": ("unstable-out-of-poverty", "marginal", "sudden-hardship"),
}

CASH = """
SELECT v.code, coalesce(sum(c.fen), 0) FROM (
    SELECT CASE channel WHEN 'village' THEN village_id END AS village_id, individual_fen AS fen
    FROM entry WHERE channel IN ('cash', 'village') AND kind <> 'refund' AND entered_at <= :at
    UNION ALL
    SELECT village_id, CASE WHEN takes_back IS NULL THEN -amount_fen ELSE amount_fen END
    FROM deposit WHERE recorded_at <= :at) AS c
LEFT JOIN village AS v ON v.id = c.village_id GROUP BY 1 HAVING sum(c.fen) <> 0"""


class Counted:
    """The office counted by SQL as of one moment."""

    def __init__(self, conn: Connection, at: datetime, *, year: int = 2025, rate: int = 92) -> None:
        self.conn = conn
        moment = format_moment(at)
        self.values: dict[str, Any] = {
            "at": moment, "day": moment[:10], "year": year, "rate": rate,
        }  # fmt: skip
        self.sources = self._by(BY_SOURCE)
        self.channels = self._by(BY_CHANNEL)

    def rows(self, query: str, **more: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.conn.execute(query, {**self.values, **more})]

    def _by(self, query: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for code, key, fen in self.rows(query):
            found.setdefault(code, {})[key] = fen
        return found

    def villages(self) -> list[tuple[Any, ...]]:
        return [
            (*row, self.sources.get(row[0], {}), self.channels.get(row[0], {}))
            for row in self.rows(VILLAGES)
        ]

    def pace(self, target: int, enrolled: int) -> tuple[Any, ...]:
        return self.rows(PACE, target=target, enrolled=enrolled)[0]

    def movement(self, code: str | None) -> tuple[int, ...]:
        moved: dict[str, int] = {}
        for village, day, heads in self.rows(MOVED):
            if code in (None, village):
                moved[day] = moved.get(day, 0) + heads
        days = (self.rows(f"SELECT date(:day, '-{back} days')")[0][0] for back in range(13, -1, -1))
        return tuple(moved.get(day, 0) for day in days)

    def week(self, code: str | None) -> int:
        ((monday,),) = self.rows(MONDAY)
        return sum(
            heads
            for village, day, heads in self.rows(MOVED)
            if day >= monday and code in (None, village)
        )


def told(one: VillageTotals) -> tuple[Any, ...]:
    """Give a village's figures in the order of the query."""
    return (
        one.code, one.base, one.target, one.residents, one.enrolled, one.today.enrolled,
        one.individual_fen, one.refunded_fen, one.today.amount_fen, one.today.refunded_fen,
        dict(one.subsidies_fen), dict(one.channels_fen),
    )  # fmt: skip


def summed(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Add the villages of the query up: the township's figures."""

    def together(place: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in rows:
            for key, fen in row[place].items():
                found[key] = found.get(key, 0) + fen
        return {key: fen for key, fen in found.items() if fen}

    return (*(sum(row[n] or 0 for row in rows) for n in range(1, 10)), together(10), together(11))


@pytest.fixture
def looks(desk: Desk, tmp_path: Path) -> list[tuple[datetime, Board, Watch]]:
    """Give what the board and its watch showed after each step of the season."""
    seen: list[tuple[datetime, Board, Watch]] = []
    live, live_watch = LiveBoard(), LiveWatch()

    def look() -> None:
        shown, watched = live.read(desk.office), live_watch.read(desk.office)
        assert (shown, watched) == (board(desk.office), watch(desk.office))
        seen.append((desk.office.now(), shown, watched))

    desk.add_village(CODES[2], "核桃村委会")
    Season(desk, tmp_path, look).run()
    return seen


def test_totals_of_every_past_moment_are_what_the_ledger_holds(desk: Desk, looks) -> None:
    """After imports, reversals, refunds, deaths, moves, and a roster that was taken back."""
    assert [one.code for one in verify(desk.office) if one.code != "readings"] == []
    assert looks[-1][1].township.totals.enrolled == 15
    for moment, shown, _watched in looks:
        counted = Counted(desk.office.conn, moment).villages()
        then = totals(desk.office, at=moment)
        assert [told(one) for one in then.villages] == counted, moment
        assert told(then.township)[1:] == summed(counted), moment
        assert [told(row.totals) for row in shown.rows] == counted, moment


def test_the_board_showed_at_every_moment_what_the_ledger_held(desk: Desk, looks) -> None:
    """Movement, week, rate, the pace to the next day of the task, and where an even pace stands."""
    for moment, shown, _watched in looks:
        sql = Counted(desk.office.conn, moment)
        pairs: list[tuple[str | None, BoardRow]] = [(row.totals.code, row) for row in shown.rows]
        for code, row in [*pairs, (None, shown.township)]:
            target, enrolled = row.totals.target or 0, row.totals.enrolled
            assert (row.needed_a_day, row.due) == sql.pace(target, enrolled), (moment, code)
            assert (row.movement, row.week) == (sql.movement(code), sql.week(code)), (moment, code)
            assert row.rate_tenths == enrolled * 1000 // target
            assert row.totals.target_reached == (enrolled >= target)
            assert row.totals.missing == max(0, target - enrolled)


def test_key_groups_and_cash_were_at_every_moment_what_the_books_held(desk: Desk, looks) -> None:
    """Holders of the day who live, against 100 %; what was taken in cash less what was banked."""
    for moment, _shown, watched in looks:
        sql = Counted(desk.office.conn, moment)
        groups = {one.name.text("en"): one for one in watched.groups}
        for name, codes in GROUPS.items():
            query = GROUP.format(codes=", ".join(f"'{code}'" for code in codes))
            ((people, enrolled),) = sql.rows(query)
            found = groups.get(name)
            told_here = (
                (0, 0, 0) if found is None else (found.people, found.enrolled, found.missing)
            )
            assert told_here == (people, enrolled, people - enrolled), (moment, name)
        cash = {one.village_code: one.amount_fen for one in watched.cash}
        assert cash == dict(sql.rows(CASH)), moment
        reached = watched.season[-1][1] if watched.season else 0
        assert reached == sum(row[4] for row in sql.rows(VILLAGES)), moment


# A period's figures, by the day on which the office did it.
PERIOD = """
WITH b AS (
    SELECT e.village_id, 1 AS began, 0 AS ended, e.day FROM entry AS e
    WHERE e.kind = 'contribution' AND e.year = :year
    UNION ALL
    SELECT e.village_id, 0, 1, e.day FROM entry AS e LEFT JOIN entry AS o ON o.id = e.reverses_id
    LEFT JOIN refund AS f ON f.id = e.refund_id
    WHERE e.year = :year AND (o.kind = 'contribution' OR f.ends_enrolment = 1)),
m AS (
    SELECT e.village_id, e.kind, e.day, p.source, p.amount_fen AS fen
    FROM entry AS e JOIN entry_part AS p ON p.entry_id = e.id WHERE e.year = :year)
SELECT v.code,
    (SELECT coalesce(sum(began), 0) FROM b WHERE village_id = v.id AND day BETWEEN :a AND :z),
    (SELECT coalesce(sum(ended), 0) FROM b WHERE village_id = v.id AND day BETWEEN :a AND :z),
    (SELECT coalesce(sum(began - ended), 0) FROM b WHERE village_id = v.id AND day <= :z),
    (SELECT coalesce(sum(fen), 0) FROM m WHERE village_id = v.id AND day BETWEEN :a AND :z
        AND source = 'individual' AND kind <> 'refund'),
    (SELECT coalesce(-sum(fen), 0) FROM m WHERE village_id = v.id AND day BETWEEN :a AND :z
        AND source = 'individual' AND kind = 'refund'),
    (SELECT coalesce(sum(fen), 0) FROM m WHERE village_id = v.id AND day BETWEEN :a AND :z
        AND source <> 'individual')
FROM village AS v ORDER BY v.code"""


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-09-01", "2024-09-12"),
        ("2024-10-07", "2024-10-13"),
        ("2024-10-01", "2024-10-31"),
        ("2024-12-01", "2024-12-31"),
        ("2024-09-01", "2025-03-18"),
    ],
)
def test_the_figures_of_a_period_are_what_the_ledger_holds(
    desk: Desk, looks, first: str, last: str
) -> None:
    """Days, a week, months and the season, with a reversal and refunds in some of them."""
    found = period(desk.office, date.fromisoformat(first), date.fromisoformat(last))
    counted = Counted(desk.office.conn, desk.office.now()).rows(PERIOD, a=first, z=last)
    assert [
        (
            one.code, one.began, one.ended, one.heads, one.individual_fen, one.refunded_fen,
            sum(one.subsidies_fen.values()),
        )
        for one in found.lines
    ] == counted  # fmt: skip
    whole = found.township
    assert (whole.began, whole.ended, whole.heads, whole.individual_fen, whole.refunded_fen) == (
        tuple(sum(row[place] for row in counted) for place in range(1, 6))
    )
    assert looks
    at_the_end = totals(desk.office, at=parse_moment(f"{last}T23:59:59"))
    assert [one.heads for one in found.lines] == [one.enrolled for one in at_the_end.villages]


@pytest.mark.parametrize(
    ("policy", "year", "rate"),
    [("longjie-2025", 2025, 92), ("ziyang-2021", 2021, 95), ("chuxiong-2021", 2021, 96)],
)
def test_a_lifelike_season_adds_up_at_moments_all_over_it(
    tmp_path: Path, policy: str, year: int, rate: int
) -> None:
    """Training offices of three policies, looked at twelve moments of their past."""
    office = make_demo(tmp_path / "o.tdo", policy_id=policy, residents=240, villages=4)
    moments = [
        row[0]
        for row in office.conn.execute(
            "SELECT entered_at FROM (SELECT entered_at, ntile(12) OVER (ORDER BY id) AS part"
            " FROM entry) GROUP BY part"
        )
    ]
    assert len(moments) == 12
    for text in moments:
        moment = parse_moment(text)
        counted = Counted(office.conn, moment, year=year, rate=rate).villages()
        assert [told(one) for one in totals(office, at=moment).villages] == counted, text
    office.close()
