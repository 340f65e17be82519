"""What a file really is, told by its content, and whether its sizes can be trusted.

An office's files lie about themselves: web pages saved as .xls, workbooks named .csv, locked
workbooks. What can be read is; the rest gets a message that says what to do.
"""

from __future__ import annotations

import codecs
import functools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from enum import Enum, auto
from itertools import chain
from pathlib import Path
from typing import Final

from townshipdesk.domain.errors import BadFileError


class FileKind(Enum):
    """Kinds of files that can be read."""

    WORKBOOK = auto()
    TEXT = auto()
    MARKUP = auto()
    """A web page or an XML workbook of 2003: what other systems write and call .xls."""


LARGEST_FILE: Final = 200 * 1024 * 1024
LARGEST_UNPACKED: Final = 700 * 1024 * 1024
MOST_PARTS: Final = 5_000
HIGHEST_RATIO: Final = 400
"""Unpacked to packed bytes of a large part: real sheets stay under 60, bombs reach a thousand."""

_RATIO_MATTERS: Final = 30 * 1024 * 1024
_ARCHIVE: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_HEADER, _LARGEST_SHIFT = 512, 12
_ANCIENT: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""How workbooks of 1987 to 1992 begin; some offices' cash programs still write them."""

_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAMS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_MARKUP: Final = (
    b"<html",
    b"<!doctype",
    b"<table",
    b"<meta",
    b"<?xml",
    b"<head",
    b"<body",
    b"<div",
)
_OTHER_FILES: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"GIF8",
    b"\x1f\x8b",
)


UNREADABLE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, zlib.error, EOFError, OSError,
    ValueError, NotImplementedError, OverflowError, IndexError, UnicodeError, RuntimeError,
)  # fmt: skip
"""Whatever the library says of an archive that is broken, locked or packed in an unknown way."""

_PARTS: Final = re.compile(r"xl/(?:workbook|sharedStrings|worksheets/[^/]+)\.(?:xml|bin)")
SHEET_PART: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_SHEET: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet[\s>]")
_PLAIN_ROW: Final = re.compile(rb' r="([0-9]{1,12})"')
_ROW: Final = re.compile(rb"[\s/>](?:(?<=\s)[^>]*?(?<=\s)r=[\"']\s*([0-9]{1,12})\s*[\"'])?")
_BLOCK: Final = 1024 * 1024
LARGE_SHEET: Final = 8 * 1024 * 1024
"""Bytes from which a sheet's rows are looked at only while they are unpacked to be read."""


def file_kind(path: Path) -> FileKind:
    """Tell what a file is by its content. Raises BadFileError with what to do about it."""
    size = path.stat().st_size
    if size == 0:
        raise BadFileError("The file is empty.")
    if size > LARGEST_FILE:
        raise BadFileError("The file is larger than {limit} MB.", limit=LARGEST_FILE // 1024**2)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_ARCHIVE):
        _check_archive(path)
        return FileKind.WORKBOOK
    if head.startswith(_COMPOUND):
        _check_compound(path)
        return FileKind.WORKBOOK
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    else:
        start = head
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(_MARKUP):
        return FileKind.MARKUP
    if head.startswith(_ANCIENT):
        raise BadFileError(
            "This workbook is of a kind from before 1993. Open it in a spreadsheet program and "
            "save it as .xlsx."
        )
    if head.startswith((*_OTHER_FILES, b"PK")):
        raise BadFileError("This is no workbook and no text file.")
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
        raise BadFileError("This is no workbook and no text file.")
    return FileKind.TEXT


def _check_archive(path: Path) -> None:
    """Look at the directory of a zip file before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except UNREADABLE as error:
        raise damaged() from error
    names = {part.filename.replace("\\", "/") for part in parts}
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise BadFileError("This is a text document or a presentation, not a workbook.")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise BadFileError("This archive holds no workbook.")
    unpacked = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > _RATIO_MATTERS
        and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or dense:
        raise BadFileError(
            "The workbook would unpack to far more than a real one; it was not opened."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise locked()
    read = [part.filename for part in parts if _PARTS.fullmatch(part.filename)]
    if len({*read}) < len(read):
        raise damaged()  # which of two parts of one name holds is another answer in every program
    check_rows(path, large=False)


def check_rows(path: Path, *, large: bool) -> None:
    """Look whether each row of a sheet of an .xlsx stands below the one before.

    The library puts a row where its number says; two rows of one number would become one person,
    and nobody would know. `large` sheets are for whoever reads them to look at, once; `file_kind`
    looks at all others. Workbooks of another kind have no such numbers. Raises BadFileError.
    """
    with path.open("rb") as file:
        if file.read(len(_ARCHIVE)) != _ARCHIVE:
            return
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                if SHEET_PART.fullmatch(part.filename) and (part.file_size > LARGE_SHEET) == large:
                    with archive.open(part) as file:
                        blocks = iter(functools.partial(file.read, _BLOCK), b"")
                        if not _is_ordered(blocks):
                            raise disordered()
    except UNREADABLE as error:
        raise damaged() from error


def _is_ordered(blocks: Iterable[bytes]) -> bool:
    """Tell whether the numbers of a sheet's rows only grow; a row without one follows the last."""
    tag, last, rest = b"", 0, b""
    for block in chain(blocks, (b"<",)):
        rest += block
        if not tag:
            root = _SHEET.search(rest, 0, 4096)
            tag = b"<" + (root[1] if root else b"") + b"row"
        end = rest.rfind(b"<")  # what stands before is no part of an element
        at = rest.find(tag, 0, end)
        while at >= 0:
            after = at + len(tag)
            found = _PLAIN_ROW.match(rest, after) or _ROW.match(rest, after)
            if found is not None:
                number = int(found[1]) if found[1] else last + 1
                if number <= last:
                    return False
                last = number
            at = rest.find(tag, after, end)
        rest = rest[end:]
    return True


def disordered() -> BadFileError:
    """Give the error for a workbook in which a row does not stand below the one before."""
    return BadFileError(
        "Rows of the workbook stand on top of each other. Open it in a spreadsheet "
        "program, look whether everybody is there, and save it again."
    )


def damaged() -> BadFileError:
    """Give the error for a workbook that no program could read."""
    return BadFileError("The workbook is damaged: it was not copied or sent whole.")


def _check_compound(path: Path) -> None:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE)
    if _ENCRYPTED_STREAM in content:
        raise locked()
    if _is_cut(content):
        raise damaged()
    if not any(name in content for name in _WORKBOOK_STREAMS):
        raise BadFileError("This is an old office file, but no workbook.")


def _is_cut(content: bytes) -> bool:
    """Tell whether the list of what an old office file holds lies beyond its end."""
    if len(content) < _COMPOUND_HEADER:
        return True
    shift: int = struct.unpack_from("<H", content, 30)[0]
    first: int = struct.unpack_from("<I", content, 48)[0]
    return shift > _LARGEST_SHIFT or (first + 1 << shift) >= len(content)


def locked() -> BadFileError:
    """Give the error for a workbook that asks for a password."""
    return BadFileError(
        "The workbook is locked with a password. Take the password off and save it again."
    )
