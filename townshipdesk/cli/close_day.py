"""`townshipdesk close-day`: the end of the day."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, add_staff, date_option, open_for_change
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.domain.money import parse_yuan
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    add_staff(parser)
    parser.add_argument(
        "--counted", metavar="AMOUNT", required=True, help=_("the cash that was counted, in yuan")
    )
    parser.add_argument(
        "--date", metavar="D", type=date_option, help=_("the day to close; today when not given")
    )
    parser.add_argument("--why", metavar="TEXT", default="", help=_("the reason for a difference"))


def run(args: argparse.Namespace) -> int:
    """Close the day and print its sheet; name days before it that are still open."""
    from townshipdesk.services.days import close_day, unclosed_days

    try:
        counted_fen = parse_yuan(args.counted)
    except ValueError as error:
        raise UsageError("--counted is not an amount in yuan like 3180.00.") from error
    with open_for_change(args) as (office, actor):
        sheet = close_day(office, actor, args.date or office.today(), counted_fen, args.why)
        print_json(sheet.to_json())
        open_days = unclosed_days(office)
        if open_days:
            days = ", ".join(day.isoformat() for day in open_days)
            say(_("Not closed yet: {days}. Close them with --date.", days=days))
    return ExitStatus.DONE
