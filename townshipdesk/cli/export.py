"""`townshipdesk export`: write a sheet as a workbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_year, date_option, open_for_reading
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `export`."""
    parser.add_argument("sheet", metavar="SHEET")
    add_db(parser)
    add_year(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.xlsx")
    parser.add_argument("--village", metavar="CODE", help=_("only this village"))
    parser.add_argument("--date", type=date_option, metavar="D", help=_("the sheet's day"))
    parser.add_argument("--claim", metavar="NUMBER", help=_("a numbered claim"))


def run(args: argparse.Namespace) -> int:
    """Write the workbook and print how many rows it has."""
    from townshipdesk.services.exports import export

    with open_for_reading(args) as office:
        done = export(
            office,
            args.sheet,
            args.output,
            village=args.village,
            day=args.date,
            claim=args.claim,
        )
    print_json({"sheet": done.sheet, "file": str(done.path), "rows": done.rows})
    return ExitStatus.DONE
