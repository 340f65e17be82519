"""Reconciliation: every planted difference is found, none is invented, and twice is harmless."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.services import reconcile as service
from townshipdesk.services import refunds
from townshipdesk.services.imports.model import CancelledError
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reconcile import Reconciliation, reconcile
from townshipdesk.services.refunds import RefundRequest
from townshipdesk.services.reversals import reverse

HEADINGS = ("序号", "姓名", "证件号码", "年度", "缴费金额", "缴费渠道", "缴费日期", "电子税票号")


def tax_list(path: Path, rows: Sequence[tuple[object, ...]]) -> Path:
    """Write a list as the bureau does: number, year, yuan, channel, moment, voucher."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["城乡居民基本医疗保险费实征清册"])
    sheet.append(HEADINGS)
    for place, (number, year, yuan, channel, moment, voucher) in enumerate(rows, 1):
        sheet.append([place, "某某", number, year, yuan, channel, moment, voucher])
    book.save(path)
    return path


def number(n: int) -> str:
    return made_up_number(date(1980, 5, 6), n)


def people(desk: Desk, count: int) -> list[int]:
    return [desk.add_resident(f"人{n}", number=number(n)) for n in range(1, count + 1)]


def paid(desk: Desk, person: int, channel: str = "mobile") -> None:
    pay(desk.office, desk.clerk, PaymentOrder((person,), channel, voucher=f"V{person}"))


def refunded(desk: Desk, person: int) -> None:
    wanted = RefundRequest(person, "employee-insurance", "本人", "6217000000000000000", "花名册")
    made = refunds.request(desk.office, desk.clerk, wanted)
    refunds.approve(desk.office, desk.supervisor, made.number)
    refunds.pay_out(desk.office, desk.clerk, made.number)


def run(desk: Desk, path: Path) -> Reconciliation:
    return reconcile(desk.office, desk.clerk, path)


@pytest.fixture
def planted(desk: Desk, tmp_path: Path) -> Path:
    """Five people; a list with one difference of every kind but only_here, which the desk holds."""
    persons = people(desk, 5)
    for person in persons[:3]:
        paid(desk, person)
    moment = "2025-03-17 08:30:00"
    return tax_list(
        tmp_path / "tax.xlsx",
        [
            (number(1), 2025, 400, "云南省电子税务局", moment, "V1"),
            (number(2), 2025, 380, "云南省电子税务局", moment, "V2"),
            (number(4), 2025, 400, "云南省电子税务局", moment, "V4"),
            (number(4), 2025, 400, "云南省电子税务局", moment, "V4b"),
            (number(5), 2024, 380, "云南省电子税务局", moment, "V5"),
            (number(99), 2025, 400, "云南省电子税务局", moment, "V9"),
        ],
    )


def test_each_row_is_counted_once_and_each_difference_found(desk: Desk, planted: Path) -> None:
    found = run(desk, planted)
    assert found.rows == 6
    assert dict(found.counts) == {
        "matched": 1,
        "only_there": 1,
        "only_here": 1,
        "amount_differs": 1,
        "twice": 1,
        "unknown_person": 1,
        "other_year": 1,
    }
    rows = {item["kind"]: item["row"] for item in found.to_json()["differences"]}
    assert rows == {
        "amount_differs": 4,
        "only_there": 5,
        "twice": 6,
        "other_year": 7,
        "unknown_person": 8,
        "only_here": None,
    }


def test_a_sum_of_nothing_agrees_where_nothing_was_due(desk: Desk, tmp_path: Path) -> None:
    """Who is subsidised in full stands in the list with 0.00; a payment here does not agree."""
    poor, payer, _absent = people(desk, 3)
    desk.add_identity(poor, "extreme-hardship", "2024-01-01")
    paid(desk, poor)
    paid(desk, payer)
    moment = "2025-03-17 08:30:00"
    path = tax_list(
        tmp_path / "tax.xlsx",
        [(number(n), 2025, 0, "云南省电子税务局", moment, f"V{n}") for n in (1, 2, 3)],
    )
    counts = run(desk, path).counts
    assert (counts["matched"], counts["amount_differs"], counts["only_there"]) == (2, 1, 0)


def test_a_row_that_cannot_be_read_is_not_a_payment_the_list_lacks(
    desk: Desk, tmp_path: Path
) -> None:
    """The row is told with its reason; that the bureau lacks the payment would be made up."""
    for person in people(desk, 2):
        paid(desk, person)
    moment = "2025-03-17 08:30:00"
    path = tax_list(
        tmp_path / "tax.xlsx",
        [
            (number(1), 2025, "四百", "云南省电子税务局", moment, "V1"),
            (number(9), 2025, 400, "云南省电子税务局", moment, "V9"),
        ],
    )
    found = run(desk, path)
    assert [one.reason for one in found.rejections] == ["amount"]
    assert [one.resident_id for one in found.findings if one.kind == "only_here"] == [2]


def test_running_it_twice_is_harmless(desk: Desk, planted: Path) -> None:
    first = run(desk, planted)
    again = run(desk, planted)
    assert again.counts == first.counts
    assert len(service.open_findings(desk.office)) == 6


def test_what_is_only_there_is_taken_over_with_its_own_moment(desk: Desk, planted: Path) -> None:
    found = run(desk, planted)
    done = service.accept_all(desk.office, desk.clerk, found.findings)
    assert (done.accepted, done.refused) == (1, ())
    entry = desk.office.conn.execute("SELECT * FROM entry ORDER BY id DESC").fetchone()
    assert (entry["channel"], entry["voucher"]) == ("mobile", "V4")
    assert entry["paid_at"] == "2025-03-17T08:30:00+08:00"
    assert service.accept_all(desk.office, desk.clerk, found.findings).accepted == 0
    assert run(desk, planted).counts["only_there"] == 0


def test_a_payment_that_was_not_allowed_then_stays_open(desk: Desk, tmp_path: Path) -> None:
    people(desk, 2)
    path = tax_list(
        tmp_path / "tax.xlsx",
        [
            (number(1), 2025, 400, "手机", "2025-02-27 10:00:00", "A"),
            (number(2), 2025, 390, "手机", "2025-03-02 10:00:00", "B"),
        ],
    )
    done = service.accept_all(desk.office, desk.clerk, run(desk, path).findings)
    assert done.accepted == 0
    assert len(done.refused) == 2
    assert len(service.open_findings(desk.office, "only_there")) == 2
    assert desk.count("entry") == 0


def test_a_second_payment_becomes_a_surplus_that_can_be_refunded(desk: Desk, planted: Path) -> None:
    found = run(desk, planted)
    service.accept_all(desk.office, desk.clerk, found.findings)
    (twice,) = service.open_findings(desk.office, "twice")
    entry = service.record_duplicate(desk.office, desk.clerk, twice.uid)
    kinds = desk.office.conn.execute("SELECT kind FROM entry WHERE uid = ?", (entry,)).fetchone()
    assert kinds[0] == "duplicate"
    assert twice.resident_id is not None
    with pytest.raises(RuleError):
        service.record_duplicate(desk.office, desk.clerk, twice.uid)
    answer = refunds.check(desk.office, twice.resident_id, "duplicate")
    assert answer.reason == "refund-closed"


def test_a_later_list_settles_what_the_first_one_lacked(desk: Desk, tmp_path: Path) -> None:
    first, second = people(desk, 2)
    paid(desk, first)
    paid(desk, second)
    moment = "2025-03-17 08:30:00"
    run(desk, tax_list(tmp_path / "a.xlsx", [(number(1), 2025, 400, "手机", moment, "V1")]))
    assert len(service.open_findings(desk.office, "only_here")) == 1
    both = [(number(n), 2025, 400, "手机", moment, f"V{n}") for n in (1, 2)]
    run(desk, tax_list(tmp_path / "b.xlsx", both))
    assert service.open_findings(desk.office) == []


def test_settling_needs_a_reason_and_happens_once(desk: Desk, planted: Path) -> None:
    run(desk, planted)
    (unknown,) = service.open_findings(desk.office, "unknown_person")
    with pytest.raises(UsageError):
        service.settle(desk.office, desk.clerk, unknown.uid, " ")
    service.settle(desk.office, desk.clerk, unknown.uid, "外镇户籍，已转告")
    with pytest.raises(RuleError):
        service.settle(desk.office, desk.clerk, unknown.uid, "再来")


def test_cash_of_the_desk_is_not_missed_in_the_list(desk: Desk, tmp_path: Path) -> None:
    first, second = people(desk, 2)
    paid(desk, first, "cash")
    paid(desk, second)
    path = tax_list(
        tmp_path / "tax.xlsx", [(number(2), 2025, 400, "手机", "2025-03-17 08:30:00", "V2")]
    )
    assert run(desk, path).counts["only_here"] == 0


def test_a_payment_of_today_whose_list_prints_no_time_is_taken_over_in_the_morning(
    desk: Desk, tmp_path: Path
) -> None:
    """Noon stands in for a missing time; at nine it lies ahead, and the payment still counts."""
    people(desk, 1)
    path = tax_list(tmp_path / "tax.xlsx", [(number(1), 2025, 400, "手机", "2025-03-17", "V1")])
    run(desk, path)
    [found] = service.open_findings(desk.office)
    assert found.paid_at is not None
    assert found.paid_at > desk.office.now()
    service.accept(desk.office, desk.clerk, found.uid)
    assert service.open_findings(desk.office) == []


def test_everything_open_is_taken_over_at_once_and_refusals_say_why(
    desk: Desk, tmp_path: Path
) -> None:
    people(desk, 3)
    moment = "2025-03-17 08:30:00"
    rows = [(number(n), 2025, 400 + (n == 3), "手机", moment, f"V{n}") for n in (1, 2, 3)]
    run(desk, tax_list(tmp_path / "tax.xlsx", rows))
    done = service.accept_open(desk.office, desk.clerk)
    assert done.accepted == 2
    [(left, why)] = done.refused
    assert (left.document_number, "401" in why or "400" in why) == (number(3), True)
    assert [one.kind for one in service.open_findings(desk.office)] == ["only_there"]


def test_what_was_refunded_here_since_is_recorded_and_not_taken_over_again(
    desk: Desk, tmp_path: Path
) -> None:
    """A list of the days before a refund holds a payment of ours; it is not one more payment."""
    desk.at("2024-12-16T09:00:00+08:00")
    person = people(desk, 1)[0]
    paid(desk, person)
    refunded(desk, person)
    path = tax_list(
        tmp_path / "tax.xlsx",
        [(number(1), 2025, 400, "云南省电子税务局", "2024-12-16", f"V{person}")],
    )
    found = run(desk, path)
    assert found.counts["matched"] == 1
    assert not found.findings
    assert not service.open_findings(desk.office)


def test_another_payment_after_a_refund_is_only_there(desk: Desk, tmp_path: Path) -> None:
    desk.at("2024-12-16T09:00:00+08:00")
    person = people(desk, 1)[0]
    paid(desk, person)
    refunded(desk, person)
    path = tax_list(
        tmp_path / "tax.xlsx",
        [(number(1), 2025, 400, "云南省电子税务局", "2024-12-16", "another number")],
    )
    assert run(desk, path).counts["only_there"] == 1


def test_a_comparison_that_is_stopped_keeps_nothing(desk: Desk, planted: Path) -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(CancelledError):
        reconcile(
            desk.office,
            desk.clerk,
            planted,
            compared=lambda done, rows: told.append((done, rows)),
            cancelled=lambda: bool(told),
        )
    assert told == [(0, 6)]
    assert not service.open_findings(desk.office)
    assert desk.office.conn.execute("SELECT count(*) FROM tax_list").fetchone()[0] == 0


STATES = (*HEADINGS, "缴费状态")


def stated_list(path: Path, rows: Sequence[tuple[object, ...]]) -> Path:
    """Write a list of `tax_list` with names and the state of each payment."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(STATES)
    for row in rows:
        sheet.append([1, *row])
    book.save(path)
    return path


def test_what_the_bureau_cancelled_or_gave_back_was_not_collected(
    desk: Desk, tmp_path: Path
) -> None:
    """It agrees where nothing stands here; where a payment stands, that is the difference."""
    persons = people(desk, 5)
    for person in persons[:3]:
        paid(desk, person)
    day, phone = "2025-03-17", "微信"
    rows = [
        ("人1", number(1), 2025, 400, phone, day, "V1", "已作废"),
        ("人2", number(2), 2025, 400, phone, day, "V2", "正常"),
        ("人2", number(2), 2025, -400, phone, day, "V2", "正常"),
        ("人3", number(3), 2025, 400, phone, day, "V3a", "正常"),
        ("人3", number(3), 2025, -400, phone, day, "V3a", "正常"),
        ("人3", number(3), 2025, 400, phone, day, "V3", "正常"),
        ("人4", number(4), 2025, 400, phone, day, "V4", "正常"),
        ("人4", number(4), 2025, -400, phone, day, "V4", "正常"),
        ("人5", number(5), 2025, 400, phone, day, "V5", "退费"),
    ]
    done = run(desk, stated_list(tmp_path / "tax.xlsx", rows))
    assert not done.rejections
    differs = [(f.row, f.listed_fen, f.here_fen) for f in done.findings]
    assert differs == [(2, 0, 40000), (4, 0, 40000)]
    assert (done.counts["matched"], done.counts["amount_differs"]) == (7, 2)
    assert {f.kind for f in done.findings} == {"amount_differs"}


def test_a_cancelled_payment_is_settled_once_it_is_taken_back_here_too(
    desk: Desk, tmp_path: Path
) -> None:
    (person,) = people(desk, 1)
    paid(desk, person)
    rows = [("人1", number(1), 2025, 400, "微信", "2025-03-17", "V1", "作废")]
    path = stated_list(tmp_path / "tax.xlsx", rows)
    assert run(desk, path).counts["amount_differs"] == 1
    row = desk.office.conn.execute("SELECT uid FROM entry").fetchone()
    reverse(desk.office, desk.clerk, row["uid"], "税务已作废")
    assert run(desk, path).counts["matched"] == 1
    assert service.open_findings(desk.office) == []


def test_a_payment_given_back_on_a_later_list_is_not_offered_any_more(
    desk: Desk, tmp_path: Path
) -> None:
    people(desk, 1)
    line = (number(1), 2025, 400, "微信", "2025-03-16", "V1")
    run(desk, tax_list(tmp_path / "a.xlsx", [line]))
    assert [f.kind for f in service.open_findings(desk.office)] == ["only_there"]
    back = (number(1), 2025, -400, "微信", "2025-03-17", "V1")
    run(desk, tax_list(tmp_path / "b.xlsx", [back]))
    assert service.open_findings(desk.office) == []


def test_a_finding_follows_what_its_row_has_become(desk: Desk, tmp_path: Path) -> None:
    """Unknown, then registered, then paid for here, then taken back: one open difference or none.

    What comes again after a payment was taken back is open again, and can be taken over again.
    """
    path = tax_list(
        tmp_path / "tax.xlsx", [(number(1), 2025, 400, "微信", "2025-03-17 08:10:00", "V1")]
    )

    def open_kinds() -> list[str]:
        return [f.kind for f in service.open_findings(desk.office)]

    assert run(desk, path).counts["unknown_person"] == 1
    (person,) = people(desk, 1)
    done = run(desk, path)
    assert open_kinds() == ["only_there"]
    assert service.accept_all(desk.office, desk.clerk, done.findings).accepted == 1
    row = desk.office.conn.execute("SELECT uid FROM entry").fetchone()
    reverse(desk.office, desk.clerk, row["uid"], "认错人")
    done = run(desk, path)
    assert open_kinds() == ["only_there"]
    assert service.accept_all(desk.office, desk.clerk, done.findings).accepted == 1
    assert run(desk, path).counts["matched"] == 1
    assert open_kinds() == []
    assert person


def test_a_payment_taken_back_here_is_missed_on_no_list(desk: Desk, tmp_path: Path) -> None:
    first, second = people(desk, 2)
    paid(desk, first)
    paid(desk, second)
    path = tax_list(tmp_path / "tax.xlsx", [(number(1), 2025, 400, "微信", "2025-03-17", "V1")])
    assert run(desk, path).counts["only_here"] == 1
    row = desk.office.conn.execute(
        "SELECT uid FROM entry WHERE resident_id = ?", (second,)
    ).fetchone()
    reverse(desk.office, desk.clerk, row["uid"], "认错人")
    assert run(desk, path).counts["only_here"] == 0
    assert service.open_findings(desk.office) == []


def test_rows_that_name_somebody_else_are_told(desk: Desk, tmp_path: Path) -> None:
    """The number decides, and a person looks at the name."""
    first, _second = people(desk, 2)
    paid(desk, first)
    rows = [
        ("人1", number(1), 2025, 400, "微信", "2025-03-17", "V1", ""),
        ("别人", number(2), 2025, 400, "微信", "2025-03-17", "V2", ""),
    ]
    done = run(desk, stated_list(tmp_path / "tax.xlsx", rows))
    assert done.other_names == ((3, number(2)),)
    (found,) = service.open_findings(desk.office)
    assert (found.name, found.known_name) == ("别人", "人2")
