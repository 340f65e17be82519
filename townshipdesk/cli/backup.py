"""`townshipdesk backup`: a consistent copy while desks work."""

from __future__ import annotations

import argparse
from pathlib import Path

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, open_for_reading
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=_("where the copy goes; an older copy of the same office there is replaced"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the copy, check it, and print what it holds."""
    from townshipdesk.services.backup import backup

    with open_for_reading(args) as office:
        print_json(backup(office, args.output).to_json())
    return ExitStatus.DONE
