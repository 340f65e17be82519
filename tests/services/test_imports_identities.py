"""Departments' lists of identities, complete and as additions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.importing import Importing, counts, everything, reasons
from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import BadFileError, RuleError, UsageError
from townshipdesk.policy import load
from townshipdesk.services import identities, imports, people, quotes, register
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.services.payments import PaymentOrder, pay

HEADINGS = (
    "序号", "姓名", "身份证号码", "家庭住址", "联系电话", "救助身份", "纳入时间", "取消时间",
    "残疾类别", "残疾等级",
)  # fmt: skip
CIVIL = "社会事务办"
NAMES = ("杨一", "杨二", "杨三", "杨四")
TODAY = date(2025, 3, 17)


def number(place: int) -> str:
    return made_up_number(date(1960 + place, 3, 4), 11 + place)


@pytest.fixture
def people_here(desk: Desk) -> dict[str, int]:
    """Four people without identities, by name."""
    return {
        name: desk.add_resident(name, f"{1960 + place}-03-04", number=number(place))
        for place, name in enumerate(NAMES)
    }


@pytest.fixture
def lists(desk: Desk, tmp_path: Path, people_here: dict[str, int]) -> Importing:
    return Importing(desk, ImportKind.IDENTITIES, tmp_path / "清册.xlsx", HEADINGS)


def row(place: int, identity: str = "低保", **more: Any) -> list[Any]:
    values: dict[str, Any] = {
        "序号": place + 1,
        "姓名": NAMES[place],
        "身份证号码": number(place),
        "家庭住址": "",
        "联系电话": "",
        "救助身份": identity,
        "纳入时间": "",
        "取消时间": "",
        "残疾类别": "",
        "残疾等级": "",
    }
    return list((values | more).values())


def full(lists: Importing, *rows: list[Any], department: str = CIVIL) -> imports.Summary:
    return lists.bring(rows, department=department, full=True)


def difference(lists: Importing, *rows: list[Any], department: str = CIVIL) -> imports.Summary:
    return lists.bring(rows, department=department, full=False)


def held(desk: Desk, resident: int) -> tuple[str, ...]:
    return people.card(desk.office, resident).identity_codes


def test_a_list_brings_identities_that_count_from_today(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    rows = [row(0, 纳入时间="2024.6"), row(1, "特困供养人员"), row(2, "脱贫不稳定户、低保")]
    assert counts(difference(lists, *rows)) == (3, 0, 0, 0)
    both = {"unstable-out-of-poverty", "subsistence-allowance"}
    assert set(held(desk, people_here["杨三"])) == both
    [one] = identities.history(desk.office, people_here["杨一"])
    assert (one.from_on, one.listed_on, one.department) == (date(2024, 6, 1), TODAY, CIVIL)
    assert one.file_name == "清册.xlsx"
    assert quotes.quote_for(desk.office, people_here["杨一"]).due_fen == 28000
    yesterday = desk.office.now().replace(day=16)
    assert quotes.quote_for(desk.office, people_here["杨一"], at=yesterday).due_fen == 40000


def test_a_complete_list_ends_whom_it_no_longer_names(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    full(lists, row(0), row(1), row(2, "特困"))
    shown = lists.look([row(0)], department=CIVIL, full=True)
    assert [(gone.name, gone.code) for gone in shown.leavers] == [
        ("杨二", "subsistence-allowance"),
        ("杨三", "extreme-hardship"),
    ]
    summary = imports.commit(desk.office, desk.clerk, shown)
    assert (counts(summary), summary.ended) == ((0, 0, 1, 0), 2)
    [ended] = identities.history(desk.office, people_here["杨二"])
    assert (ended.ended_on, ended.end_reason) == (TODAY, "off-list")
    assert held(desk, people_here["杨一"]) == ("subsistence-allowance",)


def test_a_list_of_additions_ends_nobody(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    full(lists, row(0), row(1))
    summary = difference(lists, row(2))
    assert (counts(summary), summary.ended) == ((1, 0, 0, 0), 0)
    assert held(desk, people_here["杨二"]) == ("subsistence-allowance",)


def test_one_departments_list_ends_nothing_of_another(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    full(lists, row(0))
    disabled = row(1, "残疾人", 残疾类别="肢体", 残疾等级="二级")
    full(lists, disabled, department="残联")
    assert held(desk, people_here["杨一"]) == ("subsistence-allowance",)
    assert held(desk, people_here["杨二"]) == ("disability",)


@pytest.mark.parametrize("whole", [True, False])
def test_the_same_list_again_changes_nothing_at_all(
    desk: Desk, lists: Importing, whole: bool
) -> None:
    rows = [
        row(0, 纳入时间="2024-06-01"),
        row(1, 取消时间="2025-12-31"),
        row(2, 取消时间="2025-01-31"),
        row(3, "残疾", 残疾类别="精神", 残疾等级="3"),
    ]
    assert counts(lists.bring(rows, department=CIVIL, full=whole)) == (3, 0, 1, 0)
    before = everything(desk)
    assert counts(lists.bring(rows, department=CIVIL, full=whole)) == (0, 0, 4, 0)
    assert everything(desk) == before


def test_one_bad_row_rejects_a_complete_list_and_no_list_of_additions(
    desk: Desk, lists: Importing
) -> None:
    full(lists, row(0))
    unknown = row(1)
    unknown[2] = made_up_number(date(1990, 1, 1), 5)
    rows = [row(2), unknown]
    shown = lists.look(rows, department=CIVIL, full=True)
    assert shown.refused
    summary = shown.summary(dry_run=False)
    assert (summary.rows, counts(summary), summary.ended) == (2, (0, 0, 0, 2), 0)
    assert reasons(summary) == [(3, "身份证号码", "not-found")]
    before = everything(desk)
    with pytest.raises(RuleError) as error:
        imports.commit(desk.office, desk.clerk, shown)
    assert error.value.code == "list-refused"
    assert everything(desk) == before
    assert counts(difference(lists, *rows)) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"救助身份": "富裕户"}, "unknown-identity"),
        ({"救助身份": "监测对象"}, "unknown-identity"),
        ({"救助身份": ""}, "missing"),
        ({"救助身份": "残疾"}, "missing"),
        ({"姓名": "王别人"}, "conflict"),
        ({"身份证号码": made_up_number(date(1990, 1, 1), 5)}, "not-found"),
        ({"纳入时间": "不知道哪天"}, "missing"),
    ],
)
def test_rows_are_rejected_with_the_contracts_reasons(
    lists: Importing, changes: dict[str, Any], reason: str
) -> None:
    [(_row, _column, found)] = reasons(difference(lists, row(0, **changes)))
    assert found == reason


def test_a_cancellation_in_the_list_ends_the_identity_on_its_day(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    full(lists, row(0, 纳入时间="2024-01-01"))
    assert counts(difference(lists, row(0, 取消时间="2025-02-28"))) == (0, 1, 0, 0)
    [one] = identities.history(desk.office, people_here["杨一"])
    assert one.ended_on == date(2025, 2, 28)


def test_another_grade_ends_the_identity_and_begins_it_anew(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    difference(lists, row(0, "残疾", 残疾类别="肢体", 残疾等级="四级"))
    assert counts(difference(lists, row(0, "残疾", 残疾类别="肢体", 残疾等级="二级"))) == (
        0,
        1,
        0,
        0,
    )
    now, before = identities.history(desk.office, people_here["杨一"])
    assert (now.disability_grade, now.ended_on) == (2, None)
    assert (before.disability_grade, before.ended_on) == (4, TODAY)


def test_a_complete_list_takes_over_whom_the_desk_had_entered(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    identities.add_identity(
        desk.office, desk.clerk, people_here["杨一"], "subsistence-allowance", TODAY, "口头通知"
    )
    assert counts(full(lists, row(0))) == (0, 1, 0, 0)
    assert full(lists, row(1)).ended == 1


def test_who_has_paid_is_counted_and_pays_no_other_price(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    pay(desk.office, desk.clerk, PaymentOrder((people_here["杨一"],), "cash"))
    shown = lists.look([row(0), row(1)], department=CIVIL, full=False)
    assert shown.paid == 1
    assert [change.has_paid for change in shown.changes] == [True, False]
    imports.commit(desk.office, desk.clerk, shown)
    [paid] = desk.office.conn.execute("SELECT individual_fen FROM entry").fetchone()
    assert paid == 40000


def test_the_dead_on_a_list_are_pointed_out(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    register.record_death(desk.office, desk.clerk, people_here["杨一"], TODAY)
    assert reasons(difference(lists, row(0))) == [(2, "身份证号码", "conflict")]


def test_a_list_says_whose_it_is_and_whether_it_is_complete(lists: Importing, desk: Desk) -> None:
    for options in (ImportOptions(department=CIVIL), ImportOptions(full=True)):
        with pytest.raises(UsageError):
            imports.preview(desk.office, ImportKind.IDENTITIES, lists.path, options)


def test_a_list_after_its_last_day_is_shown_as_late(lists: Importing, desk: Desk) -> None:
    """ziyang-2021 wants the lists by 2020-11-13 (附件1); a later one counts and is named late."""
    desk.office._policy = load("ziyang-2021")
    desk.at("2020-11-13T10:00")
    in_time = lists.look([row(0)], department=CIVIL, full=False)
    assert in_time.late == ()
    desk.at("2020-11-14T10:00")
    late = lists.look([row(0)], department=CIVIL, full=False)
    assert [(one.deadline, one.clause) for one in late.late] == [(date(2020, 11, 13), "附件1")]
    assert "2020-11-13" in late.late[0].text()
    assert late.added == 1


def test_a_full_list_that_names_nobody_is_refused_and_ends_nothing(
    desk: Desk, lists: Importing
) -> None:
    """A form nobody has filled in yet would end every identity the department has given."""
    lists.bring([row(0), row(1)], department=CIVIL, full=True)
    before = everything(desk)
    for rows in ([], [["合计", "0人"]]):
        with pytest.raises(BadFileError, match="names nobody"):
            lists.look(rows, department=CIVIL, full=True)
        assert counts(lists.bring(rows, department=CIVIL, full=False)) == (0, 0, 0, 0)
    assert before["identity"] == everything(desk)["identity"]


def test_another_identity_in_a_full_list_is_a_change_and_no_new_person(
    desk: Desk, lists: Importing, people_here: dict[str, int]
) -> None:
    """低保 becomes 特困: counted as updated, named from what to what; somebody new is added."""
    full(lists, row(0), row(1), row(2))
    rows = [row(0, "特困"), row(1), row(3)]
    shown = lists.look(rows, department=CIVIL, full=True)
    fields = [(change.name, *change.fields[0]) for change in shown.changes]
    assert fields == [
        ("杨一", "identity", "subsistence-allowance", "extreme-hardship"),
        ("杨四", "identity", "", "subsistence-allowance"),
    ]
    summary = imports.commit(desk.office, desk.clerk, shown)
    assert (counts(summary), summary.ended) == ((1, 1, 1, 0), 2)
    assert held(desk, people_here["杨一"]) == ("extreme-hardship",)
    assert counts(full(lists, *rows)) == (0, 0, 3, 0)
    assert counts(difference(lists, row(1, "特困"))) == (1, 0, 0, 0)
