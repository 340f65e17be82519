"""`townshipdesk totals`: live totals, as they stood at a past moment, or of a period."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_year, date_option, moment_option, open_for_reading
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    add_year(parser)
    parser.add_argument("--village", metavar="CODE", help=_("this village only"))
    parser.add_argument(
        "--at", metavar="MOMENT", type=moment_option, help=_("as the totals stood at this moment")
    )
    parser.add_argument(
        "--from", dest="first", type=date_option, metavar="D", help=_("figures of a period: from")
    )
    parser.add_argument(
        "--to", dest="last", type=date_option, metavar="D", help=_("figures of a period: to")
    )


def run(args: argparse.Namespace) -> int:
    """Print the totals."""
    from townshipdesk.services.periods import period
    from townshipdesk.services.totals import totals

    if (args.first or args.last) and (args.at or args.village):
        raise UsageError(N_("--from and --to stand without --at and --village."))
    with open_for_reading(args) as office:
        if args.first or args.last:
            last = args.last or office.today()
            print_json(period(office, args.first or last, last).to_json())
            return ExitStatus.DONE
        print_json(totals(office, village=args.village, at=args.at).to_json())
    return ExitStatus.DONE
