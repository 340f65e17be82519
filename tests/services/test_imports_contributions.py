"""Village ledgers: everybody on them is enrolled at one go, as the policy says of the day paid."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.importing import Importing, counts, everything, reasons
from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.services import imports, payments, people
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.services.payments import PaymentOrder

HEADINGS = (
    "户号", "户主", "姓名", "与户主关系", "证件号码", "身份类别", "应缴", "资助金额", "资助来源",
    "自缴金额", "缴费方式", "收据号", "缴费日期", "经手人", "签字",
)  # fmt: skip
NAMES = ("杨一", "杨二", "杨三", "杨四")
VILLAGE = "532399200201"


def number(place: int) -> str:
    return made_up_number(date(1960 + place, 3, 4), 11 + place)


@pytest.fixture
def people_here(desk: Desk) -> dict[str, int]:
    household = desk.add_household("H1")
    found = {
        name: desk.add_resident(
            name, f"{1960 + place}-03-04", number=number(place), household_id=household
        )
        for place, name in enumerate(NAMES)
    }
    desk.add_identity(found["杨二"], "subsistence-allowance", "2024-01-01")
    return found


@pytest.fixture
def ledger(desk: Desk, tmp_path: Path, people_here: dict[str, int]) -> Importing:
    return Importing(desk, ImportKind.CONTRIBUTIONS, tmp_path / "筹资台账.xlsx", HEADINGS)


def row(place: int, own: object = 400, **more: Any) -> list[Any]:
    values: dict[str, Any] = dict.fromkeys(HEADINGS, "")
    values |= {
        "户号": "H1",
        "户主": "杨一",
        "姓名": NAMES[place],
        "证件号码": number(place),
        "自缴金额": own,
        "缴费方式": "现金",
        "收据号": f"00{place}",
        "缴费日期": "2025-03-12",
        "经手人": "代办员",
    }
    return list((values | more).values())


def test_a_ledger_enrols_everybody_on_it_with_the_villages_receipts(
    desk: Desk, ledger: Importing, people_here: dict[str, int]
) -> None:
    rows = [row(0), row(1, 280, 应缴=400, 资助金额=120), ["合计", *[""] * 8, 680, *[""] * 5]]
    summary = ledger.bring(rows, village=VILLAGE)
    assert (summary.rows, counts(summary)) == (2, (2, 0, 0, 0))
    enrolment = people.card(desk.office, people_here["杨二"]).enrolment
    assert enrolment is not None
    assert (enrolment.channel, enrolment.voucher) == ("village", "001")
    assert enrolment.paid_at.isoformat() == "2025-03-12T12:00:00+08:00"
    assert enrolment.individual_fen == 28000
    [day] = desk.office.conn.execute("SELECT DISTINCT day FROM entry").fetchone()
    assert day == "2025-03-17"
    kept = desk.office.conn.execute("SELECT count(*) FROM import_change WHERE what = 'enrolment'")
    assert kept.fetchone()[0] == 2


def test_the_same_ledger_again_takes_no_money(desk: Desk, ledger: Importing) -> None:
    rows = [row(0), row(1, 280), row(2, 收据号="")]
    ledger.bring(rows, village=VILLAGE)
    before = everything(desk)
    assert counts(ledger.bring(rows, village=VILLAGE)) == (0, 0, 3, 0)
    assert everything(desk) == before


def test_a_ledger_of_several_channels_comes_again_unchanged(desk: Desk, ledger: Importing) -> None:
    """Villages write down who paid by telephone or transfer too, under receipts of their own."""
    ways = ("现金", "微信", "转账", "POS")
    rows = [row(place, 280 if place == 1 else 400, 缴费方式=way) for place, way in enumerate(ways)]
    assert counts(ledger.bring(rows, village=VILLAGE)) == (4, 0, 0, 0)
    before = everything(desk)
    assert counts(ledger.bring(rows, village=VILLAGE)) == (0, 0, 4, 0)
    assert everything(desk) == before
    other = ledger.look([row(3, 400, 缴费方式="POS", 收据号="999")], village=VILLAGE)
    assert reasons(other) == [(2, "证件号码", "already-enrolled")]


def test_one_receipt_for_a_household_is_one_payment(desk: Desk, ledger: Importing) -> None:
    rows = [row(0, 收据号="000777"), row(2, 收据号="000777"), row(3, 收据号="000778")]
    ledger.bring(rows, village=VILLAGE)
    lines = desk.office.conn.execute(
        "SELECT count(*) FROM receipt_line GROUP BY receipt_id ORDER BY 1"
    )
    assert [r[0] for r in lines] == [1, 2]


def test_each_row_is_decided_as_of_the_day_it_was_paid(desk: Desk, ledger: Importing) -> None:
    """In the gap between the periods nothing could be taken, whenever it is typed in."""
    rows = [row(0, 缴费日期="2025-02-20"), row(2, 缴费日期="2025-02-27")]
    summary = ledger.bring(rows, village=VILLAGE)
    assert reasons(summary) == [(3, "证件号码", "refused")]
    assert "在两段缴费期之间" in summary.rejections[0].text
    assert "缴费期" in summary.rejections[0].text
    [waiting] = desk.office.conn.execute("SELECT waiting_from FROM enrolment").fetchone()
    assert waiting is None


def test_what_cannot_be_taken_is_rejected_with_its_reason(
    desk: Desk, ledger: Importing, people_here: dict[str, int]
) -> None:
    payments.pay(desk.office, desk.clerk, PaymentOrder((people_here["杨四"],), "cash"))
    stranger = row(0)
    stranger[4] = made_up_number(date(1990, 1, 1), 5)
    rows = [
        row(0, 390),
        row(1, 400),
        row(2, 姓名="王别人"),
        row(3),
        stranger,
    ]
    summary = ledger.bring(rows, village=VILLAGE)
    assert counts(summary) == (0, 0, 0, 5)
    assert reasons(summary) == [
        (2, "自缴金额", "amount"),
        (3, "自缴金额", "amount"),
        (4, "姓名", "conflict"),
        (5, "证件号码", "already-enrolled"),
        (6, "证件号码", "not-found"),
    ]
    assert "280.00" in summary.rejections[1].text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"缴费日期": "2025-03-18"}, "refused"), ({"缴费日期": ""}, "missing")],
)
def test_a_day_that_cannot_be_is_rejected(
    ledger: Importing, changes: dict[str, Any], reason: str
) -> None:
    summary = ledger.bring([row(0, **changes)], village=VILLAGE)
    assert [found for _row, _column, found in reasons(summary)] == [reason]


def test_somebody_of_another_village_is_a_conflict(ledger: Importing) -> None:
    summary = ledger.bring([row(0)], village="柿树村委会")
    assert [found for _row, _column, found in reasons(summary)] == ["conflict"]


def test_a_payment_without_covered_day_needs_the_payers_yes(desk: Desk, ledger: Importing) -> None:
    desk.at("2025-11-05T09:00")
    rows = [row(0, 1070, 缴费日期="2025-11-03")]
    assert reasons(ledger.look(rows, village=VILLAGE)) == [(2, "证件号码", "refused")]
    assert ledger.bring(rows, village=VILLAGE, confirm_no_coverage=True).added == 1


def test_money_by_telephone_keeps_its_channel(desk: Desk, ledger: Importing) -> None:
    ledger.bring([row(0, 缴费方式="微信"), row(2, 缴费方式="")], village=VILLAGE)
    channels = desk.office.conn.execute("SELECT channel FROM entry ORDER BY id")
    assert [r[0] for r in channels] == ["mobile", "village"]


def test_somebody_enrolled_between_preview_and_writing_stops_the_whole_ledger(
    desk: Desk, ledger: Importing, people_here: dict[str, int]
) -> None:
    shown = ledger.look([row(0), row(2)], village=VILLAGE)
    payments.pay(desk.office, desk.clerk, PaymentOrder((people_here["杨三"],), "cash"))
    before = everything(desk)
    with pytest.raises(RuleError) as error:
        imports.commit(desk.office, desk.clerk, shown)
    assert error.value.code == "stale"
    assert everything(desk) == before


def test_a_ledger_is_of_a_known_village(desk: Desk, ledger: Importing) -> None:
    with pytest.raises(UsageError):
        imports.preview(desk.office, ImportKind.CONTRIBUTIONS, ledger.path)
    options = ImportOptions(village="月亮村")
    with pytest.raises(NotFoundError):
        imports.preview(desk.office, ImportKind.CONTRIBUTIONS, ledger.path, options)
