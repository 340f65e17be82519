"""What names are found by: pinyin in full and as initials, kept once for all who bear a name.

A name is told from others by its key (`domain.names.name_key`). What is kept for a key is what the
names of all residents with that key read like, and nothing else; `verify` looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from townshipdesk.domain.names import name_key
from townshipdesk.store import register_rows
from townshipdesk.store.driver import Connection


def readings_of(name: str) -> list[tuple[str, str]]:
    """Give every reading of a name, each with the name's key."""
    from townshipdesk.domain.pinyin import search_keys

    key = name_key(name)
    return [(reading, key) for reading in search_keys(name)]


def of_all(names: Iterable[str]) -> list[tuple[str, str]]:
    """Give every reading of many names, in the order they are kept in."""
    return sorted({pair for name in set(names) for pair in readings_of(name)})


def keep(conn: Connection, names: Iterable[str]) -> None:
    """Let residents be found by their names. Stands in the transaction that writes them."""
    register_rows.keep_readings(conn, of_all(names))


def forget(conn: Connection, names: Iterable[str]) -> None:
    """Let nobody be found by names that were given up, but for those who bear them still.

    Stands behind the statements that gave them up, in their transaction.
    """
    gone = set(names)
    register_rows.drop_readings(conn, of_all(gone))
    keep(conn, register_rows.names_with_keys(conn, {name_key(name) for name in gone}))
