"""What the commands on an office share: which file, who works, and with which password."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_date, parse_moment
from townshipdesk.domain.errors import NotFoundError, UsageError
from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

DB_VARIABLE: Final = "TOWNSHIPDESK_DB"
PASSWORD_VARIABLE: Final = "TOWNSHIPDESK_PASSWORD"  # noqa: S105 - the variable's name
KEY_VARIABLE: Final = "TOWNSHIPDESK_KEY"
TRAINING_STAFF: Final = "clerk"


def add_db(parser: argparse.ArgumentParser) -> None:
    """Add --db."""
    parser.add_argument("--db", type=Path, metavar="FILE", help=_("the office file"))


def add_staff(parser: argparse.ArgumentParser) -> None:
    """Add --staff, for commands that change an office."""
    parser.add_argument("--staff", metavar="NAME", help=_("who does this"))


def add_year(parser: argparse.ArgumentParser) -> None:
    """Add --year, for commands about one year's cover."""
    parser.add_argument(
        "--year", type=int, metavar="Y", help=_("another year the office has a policy for")
    )


def default_db() -> Path:
    """Give the office file of `TOWNSHIPDESK_DB`, else the one in the user's data folder."""
    named = os.environ.get(DB_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("townshipdesk", appauthor=False)) / "office.tdo"


def database_key() -> str | None:
    """Give the passphrase of an encrypted office, from `TOWNSHIPDESK_KEY`."""
    return os.environ.get(KEY_VARIABLE) or None


@contextlib.contextmanager
def open_for_reading(args: argparse.Namespace) -> Iterator[Office]:
    """Open the office of --db, for the year of --year where it has one, and close it at the end."""
    from townshipdesk.services.office import open_office

    office = open_office(args.db or default_db(), database_key())
    try:
        office.work_for(getattr(args, "year", None))
        yield office
    finally:
        office.close()


@contextlib.contextmanager
def open_for_change(args: argparse.Namespace) -> Iterator[tuple[Office, Actor]]:
    """Open the office of --db with the member of staff of --staff signed in."""
    with open_for_reading(args) as office:
        yield office, _signed_in(office, args.staff)


def desk_name(staff_name: str) -> str:
    """Give the name of the desk at which somebody works: the person and the machine."""
    return f"{staff_name}@{socket.gethostname()}"


def _signed_in(office: Office, name: str | None) -> Actor:
    from townshipdesk.services import staff

    if office.is_training:
        actor = staff.without_password(office.conn, name or TRAINING_STAFF)
    elif not name:
        raise UsageError(N_("Say who works: --staff NAME."))
    else:
        password = os.environ.get(PASSWORD_VARIABLE)
        if password is None:
            raise UsageError(
                N_("The password of {name} is read from the variable {variable}; it is not set."),
                name=name,
                variable=PASSWORD_VARIABLE,
            )
        actor = staff.sign_in(office.database, name, password, office.now())
    return replace(actor, desk=f"cli:{desk_name(actor.name)}")


def resident_by_number(office: Office, number: str) -> int:
    """Give the resident of a document number. Raises UsageError or NotFoundError."""
    from townshipdesk.services import people

    found = people.by_number(office, number)
    if found is None:
        raise NotFoundError(N_("Nobody in this office has the number given with --id."))
    return found


def moment_option(text: str) -> datetime:
    """Read a moment given as an option (argparse type)."""
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{text} is not a moment like 2025-03-17T09:00", text=repr(text))
        ) from error


def date_option(text: str) -> date:
    """Read a day given as an option (argparse type)."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{text} is not a day like 2025-03-17", text=repr(text))
        ) from error
