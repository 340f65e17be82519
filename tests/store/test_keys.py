"""Encryption at rest: passphrase and recovery key open an office, nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import POLICY
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import OfficeFileError, UsageError
from townshipdesk.services.office import create_office, open_office
from townshipdesk.store import keys

PASSPHRASE = "青山绿水长流"


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("keys") / "office.tdo"
    key, recovery = keys.make_keys(path, PASSPHRASE + "。长一些")
    keys.wrap(path, key, PASSPHRASE + "二十")
    create_office(
        path,
        name="加密演练",
        policy_id=POLICY,
        now=parse_moment("2025-03-17T09:00"),
        training=True,
        key=key,
    ).close()
    return path, recovery


def test_passphrase_and_recovery_key_open_the_same_office(encrypted: tuple[Path, str]) -> None:
    path, recovery = encrypted
    for secret in (PASSPHRASE + "二十", recovery, recovery.lower().replace("-", " ")):
        office = open_office(path, secret)
        assert office.name == "加密演练"
        other = office.again()
        assert other.uid == office.uid
        other.close()
        office.close()


@pytest.mark.parametrize(
    ("secret", "code"),
    [(None, "key-needed"), ("", "key-needed"), ("wrong passphrase", "wrong-passphrase")],
)
def test_nothing_else_opens_it(encrypted: tuple[Path, str], secret: str | None, code: str) -> None:
    with pytest.raises(OfficeFileError) as error:
        open_office(encrypted[0], secret)
    assert error.value.code == code


def test_an_older_passphrase_no_longer_opens_it(encrypted: tuple[Path, str]) -> None:
    with pytest.raises(OfficeFileError):
        open_office(encrypted[0], PASSPHRASE + "。长一些")


def test_no_word_of_the_office_stands_readable_in_the_file(encrypted: tuple[Path, str]) -> None:
    content = encrypted[0].read_bytes()
    assert "加密演练".encode() not in content
    assert not content.startswith(b"SQLite format 3")


def test_a_lost_key_file_is_replaced_by_the_recovery_key(
    encrypted: tuple[Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "copy.tdo"
    path.write_bytes(encrypted[0].read_bytes())
    with pytest.raises(OfficeFileError) as error:
        open_office(path, PASSPHRASE + "二十")
    assert error.value.code == "key-file-missing"
    office = open_office(path, encrypted[1])
    assert office.name == "加密演练"
    office.close()


def test_a_damaged_key_file_is_named(encrypted: tuple[Path, str], tmp_path: Path) -> None:
    path = tmp_path / "copy.tdo"
    path.write_bytes(encrypted[0].read_bytes())
    keys.key_file(path).write_text('{"salt": "zz"}', encoding="ascii")
    with pytest.raises(OfficeFileError) as error:
        open_office(path, PASSPHRASE + "二十")
    assert error.value.code == "key-file-damaged"


def test_a_short_passphrase_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        keys.make_keys(tmp_path / "office.tdo", "short")
    assert list(tmp_path.iterdir()) == []
