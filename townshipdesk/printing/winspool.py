"""The two ways of printing that Windows itself offers, through ctypes.

Imported on Windows only. Raw bytes go through the spooler, a file goes to the program that is
registered for printing files of its kind.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any, Final

assert sys.platform == "win32"  # noqa: S101 - tells the type checker that this is Windows

_SHELL_FAILED: Final = 32
_HIDDEN: Final = 0


class WindowsPrintError(OSError):
    """The spooler refused; the text is what Windows says."""


class _DocInfo(ctypes.Structure):
    _fields_ = (
        ("document_name", ctypes.c_wchar_p),
        ("output_file", ctypes.c_wchar_p),
        ("data_type", ctypes.c_wchar_p),
    )


def _library(name: str) -> Any:
    return ctypes.WinDLL(name, use_last_error=True)


def _failed() -> WindowsPrintError:
    code = ctypes.get_last_error()
    text = ctypes.FormatError(code)
    return WindowsPrintError(f"{text} ({code})")


def default_printer() -> str:
    """Give the name of the default printer. Raises WindowsPrintError when there is none."""
    spooler = _library("winspool.drv")
    size = ctypes.c_ulong(0)
    spooler.GetDefaultPrinterW(None, ctypes.byref(size))
    name = ctypes.create_unicode_buffer(max(size.value, 1))
    if not spooler.GetDefaultPrinterW(name, ctypes.byref(size)):
        raise _failed()
    return name.value


def print_raw(data: bytes, printer: str | None, title: str) -> None:
    """Send bytes to a printer as they are. Raises WindowsPrintError."""
    spooler = _library("winspool.drv")
    handle = ctypes.c_void_p()
    if not spooler.OpenPrinterW(printer or default_printer(), ctypes.byref(handle), None):
        raise _failed()
    try:
        info = _DocInfo(title or "townshipdesk", None, "RAW")
        if not spooler.StartDocPrinterW(handle, 1, ctypes.byref(info)):
            raise _failed()
        try:
            written = ctypes.c_ulong(0)
            if not spooler.WritePrinter(handle, data, len(data), ctypes.byref(written)):
                raise _failed()
        finally:
            spooler.EndDocPrinter(handle)
    finally:
        spooler.ClosePrinter(handle)


def shell_print(path: Path, printer: str | None) -> None:
    """Have a file printed by the program registered for it. Raises WindowsPrintError."""
    shell = _library("shell32.dll")
    verb = "printto" if printer else "print"
    parameters = f'"{printer}"' if printer else None
    result = shell.ShellExecuteW(None, verb, str(path), parameters, None, _HIDDEN)
    if int(result) <= _SHELL_FAILED:
        raise WindowsPrintError(f"ShellExecute {int(result)}")
