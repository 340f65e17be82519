"""`townshipdesk totals`: live totals, or as they stood at a past moment."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, moment_option, open_for_reading
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    parser.add_argument("--village", metavar="CODE", help=_("this village only"))
    parser.add_argument(
        "--at", metavar="MOMENT", type=moment_option, help=_("as the totals stood at this moment")
    )


def run(args: argparse.Namespace) -> int:
    """Print the totals."""
    from townshipdesk.services.totals import totals

    with open_for_reading(args) as office:
        print_json(totals(office, village=args.village, at=args.at).to_json())
    return ExitStatus.DONE
