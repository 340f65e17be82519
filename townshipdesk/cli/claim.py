"""`townshipdesk claim`: what the sources of subsidies owe, claims on them, and what they paid."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from townshipdesk.cli import print_json
from townshipdesk.cli.common import (
    add_db,
    add_staff,
    add_year,
    date_option,
    open_for_change,
    open_for_reading,
)
from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.domain.money import format_yuan, parse_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.policy.codes import SOURCES

if TYPE_CHECKING:
    from townshipdesk.services.claims import Claim


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the steps of `claim` with their options."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    listed = steps.add_parser("list", help=_("what each source owes, and the claims made"))
    make = steps.add_parser("make", help=_("claim everything a source was not asked for yet"))
    make.add_argument("source", choices=[s for s in SOURCES if s != "individual"])
    paid = steps.add_parser("paid", help=_("record what a source paid on a claim"))
    paid.add_argument("number", metavar="NUMBER")
    paid.add_argument("--amount", required=True, metavar="AMOUNT")
    paid.add_argument("--reference", required=True, metavar="TEXT")
    paid.add_argument("--why", default="", metavar="TEXT")
    for step in (listed, make, paid):
        add_db(step)
        add_year(step)
        step.add_argument("--date", type=date_option, metavar="D", help=_("today when not given"))
        if step is not listed:
            add_staff(step)


def run(args: argparse.Namespace) -> int:
    """Take one step and print what came of it."""
    print_json({"list": _list, "make": _make, "paid": _paid}[args.step](args))
    return ExitStatus.DONE


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from townshipdesk.services import claims

    with open_for_reading(args) as office:
        owed = claims.settlement(office, args.date)
        made = claims.claims(office)
    return {
        "owed": [
            {
                "source": line.source,
                "identity": line.identity,
                "people": line.people,
                "amount": format_yuan(line.amount_fen),
                "claimed": format_yuan(line.claimed_fen),
                "unclaimed": format_yuan(line.unclaimed_fen),
            }
            for line in owed
        ],
        "claims": [_document(claim) for claim in made],
    }


def _make(args: argparse.Namespace) -> dict[str, Any]:
    from townshipdesk.services import claims

    with open_for_change(args) as (office, actor):
        return _document(claims.make(office, actor, args.source, args.date))


def _paid(args: argparse.Namespace) -> dict[str, Any]:
    from townshipdesk.services import claims

    try:
        amount_fen = parse_yuan(args.amount)
    except ValueError as error:
        raise UsageError(N_("--amount is not an amount in yuan like 3180.00.")) from error
    with open_for_change(args) as (office, actor):
        day = args.date or office.today()
        done = claims.record_payment(
            office, actor, args.number, amount_fen, day, args.reference, args.why
        )
    return _document(done)


def _document(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.number,
        "source": claim.source,
        "to": claim.to_day.isoformat(),
        "made_at": format_moment(claim.made_at),
        "made_by": claim.made_by,
        "people": claim.people,
        "amount": format_yuan(claim.amount_fen),
        "paid": None if claim.paid_fen is None else format_yuan(claim.paid_fen),
        "paid_on": claim.paid_on.isoformat() if claim.paid_on else None,
        "reference": claim.reference,
    }
