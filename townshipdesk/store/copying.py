"""Copies of an office file: taken while desks work, laid aside as one file, put into its place.

A database file is never copied while anybody has it open: only SQLite's own backup reads an office
at work. What it writes is closed and turned into a single file (no write-ahead log beside it)
before plain file functions may touch it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.store import keys
from townshipdesk.store.connection import Database
from townshipdesk.store.driver import sqlite3

PagesDone = Callable[[int, int], None]
"""Called with how many pages are copied and how many there are."""

_PAGES_AT_ONCE: Final = 4_096
_CHUNK: Final = 1 << 20
_BESIDE: Final = ("-wal", "-shm", ".turn")


@contextlib.contextmanager
def staged(beside: Path) -> Iterator[Path]:
    """Give a name for a file that is being made on the disk of `beside`; it is taken away again."""
    path = beside.with_name(f"{beside.name}.copying-{os.getpid()}")
    remove(path)
    try:
        yield path
    finally:
        remove(path)


def copy_database(database: Database, key: bytes | None, to: Path, pages: PagesDone | None) -> None:
    """Copy an open office to a new file, consistent as of one moment, while desks go on writing.

    Raises OfficeFileError when the disk is full or does not answer.
    """
    copy = sqlite3.connect(to, isolation_level=None)
    try:
        if key is not None:
            copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        with database.snapshot() as conn:  # held, so that another desk's write starts nothing anew
            conn.execute("SELECT 1 FROM office").fetchone()
            conn.backup(
                copy,
                pages=_PAGES_AT_ONCE if pages else -1,
                progress=(lambda _s, left, total: pages(total - left, total)) if pages else None,
                sleep=0,
            )
        copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OfficeFileError(
            "The copy could not be written: {reason}. The office was not touched.",
            code="copy-failed",
            reason=str(error),
        ) from error
    finally:
        copy.close()


def make_single(database: Database) -> None:
    """Close an office nobody else has open, with everything in one file.

    Raises OfficeFileError when another desk has it open; then it stays open here too.
    """
    database.conn.execute("PRAGMA busy_timeout = 200")
    try:
        mode = database.conn.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "busy"
    if mode != "delete":
        raise OfficeFileError(
            "A desk has the office open. Close every desk and try again; nothing was changed.",
            code="open-elsewhere",
        )
    database.close()


def copy_file(source: Path, target: Path) -> None:
    """Copy a closed file, wait until the disk has it, read it back and compare.

    An encrypted office's key file goes with it. Raises OfficeFileError; then there is no new file
    at `target`, and an older one is as it was.
    """
    fresh = target.with_name(target.name + ".new")
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        wanted = _write_through(source, fresh)
        if _hash_of(fresh) != wanted:
            raise OSError("it reads back differently")
        if keys.key_file(source).exists():
            shutil.copyfile(keys.key_file(source), keys.key_file(target))
        fresh.replace(target)
        sync_folder(target.absolute().parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise OfficeFileError(
            "{name} could not be written: {reason}. Nothing was changed.",
            code="copy-failed",
            name=target.name,
            reason=error.strerror or str(error),
        ) from error


def put_in_place(fresh: Path, target: Path) -> None:
    """Give a closed, single file the name of the office; there must be none of that name."""
    if keys.key_file(fresh).exists():
        keys.key_file(fresh).replace(keys.key_file(target))
    fresh.replace(target)
    sync_folder(target.absolute().parent)


def lay_aside(path: Path, stamp: str) -> Path:
    """Rename an office file nobody has open, with what belongs to it, and give its new name."""
    aside = path.with_name(f"{path.stem}.before-{stamp}{path.suffix}")
    if aside.exists():
        raise OfficeFileError(
            "There is already a file {name}. Choose another name; it was not touched.",
            code="exists",
            name=aside.name,
        )
    if keys.key_file(path).exists():
        shutil.copyfile(keys.key_file(path), keys.key_file(aside))
    for suffix in _BESIDE[:2]:
        left = path.with_name(path.name + suffix)
        if left.exists():
            left.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)
    return aside


def remove(path: Path) -> None:
    """Take a file of our own making away, with what SQLite laid beside it."""
    for name in (path, *(path.with_name(path.name + suffix) for suffix in _BESIDE)):
        name.unlink(missing_ok=True)
    keys.key_file(path).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder, where the system lets one ask for it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_through(source: Path, target: Path) -> str:
    seal = hashlib.sha256()
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(_CHUNK):
            seal.update(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    return seal.hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
