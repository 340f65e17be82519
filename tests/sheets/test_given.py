"""Files that are none, cannot be opened, or change while they are read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.sheets.hostile_kinds import KINDS
from tests.sheets.making import TODAY
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets import process, reader
from townshipdesk.sheets.given import check_same, file_name, given

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="special files are those of Unix")


@posix
@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "loop", "dangling", "device", "long"])
def test_what_is_no_ordinary_file_is_told_and_never_waited_for(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "名单.xlsx"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        place = Path(os.path.relpath(place))  # the name of a socket may not be long
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(place))
    elif kind == "loop":
        place.symlink_to(place)
    elif kind == "dangling":
        place.symlink_to(tmp_path / "gone")
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        place = tmp_path / ("长" * 200 + ".xlsx")
    with pytest.raises(BadFileError):
        reader.read_roster(place, today=TODAY)


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it_is_told(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text("姓名,证件号码\n")
    place.chmod(0)
    with pytest.raises(BadFileError, match="no right"):
        given(place)


def test_a_medium_that_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.csv"
    place.write_text("姓名,证件号码\n", encoding="utf-8")

    def broken(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("hashlib.file_digest", broken)
    with pytest.raises(BadFileError, match="cannot be opened"):
        reader.read_roster(place, today=TODAY)


@pytest.mark.parametrize("how", ["grown", "gone", "replaced"])
def test_a_file_that_does_not_stay_as_it_was_is_not_taken(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was still being copied, or a stick was pulled out: half a roster must not come in."""
    place = tmp_path / "a.csv"
    place.write_text("姓名,证件号码\n杨甲,11010519491231002X\n", encoding="utf-8")
    real = process.ask

    def ask(*args: object, **kwargs: object) -> object:
        yield from real(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        if how == "grown":
            with place.open("a", encoding="utf-8") as file:
                file.write("杨乙,110105194912310038\n")
        else:
            place.unlink()
        if how == "replaced":
            place.write_text("姓名\n", encoding="utf-8")

    monkeypatch.setattr(reader, "ask", ask)
    with pytest.raises(BadFileError, match="changed while"):
        reader.read_roster(place, today=TODAY)


def test_a_name_of_any_bytes_can_be_kept_and_shown(tmp_path: Path) -> None:
    """Bytes that are no text, signs that steer a terminal: gone; the file is read all the same."""
    assert file_name(tmp_path / "a\x1b[31m\n\u202eb.csv") == "a[31m b.csv"
    assert file_name(Path(os.fsdecode(b"\xff\xfe"))) == "?"
    place = tmp_path / os.fsdecode("名单".encode("gb18030") + b".csv")
    try:
        place.write_text("姓名,证件号码\n杨甲,11010519491231002X\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system keeps names of text only")
    (row,) = reader.read_roster(place, today=TODAY).rows
    row.sheet.encode("utf-8")
    file_name(place).encode("utf-8")
    workbook = place.with_suffix(".xlsx")
    workbook.write_bytes(KINDS["sound"].make())
    assert len(reader.read_roster(workbook, today=TODAY).rows) == 3
    check_same(given(place))
