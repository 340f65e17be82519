"""`townshipdesk quote`: what would this person pay and get. Needs no database."""

from __future__ import annotations

import argparse
from datetime import datetime

from townshipdesk import policy
from townshipdesk.cli import print_json
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--policy", required=True, metavar="ID", help=_("a built-in policy, or a policy file")
    )
    parser.add_argument(
        "--at", required=True, metavar="MOMENT", help=_("2025-03-17T09:00, Shanghai time")
    )
    parser.add_argument(
        "--fact", action="append", default=[], metavar="K=V", help=_("a fact about the person")
    )
    parser.add_argument(
        "--identity", action="append", default=[], metavar="CODE", help=_("an identity held")
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="K=V",
        help=_("an office setting"),
    )


def moment(option: str, text: str) -> datetime:
    """Read a moment of an option. Raises UsageError."""
    try:
        return parse_moment(text)
    except (ValueError, OverflowError):
        raise UsageError(
            N_("{option} cannot be {text}: write 2025-03-17T09:00, Shanghai time."),
            option=option,
            text=repr(text),
        ) from None


def run(args: argparse.Namespace) -> int:
    """Answer the question and print the contract's document."""
    facts = policy.Facts.parse(args.fact)
    settings = policy.Settings.parse(args.settings)
    at = moment("--at", args.at)
    answer = policy.quote(policy.load(args.policy), facts, args.identity, settings, at)
    print_json(answer.to_json())
    return ExitStatus.DONE
