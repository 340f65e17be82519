"""`townshipdesk find` as the contract gives it."""

from __future__ import annotations

import json

import pytest

from tests.support import Desk
from townshipdesk.cli import main


def found(desk: Desk, capfdbinary: pytest.CaptureFixture[bytes], text: str) -> object:
    assert main(["find", text, "--db", str(desk.office.database.path)]) == 0
    out = capfdbinary.readouterr().out
    return json.loads(out.decode("utf-8"))


def test_a_person_is_printed_as_the_contract_says(
    desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    household = desk.add_household("DL9001")
    number = "532399198005060013"
    resident = desk.add_resident("杨发贵", household_id=household, number=number)
    desk.add_identity(resident, "subsistence-allowance")
    assert found(desk, capfdbinary, "杨发贵") == [
        {
            "id": number,
            "kind": "resident-id",
            "name": "杨发贵",
            "sex": "male",
            "born": "1980-05-06",
            "village": "532399200201",
            "group": "一组",
            "household": "DL9001",
            "identities": ["subsistence-allowance"],
            "status": "living",
            "enrolled": False,
        }
    ]


def test_nobody_found_is_an_answer(desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert found(desk, capfdbinary, "没有这个人") == []


def test_rare_characters_are_printed_as_they_are(
    desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    desk.add_resident("䶮㛃𬱖𠅤")
    path = str(desk.office.database.path)
    assert main(["find", "䶮㛃", "--db", path]) == 0
    assert "䶮㛃𬱖𠅤".encode() in capfdbinary.readouterr().out


def test_an_office_that_is_not_there_ends_with_status_one(
    tmp_path: object, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["find", "x", "--db", f"{tmp_path}/none.tdo"]) == 1
    assert b"Traceback" not in capfdbinary.readouterr().err


def test_a_call_without_text_ends_with_status_two() -> None:
    with pytest.raises(SystemExit) as end:
        main(["find"])
    assert end.value.code == 2


def test_bytes_that_are_no_text_end_with_status_two(
    desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A shell hands on any bytes; no text of an office holds them."""
    path = str(desk.office.database.path)
    assert main(["find", "\udcd1\udcee", "--db", path]) == 2
    assert b"Traceback" not in capfdbinary.readouterr().err
