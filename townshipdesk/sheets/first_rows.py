"""The first rows of a file whose heading was not found, for somebody to point at it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple, cast

from townshipdesk.sheets.process import ask


class FirstRows(NamedTuple):
    """A sheet's name and the texts of its first rows, blank ones included."""

    sheet: str
    rows: list[list[str]]


def first_rows(path: Path) -> list[FirstRows]:
    """Give the first rows of every sheet that holds anything. Raises BadFileError."""
    request = {"kind": "first", "path": str(path.resolve())}
    with closing(ask(request)) as messages:
        return [
            FirstRows(str(parts[0]), cast("list[list[str]]", parts[1]))
            for what, *parts in messages
            if what == "first"
        ]
