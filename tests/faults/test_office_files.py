"""Files that are no office, or no longer one: each ends in a clear message and stays unharmed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.services.office import create_office, open_office
from townshipdesk.store import connection, migrate
from townshipdesk.store.driver import sqlite3


@pytest.fixture
def path(training_file: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "office.tdo"
    shutil.copy(training_file, copy)
    return copy


def refused(path: Path) -> OfficeFileError:
    """Give the refusal; the file is as it was, and nothing is left beside it."""
    before = path.read_bytes() if path.is_file() else None
    beside = sorted(path.parent.iterdir())
    with pytest.raises(OfficeFileError) as told:
        open_office(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert sorted(path.parent.iterdir()) == beside
    return told.value


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE account (name TEXT)")
    other.commit()
    other.close()
    assert refused(path).code == "foreign-file"


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"PK\x03\x04" * 200])
def test_a_file_that_is_no_database_is_left_alone(tmp_path, content):
    path = tmp_path / "office.tdo"
    path.write_bytes(content)
    assert refused(path).code in ("foreign-file", "key-needed", "empty")


def test_an_office_of_a_newer_program_is_left_alone(path):
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {migrate.newest_version() + 1}")
    raw.close()
    assert refused(path).code == "too-new"


def test_a_training_file_made_to_look_live_is_not_opened(path):
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA application_id = {connection.APPLICATION_IDS['live']}")
    raw.close()
    assert refused(path).code == "kind-differs"


def test_the_kind_of_an_office_cannot_be_changed_inside(path):
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="the kind of an office never changes"):
        raw.execute("UPDATE office SET kind = 'live', training_clock = NULL")
    raw.close()


def test_a_damaged_office_is_said_to_be_damaged(path):
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(1, size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(200))
    assert refused(path).code in ("damaged", "foreign-file", "kind-differs")


def test_a_file_cut_short_is_said_to_be_damaged(path):
    with path.open("r+b") as file:
        file.truncate(4096 * 3)
    assert refused(path).code in ("damaged", "foreign-file", "kind-differs")


def test_a_folder_and_a_missing_file_are_told(tmp_path):
    assert "folder" in refused(tmp_path).message
    assert refused(tmp_path / "missing.tdo").code == "missing"


def test_a_network_share_is_refused(path, monkeypatch):
    monkeypatch.setattr(connection, "_is_on_network", lambda _folder: True)
    assert refused(path).code == "network"


def test_the_file_systems_of_shares_are_recognised(monkeypatch, tmp_path):
    shares = ("cifs", "nfs4", "fuse.sshfs", "9p")
    assert set(shares) <= connection._NETWORK_FILE_SYSTEMS


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write")
def test_a_folder_that_cannot_be_written_to_is_told(path):
    path.parent.chmod(0o500)
    try:
        assert refused(path).code == "read-only"
    finally:
        path.parent.chmod(0o700)


def test_a_library_too_old_for_several_writers_is_refused(path, monkeypatch):
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (99, 0, 0))
    assert refused(path).code == "old-library"


def test_an_office_is_never_made_over_an_existing_file(path):
    before = path.read_bytes()
    with pytest.raises(OfficeFileError) as told:
        create_office(
            path,
            name="另一个",
            policy_id="longjie-2025",
            now=Desk(open_office(path)).office.now(),
            training=True,
        )
    assert told.value.code == "exists"
    assert path.read_bytes()[:100] == before[:100]


@pytest.mark.parametrize("command", ["totals", "verify", "find", "close-day"])
def test_no_command_ends_in_a_traceback(tmp_path, capsys, command):
    path = tmp_path / "office.tdo"
    path.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    more = {"find": ["杨"], "close-day": ["--counted", "0"]}.get(command, [])
    status = main([command, *more, "--db", str(path)])
    printed = capsys.readouterr()
    assert (int(status), printed.out) == (1, "")
    assert "Traceback" not in printed.err
    assert printed.err.strip()
