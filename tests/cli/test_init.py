"""Making an office: with its key, or with nothing left behind."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from townshipdesk.cli import main
from townshipdesk.services.office import open_office

PASSPHRASE = "made-up passphrase"


def init(monkeypatch: pytest.MonkeyPatch, db: Path, password: str) -> int:
    monkeypatch.setenv("TOWNSHIPDESK_KEY", PASSPHRASE)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    named = ["--office", "演练窗口", "--policy", "longjie-2025"]
    return main(["init", "--db", str(db), *named, "--encrypt"])


def test_an_encrypted_office_opens_with_passphrase_and_with_recovery_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "office.tdo"
    assert init(monkeypatch, db, "long enough") == 0
    recovery = json.loads(capsys.readouterr().out)["recovery_key"]
    for secret in (PASSPHRASE, recovery):
        office = open_office(db, secret)
        assert office.name == "演练窗口"
        office.close()
    assert "演练窗口".encode() not in db.read_bytes()


def test_an_office_that_cannot_be_made_leaves_no_key_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert init(monkeypatch, tmp_path / "office.tdo", "short") == 2
    assert list(tmp_path.iterdir()) == []
    assert init(monkeypatch, tmp_path / "office.tdo", "long enough") == 0


def test_the_key_of_an_office_that_is_away_is_never_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    db = tmp_path / "office.tdo"
    assert init(monkeypatch, db, "long enough") == 0
    key = (tmp_path / "office.tdo.key").read_bytes()
    db.rename(tmp_path / "elsewhere.tdo")
    assert init(monkeypatch, db, "long enough") == 2
    assert (tmp_path / "office.tdo.key").read_bytes() == key
    assert not db.exists()
