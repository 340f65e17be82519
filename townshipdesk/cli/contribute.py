"""`townshipdesk contribute`: take one payment."""

from __future__ import annotations

import argparse

from townshipdesk.cli import explain, print_json, say
from townshipdesk.cli.common import add_db, add_staff, add_year, open_for_change, resident_by_number
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `contribute`."""
    add_db(parser)
    add_year(parser)
    add_staff(parser)
    parser.add_argument("--id", required=True, metavar="NUMBER", help=_("document number"))
    parser.add_argument("--channel", required=True, metavar="CODE")
    parser.add_argument("--voucher", default="", metavar="TEXT")
    parser.add_argument(
        "--paper", default="", metavar="NUMBER", help=_("the pre-numbered receipt it is written on")
    )
    parser.add_argument("--confirm", action="store_true", help=_("pay although nothing is covered"))
    parser.add_argument("--operation", metavar="KEY", help=_("makes the call repeatable"))


def run(args: argparse.Namespace) -> int:
    """Take the payment and print it; with a refusal print the quote and exit 1."""
    from townshipdesk.services.payments import PaymentOrder, QuoteRefusedError, pay
    from townshipdesk.store.uids import new_uid

    with open_for_change(args) as (office, actor):
        resident_id = resident_by_number(office, args.id)
        order = PaymentOrder(
            resident_ids=(resident_id,),
            channel=args.channel,
            voucher=args.voucher,
            paper=args.paper.strip(),
            confirmed_no_coverage=args.confirm,
            operation_key=f"contribute:{args.operation}" if args.operation else new_uid(),
        )
        try:
            payment = pay(office, actor, order)
        except QuoteRefusedError as refused:
            say(explain(refused))
            print_json(
                {"receipt": None, "entry": None, "quote": refused.quote.to_json(), "already": False}
            )
            return ExitStatus.NOT_DONE
        line = payment.lines[0]
        print_json(
            {
                "receipt": payment.receipt.number,
                "entry": line.entry_uid,
                "quote": line.quote.to_json(),
                "person": payment.receipt.lines[0].number,
                "paid": format_yuan(line.individual_fen),
                "channel": payment.receipt.channel,
                "already": payment.already,
            }
        )
    return ExitStatus.DONE
