"""`townshipdesk refund`: request, approve, reject, pay or withdraw a refund."""

from __future__ import annotations

import argparse

from townshipdesk.cli import explain, print_json, say
from townshipdesk.cli.common import add_db, add_staff, add_year, open_for_change, resident_by_number
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the steps of `refund` with their options."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    request = steps.add_parser("request", help=_("take an application in"))
    add_db(request)
    add_year(request)
    add_staff(request)
    request.add_argument("--id", required=True, metavar="NUMBER", help=_("document number"))
    request.add_argument("--ground", required=True, metavar="CODE")
    request.add_argument("--payee", required=True, metavar="TEXT")
    request.add_argument("--account", required=True, metavar="TEXT")
    request.add_argument("--proof", default="", metavar="TEXT")
    request.add_argument("--relation", default="", metavar="TEXT")
    request.add_argument("--bank", default="", metavar="TEXT")
    for name, does in (
        ("approve", _("approve it, as a supervisor who did not ask for it")),
        ("reject", _("turn it down, with a reason")),
        ("pay", _("record that the money has gone out")),
        ("withdraw", _("take the application back")),
    ):
        step = steps.add_parser(name, help=does)
        step.add_argument("number", metavar="NUMBER")
        add_db(step)
        add_year(step)
        add_staff(step)
        step.add_argument("--why", default="", metavar="TEXT")
        if name == "approve":
            step.add_argument("--document", default="", metavar="TEXT")


def run(args: argparse.Namespace) -> int:
    """Take one step and print the refund's number and state."""
    return _request(args) if args.step == "request" else _step(args)


def _request(args: argparse.Namespace) -> int:
    from townshipdesk.services import refunds

    with open_for_change(args) as (office, actor):
        new = refunds.RefundRequest(
            resident_id=resident_by_number(office, args.id),
            ground=args.ground,
            payee=args.payee,
            account=args.account,
            proof=args.proof,
            payee_relation=args.relation,
            bank=args.bank,
        )
        try:
            made = refunds.request(office, actor, new)
        except refunds.RefundRefusedError as refused:
            say(explain(refused))
            answer = refused.answer.to_json()
            print_json({"refund": None, "state": None, **answer, "refund_check": answer})
            return ExitStatus.NOT_DONE
        answer = made.answer.to_json()
        print_json({"refund": made.number, "state": made.state, **answer, "refund_check": answer})
    return ExitStatus.DONE


def _step(args: argparse.Namespace) -> int:
    from townshipdesk.services import refunds

    with open_for_change(args) as (office, actor):
        if args.step == "approve":
            done = refunds.approve(office, actor, args.number, args.why, args.document)
        elif args.step == "reject":
            done = refunds.reject(office, actor, args.number, args.why)
        elif args.step == "pay":
            done = refunds.pay_out(office, actor, args.number)
        else:
            done = refunds.withdraw(office, actor, args.number, args.why)
        print_json({"refund": done.number, "state": done.state})
    return ExitStatus.DONE
