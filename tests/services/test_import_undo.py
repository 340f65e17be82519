"""Taking an import back: as if it had never come, and only while nothing rests on it."""

from __future__ import annotations

import pytest

from tests.support import made_up_number
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.services import file_history, identities, imports, payments, people, register
from townshipdesk.services.imports import ImportKind, ImportOptions, columns, undo
from townshipdesk.services.payments import PaymentOrder
from townshipdesk.services.totals import totals
from townshipdesk.services.verify import verify
from townshipdesk.sheets.result import SheetKind

FULL = ImportOptions(department="社会事务办", full=True)
ADDS = ImportOptions(department="社会事务办", full=False)


def number(day: str, sequence: int = 500) -> str:
    from datetime import date

    return made_up_number(date.fromisoformat(day), sequence)


def bring(desk, tmp_path, kind, rows, options=None, name="file.csv"):
    """Import rows of cells, the heading first."""
    path = tmp_path / name
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    shown = imports.preview(desk.office, kind, path, options)
    return shown, imports.commit(desk.office, desk.clerk, shown)


def problems(desk) -> list[str]:
    """Check the books; people put in by a test have no readings."""
    return [one.code for one in verify(desk.office) if one.code != "readings"]


def newest(desk) -> str:
    return file_history.history(desk.office)[0].uid


HEAD = ("户号", "姓名", "证件号码", "村(社区)", "村民小组", "联系电话")
NEW = [
    HEAD,
    ("DL7001", "段和", number("1990-01-02"), "青杠村委会", "一组", "13900000077"),
    ("DL7001", "普英", number("1992-03-04"), "青杠村委会", "一组", ""),
]


def contents(desk) -> dict[str, list[tuple[object, ...]]]:
    tables = ("resident", "household", "document", "name_reading", "tally_resident", "residency")
    return {
        table: [
            tuple(row)
            for row in desk.office.conn.execute(
                f"SELECT * FROM {table} ORDER BY 1, 2"
                if table != "tally_resident"
                else "SELECT * FROM tally_resident WHERE living > 0"
            )
        ]
        for table in tables
    }


def test_a_roster_taken_back_leaves_the_register_as_it_was(desk, tmp_path):
    desk.add_resident("李春", "1970-03-04")
    before = contents(desk)
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    assert people.find(desk.office, "段和")
    assert undo.at_stake(desk.office, newest(desk)) == {"added": 2, "updated": 0, "ended": 0}
    undo.take_back(desk.office, desk.clerk, newest(desk), "错村的花名册")
    assert contents(desk) == before
    assert problems(desk) == []
    assert totals(desk.office).to_json()["township"]["residents"] == 1


def test_a_changed_record_gets_its_values_back(desk, tmp_path):
    resident = desk.add_resident("李春", "1970-03-04", number=number("1970-03-04"), phone="1380")
    row = ("DL8001", "李春", number("1970-03-04"), "柿树村委会", "二组", "13900000088")
    bring(desk, tmp_path, ImportKind.RESIDENTS, [HEAD, row])
    assert people.card(desk.office, resident).person.phone == "13900000088"
    undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    person = people.card(desk.office, resident).person
    assert (person.phone, person.village_name, person.group_name) == ("1380", "青杠村委会", "一组")
    assert desk.office.conn.execute("SELECT count(*) FROM household").fetchone()[0] == 0
    assert problems(desk) == []


def test_a_roster_somebody_of_has_paid_stays(desk, tmp_path):
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    [match] = people.find(desk.office, "段和")
    payments.pay(desk.office, desk.clerk, PaymentOrder((match.resident_id,), "cash"))
    with pytest.raises(RuleError) as refused:
        undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    assert refused.value.code == "built-on"
    assert people.find(desk.office, "段和")


def test_a_roster_is_taken_back_once_and_with_a_reason(desk, tmp_path):
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    with pytest.raises(UsageError):
        undo.take_back(desk.office, desk.clerk, newest(desk), " ")
    undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    with pytest.raises(RuleError) as refused:
        undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    assert refused.value.code == "taken-back"


def test_the_same_roster_comes_in_again_after_it_was_taken_back(desk, tmp_path):
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    shown, done = bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    assert (done.added, done.rejected, shown.imported_before) == (2, 0, None)
    assert problems(desk) == []


def test_a_resident_no_import_was_taken_back_of_is_never_deleted(desk, tmp_path):
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW)
    undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    resident = desk.at("2025-03-17T10:00").add_resident("李春", "1970-03-04")
    for statement in ("DELETE FROM residency", "DELETE FROM resident"):
        with pytest.raises(Exception, match=r"never deleted|only grows"):
            desk.office.conn.execute(statement)
    assert people.card(desk.office, resident).person.name == "李春"


IDENTITY_HEAD = ("姓名", "身份证号码", "救助身份")


def test_an_identity_list_taken_back_was_never_in_force_and_ends_nobody(desk, tmp_path):
    stays = desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    leaves = desk.add_resident("普英", "1992-03-04", number=number("1992-03-04"))
    desk.add_identity(leaves, "subsistence-allowance", department="社会事务办")
    rows = [IDENTITY_HEAD, ("段和", number("1990-01-02"), "低保")]
    _shown, done = bring(desk, tmp_path, ImportKind.IDENTITIES, rows, FULL)
    assert (done.added, done.ended) == (1, 1)
    today = desk.office.today()
    undo.take_back(desk.office, desk.clerk, newest(desk), "上月的名单")
    assert people.identities_at(desk.office.conn, stays, today) == ()
    assert people.identities_at(desk.office.conn, leaves, today) == ("subsistence-allowance",)
    assert problems(desk) == []


def test_an_identity_list_stays_once_one_of_its_people_was_changed(desk, tmp_path):
    desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    rows = [IDENTITY_HEAD, ("段和", number("1990-01-02"), "低保")]
    bring(desk, tmp_path, ImportKind.IDENTITIES, rows, FULL)
    desk.at("2025-03-18T09:00")
    uid = desk.office.conn.execute("SELECT uid FROM identity").fetchone()[0]
    identities.end_identity(desk.office, desk.clerk, uid, desk.office.today(), "退出")
    with pytest.raises(RuleError) as refused:
        undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    assert refused.value.code == "built-on"


def test_villages_without_residents_go_away_again_and_targets_come_back(desk, tmp_path):
    rows = [
        ("村(社区)", "行政区划代码", "任务数"),
        ("青杠村委会", "532399200201", "99"),
        ("新村委会", "532399200203", "50"),
    ]
    bring(desk, tmp_path, ImportKind.VILLAGES, rows)
    undo.take_back(desk.office, desk.clerk, newest(desk), "错的")
    found = desk.office.conn.execute("SELECT name, target FROM village ORDER BY id").fetchall()
    assert [tuple(row) for row in found] == [("青杠村委会", None), ("柿树村委会", None)]
    assert problems(desk) == []


def test_the_history_names_each_file_with_its_hash_and_what_came_of_it(desk, tmp_path):
    bring(desk, tmp_path, ImportKind.RESIDENTS, NEW, name="花名册.csv")
    undo.take_back(desk.office, desk.supervisor, newest(desk), "错的")
    [record] = file_history.history(desk.office)
    assert (record.way, record.kind, record.name, len(record.sha256)) == (
        "in", "residents", "花名册.csv", 64,
    )  # fmt: skip
    assert record.counts["added"] == 2
    assert (record.undone_why, record.undone_by) == ("错的", desk.supervisor.shown_name)


def test_confirmed_columns_are_used_for_the_next_file_and_only_new_ones_are_kept(desk, tmp_path):
    said = {"老乡": "name"}
    assert columns.remember(desk.office, desk.clerk, SheetKind.RESIDENTS, said) == 1
    assert columns.remember(desk.office, desk.clerk, SheetKind.RESIDENTS, said) == 0
    rows = [("户号", "老乡", *HEAD[2:]), *NEW[1:]]
    _shown, done = bring(desk, tmp_path, ImportKind.RESIDENTS, rows)
    assert done.added == 2
    with pytest.raises(UsageError):
        columns.remember(desk.office, desk.clerk, SheetKind.RESIDENTS, {"老乡": "salary"})


def test_under_a_clock_that_stands_a_payment_after_the_import_still_keeps_it(desk, tmp_path):
    """A training office's clock stands: what came first is told by the ids, not by the moment."""
    someone = desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    other = desk.add_resident("普英", "1992-03-04", number=number("1992-03-04"))
    payments.pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    rows = [IDENTITY_HEAD, ("段和", number("1990-01-02"), "低保"),
            ("普英", number("1992-03-04"), "低保")]  # fmt: skip
    bring(desk, tmp_path, ImportKind.IDENTITIES, rows, ADDS)
    uid = newest(desk)
    assert undo.at_stake(desk.office, uid)["added"] == 2  # who had paid before is no hindrance
    payments.pay(desk.office, desk.clerk, PaymentOrder((someone,), "cash"))
    with pytest.raises(RuleError) as refused:
        undo.take_back(desk.office, desk.clerk, uid, "错的")
    assert refused.value.code == "built-on"


def test_under_a_clock_that_stands_a_correction_after_a_roster_still_keeps_it(desk, tmp_path):
    resident = desk.add_resident("段和", "1990-01-02", number=number("1990-01-02"))
    row = ("DL7001", "段和", number("1990-01-02"), "青杠村委会", "一组", "13900000077")
    bring(desk, tmp_path, ImportKind.RESIDENTS, [HEAD, row])
    uid = newest(desk)
    assert undo.at_stake(desk.office, uid)["updated"] == 1
    register.correct(desk.office, desk.clerk, resident, {"phone": "13900000099"})
    with pytest.raises(RuleError) as refused:
        undo.take_back(desk.office, desk.clerk, uid, "错的")
    assert refused.value.code == "built-on"
