"""A file from outside, before and after it is read: what it is called, what it is, if it stayed."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from typing import NamedTuple

from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.names import clean_text


class Given(NamedTuple):
    """An ordinary file that can be read, and what tells whether it is still the same one."""

    path: Path
    mark: tuple[int, int, int]


def file_name(path: Path) -> str:
    """Give a file's name as it may be kept and shown: a name may hold any byte, a text may not."""
    return clean_text(path.name) or "?"


def stem_of(path: Path) -> str:
    """Give a file's name without its ending: what a table that has no name of its own is called."""
    return clean_text(path.stem) or "?"


def given(path: Path) -> Given:
    """Look at a file before it is read. Raises BadFileError for what is no ordinary file."""
    name = file_name(path)
    try:
        found = path.stat()
        mode = found.st_mode
        if stat.S_ISDIR(mode):
            raise BadFileError("{name} is a folder, not a file.", name=name)
        if not stat.S_ISREG(mode):
            raise BadFileError("{name} is no ordinary file.", name=name)
        if found.st_size == 0:  # files of the system say so too, and some never end
            raise BadFileError("The file is empty.")
        with path.open("rb"):
            return Given(path.resolve(), _mark(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadFileError("There is no file {name}.", name=name) from error
    except (OSError, ValueError, RuntimeError) as error:  # no right, a loop of links, no such name
        raise _unreadable(name) from error


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hexadecimal. Raises BadFileError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:  # a stick that is broken, or was pulled out
        raise _unreadable(file_name(path)) from error


def _unreadable(name: str) -> BadFileError:
    return BadFileError(
        "{name} cannot be opened: you have no right to read it, or it lies somewhere that "
        "cannot be reached.",
        name=name,
    )


def check_same(file: Given) -> None:
    """Raise BadFileError where a file was changed or removed while it was being read."""
    try:
        same = _mark(file.path) == file.mark
    except OSError:
        same = False
    if not same:
        raise BadFileError(
            "The file changed while it was being read; nothing was taken from it. Wait until it "
            "has been copied whole, then try again."
        )


def _mark(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
