"""Where a workbook goes: complete, or not there at all, whatever the disk says.

Workbooks are packed in memory and written in one piece: the libraries that pack them cannot be
stopped half-way without words of their own. A workbook of 350,000 rows is some 20 MB packed.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.given import file_name

if TYPE_CHECKING:
    from xlsxwriter import Workbook


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place beside `path`, moved there when all went well, else removed.

    Raises BadFileError where nothing can be written.
    """
    try:
        handle, name = tempfile.mkstemp(suffix=".xlsx", prefix=".", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise BadFileError(
            "This folder does not let {name} be written: choose another one.", name=file_name(path)
        ) from error
    place = Path(name)
    try:
        yield place
        place.replace(path)
    except OSError as error:
        raise BadFileError(
            "{name} cannot be written: the disk is full, or it is open in another program.",
            name=file_name(path),
        ) from error
    finally:
        place.unlink(missing_ok=True)


@contextlib.contextmanager
def workbook(place: Path, options: Mapping[str, object]) -> Iterator[Workbook]:
    """Give a workbook that is written to `place` at the end, unless something goes wrong.

    What it keeps on the disk meanwhile goes with it. Raises OSError where there is no room.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="townshipdesk-", ignore_cleanup_errors=True) as folder:
        book = xlsxwriter.Workbook(packed, {**options, "tmpdir": folder})
        try:
            yield book
        except BaseException:
            with contextlib.suppress(Exception):  # it lets go of what it has opened
                book.close()
            raise
        try:
            book.close()
        except XlsxWriterException as error:
            raise OSError("no room for the workbook") from error
    place.write_bytes(packed.getbuffer())
