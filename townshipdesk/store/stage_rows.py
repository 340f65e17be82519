"""The waiting room of a roster: rows ready to become residents, in memory and outside the office.

It fills while the file is still being read, holds no lock, and is gone with the process. Taking it
over is a handful of INSERT … SELECT: for 80,000 residents a third of what single rows cost, and
nothing but writing happens while other desks wait.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from townshipdesk.store import seal
from townshipdesk.store.driver import Connection, sqlite3
from townshipdesk.store.uids import new_uid

_RESIDENT: Final = (
    "id, uid, name, name_key, sex, born, village_id, group_name, household_id, relation, phone,"
    " address, ethnicity, hukou_kind, registered, category"
)
CHANGEABLE: Final = frozenset(_RESIDENT.split(", ")) - {"id", "uid"}
"""Columns of a resident that a roster can change."""

_TABLES: Final = (
    "CREATE TABLE household (id INTEGER PRIMARY KEY, uid, number, village_id, group_name)",
    f"CREATE TABLE resident ({_RESIDENT.replace('id,', 'id INTEGER PRIMARY KEY,', 1)},"
    " kind, number, sheet, row)",
    "CREATE TABLE reading (reading, residents)",
)
_WRITTEN: Final = ("household", "resident", "document", "residency")
"""Sealed tables whose rows are hashed beforehand, so that nobody waits for that."""

_BLOCK: Final = 4_000


class StagedResident(NamedTuple):
    """A new resident who waits, as far as telling namesakes apart and naming them needs it."""

    id: int
    name: str
    name_key: str
    born: str | None
    kind: str
    number: str
    sheet: str
    row: int
    village_id: int
    group_name: str


class Bases(NamedTuple):
    """The highest row numbers the office had when the rows that wait were numbered."""

    household: int
    resident: int
    document: int
    residency: int


def bases(conn: Connection) -> Bases:
    """Give the highest row numbers of an office's tables that a roster writes."""
    return Bases(*(_highest(conn, name) for name in Bases._fields))


class RosterStage:
    """A database in memory of its own, which the office's connection looks into at the end.

    Any thread may use it, one at a time.
    """

    def __init__(self, start: Bases) -> None:
        self.bases = start
        self.address = f"file:roster-{new_uid()}?mode=memory&cache=shared"
        self._conn = sqlite3.connect(
            self.address, uri=True, isolation_level=None, check_same_thread=False
        )
        self._conn.execute("PRAGMA synchronous = OFF")
        for statement in _TABLES:
            self._conn.execute(statement)

    def residents(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put residents in: their columns, kind and number of the document, sheet and row."""
        self._fill("resident", 20, rows)

    def households(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put households in: id, uid, number, village_id, group_name."""
        self._fill("household", 5, rows)

    def readings(self, rows: Iterable[tuple[str, Iterable[int]]]) -> None:
        """Put in what names are found by, in order, each reading with the residents it finds."""
        self._fill("reading", 2, ((reading, json.dumps(list(ids))) for reading, ids in rows))

    def some(self, ids: Iterable[int]) -> list[StagedResident]:
        """Give some of those who wait, in the order of the file."""
        sql = f"SELECT {', '.join(StagedResident._fields)} FROM resident"
        wanted = json.dumps(sorted(set(ids)))
        rows = self._conn.execute(f"{sql} WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
        return [StagedResident._make(row) for row in rows]

    def texts(self, office: Connection, at: str) -> dict[str, list[bytes]]:
        """Give what the rows will look like to the seal, once written at the moment `at`."""
        return {
            name: [
                bytes(row[0])
                for start in range(_lowest(self._conn, name), _top(self._conn, name) + 1, _BLOCK)
                for row in self._conn.execute(
                    f"SELECT CAST(group_concat({seal.row_text(office, name)}, char(10)) AS BLOB)"
                    f" FROM ({_AS_WRITTEN[name]}) AS t",
                    {
                        "at": at,
                        "document": self.bases.document - self.bases.resident,
                        "residency": self.bases.residency - self.bases.resident,
                        "first": start,
                        "last": start + _BLOCK - 1,
                    },
                )
                if row[0] is not None
            ]
            for name in _WRITTEN
        }

    def spans(self) -> dict[str, tuple[int, int]]:
        """Give first and last row number that each sealed table will get; none, none at all."""
        found = {}
        for name in _WRITTEN:
            first, last = _lowest(self._conn, name), _top(self._conn, name)
            if last >= first:
                shift = getattr(self.bases, name) - getattr(self.bases, _source(name))
                found[name] = (first + shift, last + shift)
        return found

    def close(self) -> None:
        """Let go of everybody who waits."""
        self._conn.close()

    def _fill(self, name: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
        self._conn.execute("BEGIN")
        places = ", ".join("?" * width)
        self._conn.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({places})", rows)
        self._conn.execute("COMMIT")


_AS_WRITTEN: Final = {
    "household": "SELECT id, uid, number, village_id, group_name, '' AS address,"
    " :at AS changed_at FROM household WHERE id BETWEEN :first AND :last",
    "resident": f"SELECT {_RESIDENT}, 'walk-in' AS payer_group, 'living' AS status,"
    " NULL AS status_on, '' AS status_proof, NULL AS merged_into, :at AS created_at,"
    " :at AS changed_at FROM resident WHERE id BETWEEN :first AND :last",
    "document": "SELECT id + :document AS id, id AS resident_id, kind, number, 1 AS is_current,"
    " :at AS added_at FROM resident WHERE id BETWEEN :first AND :last",
    "residency": "SELECT id + :residency AS id, id AS resident_id, village_id, 'living' AS status,"
    " :at AS from_at FROM resident WHERE id BETWEEN :first AND :last",
}
"""Rows as the office will hold them, defaults and triggers included; `verify` finds any error."""


@contextlib.contextmanager
def open_beside(office: Connection, stage: RosterStage) -> Iterator[None]:
    """Let an office's connection look into the waiting room, as `stage`."""
    office.execute(f"ATTACH '{stage.address}' AS stage KEY ''")
    try:
        yield
    finally:
        office.execute("DETACH stage")


def take_over(
    conn: Connection, start: Bases, at: str, referred: Mapping[str, Collection[int]]
) -> None:
    """Move what waits into the office, in the caller's transaction.

    The office's highest row numbers must still be those the rows were numbered by, and the
    villages and households that old and new people are said to belong to must be there
    (`referred`): both are checked here, once.
    """
    if bases(conn) != start:
        raise AssertionError("rows came between the check and the writing")
    for table, ids in referred.items():
        query = f"SELECT count(*) FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
        if conn.execute(query, (json.dumps(sorted(ids)),)).fetchone()[0] != len(ids):
            raise AssertionError(f"somebody is said to belong to a {table} that is not there")
    for statement in (
        "INSERT INTO household (id, uid, number, village_id, group_name, changed_at)"
        " SELECT id, uid, number, village_id, group_name, :at FROM stage.household",
        f"INSERT INTO resident ({_RESIDENT}, created_at, changed_at)"
        f" SELECT {_RESIDENT}, :at, :at FROM stage.resident ORDER BY id",
        "INSERT INTO document (id, resident_id, kind, number, added_at)"
        " SELECT id + :shift, id, kind, number, :at FROM stage.resident ORDER BY id",
        "INSERT INTO name_reading (reading, resident_id)"
        " SELECT s.reading, r.value FROM stage.reading AS s, json_each(s.residents) AS r",
    ):
        conn.execute(statement, {"at": at, "shift": start.document - start.resident})


def change_residents(
    conn: Connection, changed: Mapping[tuple[str, ...], Iterable[tuple[Any, ...]]], at: str
) -> None:
    """Give residents new values of some columns; the row's number stands behind them."""
    for columns, rows in changed.items():
        if not CHANGEABLE.issuperset(columns):
            raise AssertionError("a roster changes no such column")
        places = ", ".join(f"{column} = ?" for column in (*columns, "changed_at"))
        conn.executemany(
            f"UPDATE resident SET {places} WHERE id = ?",
            ((*row[:-1], at, row[-1]) for row in rows),
        )


def _source(name: str) -> str:
    """Give the table that waits, out of which the rows of a table of the office come."""
    return "household" if name == "household" else "resident"


def _lowest(conn: Connection, name: str) -> int:
    return int(conn.execute(f"SELECT coalesce(min(id), 1) FROM {_source(name)}").fetchone()[0])


def _top(conn: Connection, name: str) -> int:
    return _highest(conn, _source(name))


def _highest(conn: Connection, name: str) -> int:
    return int(conn.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0])
