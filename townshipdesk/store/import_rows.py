"""SQL of imports: what the office knows beforehand, and what it keeps of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from townshipdesk.store.driver import Connection

CHUNK: Final = 5_000

KNOWN_FIELDS: Final = (
    "name",
    "sex",
    "born",
    "village_id",
    "group_name",
    "household",
    "relation",
    "ethnicity",
    "hukou_kind",
    "registered",
    "address",
    "phone",
    "category",
)
"""What a roster says of a person, in the order of `Known.fields`; texts are "" for nothing."""


class Known(NamedTuple):
    """A resident as an import compares them; `fields` follow `KNOWN_FIELDS`."""

    id: int
    uid: str
    status: str
    name_key: str
    kind: str
    number: str
    household_id: int | None
    fields: tuple[Any, ...]


_FIELDS: Final = (
    "r.name, r.sex, coalesce(r.born, ''), r.village_id, r.group_name, coalesce(h.number, ''),"
    " r.relation, r.ethnicity, r.hukou_kind, r.registered, r.address, r.phone, r.category"
)
_KNOWN: Final = (
    "SELECT r.id, r.uid, r.status, r.name_key, coalesce(d.kind, ''), coalesce(d.number, ''),"
    f" r.household_id, {_FIELDS} FROM {{}} LEFT JOIN household AS h ON h.id = r.household_id"
    " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
)


def resident_count(conn: Connection) -> int:
    """Give how many residents there are, the departed included."""
    return int(conn.execute("SELECT count(*) FROM resident").fetchone()[0])


def every_mark(conn: Connection) -> dict[int, int]:
    """Give a mark of what is known of every living resident: `mark_of` their `Known.fields`.

    A mark is a whole number, where the record itself would take a kilobyte.
    """
    sql = f"SELECT {_FIELDS}, r.id FROM resident AS r LEFT JOIN household AS h"
    sql += " ON h.id = r.household_id WHERE r.status = 'living'"
    return {row[-1]: hash(row[:-1]) for row in _plain(conn, sql)}


def mark_of(fields: tuple[Any, ...]) -> int:
    """Give the mark of fields in the order of `KNOWN_FIELDS`; it holds in this process only."""
    return hash(fields)


def every_name(conn: Connection) -> Iterator[tuple[int, str, str]]:
    """Give row number, name key and birth date of all residents but those merged into another."""
    sql = "SELECT id, name_key, born FROM resident WHERE merged_into IS NULL AND born IS NOT NULL"
    yield from _plain(conn, sql)


def known_by_ids(conn: Connection, ids: Sequence[int]) -> Iterator[Known]:
    """Give some residents by their row numbers."""
    start = "json_each(?) AS w JOIN resident AS r ON r.id = w.value"
    for first in range(0, len(ids), CHUNK):
        chunk = list(ids[first : first + CHUNK])
        yield from _known(conn, _KNOWN.format(start), json.dumps(chunk))


def known_by_numbers(conn: Connection, numbers: Sequence[str]) -> Iterator[Known]:
    """Give the residents who have or had one of these document numbers."""
    start = "(SELECT DISTINCT x.resident_id AS id FROM json_each(?) AS w JOIN document AS x"
    start += " ON x.number = w.value) AS found JOIN resident AS r ON r.id = found.id"
    for chunk in chunks(numbers):
        yield from _known(conn, _KNOWN.format(start), json.dumps(chunk))


def every_number(conn: Connection) -> dict[str, int]:
    """Give the holder of every document number, past ones too."""
    return dict(_plain(conn, "SELECT number, resident_id FROM document"))


def holders(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Give the holders of some document numbers."""
    found: dict[str, int] = {}
    for chunk in chunks(numbers):
        found.update(
            _plain(
                conn,
                "SELECT d.number, d.resident_id FROM json_each(?) AS w"
                " JOIN document AS d ON d.number = w.value",
                json.dumps(chunk),
            )
        )
    return found


def households(conn: Connection) -> dict[tuple[str, int], int]:
    """Give every household by its number and village."""
    rows = _plain(conn, "SELECT number, village_id, id FROM household")
    return {(number, village): key for number, village, key in rows}


def highest(conn: Connection, table: str) -> int:
    """Give the highest row number of a table of this module."""
    if table not in ("resident", "village"):
        raise AssertionError(f"no import writes rows of {table} with numbers of its own")
    return int(conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])


def imported_before(conn: Connection, sha256: str, kind: str) -> str | None:
    """Give the moment the same bytes were last imported as this kind and not taken back."""
    row = conn.execute(
        "SELECT max(imported_at) FROM import_file WHERE sha256 = ? AND kind = ?"
        " AND id NOT IN (SELECT import_file_id FROM import_undo)",
        (sha256, kind),
    ).fetchone()
    return None if row[0] is None else str(row[0])


def actions_since(conn: Connection, length: int, prefixes: Sequence[str]) -> bool:
    """Tell whether the audit log has rows of some kinds behind its first `length` rows."""
    for (action,) in _plain(conn, "SELECT DISTINCT action FROM audit WHERE id > ?", length):
        if action.startswith(tuple(prefixes)):
            return True
    return False


def insert_file(conn: Connection, values: dict[str, object]) -> int:
    """Record a file that is being imported and give the row's number."""
    columns = ", ".join(values)
    places = ", ".join(f":{column}" for column in values)
    cursor = conn.execute(f"INSERT INTO import_file ({columns}) VALUES ({places})", values)
    return int(cursor.lastrowid or 0)


def insert_changes(
    conn: Connection, file_id: int, what: str, rows: Iterable[tuple[int, str]]
) -> None:
    """Keep which rows a file changed and what they held before, as JSON."""
    conn.executemany(
        f"INSERT INTO import_change (import_file_id, what, row_id, before)"
        f" VALUES ({int(file_id)}, '{what}', ?, ?)",
        rows,
    )


def analyse(conn: Connection) -> None:
    """Let SQLite look at the tables anew after a bulk change: without it a plan took 139 ms."""
    conn.execute("PRAGMA analysis_limit = 1000")
    conn.execute("ANALYZE")


def chunks(values: Sequence[str]) -> Iterator[list[str]]:
    """Give values in pieces that one statement takes well."""
    for start in range(0, len(values), CHUNK):
        yield list(values[start : start + CHUNK])


def _known(conn: Connection, sql: str, *values: object) -> Iterator[Known]:
    for row in _plain(conn, sql, *values):
        yield Known._make((*row[:7], row[7:]))


def _plain(conn: Connection, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Run a query whose rows come as tuples: named access costs a bulk read a third more."""
    cursor = conn.cursor()
    cursor.row_factory = None
    return iter(cursor.execute(sql, values))


def insert_enrolment_changes(conn: Connection, file_id: int, entry_uids: Sequence[str]) -> None:
    """Keep which enrolments a ledger brought."""
    conn.execute(
        "INSERT INTO import_change (import_file_id, what, row_id)"
        " SELECT ?, 'enrolment', e.enrolment_id FROM json_each(?) AS w"
        " JOIN entry AS e ON e.uid = w.value",
        (file_id, json.dumps(list(entry_uids))),
    )
