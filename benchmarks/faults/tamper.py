"""Changes behind the program's back: rows changed, tails cut, bits flipped; what verify finds."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.tampering import (
    change_a_row,
    columns,
    for_a_moment,
    found_by_verify,
    tables,
    take_guards_away,
)
from townshipdesk.domain.errors import DeskError
from townshipdesk.services.demo import make_demo
from townshipdesk.services.office import Office, open_office
from townshipdesk.services.verify import verify, verify_anchor
from townshipdesk.store import audit
from townshipdesk.store.driver import sqlite3

RESIDENTS = 60


@dataclass(frozen=True)
class Tampered:
    """How many changes were made; those of them that verify did not find."""

    changes: int
    unseen: list[str]


def changed_rows(folder: Path, changes: int, seed: int = 1) -> Tampered:
    """Change one value of one row, with every guard taken away, so many times."""
    office = make_demo(folder / "office.tdo", residents=RESIDENTS, villages=2)
    take_guards_away(office.conn)
    places = [
        (table, column, kind)
        for table in tables(office.conn)
        for column, kind in columns(office.conn, table)
    ]
    dice = random.Random(seed)
    unseen = []
    for _number in range(changes):
        with for_a_moment(office.conn):
            done = change_a_row(office.conn, *dice.choice(places), dice)
            if not found_by_verify(office):
                unseen.append(done)
    office.close()
    return Tampered(changes, unseen)


def cut_tails(folder: Path, cuts: int, seed: int = 1) -> Tampered:
    """Cut the end of the log off, and hold it against the sheet of the last closed day."""
    office = make_demo(folder / "office.tdo", residents=RESIDENTS, villages=2)
    take_guards_away(office.conn)
    length, head = office.conn.execute(
        "SELECT chain_length, chain_head FROM day_close ORDER BY day DESC LIMIT 1"
    ).fetchone()
    dice = random.Random(seed)
    unseen = []
    for _number in range(cuts):
        with for_a_moment(office.conn):
            last = dice.randrange(length)
            office.conn.execute("DELETE FROM audit WHERE id > ?", (last,))
            if not verify_anchor(office, length, head):
                unseen.append(f"{audit.head(office.conn).length} of {length}")
    office.close()
    return Tampered(cuts, unseen)


def flipped_bits(folder: Path, flips: int, seed: int = 1) -> Tampered:
    """Flip one bit of the file at a time; unseen are those that changed what the office holds."""
    path = folder / "office.tdo"
    office = make_demo(path, residents=RESIDENTS, villages=2)
    whole = _contents(office)
    office.close()
    dice = random.Random(seed)
    unseen = []
    damaged = folder / "damaged.tdo"
    for _number in range(flips):
        shutil.copyfile(path, damaged)
        offset, bit = dice.randrange(path.stat().st_size), dice.randrange(8)
        with damaged.open("r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ 1 << bit]))
        if _goes_unseen(damaged, whole):
            unseen.append(f"byte {offset}, bit {bit}")
        for left in folder.glob("damaged.tdo*"):
            left.unlink()
    return Tampered(flips, unseen)


def _goes_unseen(path: Path, whole: list[object]) -> bool:
    try:
        office = open_office(path)
    except (DeskError, sqlite3.Error, ValueError):
        return False
    try:
        return not verify(office) and _contents(office) != whole
    except (DeskError, sqlite3.Error, ValueError):
        return False
    finally:
        office.close()


def _contents(office: Office) -> list[object]:
    return [
        [tuple(row) for row in office.conn.execute(f"SELECT * FROM {table}")]
        for table in tables(office.conn)
    ]
