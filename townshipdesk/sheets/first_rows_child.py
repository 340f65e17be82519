"""The process that gives the first rows of each sheet as text, for somebody to find the heading."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from townshipdesk.sheets.ahead import Ahead
from townshipdesk.sheets.cells import text_of
from townshipdesk.sheets.limits import limit_this_process
from townshipdesk.sheets.reading import Reading
from townshipdesk.sheets.result import SheetKind
from townshipdesk.sheets.unpack import unpack


class FirstRows(Reading):
    """One request being answered: a message for each sheet that holds anything."""

    def _read(self, kind: SheetKind) -> None:
        del kind  # whatever it is, the rows are given as they stand
        for sheet in self.sheets():
            rows = [[text_of(cell) if cell != "" else "" for cell in row] for row in sheet.head]
            if any(any(row) for row in rows):
                self.send("first", sheet.name, rows)


def main() -> None:
    """Answer the one request on standard input."""
    limit_this_process()
    lines = sys.stdin.buffer
    _first, request = json.loads(lines.readline()), json.loads(lines.readline())
    parts = Ahead(unpack(Path(request["path"]), whole=False))
    FirstRows(request, sys.stdout.buffer, parts).run()
    os._exit(0)


if __name__ == "__main__":
    main()
