"""`townshipdesk init`: make an empty office."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import datetime
from pathlib import Path

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import KEY_VARIABLE, database_key, default_db, moment_option
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
    parser.add_argument(
        "--encrypt",
        action="store_true",
        help=_("encrypt the office; the passphrase is read from TOWNSHIPDESK_KEY"),
    )


def run(args: argparse.Namespace) -> int:
    """Make the office; a live one reads its first supervisor's password from standard input."""
    from townshipdesk.services.office import create_office
    from townshipdesk.store.keys import key_file

    training = args.training_clock is not None
    path = args.db or default_db()
    password = None if training else _password()
    key, recovery = _keys(path) if args.encrypt else (None, None)
    try:
        office = create_office(
            path,
            name=args.office,
            policy_id=args.policy,
            now=args.training_clock or datetime.now(SHANGHAI).replace(microsecond=0),
            training=training,
            supervisor_password=password,
            key=key,
        )
    except BaseException:
        if key is not None:  # nothing half made is left; the key of another office was not touched
            key_file(path).unlink(missing_ok=True)
        raise
    print_json(
        {
            "db": str(office.database.path),
            "office": office.name,
            "kind": office.kind,
            "policy": office.policy_id,
            "year": office.year,
            "staff": ["clerk", "supervisor"] if training else ["supervisor"],
            "encrypted": key is not None,
            "recovery_key": recovery,
        }
    )
    if recovery:
        say(_("Print the recovery key and keep it in the safe: it is shown only this once."))
    office.close()
    return ExitStatus.DONE


def _keys(path: Path) -> tuple[bytes, str]:
    from townshipdesk.store.keys import key_file, make_keys

    for there in (path, key_file(path)):  # without its key an office that is away cannot be opened
        if there.exists():
            message = N_("There is already a file {name}; nothing was made.")
            raise UsageError(message, name=there.name)
    passphrase = database_key()
    if passphrase is None:
        raise UsageError(
            N_("The passphrase is read from the variable {variable}; it is not set."),
            variable=KEY_VARIABLE,
        )
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    return make_keys(path, passphrase)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_("Password of the first supervisor (at least 8 characters): "))
    if first != getpass.getpass(_("Once more: ")):
        raise UsageError(N_("The two passwords differ. Nothing was made."))
    return first
