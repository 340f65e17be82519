"""`townshipdesk refund-check`: may this payment be refunded. Needs no database."""

from __future__ import annotations

import argparse

from townshipdesk import policy
from townshipdesk.cli import print_json
from townshipdesk.cli.quote import moment
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.domain.money import parse_yuan
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--policy", required=True, metavar="ID", help=_("a built-in policy, or a policy file")
    )
    parser.add_argument(
        "--paid-at", required=True, metavar="MOMENT", help=_("when the payment was taken")
    )
    parser.add_argument(
        "--at", required=True, metavar="MOMENT", help=_("when the refund is asked for")
    )
    parser.add_argument("--ground", required=True, metavar="CODE", help=", ".join(policy.GROUNDS))
    parser.add_argument(
        "--paid", required=True, metavar="AMOUNT", help=_("what the person paid, in yuan")
    )
    parser.add_argument(
        "--subsidy",
        action="append",
        default=[],
        metavar="SOURCE=AMOUNT",
        help=_("what another source paid, in yuan"),
    )


def _amount(option: str, text: str) -> int:
    try:
        return parse_yuan(text)
    except ValueError:
        raise UsageError(
            N_("{option} cannot be {text}: write an amount in yuan like 12.50."),
            option=option,
            text=repr(text),
        ) from None


def _subsidies(pairs: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in pairs:
        source, sign, amount = pair.partition("=")
        if not sign:
            raise UsageError(N_("Subsidy {pair} is not written as SOURCE=AMOUNT."), pair=pair)
        if source in found:
            raise UsageError(N_("{key} is given twice."), key=source)
        found[source] = _amount("--subsidy", amount)
    return found


def run(args: argparse.Namespace) -> int:
    """Answer the question and print the contract's document."""
    question = policy.RefundQuestion(
        paid_at=moment("--paid-at", args.paid_at),
        at=moment("--at", args.at),
        ground=args.ground,
        paid_fen=_amount("--paid", args.paid),
        subsidies_fen=_subsidies(args.subsidy),
    )
    answer = policy.refund_check(policy.load(args.policy), question)
    print_json(answer.to_json())
    return ExitStatus.DONE
