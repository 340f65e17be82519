"""`townshipdesk verify`: check every invariant and the audit chain."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Final

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, open_for_reading
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _

_ANCHOR: Final = re.compile(r"([0-9]{1,12}):((?:[0-9a-f ]{4,}))", re.ASCII | re.IGNORECASE)
_SHORTEST_HEAD: Final = 16


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    parser.add_argument(
        "--quick", action="store_true", help=_("only what a desk checks when it starts")
    )
    parser.add_argument(
        "--anchor",
        type=anchor_option,
        metavar="LENGTH:HEAD",
        help=_("the chain's length and head as a day sheet has them"),
    )


def run(args: argparse.Namespace) -> int:
    """Check and print what is wrong; exit 1 when anything is."""
    from townshipdesk.services.verify import verify, verify_anchor

    def tell(done: int, total: int, name: str) -> None:
        if sys.stderr.isatty():
            say(f"{done + 1}/{total} {_(name)}")

    with open_for_reading(args) as office:
        problems = verify(office, quick=args.quick, progress=tell)
        if args.anchor is not None:
            problems += verify_anchor(office, *args.anchor)
    print_json({"ok": not problems, "problems": [problem.to_json() for problem in problems]})
    return ExitStatus.NOT_DONE if problems else ExitStatus.DONE


def anchor_option(text: str) -> tuple[int, str]:
    """Read an anchor as a day sheet prints it: length, colon, head with or without spaces."""
    match = _ANCHOR.fullmatch(text.strip())
    head = "" if match is None else match[2].replace(" ", "").lower()
    if match is None or len(head) < _SHORTEST_HEAD:
        raise argparse.ArgumentTypeError(
            _(
                "an anchor is the chain's length, a colon and at least {count} characters of its "
                "head",
                count=_SHORTEST_HEAD,
            )
        )
    return int(match[1]), head
