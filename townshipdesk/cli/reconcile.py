"""`townshipdesk reconcile`: compare a tax-bureau list with the desk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, add_staff, add_year, date_option, open_for_change
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _

SHOWN: Final = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `reconcile`."""
    parser.add_argument("file", type=Path, metavar="FILE")
    add_db(parser)
    add_year(parser)
    add_staff(parser)
    parser.add_argument("--date", type=date_option, metavar="D", help=_("the list's day"))
    parser.add_argument(
        "--accept",
        action="store_true",
        help=_("take over what is only there and was allowed at its own moment"),
    )


def run(args: argparse.Namespace) -> int:
    """Compare, take over what may be with --accept, and print what differs."""
    from townshipdesk.sheets.process import begun

    with begun(args.file):
        document = _compared(args)
    print_json(document)
    return ExitStatus.DONE


def _compared(args: argparse.Namespace) -> dict[str, object]:
    from townshipdesk.services.reconcile import OTHER_NAMES, accept_all, reconcile

    with open_for_change(args) as (office, actor):
        compared = reconcile(office, actor, args.file, day=args.date)
        document = compared.to_json()
        if args.accept:
            done = accept_all(office, actor, compared.findings)
            document["accepted"] = done.accepted
            document["not_accepted"] = [
                {"row": found.row, "id": found.document_number, "text": why}
                for found, why in done.refused
            ]
        if compared.other_names:
            rows = ", ".join(str(row) for row, _number in compared.other_names[:SHOWN])
            say(_(OTHER_NAMES, count=len(compared.other_names)) + f" {rows}")
    return document
