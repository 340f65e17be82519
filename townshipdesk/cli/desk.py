"""townshipdesk desk (also without any command): open the desk on an office file."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from townshipdesk.cli.common import (
    TRAINING_STAFF,
    add_db,
    add_staff,
    database_key,
    default_db,
    desk_name,
)
from townshipdesk.domain.errors import ExitStatus


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_db(parser)
    add_staff(parser)


def run(args: argparse.Namespace) -> int:
    """Open the desk on --db."""
    return open_desk(args.db or default_db(), staff_name=args.staff)


def open_desk(path: Path, *, staff_name: str | None = None) -> int:
    """Open the desk on an office file and give the exit status when it is closed.

    A training office opens as its clerk, or as `staff_name`; a live one asks who works. Raises
    OfficeFileError where the file cannot be used.
    """
    # A letter is on the screen with the next frame, and Esc does not wait to see if it is Alt.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    os.environ.setdefault("ESCDELAY", "25")
    from townshipdesk.services.office import open_office

    office = open_office(path, database_key())
    try:
        from townshipdesk.app import DeskApp
        from townshipdesk.screens.session import Session

        desk = desk_name(f"desk-{office.database.desk_place()}")
        session = Session(office, desk=desk, checks_first=True)
        if office.is_training:
            from townshipdesk.services.staff import without_password

            actor = without_password(office.conn, staff_name or TRAINING_STAFF)
            session.actor = replace(actor, desk=session.desk)
        DeskApp(session).run()
    finally:
        office.close()
    return ExitStatus.DONE
