"""What tests of imports share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.sheets.making import as_xlsx
from tests.support import Desk
from townshipdesk.services import imports
from townshipdesk.services.imports import ImportKind, ImportOptions, Preview, Summary


class Importing:
    """A desk with files of one kind to import."""

    def __init__(self, desk: Desk, kind: ImportKind, path: Path, headings: Sequence[str]) -> None:
        self.desk = desk
        self.kind = kind
        self.path = path
        self.headings = list(headings)

    def look(self, rows: Sequence[Sequence[Any]], **options: Any) -> Preview:
        as_xlsx(self.path, [self.headings, *rows])
        chosen = ImportOptions(**options)
        return imports.preview(self.desk.office, self.kind, self.path, chosen)

    def bring(self, rows: Sequence[Sequence[Any]], **options: Any) -> Summary:
        shown = self.look(rows, **options)
        return imports.commit(self.desk.office, self.desk.clerk, shown)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """Give added, updated, unchanged, rejected."""
    return summary.added, summary.updated, summary.unchanged, summary.rejected


def reasons(summary: Summary | Preview) -> list[tuple[int, str, str]]:
    """Give row, column and reason of every rejection."""
    return [(r.row, r.column, r.reason) for r in summary.rejections]


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table, to see that nothing was changed."""
    conn = desk.office.conn
    names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: [tuple(row) for row in conn.execute(f'SELECT * FROM "{name}"')] for (name,) in names
    }
