"""What is said when the desk meets a fault of its own: a sentence, and a note for the makers.

The note holds the kind of fault and the lines of the program it came through, nothing that was on
the screen: an error's own words and the values around it may hold people's names and numbers.
"""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path
from typing import Final

import platformdirs

from townshipdesk import __version__
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import _
from townshipdesk.store.connection import explained

LARGEST_NOTE_BYTES: Final = 200_000


def note_fault(error: BaseException, folder: Path | None = None) -> Path | None:
    """Write down where a fault came from and give the file; None where nothing can be written."""
    place = folder or Path(platformdirs.user_log_dir("townshipdesk", appauthor=False))
    path = place / "faults.txt"
    lines = [f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S} {__version__} {type(error).__name__}"]
    lines += [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    try:
        place.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST_NOTE_BYTES:
            path.unlink()
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except OSError:
        return None  # a full disk must not hide what happened
    return path


def farewell(error: BaseException, folder: Path | None = None) -> str:
    """Give what the clerk reads when the desk closes: by the file's fault, or one of its own."""
    told = explained(error)
    if isinstance(told, DeskError):
        return _(told.message, **told.values)
    path = note_fault(error, folder)
    said = [
        _("The desk had to close: a fault in the program ({kind}).", kind=type(error).__name__),
        _("What was acknowledged is safe. Open the desk again; it shows what it did last."),
    ]
    if path is not None:
        said.append(_("Send this file to whoever looks after the program: {path}", path=path))
    return "\n".join(said)
