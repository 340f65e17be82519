"""`townshipdesk calls`: a call list (未参保人员名单) that came back with its results."""

from __future__ import annotations

import argparse
from pathlib import Path

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_staff, add_year, open_for_change
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the file and the options of `calls`."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("an .xlsx, .xls or .csv file"))
    add_db(parser)
    add_year(parser)
    add_staff(parser)


def run(args: argparse.Namespace) -> int:
    """Record the results and print how many; name the rows that were not taken, and why."""
    from townshipdesk.services.calls import import_calls
    from townshipdesk.sheets.given import file_name

    with open_for_change(args) as (office, actor):
        read = import_calls(office, actor, args.file)
    print_json(
        {
            "file": file_name(args.file),
            "rows": read.rows,
            "recorded": read.recorded,
            "unchanged": read.unchanged,
            "empty": read.empty,
            "rejected": len(read.rejections),
            "not_found": _places(read.not_found),
            "ambiguous": _places(read.ambiguous),
            "twice": _places(read.twice),
            "enrolled": _places(read.enrolled),
            "rejections": [rejection.to_json() for rejection in read.rejections],
        }
    )
    return ExitStatus.DONE


def _places(rows: tuple[tuple[str, int], ...]) -> list[dict[str, object]]:
    return [{"sheet": sheet, "row": row} for sheet, row in rows]
