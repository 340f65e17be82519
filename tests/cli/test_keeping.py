"""demo, verify, backup and restore from the command line, held against the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from townshipdesk.cli import main
from townshipdesk.services.office import open_office
from townshipdesk.store import audit


def called(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    """Call a command; give its exit status and its JSON document (empty when there is none)."""
    try:
        status = main([str(part) for part in arguments])
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return status, json.loads(printed.out) if printed.out else {}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "training.tdo"
    options = ["--residents", "80", "--villages", "2", "--seed", "3", "--no-desk"]
    assert main(["demo", "--db", str(path), *options]) == 0
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "office.tdo"
    path.write_bytes(made.read_bytes())
    return path


def test_demo_says_what_it_made(capsys, tmp_path):
    path = tmp_path / "t.tdo"
    status, found = called(
        capsys, "demo", "--db", path, "--residents", 30, "--villages", 2, "--no-desk"
    )
    assert (status, found["kind"], found["villages"]) == (0, "training", 2)
    assert found["clock"] == "2025-03-17T09:00:00+08:00"
    assert found["township"]["residents"] in range(25, 31)


def test_demo_refuses_what_makes_no_office(capsys, tmp_path):
    path = tmp_path / "t.tdo"
    for option, value in (("--policy", "no-such"), ("--residents", "0"), ("--residents", "many")):
        status, found = called(capsys, "demo", "--db", path, "--no-desk", option, value)
        assert (status, found) == (2, {})
    assert not path.exists()


def test_verify_is_silent_about_an_office_in_order(capsys, db):
    assert called(capsys, "verify", "--db", db) == (0, {"ok": True, "problems": []})
    assert called(capsys, "verify", "--db", db, "--quick")[0] == 0


def test_verify_says_in_plain_words_what_is_wrong_and_where(capsys, db):
    office = open_office(db)
    office.conn.execute("DROP TRIGGER receipt_stays_u")
    office.conn.execute("UPDATE receipt SET amount_fen = amount_fen - 100 WHERE number = 3")
    office.close()
    status, found = called(capsys, "verify", "--db", db)
    assert (status, found["ok"]) == (1, False)
    problems = {problem["code"]: problem for problem in found["problems"]}
    assert set(problems) == {"schema", "ledger-changed", "receipt-sum", "receipt-content"}
    assert "000003" in problems["receipt-sum"]["where"]


def test_verify_holds_the_log_against_a_day_sheet(capsys, db):
    office = open_office(db)
    length, head = office.conn.execute(
        "SELECT chain_length, chain_head FROM day_close ORDER BY day LIMIT 1"
    ).fetchone()
    longer = audit.head(office.conn).length + 5
    office.close()
    grouped = " ".join(head[i : i + 4] for i in range(0, 64, 4))
    assert called(capsys, "verify", "--db", db, "--anchor", f"{length}:{grouped}")[0] == 0
    assert called(capsys, "verify", "--db", db, "--anchor", f"{length}:{head[:16].upper()}")[0] == 0
    status, found = called(capsys, "verify", "--db", db, "--anchor", f"{longer}:{head}")
    assert (status, [p["code"] for p in found["problems"]]) == (1, ["chain-cut"])
    assert called(capsys, "verify", "--db", db, "--anchor", f"{length + 1}:{head}")[0] == 1
    for wrong in ("12", "x:y", f"{length}:{head[:8]}"):
        assert called(capsys, "verify", "--db", db, "--anchor", wrong) == (2, {})


def test_a_backup_goes_out_and_comes_back(capsys, db, tmp_path):
    copy = tmp_path / "stick" / "copy.tdbackup"
    status, made = called(capsys, "backup", "--db", db, "-o", copy)
    assert (status, made["verified"], made["file"]) == (0, True, str(copy))
    again = tmp_path / "again.tdo"
    status, back = called(capsys, "restore", copy, "--db", again)
    assert (status, back["restored"], back["there"]) == (0, True, "none")
    assert called(capsys, "verify", "--db", again)[0] == 0


def test_a_newer_office_is_not_overwritten(capsys, db, tmp_path):
    copy = tmp_path / "copy.tdbackup"
    called(capsys, "backup", "--db", db, "-o", copy)
    entry = open_office(db)
    uid = entry.conn.execute("SELECT uid FROM entry ORDER BY id DESC LIMIT 1").fetchone()[0]
    entry.close()
    assert called(capsys, "reverse", uid, "--db", db, "--why", "录错人")[0] == 0
    status, planned = called(capsys, "restore", copy, "--db", db, "--dry-run")
    assert (status, planned["there"], planned["lost"]["reversals"]) == (0, "newer", 1)
    assert called(capsys, "restore", copy, "--db", db) == (1, {})
    status, done = called(capsys, "restore", copy, "--db", db, "--give-up-newer")
    assert (status, Path(done["kept_aside"]).exists()) == (0, True)


def test_files_that_are_no_office_end_in_a_message(capsys, tmp_path):
    junk = tmp_path / "junk.tdo"
    junk.write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)
    for arguments in (
        ("verify", "--db", junk),
        ("verify", "--db", tmp_path / "missing.tdo"),
        ("backup", "--db", junk, "-o", tmp_path / "copy"),
        ("restore", junk, "--db", tmp_path / "office.tdo"),
        ("restore", tmp_path / "missing", "--db", tmp_path / "office.tdo"),
    ):
        assert called(capsys, *arguments) == (1, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["junk.tdo"]
