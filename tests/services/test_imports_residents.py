"""Rosters: who is added, changed, left as they are, rejected; all of it in one transaction."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.importing import Importing, counts, everything, reasons
from tests.sheets.making import ROSTER_HEADINGS, as_xlsx, number, roster_row
from tests.support import Desk
from townshipdesk.domain.errors import BadFileError, NotFoundError, NotPermittedError, RuleError
from townshipdesk.services import documents, imports, people, register
from townshipdesk.services.imports import ImportKind, ImportOptions, Stage, Summary
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.register import NewResident
from townshipdesk.services.staff import Actor
from townshipdesk.services.verify import verify
from townshipdesk.store import seal, stage_rows

VILLAGE = "青杠村委会"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "花名册.xlsx"


@pytest.fixture
def roster(desk: Desk, path: Path) -> Importing:
    return Importing(desk, ImportKind.RESIDENTS, path, ROSTER_HEADINGS)


def row(serial: int, **changes: Any) -> list[Any]:
    return roster_row(serial, **{"村(社区)": VILLAGE, **changes})


def test_a_roster_fills_an_empty_office(desk: Desk, path: Path, roster: Importing) -> None:
    summary = roster.bring([row(n) for n in range(12)])
    assert counts(summary) == (12, 0, 0, 0)
    [match] = people.find(desk.office, number(1))
    card = people.card(desk.office, match.resident_id)
    person = card.person
    assert (person.name, person.sex, person.relation) == ("杨二甲", "male", "配偶")
    assert (person.village_name, person.group_name) == (VILLAGE, "一组")
    assert (person.household_number, person.registered) == ("DL0000", "here")
    assert (person.ethnicity, person.hukou_kind) == ("汉族", "农业")
    assert (person.phone, person.category) == ("13912340001", "普通居民")
    assert len(card.members) == 4
    assert [m.name for m in people.find(desk.office, "yangerjia")] == ["杨二甲"]
    [living] = desk.office.conn.execute("SELECT living FROM tally_resident").fetchone()
    assert living == 12


def test_the_same_file_again_changes_nothing_at_all(
    desk: Desk, path: Path, roster: Importing
) -> None:
    rows = [row(n) for n in range(8)]
    roster.bring(rows)
    before = everything(desk)
    again = imports.preview(desk.office, ImportKind.RESIDENTS, path)
    assert again.imported_before == desk.office.now()
    assert again.changes_nothing
    summary = imports.commit(desk.office, desk.clerk, again)
    assert counts(summary) == (0, 0, 8, 0)
    assert everything(desk) == before


def test_a_preview_changes_nothing(desk: Desk, path: Path, roster: Importing) -> None:
    before = everything(desk)
    shown = roster.look([row(n) for n in range(5)])
    assert (shown.added, shown.rows) == (5, 5)
    assert everything(desk) == before


def test_a_change_is_told_field_by_field(desk: Desk, path: Path, roster: Importing) -> None:
    roster.bring([row(n) for n in range(4)])
    changed = row(2, 联系电话="13800001111", 村民小组="五组", **{"村(社区)": "532399200202"})
    shown = roster.look([row(0), row(1), changed, row(3)])
    [change] = shown.changes
    assert change.row == 4
    assert {(c.field, c.old, c.new) for c in change.fields} == {
        ("phone", "13912340002", "13800001111"),
        ("group_name", "一组", "五组"),
        ("village", VILLAGE, "柿树村委会"),
    }
    assert counts(imports.commit(desk.office, desk.clerk, shown)) == (0, 1, 3, 0)
    [match] = people.find(desk.office, number(2))
    assert (match.village_name, match.group_name) == ("柿树村委会", "五组")
    stays = desk.office.conn.execute(
        "SELECT village_id FROM residency WHERE resident_id = ? ORDER BY id", (match.resident_id,)
    )
    assert [r[0] for r in stays] == [1, 2]


def test_a_blank_cell_and_a_missing_column_erase_nothing(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(1)])
    assert counts(roster.bring([row(1, 联系电话="", 家庭住址="无", 村民小组=None)])) == (
        0,
        0,
        1,
        0,
    )
    as_xlsx(path, [["姓名", "身份证号"], ["杨二甲", number(1)]])
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, path)
    assert (shown.unchanged, shown.updated) == (1, 0)


def test_each_kind_of_bad_row_is_rejected_with_its_reason_and_the_rest_is_taken(
    desk: Desk, path: Path, roster: Importing
) -> None:
    good = number(1)
    wrong_check = good[:17] + ("1" if good[17] != "1" else "2")
    rows = [
        row(0),
        row(2, 证件号码=wrong_check),
        row(3, 证件号码=good[:17]),
        row(4, 证件号码=5.30112199001011e17),
        row(5, 证件号码="532326199013010017"),
        row(6, 证件号码=""),
        row(7, 姓名=""),
        row(8, **{"村(社区)": "月亮村"}),
        row(0, 姓名="别人"),
        row(9, **{"村(社区)": ""}),
        row(10),
    ]
    summary = roster.bring(rows)
    assert counts(summary) == (2, 0, 0, 9)
    assert reasons(summary) == [
        (3, "证件号码", "checksum"),
        (4, "证件号码", "length"),
        (5, "证件号码", "precision-lost"),
        (6, "证件号码", "birth-date"),
        (7, "证件号码", "missing"),
        (8, "姓名", "missing"),
        (9, "村(社区)", "unknown-village"),
        (10, "证件号码", "duplicate-in-file"),
        (11, "村(社区)", "missing"),
    ]
    assert summary.rejections[6].value == "月亮村"


def test_a_known_number_under_another_name_is_a_conflict(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(1)])
    summary = roster.bring([row(1, 姓名="王别人")])
    assert reasons(summary) == [(2, "姓名", "conflict")]
    assert people.find(desk.office, number(1))[0].name == "杨二甲"


def test_a_character_the_sheet_could_not_hold_is_no_conflict(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(1, 姓名="杨?甲"), row(2)])
    assert counts(roster.bring([row(1, 姓名="杨䶮甲"), row(2, 姓名="杨□甲")])) == (0, 1, 1, 0)
    assert [m.name for m in people.find(desk.office, number(1))] == ["杨䶮甲"]
    assert [m.name for m in people.find(desk.office, "yangyanjia")] == ["杨䶮甲"]


def test_who_is_recorded_as_dead_or_gone_stays_so(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(1), row(2)])
    for serial, leave in ((1, register.record_death), (2, register.record_moved_away)):
        [match] = people.find(desk.office, number(serial))
        leave(desk.office, desk.clerk, match.resident_id, date(2025, 3, 1))
    summary = roster.bring([row(1), row(2)])
    assert [reason for _row, _column, reason in reasons(summary)] == ["conflict", "conflict"]


def test_a_village_is_known_by_code_by_name_and_without_its_ending(
    desk: Desk, path: Path, roster: Importing
) -> None:
    names = ["532399200201", VILLAGE, "青杠村", "青杠", "青杠 村委会", "青杠村村委会"]
    summary = roster.bring([row(n, **{"村(社区)": name}) for n, name in enumerate(names)])
    assert summary.added == 6
    assert {m.village_code for m in people.find(desk.office, "杨")} == {"532399200201"}


def test_a_village_may_stand_behind_its_own_town_and_no_other(
    desk: Desk, path: Path, roster: Importing
) -> None:
    """What stands before the town's name is above it; another town's village is not ours."""
    desk.office.conn.execute("UPDATE office SET name = '某某县龙街镇医保窗口'")
    names = ["龙街镇青杠村委会", "某某县龙街镇青杠村", "云南省某某县龙街镇人民政府青杠"]
    names += ["清河镇青杠村", "小龙街镇青杠村", "龙街镇"]
    summary = roster.bring([row(n, **{"村(社区)": name}) for n, name in enumerate(names)])
    assert summary.added == 3
    assert [reason for _row, _column, reason in reasons(summary)] == ["unknown-village"] * 3


def test_an_option_names_the_village_of_rows_that_name_none(
    desk: Desk, path: Path, roster: Importing
) -> None:
    as_xlsx(path, [["姓名", "证件号码"], ["杨二甲", number(1)]])
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, path)
    assert [r.reason for r in shown.rejections] == ["missing"]
    options = ImportOptions(village="532399200202")
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, path, options)
    imports.commit(desk.office, desk.clerk, shown)
    assert people.find(desk.office, number(1))[0].village_code == "532399200202"
    with pytest.raises(NotFoundError):
        imports.preview(desk.office, ImportKind.RESIDENTS, path, ImportOptions(village="月亮"))


def test_two_villages_may_use_the_same_household_numbers(
    desk: Desk, path: Path, roster: Importing
) -> None:
    other = {"村(社区)": "柿树村委会"}
    roster.bring([row(1, 户号="1"), row(2, 户号="1"), row(3, 户号="1", **other)])
    found = people.find(desk.office, number(1))[0].resident_id
    assert len(people.card(desk.office, found).members) == 2


def test_a_category_word_grants_no_identity(desk: Desk, path: Path, roster: Importing) -> None:
    """低保 in a village's roster is a word; the department's list alone makes an identity."""
    roster.bring([row(1, 人员类别="低保对象")])
    [match] = people.find(desk.office, number(1))
    assert match.identities == ()
    assert people.card(desk.office, match.resident_id).person.category == "低保对象"


def test_a_new_number_for_a_known_name_and_birth_date_is_pointed_out(
    desk: Desk, path: Path, roster: Importing
) -> None:
    born = date(2025, 1, 10)
    child = NewResident("杨小满", 1, "Q123456789", born=born)
    resident = register.register(desk.office, desk.clerk, child)
    new = number(25, born)
    shown = roster.look([row(1, 姓名="杨小满", 证件号码=new)])
    [same] = shown.same_persons
    assert (same.resident_id, same.known_number, same.why) == (
        resident,
        "Q123456789",
        "birth-certificate",
    )
    imports.commit(desk.office, desk.clerk, shown)
    documents.add_document(desk.office, desk.clerk, resident, new, confirmed=True)
    assert len(people.find(desk.office, "杨小满")) == 1


def test_fifteen_digits_are_the_person_with_eighteen(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(1)])
    full = number(1)
    summary = roster.bring([row(1, 证件号码=full[:6] + full[8:17])])
    assert counts(summary) == (0, 0, 1, 0)


def test_a_past_number_in_the_roster_is_still_the_person(
    desk: Desk, path: Path, roster: Importing
) -> None:
    born = date(2025, 1, 10)
    child = NewResident("杨小满", 1, "Q123456789", born=born)
    resident = register.register(desk.office, desk.clerk, child)
    documents.add_document(desk.office, desk.clerk, resident, number(25, born))
    old = row(
        1, 姓名="杨小满", 证件类型="出生医学证明", 证件号码="Q123456789", 性别="女",
        出生日期="2025-01-10",
    )  # fmt: skip
    roster.bring([old])
    person = people.card(desk.office, resident).person
    assert (person.number, person.sex) == (number(25, born), "male")


def test_one_person_twice_under_two_numbers_is_taken_once(
    desk: Desk, path: Path, roster: Importing
) -> None:
    born = date(2025, 1, 10)
    child = NewResident("杨小满", 1, "Q123456789", born=born)
    resident = register.register(desk.office, desk.clerk, child)
    documents.add_document(desk.office, desk.clerk, resident, number(25, born))
    old = row(
        1, 姓名="杨小满", 证件类型="出生医学证明", 证件号码="Q123456789", 出生日期="2025-01-10"
    )
    summary = roster.bring([row(1, 姓名="杨小满", 证件号码=number(25, born)), old])
    assert [reason for _row, _column, reason in reasons(summary)] == ["duplicate-in-file"]


def test_the_audit_log_has_one_row_with_counts_and_hash_and_nobody_in_it(
    desk: Desk, path: Path, roster: Importing
) -> None:
    before = desk.count("audit")
    roster.bring([row(n) for n in range(6)] + [row(7, 证件号码="1")])
    assert desk.count("audit") == before + 1
    action, detail = desk.office.conn.execute(
        "SELECT action, detail FROM audit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert action == "import.residents"
    kept = json.loads(detail)
    assert (kept["added"], kept["rejected"], len(kept["file"])) == (6, 1, 64)
    assert "杨" not in detail
    assert number(1) not in detail


def test_what_an_import_writes_stands_under_the_seal(
    desk: Desk, path: Path, roster: Importing
) -> None:
    roster.bring([row(n) for n in range(6)])
    roster.bring([row(n, 联系电话="13800001111") for n in range(3)])
    conn = desk.office.conn
    recorded = seal.recorded(conn)
    for table in ("resident", "document", "household", "import_file", "import_change"):
        assert recorded[table] == seal.recount(conn, table)


def test_a_roster_of_many_batches_fills_every_room_and_stands_under_the_seal(
    desk: Desk, path: Path, roster: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More people than the rooms are meant for: the last takes the rest, nobody is lost."""
    monkeypatch.setattr(stage_rows, "_ROOM", 1_000)
    monkeypatch.setattr(stage_rows, "_MOST_ROOMS", 3)
    done = roster.bring([row(n) for n in range(1, 4_201)])
    assert done.added == 4_200
    conn = desk.office.conn
    for table in ("resident", "document", "residency", "household"):
        assert seal.recorded(conn)[table] == seal.recount(conn, table), table
    assert conn.execute("SELECT count(*) FROM residency").fetchone()[0] == 4_200
    assert conn.execute("SELECT count(*) FROM residency_in_bulk").fetchone()[0] == 0
    assert verify(desk.office) == []


def test_what_a_file_replaced_is_kept(desk: Desk, path: Path, roster: Importing) -> None:
    roster.bring([row(n) for n in range(3)])
    roster.bring([row(1, 联系电话="13800001111")])
    [kept] = desk.office.conn.execute("SELECT what, before FROM import_change").fetchall()
    assert (kept[0], json.loads(kept[1])) == ("resident", {"phone": "13912340001"})
    detail = desk.office.conn.execute("SELECT detail FROM import_file ORDER BY id").fetchone()[0]
    assert json.loads(detail)["added"] == {"residents": [1, 3]}


def test_a_preview_that_another_desk_has_overtaken_writes_nothing(
    desk: Desk, path: Path, roster: Importing
) -> None:
    shown = roster.look([row(n) for n in range(3)])
    register.register(desk.office, desk.clerk, NewResident("杨一甲", 1, number(0)))
    residents = desk.count("resident")
    with pytest.raises(RuleError) as error:
        imports.commit(desk.office, desk.clerk, shown)
    assert error.value.code == "stale"
    assert desk.count("resident") == residents
    again = imports.preview(desk.office, ImportKind.RESIDENTS, path)
    assert (again.added, again.updated) == (2, 1)


def test_payments_in_between_do_not_hold_an_import_up(
    desk: Desk, path: Path, roster: Importing
) -> None:
    person = desk.add_resident()
    shown = roster.look([row(n) for n in range(3)])
    pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    assert imports.commit(desk.office, desk.clerk, shown).added == 3


def test_who_may_change_nothing_imports_nothing(desk: Desk, path: Path, roster: Importing) -> None:
    shown = roster.look([row(1)])
    with pytest.raises(NotPermittedError):
        imports.commit(desk.office, Actor(1, "a", "a", "auditor"), shown)
    assert desk.count("resident") == 0


def test_an_import_stopped_by_a_person_leaves_nothing(
    desk: Desk, path: Path, roster: Importing
) -> None:
    before = everything(desk)
    shown = roster.look([row(n) for n in range(3)])
    with pytest.raises(imports.CancelledError):
        imports.commit(desk.office, desk.clerk, shown, cancelled=lambda: True)
    assert everything(desk) == before
    with pytest.raises(imports.CancelledError):
        imports.preview(desk.office, ImportKind.RESIDENTS, path, cancelled=lambda: True)


def test_a_blank_village_is_the_one_said_for_the_file(desk: Desk, roster: Importing) -> None:
    """Only who is new and has no village at all is refused; who is known stays where they live."""
    rows = [row(1), row(2, **{"村(社区)": ""})]
    shown = roster.look(rows)
    assert (shown.added, reasons(shown)) == (1, [(3, "村(社区)", "missing")])
    assert counts(roster.bring(rows, village="532399200202")) == (2, 0, 0, 0)
    homes = desk.office.conn.execute(
        "SELECT v.code FROM resident AS r JOIN village AS v ON v.id = r.village_id ORDER BY r.id"
    )
    assert [code for (code,) in homes] == ["532399200201", "532399200202"]
    assert counts(roster.bring(rows)) == (0, 0, 2, 0)


def test_an_import_stopped_while_it_is_written_leaves_nothing(
    desk: Desk, path: Path, roster: Importing
) -> None:
    """The writing tells how far it is, and whoever stops it in the middle has written nothing."""
    before = everything(desk)
    told: list[imports.Stage] = []
    shown = roster.look([row(n) for n in range(12)])
    with pytest.raises(imports.CancelledError):
        imports.commit(
            desk.office, desk.clerk, shown, told.append, lambda: bool(told) and told[-1].done > 4
        )
    assert [(one.done, one.total) for one in told if one.name == "writing"] == [
        (0, 12),
        (4, 12),
        (8, 12),
    ]
    assert everything(desk) == before
    shown = roster.look([row(n) for n in range(12)])
    assert imports.commit(desk.office, desk.clerk, shown, told.append).added == 12
    assert (told[-1].done, told[-1].total) == (12, 12)


def test_an_error_in_the_middle_of_the_writing_leaves_nothing(
    desk: Desk, path: Path, roster: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(desk)
    shown = roster.look([row(n) for n in range(3)])

    def fail(*_args: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("townshipdesk.store.stage_rows.change_residents", fail)
    with pytest.raises(OSError, match="disk"):
        imports.commit(desk.office, desk.clerk, shown)
    assert everything(desk) == before


def test_progress_is_told_from_opening_to_writing(
    desk: Desk, path: Path, roster: Importing
) -> None:
    as_xlsx(path, [ROSTER_HEADINGS, *[row(n) for n in range(5)]])
    stages: list[Stage] = []
    shown = imports.preview(desk.office, ImportKind.RESIDENTS, path, None, stages.append)
    imports.commit(desk.office, desk.clerk, shown, stages.append)
    names = list(dict.fromkeys(stage.name for stage in stages))
    assert names == ["opening", "reading", "comparing", "preparing", "writing"]


def test_a_worker_thread_imports_over_a_connection_of_its_own(
    desk: Desk, path: Path, roster: Importing
) -> None:
    as_xlsx(path, [ROSTER_HEADINGS, *[row(n) for n in range(5)]])
    done: list[Summary] = []

    def work() -> None:
        office = desk.office.again()
        shown = imports.preview(office, ImportKind.RESIDENTS, path)
        done.append(imports.commit(office, desk.clerk, shown))
        office.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done[0].added == 5
    assert len(people.find(desk.office, "杨")) == 5


def test_a_large_office_is_asked_for_what_the_file_names_only(
    desk: Desk, path: Path, roster: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the size that is read whole, the outcome is the same."""
    rows = [row(n) for n in range(6)]
    roster.bring(rows)
    register.register(
        desk.office, desk.clerk, NewResident("杨小满", 1, "Q123456789", born=date(2025, 1, 10))
    )
    new = row(8, 姓名="杨小满", 证件号码=number(25, date(2025, 1, 10)))
    rows = [row(0), row(1, 联系电话="13800001111"), row(7), new]
    seen = []
    for below in (250_000, 0):
        monkeypatch.setattr("townshipdesk.services.imports.residents.PRELOAD_BELOW", below)
        shown = roster.look(rows)
        seen.append((shown.added, shown.updated, shown.unchanged, shown.same_persons))
    assert seen[0] == seen[1]
    assert seen[0][:3] == (2, 1, 1)
    assert len(seen[0][3]) == 1


def test_a_household_number_of_nothing_but_signs_is_none(desk: Desk, roster: Importing) -> None:
    """A stray apostrophe or invisible mark makes no household, new or changed."""
    marks = ["\u202e", "''", "`"]
    rows = [row(n, 户号=mark, 户主姓名="") for n, mark in enumerate(marks)]
    assert counts(roster.bring(rows)) == (3, 0, 0, 0)
    assert counts(roster.bring(rows)) == (0, 0, 3, 0)
    assert desk.count("household") == 0


def test_a_file_that_is_no_sheet_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(BadFileError):
        imports.preview(desk.office, ImportKind.RESIDENTS, path)
