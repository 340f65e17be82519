"""What a table's own CHECKs would refuse, asked of rows before they are written."""

from __future__ import annotations

import re
from typing import Final

from townshipdesk.store.driver import Connection

_COMMENT: Final = re.compile(r"--[^\n]*")
_CHECK: Final = re.compile(r"\bCHECK\s*\(")


def refusal(conn: Connection, table: str) -> str:
    """Give the SQL, over the table's columns by name, that is true of a row it would refuse.

    Taken from the table's text in the file, so that nothing is said twice. As with a CHECK, what
    is neither true nor false is let pass. NOT NULL and the types of a STRICT table are not in it.
    """
    found = conn.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    text = _COMMENT.sub("", found[0])
    starts = [match.end() for match in _CHECK.finditer(text)]
    checks = [text[start - 1 : _closing(text, start)] for start in starts]
    return " OR ".join(f"NOT {check}" for check in checks) or "FALSE"


def _closing(text: str, start: int) -> int:
    """Give the place behind the bracket that closes what was opened before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError("a table's text has a bracket that is never closed")
