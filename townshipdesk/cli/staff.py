"""`townshipdesk staff`: list, add and change the staff of an office."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from townshipdesk.cli import print_json
from townshipdesk.cli.common import add_db, add_staff, open_for_change, open_for_reading
from townshipdesk.domain.errors import ExitStatus, UsageError
from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from townshipdesk.services.staffing import Colleague


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the steps of `staff`."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    listing = steps.add_parser("list", help=_("who works here"))
    add_db(listing)
    adding = steps.add_parser("add", help=_("add somebody; the password comes on standard input"))
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--shown-name", default="", metavar="TEXT")
    adding.add_argument("--role", required=True, metavar="ROLE")
    add_db(adding)
    add_staff(adding)
    for name, text in (
        ("password", _("set a new password, from standard input")),
        ("deactivate", _("let somebody work no more")),
        ("activate", _("let somebody work again")),
    ):
        step = steps.add_parser(name, help=text)
        step.add_argument("name", metavar="NAME")
        add_db(step)
        add_staff(step)


def run(args: argparse.Namespace) -> int:
    """Take one step and print the staff as it is then."""
    from townshipdesk.services import staffing

    if args.step == "list":
        with open_for_reading(args) as office:
            _print(staffing.colleagues(office))
        return ExitStatus.DONE
    with open_for_change(args) as (office, actor):
        if args.step == "add":
            staffing.add(
                office,
                actor,
                name=args.name,
                shown_name=args.shown_name,
                role=args.role,
                password=read_password(),
            )
        elif args.step == "password":
            staffing.set_password(office, actor, args.name, read_password())
        else:
            staffing.set_active(office, actor, args.name, args.step == "activate")
        _print(staffing.colleagues(office))
    return ExitStatus.DONE


def read_password() -> str:
    """Read a new password: one line of standard input, at a terminal asked twice."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_("New password (at least 8 characters): "))
    if first != getpass.getpass(_("Once more: ")):
        raise UsageError(N_("The two passwords differ. Nothing was changed."))
    return first


def _print(people: list[Colleague]) -> None:
    print_json(
        [
            {
                "name": person.name,
                "shown_name": person.shown_name,
                "role": person.role,
                "active": person.active,
            }
            for person in people
        ]
    )
