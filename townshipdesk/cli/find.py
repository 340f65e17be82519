"""`townshipdesk find TEXT`: look a person up as the desk does; numbers in full, for scripts."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_year, open_for_reading
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the text to look for and --db."""
    parser.add_argument(
        "text",
        metavar="TEXT",
        help=_("a number or its end, a name, pinyin, a household number or a telephone number"),
    )
    add_db(parser)
    add_year(parser)


def run(args: argparse.Namespace) -> int:
    """Print at most fifty people, best first. Nobody found is an answer."""
    from townshipdesk.services import people

    with open_for_reading(args) as office:
        found = people.find(office, args.text)
    print_json([match.to_json() for match in found])
    return ExitStatus.DONE
