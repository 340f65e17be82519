"""The audit log: one hash chain for each office."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from townshipdesk.store.driver import Connection, Row


class ChainHead(NamedTuple):
    """How long the chain is and the hash of its last row: the anchor on a day sheet."""

    length: int
    hash: str


def canonical(detail: Mapping[str, object]) -> str:
    """Give a detail as the one text that is hashed: sorted keys, no spaces, not escaped."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def row_hash(previous: str, fields: tuple[object, ...]) -> str:
    """Give the seal of a row: SHA-256 over the row before it and its own fields."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head(conn: Connection) -> ChainHead:
    """Give the chain's length and head; an empty chain has length 0 and an empty head."""
    row = conn.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return ChainHead(0, "") if row is None else ChainHead(row[0], row[1])


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
    """Add a row behind the last one and give its number. Stands in the caller's transaction."""
    length, previous = head(conn)
    number = length + 1
    text = canonical(detail)
    seal = row_hash(previous, (number, at, staff_id, desk, action, subject, text))
    conn.execute(
        "INSERT INTO audit (id, at, staff_id, desk, action, subject, detail, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, at, staff_id, desk, action, subject, text, previous, seal),
    )
    return number


def rows(conn: Connection, after: int = 0) -> Iterator[Row]:
    """Give the rows in order, from the one after `after`."""
    yield from conn.execute("SELECT * FROM audit WHERE id > ? ORDER BY id", (after,))
