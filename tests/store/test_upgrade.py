"""Upgrades keep every office's data: from each earlier version, with data in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.store.raw_office import add_payment, add_resident, add_reversal, raw_office
from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.store import audit, office_rows, people_rows, seal
from townshipdesk.store.connection import Database, connect
from townshipdesk.store.driver import sqlite3
from townshipdesk.store.migrate import migrate, migration_files, newest_version, version_of

EARLIER = range(1, newest_version())

# Landed migrations are never edited: an office somewhere has run them as they were.
LANDED: dict[str, str] = {
    "0001_office.sql": "8858fd87bad44ff994624a7cbf8d875f5893f8cf49a8b7e738d6bdc04b1bc0f2",
    "0002_books_and_deposits.sql": (
        "e2cf34b1730caa11a60ef73e0d3ab23733043c1450fba66f2eb03e7fc4d54e4d"
    ),
    "0003_reconciliation.sql": "dfd66ebf913e591084c743a25053d40caaca2dee825a58e11b4498d685620c7c",
    "0004_collection.sql": "4fe7c15d60530b514fbf00ac155a6d0a3b8d8972b1964fb50644ebe38498b910",
    "0005_claims_and_calls.sql": "7a6537adfd13f5c7cd7baf17c85b9f07aedf53a1219e025878c34c5937117c01",
    "0006_taking_imports_back.sql": (
        "22385be9d27227589dadc6d0e0f84645661876ce5d7d5f181922cb6c6faa9287"
    ),
    "0007_roles.sql": "15e8ac3bb9b0de97508def2986db9c9beda69cc4f80ebdf40f5f53ce60808515",
    "0008_living_of_imports_taken_back.sql": (
        "0f25b83020056fc05a99216f1a50b5a7c53df4373cc7ba5e29e4cb6b99a7b822"
    ),
    "0009_policy_years.sql": "c87b6f9eedfa0e28acadcde1d5c28f3a1e40cebde522f52a5861625364c9a293",
    "0010_residency_in_bulk.sql": (
        "35e056e862b74b1fa9701954260e56260dbbf944a12fb27ce63fe3445fbbccf9"
    ),
    "0011_readings_of_names.sql": (
        "fa0fb4848c5dc3ad171215955f61725a8e6ac39b4f09b1b7425623a03e805ca5"
    ),
    "0012_corrected_deposits.sql": (
        "830e3e8f399908f58fc158b9a19bd1a00452b83d6fc9f542230ed8469faa6e72"
    ),
    "0013_claims_paid_in_parts.sql": (
        "fc4e53780e3ce17dcbc70b77f705cc55e1eafcaba677e895d5a910c60c263723"
    ),
}


def contents(database: Database, tables: list[str]) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [tuple(row) for row in database.conn.execute(f'SELECT * FROM "{table}"')]
        for table in tables
    }


def tables_of(database: Database) -> list[str]:
    return [
        row[0]
        for row in database.conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name <> '_sqlite_migrations' ORDER BY name"
        )
    ]


@pytest.mark.parametrize("version", EARLIER)
def test_an_office_of_an_earlier_version_keeps_every_row(tmp_path: Path, version: int) -> None:
    path = tmp_path / "office.tdo"
    database = raw_office(path, version)
    with database.transaction() as conn:
        first = add_payment(conn, "payment-one")
        add_reversal(conn, "reversal-one", first)
        add_payment(conn, "payment-two", resident_id=add_resident(conn), receipt_number=2)
        audit.append(
            conn, at="2025-03-17T09:00:00+08:00", staff_id=1, desk="", action="test",
            subject="test", detail={},
        )  # fmt: skip
    remade = ("audit", "seal", "name_reading")
    tables = [table for table in tables_of(database) if table not in remade]
    log = contents(database, ["audit"])["audit"]
    before = contents(database, tables)
    database.close()

    upgraded = connect(path)
    assert version_of(upgraded) == version
    assert migrate(upgraded)
    assert version_of(upgraded) == newest_version()
    assert contents(upgraded, tables) == before
    assert contents(upgraded, ["audit"])["audit"][: len(log)] == log  # the upgrade adds its own
    assert upgraded.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert upgraded.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert not migrate(upgraded)
    upgraded.close()


def test_an_upgraded_office_has_the_same_structure_as_a_new_one(tmp_path: Path) -> None:
    old = raw_office(tmp_path / "old.tdo", 1)
    migrate(old)
    new = raw_office(tmp_path / "new.tdo")
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert [tuple(r) for r in old.conn.execute(query)] == [
        tuple(r) for r in new.conn.execute(query)
    ]
    old.close()
    new.close()


def test_an_office_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "office.tdo"
    database = raw_office(path)
    database.conn.execute(f"PRAGMA user_version = {newest_version() + 1}")
    with pytest.raises(OfficeFileError) as error:
        migrate(database)
    assert error.value.code == "too-new"
    database.close()


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in migration_files()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", LANDED)
def test_a_landed_migration_is_never_edited(name: str) -> None:
    (path,) = [path for path in migration_files() if path.name == name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == LANDED[name]


@pytest.mark.skipif(newest_version() == 1, reason="there is no earlier version yet")
def test_an_upgrade_seals_anew_and_says_what_no_longer_fitted_before(tmp_path: Path) -> None:
    database = raw_office(tmp_path / "office.tdo", newest_version() - 1)
    with database.transaction() as conn:
        audit.append(
            conn, at="2025-03-17T09:00:00+08:00", staff_id=1, desk="", action="test",
            subject="test", detail={},
        )  # fmt: skip
        seal.seal_anew(conn)
    database.conn.execute("UPDATE resident SET phone = '13900000001'")  # nothing notes it
    migrate(database)
    last = list(audit.rows(database.conn))[-1]
    assert last["action"] == "office.migrated"
    assert json.loads(last["detail"])["unlike"] == ["resident"]
    assert seal.differing(database.conn) == []
    assert last["seal"] == seal.root(database.conn)
    database.close()


def test_an_upgrade_knows_which_text_decides_for_which_year(tmp_path: Path) -> None:
    """Before version 9 the office's own text was the only one in force."""
    database = raw_office(tmp_path / "office.tdo", 8)
    with database.transaction() as conn:
        for text_hash, year, kept_at in (
            ("b" * 64, 2025, "2025-03-01"),
            ("c" * 64, 2026, "2025-11-01"),
        ):
            office_rows.keep_policy_text(conn, text_hash, "made-up", year, "text", kept_at)
    migrate(database)
    [own] = database.conn.execute("SELECT policy_hash FROM office").fetchone()
    decides = {
        row["year"]: row["policy_hash"] for row in office_rows.policies_of_years(database.conn)
    }
    assert decides == {2026: "c" * 64, 2025: own}
    database.close()


def test_an_upgrade_keeps_what_names_are_found_by_once_for_each_name(tmp_path: Path) -> None:
    """Before version 11 everybody had readings of their own."""
    database = raw_office(tmp_path / "office.tdo", 10)
    with database.transaction() as conn:
        namesake = add_resident(conn)
        other = add_resident(conn)
        conn.execute("UPDATE resident SET name = '李春', name_key = '李春' WHERE id = ?", (other,))
        conn.executemany(
            "INSERT INTO name_reading (reading, resident_id) VALUES (?, ?)",
            [
                ("yangfagui", 1),
                ("yfg", 1),
                ("yangfagui", namesake),
                ("yfg", namesake),
                ("lc", other),
            ],
        )
    migrate(database)
    kept = database.conn.execute("SELECT reading, name_key FROM name_reading ORDER BY 1")
    assert [tuple(row) for row in kept] == [
        ("lc", "李春"), ("yangfagui", "杨发贵"), ("yfg", "杨发贵"),
    ]  # fmt: skip
    assert people_rows.residents_by_reading(database.conn, "yf", 10) == [1, namesake]
    database.close()


def test_an_upgrade_keeps_settings_for_the_offices_year(tmp_path: Path) -> None:
    """Before version 9 a setting held whatever year its policy was of."""
    database = raw_office(tmp_path / "office.tdo", 8)
    with database.transaction() as conn:
        conn.execute("UPDATE staff SET role = 'supervisor' WHERE id = 1")
        conn.executemany(
            "INSERT INTO setting (key, value, set_at, set_by) VALUES (?, 'yes', '2025-03-01', 1)",
            [("extension_open",), ("desk.backup-folder",)],
        )
    migrate(database)
    assert office_rows.current_settings(database.conn, 2025).keys() == {
        "extension_open",
        "desk.backup-folder",
    }
    assert office_rows.current_settings(database.conn, 2026).keys() == {"desk.backup-folder"}
    database.close()


def test_an_upgrade_keeps_what_sources_paid_on_claims(tmp_path: Path) -> None:
    """Before version 13 a claim was paid once; now a part can be added, until all has come."""
    database = raw_office(tmp_path / "office.tdo", 12)
    at = "2025-03-17T09:00:00+08:00"
    with database.transaction() as conn:
        conn.executemany(
            "INSERT INTO claim (id, uid, number, year, source, to_day, made_at, made_by, people,"
            f" amount_fen) VALUES (?, ?, ?, 2025, 's', '2025-03-17', '{at}', 1, 1, ?)",
            [(7, "u7", "ZZ2025-0001", 12000), (9, "u9", "ZZ2025-0002", 24000)],
        )
        conn.executemany(
            "INSERT INTO claim_payment (claim_id, paid_on, amount_fen, reference, recorded_at,"
            f" recorded_by, why) VALUES (?, '2025-03-17', ?, ?, '{at}', 1, ?)",
            [(7, 12000, "B-1", ""), (9, 9000, "B-2", "分批")],
        )
    migrate(database)
    conn = database.conn
    query = "SELECT claim_id, amount_fen, reference, why FROM claim_payment ORDER BY id"
    assert [tuple(row) for row in conn.execute(query)] == [
        (7, 12000, "B-1", ""),
        (9, 9000, "B-2", "分批"),
    ]
    assert seal.differing(conn) == []
    insert = (
        "INSERT INTO claim_payment (claim_id, paid_on, amount_fen, reference, recorded_at,"
        f" recorded_by) VALUES (?, '2025-03-18', 15000, 'B-3', '{at}', 1)"
    )
    conn.execute(insert, (9,))
    for claim_id in (7, 9):
        with pytest.raises(sqlite3.IntegrityError, match="all of it has come"):
            conn.execute(insert, (claim_id,))
    database.close()
