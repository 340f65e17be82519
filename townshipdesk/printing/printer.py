"""Handing paper to the system's printer: `lp` on Linux, the spooler on Windows.

What is printed was committed before; a printer that fails changes nothing but the paper. Text goes
out raw in GB18030, as dot-matrix printers with a Chinese character set take it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_
from townshipdesk.printing.columns import ENCODING

PATIENCE_SECONDS: Final = 20
_SHOWN_ANSWER: Final = 200
_LEFT_PREFIX: Final = "townshipdesk-"
_READ_BY_THEN_SECONDS: Final = 600


class PrinterError(DeskError):
    """Nothing came out of the printer. The payment and the receipt are not affected."""

    code = "printer"


def send_to_printer(content: bytes | str, printer: str | None = None, *, title: str = "") -> None:
    """Print a PDF (bytes) or a text form (str) on a printer, or on the system's default one.

    `title` names the job in the printer's queue: a receipt number, never a person. Raises
    PrinterError with what the system said.
    """
    if sys.platform == "win32":
        _send_windows(content, printer, title)
    else:
        _send_lp(content, printer, title)


def printers() -> list[str]:
    """Give the names of the printers the system knows, none where it cannot say."""
    if sys.platform == "win32":
        query = "Get-Printer | ForEach-Object { $_.Name }"
        command = ["powershell", "-NoProfile", "-Command", query]
    else:
        command = ["lpstat", "-e"]
    if shutil.which(command[0]) is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, nothing of it comes from outside
            command, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []  # a system that cannot name its printers can still print on the default one
    return [
        name for line in done.stdout.decode(errors="replace").splitlines() if (name := line.strip())
    ]


def _send_lp(content: bytes | str, printer: str | None, title: str) -> None:
    program = shutil.which("lp")
    if program is None:
        raise PrinterError(
            N_("This machine has no printing system (the command lp is missing). Save the PDF."),
            code="no-printing-system",
        )
    command = [program]
    if printer:
        command += ["-d", printer]
    if title:
        command += ["-t", title]
    if isinstance(content, str):
        command += ["-o", "raw"]
    data = content.encode(ENCODING) if isinstance(content, str) else content
    try:
        done = subprocess.run(  # noqa: S603 - lp by its full path; each value is one argument
            command, input=data, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PrinterError(
            N_("The printing system does not answer. Look at the printer and print again."),
            code="printer-silent",
        ) from error
    except OSError as error:
        raise PrinterError(
            N_("The printing system cannot be started: {answer}"), answer=error.strerror or "lp"
        ) from error
    if done.returncode:
        raise _refused(done.stderr.decode(errors="replace"))


def _refused(answer: str) -> PrinterError:
    said = " ".join(answer.split())[:_SHOWN_ANSWER]
    return PrinterError(
        N_("The printer did not take the paper: {answer}"), code="printer-refused", answer=said
    )


def _send_windows(content: bytes | str, printer: str | None, title: str) -> None:
    # By name, because there is nothing to import it from on other systems.
    spool: Any = importlib.import_module("townshipdesk.printing.winspool")
    try:
        if isinstance(content, str):
            spool.print_raw(content.encode(ENCODING), printer, title)
            return
        path = _left_for_viewer(content)
        try:
            spool.shell_print(path, printer)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    except OSError as error:
        raise _refused(error.strerror or str(error)) from error


def _left_for_viewer(content: bytes) -> Path:
    """Write a PDF for the program that prints PDFs, which reads it after we have gone on.

    So the file stays; those of earlier jobs, long since printed, are taken away.
    """
    handle, name = tempfile.mkstemp(suffix=".pdf", prefix=_LEFT_PREFIX)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    path = Path(name)
    for other in path.parent.glob(f"{_LEFT_PREFIX}*.pdf"):
        with contextlib.suppress(OSError):  # another job's file may go, or be in use, meanwhile
            if path.stat().st_mtime - other.stat().st_mtime > _READ_BY_THEN_SECONDS:
                other.unlink()
    return path
