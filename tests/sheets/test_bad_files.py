"""Damaged, locked and hostile files: always one clear message, never a crash."""

import io
import random
import struct
import subprocess
import zipfile

import openpyxl
import pytest

from tests.sheets.making import ROSTER_HEADINGS, TODAY, as_csv, as_xls, as_xlsx, roster_row
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.reader import read_roster

ROSTER = [ROSTER_HEADINGS, *(roster_row(serial) for serial in range(1, 30))]


def complaint(path) -> str:
    with pytest.raises(BadFileError) as caught:
        read_roster(path, today=TODAY)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>\xd0\xd5\xc3\xfb</td></tr></table></html>", "heading"),
        (b"<html><body>\xc7\xeb\xb5\xc7\xc2\xbc</body></html>", "web page"),
        (b"<table><tr><td><![x[ y", "heading"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "web page"),
        (
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>"
            b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "damaged",
        ),
        (b'\xd0\xd5\xc3\xfb,b,c\n1,"2,3\n4,5,6\n', "quotation mark is not closed"),
        (b'\xd0\xd5\xc3\xfb,b,c\n1,"2\n3","4"\n5,6,7\n', "heading"),
        (b"%PDF-1.4", "no workbook"),
        (b"\x89PNG\r\n", "no workbook"),
        (b"PK\x05\x06" + bytes(18), "no workbook"),
        (b"a,b\x00c", "no workbook"),
        (b"\xff\xfe\xfd\xfc\xfb", "neither UTF-8 nor GB18030"),
        (b"\x81\x20\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (b"hello", "heading"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_each_kind_of_bad_file_has_its_message(content, words, tmp_path):
    """What is wrong is said in words, whatever the file is called."""
    path = tmp_path / "roster.xls"
    path.write_bytes(content)
    assert words in complaint(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    """The name of the file is in the message."""
    assert "nothing.xlsx" in complaint(tmp_path / "nothing.xlsx")
    assert tmp_path.name in complaint(tmp_path)


def test_a_single_cell_at_the_far_corner_does_not_take_the_machine_down(tmp_path):
    """The cell XFD1048576 asks for a hundred gigabytes; the reading process ends, not the desk."""
    book = openpyxl.Workbook()
    book.active.append(ROSTER_HEADINGS)
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert "memory" in complaint(tmp_path / "far.xlsx")


def test_a_zip_bomb_is_not_opened(tmp_path):
    """A sheet that unpacks to gigabytes is refused by its directory alone."""
    path = as_xlsx(tmp_path / "a.xlsx", ROSTER)
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part, old.read(part))
        with new.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as huge:
            for _ in range(100):
                huge.write(bytes(1024 * 1024))
    assert "unpack" in complaint(bomb)


def test_an_archive_that_lies_about_its_sizes_is_survived(tmp_path):
    """A directory that says one byte where gigabytes follow ends in a message."""
    path = as_xlsx(tmp_path / "a.xlsx", ROSTER)
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at != -1:
        struct.pack_into("<I", content, at + 24, 1)
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    try:
        outcome: object = len(read_roster(path, today=TODAY).rows)
    except BadFileError as error:
        outcome = error.code
    assert outcome in (29, "bad-file")


def damaged(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    found = bytearray(content)
    if seed % 3 == 0:
        del found[chance.randrange(len(found)) :]
    else:
        for _ in range(chance.choice((1, 5, 50, 500))):
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def damaged_part(content: bytes, seed: int) -> bytes:
    """Damage the XML inside a workbook and pack it again: the archive itself is sound."""
    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            inner = old.read(part)
            if chance.random() < 0.5 and inner:
                inner = damaged(inner, chance.randrange(1 << 30))
            new.writestr(part.filename, inner)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.xlsx", "b.xlsx", "a.xls", "a.csv"])
def test_no_damage_ends_in_anything_but_rows_or_a_message(name, tmp_path):
    """Truncated, overwritten and scrambled files: never a crash, never a number out of nothing."""
    write = {"xlsx": as_xlsx, "xls": as_xls, "csv": as_csv}[name.rpartition(".")[2]]
    whole = write(tmp_path / f"whole-{name}", ROSTER).read_bytes()
    numbers = {row[5] for row in ROSTER[1:]}
    scramble = damaged_part if name.startswith("b") else damaged
    outcomes = set()
    for seed in range(8):
        path = tmp_path / f"{seed}-{name}"
        path.write_bytes(scramble(whole, seed))
        try:
            result = read_roster(path, today=TODAY)
        except BadFileError as error:
            outcomes.add(error.code)
        else:
            known = [row for row in result.rows if row.number in numbers]
            assert len(known) >= len(result.rows) - 1
            outcomes.add("rows")
    assert outcomes <= {"bad-file", "rows"}
    assert outcomes


def test_a_caller_that_fails_leaves_no_process_behind(tmp_path, monkeypatch):
    """Whatever goes wrong here, the reading process is gone before the caller hears of it."""
    path = as_xlsx(tmp_path / "a.xlsx", ROSTER)
    started: list[subprocess.Popen[bytes]] = []

    def broken(_progress):
        raise RuntimeError("the screen was closed")

    class Watched(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    with pytest.raises(RuntimeError):
        read_roster(path, today=TODAY, progress=broken)
    assert [child.returncode is not None for child in started] == [True]
