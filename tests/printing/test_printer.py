"""Handing paper to the system's printer, with printers made of small scripts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from townshipdesk.domain.errors import DeskError
from townshipdesk.printing import printer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses a shell script as lp")


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A machine whose only programs are those a test writes; gives the writer."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)

    def write(script: str, name: str = "lp") -> Path:
        path = tmp_path / name
        path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
        path.chmod(0o755)
        return tmp_path

    return write


def test_a_text_form_goes_out_raw_in_gb18030(lp):
    """The bytes a Chinese dot-matrix printer understands, on the printer that was chosen."""
    folder = lp('echo "$@" > arguments; cat > paper')
    printer.send_to_printer("收据 𠮷\n", "窗口一号", title="000123")
    assert (folder / "paper").read_bytes().decode("gb18030") == "收据 𠮷\n"
    arguments = (folder / "arguments").read_text(encoding="utf-8").strip()
    assert arguments == "-d 窗口一号 -t 000123 -o raw"


def test_a_pdf_goes_to_the_default_printer_as_it_is(lp):
    """A PDF is not sent raw: the printing system turns it into what the printer takes."""
    folder = lp('echo "$@" > arguments; cat > paper')
    printer.send_to_printer(b"%PDF-1.7")
    assert (folder / "paper").read_bytes() == b"%PDF-1.7"
    assert (folder / "arguments").read_text(encoding="utf-8").strip() == ""


def test_a_printer_that_refuses_is_told_in_its_own_words(lp):
    """What the printing system says reaches the clerk, as an error of the desk."""
    lp("cat > /dev/null; echo 'lp: The printer is on fire.' >&2; exit 1")
    with pytest.raises(printer.PrinterError) as refused:
        printer.send_to_printer("收据")
    assert isinstance(refused.value, DeskError)
    assert (refused.value.code, refused.value.values["answer"]) == (
        "printer-refused",
        "lp: The printer is on fire.",
    )


def test_a_printing_system_that_hangs_is_given_up(lp, monkeypatch):
    """The desk does not wait for a printer for ever."""
    lp("exec sleep 30")
    monkeypatch.setattr(printer, "PATIENCE_SECONDS", 0.05)
    with pytest.raises(printer.PrinterError) as silent:
        printer.send_to_printer("收据")
    assert silent.value.code == "printer-silent"


def test_a_machine_without_a_printing_system_says_so(monkeypatch, tmp_path):
    """Without lp the clerk is told to save the PDF."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(printer.PrinterError) as missing:
        printer.send_to_printer(b"%PDF")
    assert missing.value.code == "no-printing-system"
    assert printer.printers() == []


def test_a_program_that_cannot_be_started_says_so(lp):
    """An lp that is no program ends in a sentence too."""
    folder = lp("")
    (folder / "lp").write_bytes(b"\x7fELF broken")
    with pytest.raises(printer.PrinterError):
        printer.send_to_printer("收据")


def test_the_printers_of_the_system_are_named(lp):
    """One name on a line, as lpstat gives them."""
    lp("printf '窗口一号\\nA5\\n'", "lpstat")
    assert printer.printers() == ["窗口一号", "A5"]


class Windows:
    """A stand-in for the spooler module, which can only be imported on Windows."""

    def __init__(self) -> None:
        self.raw: list[tuple[bytes, str | None, str]] = []
        self.files: list[tuple[Path, str | None]] = []
        self.error: OSError | None = None

    def print_raw(self, data: bytes, name: str | None, title: str) -> None:
        self.raw.append((data, name, title))
        if self.error:
            raise self.error

    def shell_print(self, path: Path, name: str | None) -> None:
        self.files.append((path, name))
        if self.error:
            raise self.error


@pytest.fixture
def windows(monkeypatch, tmp_path):
    """Make the module under test believe that it runs on Windows, with a folder of its own."""
    spool = Windows()
    monkeypatch.setattr(printer, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setitem(sys.modules, "townshipdesk.printing.winspool", spool)
    monkeypatch.setattr(printer.tempfile, "tempdir", str(tmp_path))
    return spool


def test_on_windows_text_goes_raw_to_the_spooler(windows):
    """The same bytes as on Linux, through the spooler."""
    printer.send_to_printer("收据", "LQ-630K", title="000123")
    assert windows.raw == [("收据".encode("gb18030"), "LQ-630K", "000123")]


def test_on_windows_a_pdf_is_left_for_the_program_that_prints_it(windows):
    """The file is there when the program comes for it, and gone when it was refused."""
    printer.send_to_printer(b"%PDF")
    ((path, name),) = windows.files
    assert (path.read_bytes(), name) == (b"%PDF", None)
    windows.error = OSError(2, "no program prints this")
    with pytest.raises(printer.PrinterError):
        printer.send_to_printer(b"%PDF")
    assert not windows.files[1][0].exists()


def test_on_windows_files_of_earlier_jobs_are_taken_away(windows, tmp_path):
    """Receipts do not pile up in the temporary folder."""
    import os

    old = tmp_path / "townshipdesk-old.pdf"
    old.write_bytes(b"%PDF")
    os.utime(old, (1, 1))
    printer.send_to_printer(b"%PDF")
    assert not old.exists()
    assert windows.files[0][0].exists()


def test_the_scripts_of_these_tests_are_run_without_a_shell(lp):
    """A printer's name is one argument, whatever it holds."""
    folder = lp('printf "%s\\n" "$#" "$2" > arguments; cat > /dev/null')
    printer.send_to_printer(b"%PDF", "a; rm -rf x")
    assert (folder / "arguments").read_text(encoding="utf-8") == "2\na; rm -rf x\n"
    assert subprocess.run(["lp", "x", "y"], input=b"", check=True).returncode == 0
