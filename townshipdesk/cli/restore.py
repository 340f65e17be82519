"""`townshipdesk restore`: put a backup back."""

from __future__ import annotations

import argparse
from pathlib import Path

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, database_key, default_db
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup"))
    add_db(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help=_("say what would be lost and change nothing")
    )
    parser.add_argument(
        "--give-up-newer",
        action="store_true",
        help=_("replace an office that is newer than the backup; it is kept aside"),
    )


def run(args: argparse.Namespace) -> int:
    """Restore, and print what was there and what is lost."""
    from townshipdesk.services.restore import restore

    restored = restore(
        args.file,
        args.db or default_db(),
        passphrase=database_key(),
        dry_run=args.dry_run,
        give_up_newer=args.give_up_newer,
    )
    print_json(restored.to_json())
    if restored.kept_aside is not None:
        say(_("The file that stood there is kept as {name}.", name=restored.kept_aside.name))
    return ExitStatus.DONE
