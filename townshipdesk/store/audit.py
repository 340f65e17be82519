"""The audit log: one hash chain for each office."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from townshipdesk.store import seal
from townshipdesk.store.driver import Connection, Row


class ChainHead(NamedTuple):
    """How long the chain is and the hash of its last row: the anchor on a day sheet."""

    length: int
    hash: str


def canonical(detail: Mapping[str, object]) -> str:
    """Give a detail as the one text that is hashed: sorted keys, no spaces, not escaped."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def row_hash(previous: str, fields: tuple[object, ...]) -> str:
    """Give the hash of a row: SHA-256 over the row before it and its own fields."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head(conn: Connection) -> ChainHead:
    """Give the chain's length and head; an empty chain has length 0 and an empty head."""
    row = conn.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return ChainHead(0, "") if row is None else ChainHead(row[0], row[1])


def hash_at(conn: Connection, number: int) -> str:
    """Give the hash of a row, empty where there is none."""
    row = conn.execute("SELECT hash FROM audit WHERE id = ?", (number,)).fetchone()
    return "" if row is None else str(row[0])


def append(
    conn: Connection,
    *,
    at: str,
    staff_id: int | None,
    desk: str,
    action: str,
    subject: str,
    detail: Mapping[str, object],
) -> int:
    """Add a row behind the last one and give its number. Stands in the caller's transaction.

    When rows outside the ledger were touched before, it also carries the root of their seal.
    """
    own = (at, staff_id, desk, action, subject, canonical(detail), seal.fold(conn))
    return _append(conn, own)


def seal_leftover(conn: Connection) -> None:
    """Seal rows that a transaction touched after its last audit row, with a row of their own."""
    if seal.has_touched(conn):
        _append(conn, _by_the_program(conn, "office.sealed", {}, seal.fold(conn)))


def seal_anew(conn: Connection, action: str, detail: Mapping[str, object] | None = None) -> None:
    """Take the seal from the rows as they stand, where an office has a log to carry it."""
    if head(conn).length:
        _append(conn, _by_the_program(conn, action, detail or {}, seal.seal_anew(conn)))


def _by_the_program(
    conn: Connection, action: str, detail: Mapping[str, object], root: str | None
) -> tuple[object, ...]:
    """Give the fields of a row that nobody asked for, at the moment of the row before it."""
    row = conn.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    at = "" if row is None else row[0]
    return (at, None, "", action, "office", canonical(detail), root)


def _append(conn: Connection, own: tuple[object, ...]) -> int:
    length, previous = head(conn)
    number = length + 1
    conn.execute(
        "INSERT INTO audit"
        " (id, at, staff_id, desk, action, subject, detail, seal, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *own, previous, row_hash(previous, (number, *own))),
    )
    return number


def rows(conn: Connection, after: int = 0) -> Iterator[Row]:
    """Give the rows in order, from the one after `after`."""
    yield from conn.execute("SELECT * FROM audit WHERE id > ? ORDER BY id", (after,))
