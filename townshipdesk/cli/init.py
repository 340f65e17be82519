"""`townshipdesk init`: make an empty office."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import datetime
from pathlib import Path

from townshipdesk.cli import print_json
from townshipdesk.cli.common import database_key, default_db, moment_option
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `init`."""
    parser.add_argument("--db", type=Path, metavar="FILE")
    parser.add_argument("--policy", required=True, metavar="ID")
    parser.add_argument("--office", required=True, metavar="NAME")
    parser.add_argument(
        "--training-clock",
        type=moment_option,
        metavar="ISO",
        help=_("make a training office whose clock stands here"),
    )


def run(args: argparse.Namespace) -> int:
    """Make the office; a live one reads its first supervisor's password from standard input."""
    from townshipdesk.services.office import create_office

    training = args.training_clock is not None
    office = create_office(
        args.db or default_db(),
        name=args.office,
        policy_id=args.policy,
        now=args.training_clock or datetime.now(SHANGHAI).replace(microsecond=0),
        training=training,
        supervisor_password=None if training else _password(),
        key=database_key(),
    )
    print_json(
        {
            "db": str(office.database.path),
            "office": office.name,
            "kind": office.kind,
            "policy": office.policy_id,
            "year": office.year,
            "staff": ["clerk", "supervisor"] if training else ["supervisor"],
        }
    )
    office.close()
    return ExitStatus.DONE


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_("Password of the first supervisor (at least 8 characters): "))
    if first != getpass.getpass(_("Once more: ")):
        raise UsageError(N_("The two passwords differ. Nothing was made."))
    return first
