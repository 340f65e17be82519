"""The waiting room of a roster: rows ready to become residents, in memory and outside the office.

It fills while the file is still being read, holds no lock, and is gone with the process. Taking it
over is a handful of INSERT … SELECT: for 80,000 residents a third of what single rows cost, and
nothing but writing happens while other desks wait.

It has several rooms, since only one thread at a time can look into a database in memory: while the
rows of one are written, the seal takes its sums of those in another.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
)
_WRITTEN: Final = ("household", "resident", "document", "residency")
"""Sealed tables whose rows are hashed beforehand, so that nobody waits for that."""

_BLOCK: Final = 4_000
_ROOM: Final = 10_000
_MOST_ROOMS: Final = 8
"""A connection looks into ten databases beside its own at most."""


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
    """Databases in memory of their own, which the office's connection looks into at the end.

    Any thread may use it, one at a time; a second one may take the sums while `take_over` writes.
    """

    def __init__(self, start: Bases) -> None:
        self.bases = start
        self.rooms = [_Room()]

    def residents(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Put residents in: their columns, kind and number of the document, sheet and row."""
        room = self.rooms[-1]
        if room.residents >= _ROOM and len(self.rooms) < _MOST_ROOMS:
            self.rooms.append(room := _Room())
        room.fill("resident", 20, rows)
        room.residents += len(rows)

    def households(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put households in: id, uid, number, village_id, group_name."""
        self.rooms[0].fill("household", 5, rows)

    def some(self, ids: Iterable[int]) -> list[StagedResident]:
        """Give some of those who wait, in the order of the file."""
        sql = f"SELECT {', '.join(StagedResident._fields)} FROM resident"
        wanted = json.dumps(sorted(set(ids)))
        return [
            StagedResident._make(row)
            for room in self.rooms
            for row in room.conn.execute(
                f"{sql} WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
            )
        ]

    def spans(self) -> dict[str, tuple[int, int]]:
        """Give first and last row number each sealed table will get; tables without rows not."""
        found = {}
        for name in _WRITTEN:
            ends = [end for room in self.rooms if (end := room.ends(_source(name))) is not None]
            if ends:
                shift = getattr(self.bases, name) - getattr(self.bases, _source(name))
                found[name] = ends[0][0] + shift, ends[-1][1] + shift
        return found

    def row_texts(self, office: Connection) -> dict[str, str]:
        """Give, for each table that gets rows, the SQL that writes them out for the seal."""
        return {name: seal.row_text(office, name) for name in self.spans()}

    def sums(
        self, row_texts: Mapping[str, str], refusal: str, at: str
    ) -> dict[str, tuple[int, int]]:
        """Give count and sum of what the rows will add to the seal, written at the moment `at`.

        From the last room to the first: who writes them begins at the other end. Raises
        AssertionError for a resident whom the office's table would refuse (`refusal`).
        """
        found = dict.fromkeys(row_texts, (0, 0))
        shifts = {
            "at": at,
            "document": self.bases.document - self.bases.resident,
            "residency": self.bases.residency - self.bases.resident,
        }
        for room in reversed(self.rooms):
            room.check(refusal, shifts)
            for name, row_text in row_texts.items():
                count, total = seal.sum_of(room.texts(name, row_text, shifts))
                found[name] = found[name][0] + count, found[name][1] + total
        return found

    def close(self) -> None:
        """Let go of everybody who waits."""
        for room in self.rooms:
            room.conn.close()


class _Room:
    """One database in memory, with up to so many residents."""

    def __init__(self) -> None:
        self.address = f"file:roster-{new_uid()}?mode=memory&cache=shared"
        self.conn = sqlite3.connect(
            self.address, uri=True, isolation_level=None, check_same_thread=False
        )
        self.conn.execute("PRAGMA synchronous = OFF")
        for statement in _TABLES:
            self.conn.execute(statement)
        self.residents = 0

    def fill(self, name: str, width: int, rows: Iterable[tuple[Any, ...]]) -> None:
        self.conn.execute("BEGIN")
        places = ", ".join("?" * width)
        self.conn.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({places})", rows)
        self.conn.execute("COMMIT")

    def ends(self, table: str) -> tuple[int, int] | None:
        """Give first and last row number of a table that waits, None where it has no rows."""
        found = self.conn.execute(f"SELECT min(id), max(id) FROM {table}").fetchone()
        return None if found[0] is None else (found[0], found[1])

    def check(self, refusal: str, shifts: Mapping[str, object]) -> None:
        """Raise AssertionError where a resident stands whom the office's table would refuse."""
        ends = self.ends("resident")
        if ends is None:
            return
        query = f"SELECT 1 FROM ({_AS_WRITTEN['resident']}) AS t WHERE {refusal} LIMIT 1"
        span = {"first": ends[0], "last": ends[1]}
        if self.conn.execute(query, {**shifts, **span}).fetchone() is not None:
            raise AssertionError("a resident of the roster breaks a CHECK of the office's table")

    def texts(self, name: str, row_text: str, shifts: Mapping[str, object]) -> Iterator[bytes]:
        """Give the rows of a table as the seal takes them, many at a time."""
        ends = self.ends(_source(name))
        if ends is None:
            return
        for start in range(ends[0], ends[1] + 1, _BLOCK):
            found = self.conn.execute(
                f"SELECT CAST(group_concat({row_text}, char(10)) AS BLOB)"
                f" FROM ({_AS_WRITTEN[name]}) AS t",
                {**shifts, "first": start, "last": start + _BLOCK - 1},
            ).fetchone()[0]
            if found is not None:
                yield bytes(found)


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

_MOVES: Final = {
    "resident": f"INSERT INTO resident ({_RESIDENT}, created_at, changed_at)"
    f" SELECT {_RESIDENT}, :at, :at FROM {{}}.resident ORDER BY id",
    "residency": "INSERT INTO residency (id, resident_id, village_id, status, from_at)"
    " SELECT id + :residency, id, village_id, 'living', :at FROM {}.resident ORDER BY id",
    "document": "INSERT INTO document (id, resident_id, kind, number, added_at)"
    " SELECT id + :document, id, kind, number, :at FROM {}.resident ORDER BY id",
}
"""What moves out of each room into the office, in this order."""


@contextlib.contextmanager
def open_beside(office: Connection, stage: RosterStage) -> Iterator[None]:
    """Let an office's connection look into the rooms, as `stage0`, `stage1` …"""
    names = [f"stage{place}" for place in range(len(stage.rooms))]
    for name, room in zip(names, stage.rooms, strict=True):
        office.execute(f"ATTACH '{room.address}' AS {name} KEY ''")
    try:
        yield
    finally:
        for name in names:
            office.execute(f"DETACH {name}")


def steps(stage: RosterStage) -> int:
    """Give how many steps `take_over` takes: each is some 50 ms of writing."""
    return len(stage.rooms) * len(_MOVES)


def take_over(
    conn: Connection,
    stage: RosterStage,
    at: str,
    referred: Mapping[str, Collection[int]],
    step: Callable[[], None],
) -> None:
    """Move what waits into the office, in the caller's transaction.

    `step` is called after each of the `steps`; what it raises ends the work.

    The office's highest row numbers must still be those the rows were numbered by, and the
    villages and households that old and new people are said to belong to must be there
    (`referred`): both are checked here, once.
    """
    start = stage.bases
    if bases(conn) != start:
        raise AssertionError("rows came between the check and the writing")
    for table, ids in referred.items():
        query = f"SELECT count(*) FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
        if conn.execute(query, (json.dumps(sorted(ids)),)).fetchone()[0] != len(ids):
            raise AssertionError(f"somebody is said to belong to a {table} that is not there")
    values = {
        "at": at,
        "document": start.document - start.resident,
        "residency": start.residency - start.resident,
    }
    conn.execute(
        "INSERT INTO household (id, uid, number, village_id, group_name, changed_at)"
        " SELECT id, uid, number, village_id, group_name, :at FROM stage0.household",
        values,
    )
    conn.execute("INSERT INTO residency_in_bulk VALUES (1)")
    for table, statement in _MOVES.items():
        with _checks_resting(conn) if table == "resident" else contextlib.nullcontext():
            for place in range(len(stage.rooms)):
                conn.execute(statement.format(f"stage{place}"), values)
                step()
    conn.execute("DELETE FROM residency_in_bulk")


@contextlib.contextmanager
def _checks_resting(conn: Connection) -> Iterator[None]:
    """Let the tables' CHECKs rest: the room's rows have been held against them (`sums`)."""
    conn.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        conn.execute("PRAGMA ignore_check_constraints = OFF")


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


def _highest(conn: Connection, name: str) -> int:
    return int(conn.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0])
