"""The seal over everything an office keeps that is neither the ledger nor the audit log.

The ledger's rows stand in the audit chain by their operation's digest (`ledger_digest`). The other
tables (residents, identities, settings, staff, refunds, closed days …) are many rows that change
now and then. For each of them the table `seal` holds the sum, modulo 2**256, of a hash of every
row, and each audit row that follows a change carries the root over all these sums. So the chain
covers them too: a row changed, added or taken away behind the program's back no longer adds up.

How changes are noticed: temporary triggers, which only a connection of this program has, note in
temporary tables which rows were touched and what they held before. `fold` works that into the
sums; the audit log calls it for each row it writes. Who changes a row with another tool leaves the
sums as they were, and `verify` finds the difference.

A roster's rows by the ten thousand are hashed before the office is locked (`counted_beforehand`,
`hand_over`): the same sums, taken without anybody waiting for them.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from townshipdesk.store.driver import Connection

_BY_DIGEST: Final = frozenset(
    {"enrolment", "entry", "entry_part", "operation", "receipt", "receipt_line"}
)
"""Rows that every payment writes: sealed one operation at a time, which costs it less."""

_NOT_SEALED: Final = frozenset(
    {
        "audit",  # is a chain of its own
        "seal",  # is what the root covers
        "name_reading",  # follows from the names, which are sealed
        "operation_seen",  # what a desk has shown to its clerk: a convenience
        "residency_in_bulk",  # is empty but within the transaction of a roster
        "sign_in_try",  # counts wrong passwords, also where nothing else is written
    }
)
_BITS: Final = 256


class Sums(NamedTuple):
    """A table's seal: how many rows it has, and the sum of their hashes in hexadecimal."""

    rows: int
    sum: str


NOTHING: Final = Sums(0, "0" * (_BITS // 4))
"""The seal of a table that has never held a row."""


class _Layout(NamedTuple):
    """How the rows of a table are told apart and written out, as SQL over a row named `{0}`."""

    key: str
    row: str
    same: str  # that a row `t` has the key that `s` has noted
    counts_up: bool  # the key is a row number that only grows: new rows need no note each


def sealed_tables(conn: Connection) -> list[str]:
    """Give the names of the tables under the seal, in order."""
    return list(_layouts(conn, _schema_version(conn)))


def arm(conn: Connection) -> None:
    """Let this connection note the rows it touches. Belongs on every connection that writes."""
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS seal_dirty (name TEXT PRIMARY KEY) WITHOUT ROWID")
    conn.execute(
        "CREATE TEMP TABLE IF NOT EXISTS seal_touched (name TEXT, key, before TEXT,"
        " PRIMARY KEY (name, key)) WITHOUT ROWID"
    )
    conn.execute(
        "CREATE TEMP TABLE IF NOT EXISTS seal_counted (name TEXT PRIMARY KEY, first, last, rows,"
        " sum TEXT) WITHOUT ROWID"
    )
    for name, layout in _layouts(conn, _schema_version(conn)).items():
        for statement in _triggers(name, layout):
            conn.execute(statement)


def is_armed(conn: Connection) -> bool:
    """Tell whether this connection notes the rows it touches."""
    found = conn.execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'seal_dirty'").fetchone()
    return found is not None


def row_text(conn: Connection, name: str) -> str:
    """Give the SQL that writes out a row `t` of a table as its hash is taken of."""
    return _layouts(conn, _schema_version(conn))[name].row.format("t")


def sum_of(texts: Iterable[bytes]) -> tuple[int, int]:
    """Give number and sum of hashes of rows written out by `row_text`, joined by line feeds."""
    count = total = 0
    sha256, number = hashlib.sha256, int.from_bytes
    for text in texts:
        lines = text.split(b"\n")  # none stands inside: JSON writes it as two characters
        count += len(lines)
        total += sum([number(sha256(line).digest()) for line in lines])
    return count, total


@contextlib.contextmanager
def counted_beforehand(conn: Connection, names: Iterable[str]) -> Iterator[None]:
    """Note no new row of some tables: who writes them hands their sum over with `hand_over`.

    Between transactions only. The tables count as touched until the next audit row, so that new
    rows whose sum was not handed over are found then: at worst this costs time. Only tables whose
    row numbers grow can be counted so.
    """
    known = _layouts(conn, _schema_version(conn))
    wanted = list(names)
    if not is_armed(conn) or not all(known[name].counts_up for name in wanted):
        raise AssertionError("only an armed connection and growing tables are counted beforehand")
    dirty = {row[0] for row in conn.execute("SELECT name FROM temp.seal_dirty")}
    for name in wanted:
        conn.execute(f"DROP TRIGGER temp.seal_i_{name}")
        conn.execute("INSERT OR IGNORE INTO temp.seal_dirty VALUES (?)", (name,))
    try:
        yield
    finally:
        arm(conn)
        for name in set(wanted) - dirty:  # still there only where nothing was written
            conn.execute("DELETE FROM temp.seal_dirty WHERE name = ?", (name,))


def hand_over(conn: Connection, name: str, span: tuple[int, int], count: int, total: int) -> None:
    """Say what the new rows with the numbers of a span add to a table's sum.

    Stands in the transaction that writes them, before its audit row.
    """
    conn.execute(
        "INSERT INTO temp.seal_counted VALUES (?, ?, ?, ?, ?)", (name, *span, count, _hex(total))
    )


def has_touched(conn: Connection) -> bool:
    """Tell whether rows were touched since the last audit row."""
    if not is_armed(conn):
        return False
    return conn.execute("SELECT 1 FROM temp.seal_dirty LIMIT 1").fetchone() is not None


def fold(conn: Connection) -> str | None:
    """Work what was touched since the last time into the sums; give the new root, or None.

    Stands in the transaction that made the changes.
    """
    if not is_armed(conn):
        return None
    dirty = [row[0] for row in conn.execute("SELECT name FROM temp.seal_dirty ORDER BY name")]
    if not dirty:
        return None
    layouts = _layouts(conn, _schema_version(conn))
    for name in dirty:
        _fold_table(conn, name, layouts[name])
    for table in ("seal_dirty", "seal_touched", "seal_counted"):
        conn.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - names above
    return root(conn)


def root(conn: Connection) -> str:
    """Give the hash over the sums of all tables, as the audit log carries it."""
    query = "SELECT name, last_key, rows, sum FROM seal ORDER BY name"
    sums = [list(row) for row in conn.execute(query)]
    return hashlib.sha256(json.dumps(sums, separators=(",", ":")).encode()).hexdigest()


def recorded(conn: Connection) -> dict[str, Sums]:
    """Give the sums as the office keeps them."""
    return {
        row[0]: Sums(row[1], row[2]) for row in conn.execute("SELECT name, rows, sum FROM seal")
    }


def recount(conn: Connection, name: str) -> Sums:
    """Give a table's sums anew from its rows."""
    layout = _layouts(conn, _schema_version(conn))[name]
    count, total = 0, 0
    for number in _hashes(conn, f"{name} AS t", layout, "TRUE"):
        count += 1
        total += number
    return Sums(count, _hex(total))


def differing(conn: Connection) -> list[str]:
    """Give the tables whose rows no longer add up; none in a file that was never sealed."""
    kept = recorded(conn)
    return [
        name
        for name in sealed_tables(conn)
        if kept and recount(conn, name) != kept.get(name, NOTHING)
    ]


def seal_anew(conn: Connection) -> str:
    """Take the sums of all tables from their rows as they stand, and give the root.

    Only after a migration has changed what rows look like, in its own transaction.
    """
    for name, layout in _layouts(conn, _schema_version(conn)).items():
        _keep(conn, name, layout, *recount(conn, name))
    return root(conn)


def _fold_table(conn: Connection, name: str, layout: _Layout) -> None:
    kept = conn.execute("SELECT last_key, rows, sum FROM seal WHERE name = ?", (name,)).fetchone()
    last, count, total = (0, 0, 0) if kept is None else (kept[0], kept[1], int(kept[2], 16))
    # A row that came and changed since the last time is taken with the new ones, as it is now.
    known = f"s.key <= {last}" if layout.counts_up else "TRUE"
    for (before,) in conn.execute(
        f"SELECT before FROM temp.seal_touched AS s WHERE name = ? AND {known}"  # noqa: S608 - numbers only
        " AND before IS NOT NULL",
        (name,),
    ):
        total -= _hash(before)
        count -= 1
    touched = f"temp.seal_touched AS s JOIN {name} AS t ON {layout.same}"
    for number in _hashes(conn, touched, layout, f"s.name = '{name}' AND {known}"):
        total += number
        count += 1
    if layout.counts_up:
        key = layout.key.format("t")
        first, final, rows, handed = _counted(conn, name, key, last)
        total, count = total + handed, count + rows
        for start, end in ((last, first), (final, None)):
            where = f"{key} > {start}" + ("" if end is None else f" AND {key} < {end}")
            for number in _hashes(conn, f"{name} AS t", layout, where):
                total += number
                count += 1
    _keep(conn, name, layout, count, _hex(total))


def _counted(conn: Connection, name: str, key: str, last: int) -> tuple[int, int, int, int]:
    """Give first and last number, count and sum of the new rows that were counted beforehand."""
    query = "SELECT first, last, rows, sum FROM temp.seal_counted WHERE name = ?"
    found = conn.execute(query, (name,)).fetchone()
    if found is None:
        return last + 1, last, 0, 0
    first, final, rows, handed = found
    query = f"SELECT count(*) FROM {name} AS t WHERE {key} BETWEEN ? AND ?"  # noqa: S608 - names from the schema
    there = conn.execute(query, (first, final)).fetchone()[0]
    if first <= last or there != rows:
        raise AssertionError(f"{rows} rows of {name} were counted beforehand, {there} are there")
    return first, final, rows, int(handed, 16)


def _keep(conn: Connection, name: str, layout: _Layout, count: int, total: str) -> None:
    last = 0
    if layout.counts_up:
        found = conn.execute(f"SELECT max({layout.key.format('t')}) FROM {name} AS t")  # noqa: S608 - names from the schema
        last = found.fetchone()[0] or 0
    conn.execute(
        "INSERT INTO seal (name, last_key, rows, sum) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET last_key = excluded.last_key, rows = excluded.rows, sum = excluded.sum",
        (name, last, count, total),
    )


def _hashes(conn: Connection, source: str, layout: _Layout, where: str) -> Iterator[int]:
    query = f"SELECT {layout.row.format('t')} FROM {source} WHERE {where}"  # noqa: S608 - names from the schema
    for (text,) in conn.execute(query):
        yield _hash(text)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def _hex(total: int) -> str:
    return f"{total % (1 << _BITS):0{_BITS // 4}x}"


def _schema_version(conn: Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


_known_layouts: dict[int, dict[str, _Layout]] = {}


def _layouts(conn: Connection, version: int) -> dict[str, _Layout]:
    """Give the layouts of all sealed tables, read from the schema once for each version of it."""
    if version not in _known_layouts:
        names = conn.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE '_sqlite_%' AND name NOT LIKE 'tally_%' ORDER BY name"
        ).fetchall()
        _known_layouts[version] = {
            name: _layout(conn, name)
            for (name,) in names
            if name not in _BY_DIGEST and name not in _NOT_SEALED
        }
    return _known_layouts[version]


def _layout(conn: Connection, name: str) -> _Layout:
    columns = conn.execute(f"PRAGMA table_info({name})").fetchall()
    keys = sorted((c for c in columns if c[5]), key=lambda column: int(column[5]))
    row = f"json_array('{name}', {', '.join('{0}.' + c[1] for c in columns)})"
    if len(keys) == 1:
        counts_up = keys[0][2] == "INTEGER"
        return _Layout("{0}." + keys[0][1], row, f"t.{keys[0][1]} = s.key", counts_up)
    same = (f"t.{c[1]} = json_extract(s.key, '$[{place}]')" for place, c in enumerate(keys))
    key = f"json_array({', '.join('{0}.' + c[1] for c in keys)})"
    return _Layout(key, row, " AND ".join(same), counts_up=False)


@functools.cache
def _triggers(name: str, layout: _Layout) -> tuple[str, ...]:
    dirty = f"INSERT OR IGNORE INTO seal_dirty VALUES ('{name}');"  # noqa: S608 - names from the schema

    def touch(row: str, before: str) -> str:
        key = layout.key.format(row)
        return f"INSERT OR IGNORE INTO seal_touched VALUES ('{name}', {key}, {before});"  # noqa: S608 - as above

    old = touch("OLD", layout.row.format("OLD"))
    new = touch("NEW", "NULL")
    head = f"CREATE TEMP TRIGGER IF NOT EXISTS seal_{{}}_{name} AFTER {{}} ON main.{name} BEGIN "
    return (
        head.format("i", "INSERT") + dirty + ("" if layout.counts_up else new) + " END",
        head.format("u", "UPDATE") + dirty + old + new + " END",
        head.format("d", "DELETE") + dirty + old + " END",
    )
