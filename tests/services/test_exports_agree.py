"""Sheets agree with each other and with the ledger, whatever became of the people since."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.services.test_exports import VILLAGE, sheets, table
from tests.support import Desk, made_up_number
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.services import claims, documents, imports, refunds, register
from townshipdesk.services.exports import SHEETS, export
from townshipdesk.services.imports import ImportKind, ImportOptions
from townshipdesk.services.office import open_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse

PAPER = "T530000001"


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Four paid in a village; since then one has died and one lives in the other village."""
    for place in range(4):
        person = desk.add_resident(f"某{'甲乙丙丁'[place]}", f"19{60 + place}-01-02")
        if place == 0:
            desk.add_identity(person, "subsistence-allowance")
        pay(desk.office, desk.clerk, PaymentOrder((person,), "village"))
    register.record_death(desk.office, desk.clerk, 2, date(2025, 3, 17), "死亡证明")
    register.move(desk.office, desk.clerk, 3, 2, "五组")
    return desk


def test_whoever_paid_in_a_village_stays_on_its_summary(lived: Desk, tmp_path: Path) -> None:
    """Its heads and money are those of the ledger and of the township's summary."""
    path = tmp_path / "x.xlsx"
    export(lived.office, "village-summary", path)
    found = sheets(path, values=True)
    _headings, rows = table(found["青杠村委会"], "村民小组")
    figures = [(row["村民小组"], row["应参保人数"], row["已参保人数"]) for row in rows]
    assert figures == [("一组", 2, 3), ("（已迁出）", 0, 1), ("合计", 2, 4)]
    assert rows[-1]["自缴金额"] == 280 + 3 * 400
    assert rows[1]["参保率"] is None
    _headings, rows = table(found["柿树村委会"], "村民小组")
    assert (rows[0]["村民小组"], rows[0]["应参保人数"], rows[0]["已参保人数"]) == ("五组", 1, 0)
    export(lived.office, "town-summary", path)
    sheet = sheets(path, values=True)["统计汇总表"]
    town = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5)}
    assert town["青杠村委会"][2:4] == [2, 4]
    assert town["青杠村委会"][12] == 1480


def test_the_ledger_comes_back_unchanged_after_deaths_and_moves(
    lived: Desk, tmp_path: Path
) -> None:
    """A payment that is here is here, wherever its person is now."""
    path = tmp_path / "ledger.xlsx"
    export(lived.office, "ledger", path, village=VILLAGE)
    _headings, rows = table(sheets(path)["青杠村委会"], "户号")
    assert sorted(str(row["收据号"]) for row in rows[:-1]) == [
        "000001",
        "000002",
        "000003",
        "000004",
    ]
    back = ImportOptions(village=VILLAGE)
    shown = imports.preview(lived.office, ImportKind.CONTRIBUTIONS, path, back)
    assert (shown.rows, shown.unchanged, shown.rejections) == (4, 4, [])


def test_refunds_add_up_to_what_stands_and_to_what_was_paid(desk: Desk, tmp_path: Path) -> None:
    """What was rejected is in neither sum."""
    desk.at("2024-12-20T09:00")
    for place in range(3):
        person = desk.add_resident(f"某{place}", f"19{60 + place}-01-02")
        pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
        wanted = refunds.RefundRequest(person, "death", "杨大", "62000", "死亡证明")
        number = refunds.request(desk.office, desk.clerk, wanted).number
        if place == 0:
            refunds.reject(desk.office, desk.supervisor, number, "材料不符")
        if place == 1:
            refunds.approve(desk.office, desk.supervisor, number)
            refunds.pay_out(desk.office, desk.clerk, number)
    path = tmp_path / "refunds.xlsx"
    export(desk.office, "refunds", path)
    _headings, rows = table(sheets(path, values=True)["退费明细"], "退费单号")
    assert [row["退费金额"] for row in rows] == [None, 400, 400, 800]
    assert [row["已付金额"] for row in rows] == [None, 400, None, 400]


def test_a_record_that_became_one_with_another_is_listed_as_who_it_is_now(
    desk: Desk, tmp_path: Path
) -> None:
    """A child paid for under its birth certificate, taken back, and paid for under its number."""
    number = made_up_number(date(2024, 9, 1), 7)
    home = desk.add_household("HH01")
    child = desk.add_resident("杨小", "2024-09-01", number=PAPER, household_id=home)
    conn = desk.office.conn
    conn.execute("UPDATE document SET kind = 'birth-certificate' WHERE number = ?", (PAPER,))
    desk.add_identity(child, "subsistence-allowance", "2024-10-01")
    desk.at("2024-12-02T09:00")
    first = pay(desk.office, desk.clerk, PaymentOrder((child,), "cash"))
    claims.make(desk.office, desk.clerk, "medical-assistance")
    reverse(desk.office, desk.clerk, first.lines[0].entry_uid, "录错")
    same = desk.add_resident("杨小满", "2024-09-01", number=number, household_id=home)
    moment = datetime(2024, 12, 2, 10, 0, tzinfo=SHANGHAI)
    desk.at("2024-12-02T11:00")
    pay(desk.office, desk.clerk, PaymentOrder((same,), "cash", paid_at=moment))
    kept = documents.add_document(desk.office, desk.clerk, child, number, confirmed=True)
    made = claims.make(desk.office, desk.clerk, "medical-assistance")
    assert made.amount_fen < 0
    (line,) = claims.claim_lines(desk.office, made.number)
    assert (line.resident_id, line.number, line.name) == (kept, number, "杨小满")
    path = tmp_path / "unpaid.xlsx"
    assert export(desk.office, "unpaid", path).rows == 0


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "daily"])
def test_an_office_without_villages_still_gives_a_form(
    training_file: Path, tmp_path: Path, name: str
) -> None:
    """Title and headings are there, so that whoever opens it knows what it would be."""
    place = tmp_path / "o.tdo"
    shutil.copy(training_file, place)
    office = open_office(place)
    export(office, name, tmp_path / "x.xlsx")
    office.close()
    for sheet in sheets(tmp_path / "x.xlsx").values():
        assert sheet["A1"].value
        assert sheet.max_row >= 2
