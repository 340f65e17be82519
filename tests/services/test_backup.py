"""Backups: whole, checked, kept in generations; restoring loses nothing unsaid."""

from __future__ import annotations

import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.busy_office import busy_office
from tests.support import POLICY, Desk
from tests.tampering import take_guards_away
from townshipdesk.domain.dates import SHANGHAI, parse_moment
from townshipdesk.domain.errors import NotPermittedError, OfficeFileError, RuleError
from townshipdesk.services.backup import (
    back_up_to_folder,
    back_up_when_due,
    backup,
    choose_backup_folder,
    generations,
    is_due,
    no_longer_needed,
)
from townshipdesk.services.office import Office, create_office, open_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.restore import restore
from townshipdesk.services.verify import verify
from townshipdesk.store import audit, keys


@pytest.fixture(scope="module")
def busy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "busy.tdo"
    busy_office(path)
    return path


@pytest.fixture
def desk(busy_file: Path, tmp_path: Path):
    path = tmp_path / "office.tdo"
    shutil.copy(busy_file, path)
    office = open_office(path)
    yield Desk(office).at("2024-11-06T09:00")
    office.close()


def empty_office(path: Path, name: str, **more: object) -> Office:
    at = parse_moment("2025-03-17T09:00")
    return create_office(path, name=name, policy_id=POLICY, now=at, training=True, **more)


def pay_one_more(desk: Desk) -> None:
    person = desk.add_resident()
    pay(desk.office, desk.clerk, PaymentOrder((person,), "pos"))


def head_of(path: Path) -> audit.ChainHead:
    office = open_office(path)
    try:
        return audit.head(office.conn)
    finally:
        office.close()


def test_a_copy_is_one_file_with_the_office_as_it_stood(desk, tmp_path):
    made = backup(desk.office, tmp_path / "stick" / "copy.tdbackup")
    assert sorted(path.name for path in made.path.parent.iterdir()) == ["copy.tdbackup"]
    assert (made.chain_length, made.chain_head) == audit.head(desk.office.conn)
    copy = open_office(made.path)
    assert verify(copy) == []
    copy.close()


def test_copies_made_while_a_desk_pays_are_whole(desk, tmp_path):
    people = [desk.add_resident() for _number in range(40)]
    stop = threading.Event()

    def work() -> None:
        other = desk.office.again()
        for person in people:
            pay(other, desk.clerk, PaymentOrder((person,), "cash"))
        other.close()
        stop.set()

    thread = threading.Thread(target=work)
    thread.start()
    lengths = []
    while not stop.is_set():
        made = backup(desk.office, tmp_path / f"copy-{len(lengths)}", pages=lambda _d, _t: None)
        lengths.append(made.chain_length)
    thread.join()
    assert lengths == sorted(lengths)
    assert all(head_of(tmp_path / f"copy-{n}").length == length for n, length in enumerate(lengths))


def test_an_older_copy_is_replaced_and_anything_else_is_not(desk, tmp_path):
    target = tmp_path / "copy.tdbackup"
    first = backup(desk.office, target)
    pay_one_more(desk)
    assert backup(desk.office, target).chain_length > first.chain_length

    other = tmp_path / "photo.jpg"
    other.write_bytes(b"a photo")
    with pytest.raises(OfficeFileError, match="not an older copy"):
        backup(desk.office, other)
    assert other.read_bytes() == b"a photo"

    stranger = tmp_path / "stranger.tdo"
    empty_office(stranger, "另一个").close()
    with pytest.raises(OfficeFileError, match="not an older copy"):
        backup(desk.office, stranger)


def test_a_damaged_office_gives_no_backup(desk, tmp_path):
    take_guards_away(desk.office.conn)
    with pytest.raises(OfficeFileError, match="not in order"):
        backup(desk.office, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_an_encrypted_office_stays_encrypted_in_its_backup(tmp_path):
    path = tmp_path / "secret.tdo"
    key, _recovery = keys.make_keys(path, "passphrase")
    office = empty_office(path, "密", key=key)
    made = backup(office, tmp_path / "copy.tdbackup")
    office.close()
    assert not made.path.read_bytes().startswith(b"SQLite format 3")
    restored = restore(made.path, tmp_path / "again" / "office.tdo", passphrase="passphrase")
    assert restored.state == "none"
    again = open_office(tmp_path / "again" / "office.tdo", "passphrase")
    assert (again.name, verify(again)) == ("密", [])
    again.close()


def test_a_dry_run_says_what_would_be_lost_and_changes_nothing(desk, tmp_path):
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    pay_one_more(desk)
    pay_one_more(desk)
    before = audit.head(desk.office.conn)
    planned = restore(made.path, desk.office.database.path, dry_run=True)
    assert (planned.state, planned.done, planned.loss.payments) == ("newer", False, 2)
    assert planned.to_json()["lost"]["amount"] == "800.00"
    assert audit.head(desk.office.conn) == before


def test_a_newer_office_is_replaced_only_when_told_and_kept_aside(desk, tmp_path):
    path = desk.office.database.path
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    pay_one_more(desk)
    newer = audit.head(desk.office.conn)
    desk.office.close()
    with pytest.raises(RuleError, match="1 payments would be lost"):
        restore(made.path, path)
    assert head_of(path) == newer
    done = restore(made.path, path, give_up_newer=True)
    assert head_of(done.kept_aside) == newer
    office = open_office(path)
    last = list(audit.rows(office.conn))[-1]
    assert (last["action"], verify(office)) == ("office.restored", [])
    assert '"payments":1' in last["detail"]
    office.close()


def test_nothing_is_restored_under_an_open_desk(desk, tmp_path):
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    with pytest.raises(OfficeFileError, match="Close every desk"):
        restore(made.path, desk.office.database.path)
    pay_one_more(desk)
    assert verify(desk.office) == []


def test_a_damaged_office_is_laid_aside_for_its_backup(desk, tmp_path):
    path = desk.office.database.path
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    desk.office.close()
    with path.open("r+b") as file:
        file.write(b"nothing of a database")
    done = restore(made.path, path)
    assert done.state == "unreadable"
    assert done.kept_aside.read_bytes().startswith(b"nothing of")
    assert head_of(path).length == made.chain_length + 1


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_backup_is_not_restored(desk, tmp_path, damage):
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    path = desk.office.database.path
    desk.office.close()
    before = path.read_bytes()
    content = bytearray(made.path.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    else:
        place = content.rindex("杨发贵".encode())
        content[place : place + 3] = "王".encode()
    made.path.write_bytes(content)
    with pytest.raises(OfficeFileError):
        restore(made.path, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "copying" in p.name] == []


def test_another_office_is_never_replaced(desk, tmp_path):
    made = backup(desk.office, tmp_path / "copy.tdbackup")
    stranger = tmp_path / "stranger.tdo"
    empty_office(stranger, "另一个").close()
    with pytest.raises(OfficeFileError, match="another office"):
        restore(made.path, stranger, give_up_newer=True)


def test_automatic_backups_go_to_the_chosen_folder(desk, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    assert back_up_to_folder(desk.office) is None
    with pytest.raises(NotPermittedError):
        choose_backup_folder(desk.office, desk.clerk, stick)
    choose_backup_folder(desk.office, desk.supervisor, stick)
    assert is_due(desk.office)
    made = back_up_to_folder(desk.office)
    assert list(generations(desk.office, stick)) == [made.path]
    assert not is_due(desk.office)
    shutil.rmtree(stick)
    with pytest.raises(OfficeFileError, match="is not there"):
        back_up_to_folder(desk.office)


def test_generations_thin_out_with_age():
    now = datetime(2025, 6, 30, 18, 0, tzinfo=SHANGHAI)
    made = {Path(f"b{n}"): now - timedelta(hours=4 * n) for n in range(6 * 365)}
    gone = set(no_longer_needed(made, now))
    kept = [made[path] for path in made if path not in gone]
    assert len(kept) == 10 + 29 + 11  # the last ten, a month of days, the months before
    assert len({moment.strftime("%Y%m") for moment in kept}) == 13
    assert no_longer_needed({path: made[path] for path in made if path not in gone}, now) == []


def test_a_due_backup_is_made_once_and_none_without_a_folder(desk: Desk, tmp_path: Path) -> None:
    assert back_up_when_due(desk.office) is None
    folder = tmp_path / "stick"
    folder.mkdir()
    choose_backup_folder(desk.office, desk.supervisor, folder)
    assert back_up_when_due(desk.office) is not None
    assert back_up_when_due(desk.office) is None


def test_a_backup_never_takes_the_place_of_the_office_it_copies(desk: Desk) -> None:
    path = desk.office.database.path
    before = path.stat().st_ino
    with pytest.raises(OfficeFileError) as raised:
        backup(desk.office, path)
    assert raised.value.code == "itself"
    assert path.stat().st_ino == before
