"""Checking an office file: every rule that must hold, and the audit chain over all of it.

The full check reads everything and may take a minute in a large office; the quick one, at the start
of a desk, looks at the file's structure, the last rows of the chain and what they report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_date
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_
from townshipdesk.services import verify_chain
from townshipdesk.services.days import DayStory, day_sheet, day_story
from townshipdesk.services.name_readings import of_all
from townshipdesk.services.problems import Problem
from townshipdesk.services.verify_chain import ChainWalk, check_anchor
from townshipdesk.store import audit, invariants, migrate, seal
from townshipdesk.store.driver import sqlite3

if TYPE_CHECKING:
    from townshipdesk.services.office import Office

Progress = Callable[[int, int, str], None]
"""Called before each step with its number from 0, how many there are, and its name (a key)."""

MOST_OF_A_KIND: Final = 50
"""More problems of one kind say nothing new; the rest of them are counted."""

_QUICK_ROWS: Final = 1_000
_DAMAGE_SHOWN: Final = 2
_STEPS_BETWEEN_LOOKS: Final = 200_000
_FILE: Final = N_("office file")

_Check = Callable[["Office", ChainWalk], Iterable[Problem]]


class StoppedError(DeskError):
    """The check was stopped before its end."""

    code = "stopped"


def verify(
    office: Office,
    quick: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Problem]:
    """Check an office and give what is wrong, in the order in which it was found.

    Everything is read as of one moment, while desks go on working. `cancelled` is asked every few
    milliseconds; when it says yes, StoppedError is raised.
    """
    checks = _QUICK if quick else _FULL
    found: list[Problem] = []
    walk = ChainWalk()
    with office.database.snapshot() as conn:
        if cancelled is not None:
            conn.set_progress_handler(lambda: int(cancelled()), _STEPS_BETWEEN_LOOKS)
        try:
            for number, (name, check) in enumerate(checks):
                _look(cancelled)
                if progress is not None:
                    progress(number, len(checks), name)
                found += _collected(check, office, walk, cancelled)
        finally:
            conn.set_progress_handler(None, 0)
    return found


def verify_anchor(office: Office, length: int, head: str) -> list[Problem]:
    """Hold the audit log against the anchor of a day sheet: the chain's length and head."""
    with office.database.snapshot() as conn:
        return list(check_anchor(conn, length, head))


def _collected(
    check: _Check, office: Office, walk: ChainWalk, cancelled: Callable[[], bool] | None
) -> list[Problem]:
    """Run one check; a table that cannot be read is a problem and not the end of the others."""
    found: list[Problem] = []
    more: dict[str, int] = {}
    seen: dict[str, int] = {}
    try:
        for problem in check(office, walk):
            seen[problem.code] = seen.get(problem.code, 0) + 1
            if seen[problem.code] <= MOST_OF_A_KIND:
                found.append(problem)
            else:
                more[problem.code] = more.get(problem.code, 0) + 1
            _look(cancelled)
    except sqlite3.Error as error:
        _look(cancelled)  # an interrupted query ends in an error as well
        found.append(
            Problem("unreadable", _FILE, N_("It cannot be read: {error}"), {"error": str(error)})
        )
    for code, count in more.items():
        found.append(
            Problem(code, _FILE, N_("… and {count} more of the same kind."), {"count": count})
        )
    return found


def _look(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise StoppedError("The check was stopped.")


def _pragma(name: str) -> _Check:
    def check(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
        for (text,) in office.conn.execute(f"PRAGMA {name}"):
            if text != "ok":
                yield _damage([line for line in text.splitlines() if line[:3] != "***"])

    return check


def _damage(lines: list[str]) -> Problem:
    """Say what SQLite found, in its words, as far as a person can use them."""
    said = "; ".join(lines[:_DAMAGE_SHOWN])
    if len(lines) <= _DAMAGE_SHOWN:
        return Problem("file", _FILE, N_("It is damaged: {error}"), {"error": said})
    return Problem(
        "file",
        _FILE,
        N_("It is damaged in {count} places: {error} …"),
        {"count": len(lines), "error": said},
    )


def _schema(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
    """Find guards that were taken out or put in by somebody else."""
    wanted, found = migrate.schema_of_version(office.conn), migrate.schema(office.conn)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            text = N_("The table, index or guard {name} is missing.")
        elif name not in wanted:
            text = N_("It holds {name}, which is none of this program's.")
        elif wanted[name] != found[name]:
            text = N_("The table, index or guard {name} was changed.")
        else:
            continue
        yield Problem("schema", _FILE, text, {"name": name})


def _foreign_keys(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
    for table, row, parent, _number in office.conn.execute("PRAGMA foreign_key_check"):
        yield Problem(
            "foreign-key",
            N_("table {table}, row {row}"),
            N_("It points at a row of {parent} that is not there."),
            {"table": table, "row": row or "—", "parent": parent},
        )


def _whole_chain(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    yield from walk.problems(office.conn)


def _end_of_chain(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    yield from walk.problems(office.conn, max(0, audit.head(office.conn).length - _QUICK_ROWS))


def _whole_ledger(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    yield from verify_chain.check_ledger(office.conn, walk.digests, all_of_it=True)


def _end_of_ledger(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    yield from verify_chain.check_ledger(office.conn, walk.digests, all_of_it=False)


def _anchors(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
    yield from verify_chain.check_days(office.conn)


def _sheets(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
    """Make up every closed day once more from the ledger and hold its sheet against it."""
    for (day,) in office.conn.execute("SELECT day FROM day_close ORDER BY day").fetchall():
        try:
            on = parse_date(day)
            same = _figures(day_sheet(office, on).story) == _figures(day_story(office, on))
        except (ValueError, KeyError, TypeError):
            same = False  # the day or its sheet is no longer what was written
        if not same:
            text = N_("The figures on its sheet are not those of the ledger.")
            yield Problem("day-sheet", N_("day {day}"), text, {"day": day})


def _figures(story: DayStory) -> list[tuple[object, ...]]:
    """Give a day's figures without the names of clerks, who may be called otherwise by now."""
    return [
        *((p.channel, p.taken_fen, p.reversed_fen, p.refunded_fen) for p in story.parts),
        *((p.taken, p.reversals, p.refunds) for p in story.parts),
        *((r.runs, r.count, r.void) for r in story.receipts),
    ]


def _root(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    if walk.last_seal is not None and walk.last_seal != seal.root(office.conn):
        yield Problem("seal-root", _FILE, N_("The sums over its tables are not those of the log."))


def _sealed(office: Office, walk: ChainWalk) -> Iterator[Problem]:
    kept = seal.recorded(office.conn)
    for name in seal.sealed_tables(office.conn):
        now = seal.recount(office.conn, name)
        before = kept.get(name, seal.NOTHING)
        if now.rows != before.rows:
            text = N_("It has {now} rows; with this program it came to {before}.")
        elif now.sum != before.sum:
            text = N_("Something in it was changed with another tool than this program.")
        else:
            continue
        values = {"table": name, "now": now.rows, "before": before.rows}
        yield Problem("seal", N_("table {table}"), text, values)
    yield from _root(office, walk)


def _names(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
    """Find people who are not found by the readings of their names."""
    conn = office.conn
    kept: dict[str, set[str]] = {}
    for reading, key in conn.execute("SELECT reading, name_key FROM name_reading"):
        kept.setdefault(key, set()).add(reading)
    wanted: dict[str, set[str]] = {}
    names = "SELECT DISTINCT name FROM resident WHERE merged_into IS NULL"
    for reading, key in of_all(row["name"] for row in conn.execute(names)):
        wanted.setdefault(key, set()).add(reading)
    wrong = {key for key in wanted if kept.pop(key, set()) != wanted[key]}
    query = "SELECT uid, name_key FROM resident WHERE merged_into IS NULL"
    for row in conn.execute(query) if wrong else ():
        if row["name_key"] in wrong:
            yield Problem(
                "readings",
                N_("resident {resident}"),
                N_("The pinyin by which the person is found is not that of the name."),
                {"resident": row["uid"]},
            )
    if kept:
        yield Problem(
            "readings",
            N_("table {table}"),
            N_("It holds readings of nobody's name."),
            {"table": "name_reading"},
        )


def _rules(group: tuple[invariants.Invariant, ...]) -> _Check:
    def check(office: Office, _walk: ChainWalk) -> Iterator[Problem]:
        for rule in group:
            for row in office.conn.execute(rule.query):
                yield Problem(rule.code, rule.where, rule.text, dict(row))

    return check


_FULL: Final[tuple[tuple[str, _Check], ...]] = (
    (N_("file"), _pragma("integrity_check")),
    (N_("tables and guards"), _schema),
    (N_("references"), _foreign_keys),
    (N_("audit log"), _whole_chain),
    (N_("ledger against the log"), _whole_ledger),
    (N_("register against the log"), _sealed),
    (N_("payments and enrolments"), _rules(invariants.LEDGER)),
    (N_("receipts"), _rules(invariants.RECEIPTS)),
    (N_("refunds"), _rules(invariants.REFUNDS)),
    (N_("closed days"), _anchors),
    (N_("day sheets"), _sheets),
    (N_("sums of the days"), _rules(invariants.DAYS)),
    (N_("totals"), _rules(invariants.TOTALS)),
    (N_("names"), _names),
)
_QUICK: Final[tuple[tuple[str, _Check], ...]] = (
    (N_("file"), _pragma("quick_check")),
    (N_("tables and guards"), _schema),
    (N_("audit log"), _end_of_chain),
    (N_("ledger against the log"), _end_of_ledger),
    (N_("register against the log"), _root),
    (N_("receipts"), _rules(invariants.RECEIPTS[:1])),
    (N_("closed days"), _anchors),
)
