"""`townshipdesk reverse`: take back a mistaken payment of today."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_staff, add_year, open_for_change
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.domain.money import format_yuan


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `reverse`."""
    parser.add_argument("entry", metavar="ENTRY")
    add_db(parser)
    add_year(parser)
    add_staff(parser)
    parser.add_argument("--why", required=True, metavar="TEXT")


def run(args: argparse.Namespace) -> int:
    """Take the payment back and print what became of its receipt."""
    from townshipdesk.services.reversals import reverse

    with open_for_change(args) as (office, actor):
        done = reverse(office, actor, args.entry, args.why)
    print_json(
        {
            "entry": done.entry_uid,
            "reverses": done.reversed_uid,
            "amount": format_yuan(done.amount_fen),
            "voided_receipt": done.voided,
            "replacement_receipt": done.replacement.number if done.replacement else None,
        }
    )
    return ExitStatus.DONE
