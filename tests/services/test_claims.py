"""Claims: every subsidised person is claimed exactly once, and what was taken back is deducted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.services import claims
from townshipdesk.services.imports.model import CancelledError
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.store.driver import sqlite3

SOURCE = "medical-assistance"


def subsidised(desk: Desk, name: str, code: str = "subsistence-allowance") -> str:
    person = desk.add_resident(name)
    desk.add_identity(person, code)
    return pay(desk.office, desk.clerk, PaymentOrder((person,), "cash")).lines[0].entry_uid


def test_each_person_is_claimed_once(desk: Desk) -> None:
    subsidised(desk, "甲")
    subsidised(desk, "乙", "extreme-hardship")
    first = claims.make(desk.office, desk.clerk, SOURCE)
    assert (first.number, first.people, first.amount_fen) == ("ZZ2025-0001", 2, 52000)
    with pytest.raises(RuleError):
        claims.make(desk.office, desk.clerk, SOURCE)
    subsidised(desk, "丙", "out-of-poverty")
    second = claims.make(desk.office, desk.clerk, SOURCE)
    assert [line.name for line in claims.claim_lines(desk.office, second.number)] == ["丙"]
    assert [line.name for line in claims.claim_lines(desk.office, first.number)] == ["甲", "乙"]


def test_what_was_taken_back_before_the_claim_is_not_claimed(desk: Desk) -> None:
    entry = subsidised(desk, "甲")
    reverse(desk.office, desk.clerk, entry, "认错人")
    subsidised(desk, "乙")
    assert [line.name for line in claims.preview(desk.office, SOURCE)] == ["乙"]


def test_what_was_taken_back_after_the_claim_is_deducted_from_the_next(desk: Desk) -> None:
    entry = subsidised(desk, "甲")
    claims.make(desk.office, desk.clerk, SOURCE)
    reverse(desk.office, desk.clerk, entry, "认错人")
    subsidised(desk, "乙", "extreme-hardship")
    second = claims.make(desk.office, desk.clerk, SOURCE)
    lines = {line.name: line.amount_fen for line in claims.claim_lines(desk.office, second.number)}
    assert lines == {"甲": -12000, "乙": 40000}
    assert second.amount_fen == 28000


def test_all_claims_together_are_what_the_ledger_says(desk: Desk) -> None:
    entry = subsidised(desk, "甲")
    claims.make(desk.office, desk.clerk, SOURCE)
    reverse(desk.office, desk.clerk, entry, "认错人")
    subsidised(desk, "乙")
    claims.make(desk.office, desk.clerk, SOURCE)
    granted = sum(line.amount_fen for line in claims.settlement(desk.office))
    claimed = sum(claim.amount_fen for claim in claims.claims(desk.office))
    assert granted == claimed == 12000


def test_a_claim_up_to_a_day_leaves_the_later_ones(desk: Desk) -> None:
    desk.at("2025-03-10T09:00")
    subsidised(desk, "甲")
    desk.at("2025-03-12T09:00")
    subsidised(desk, "乙")
    made = claims.make(desk.office, desk.clerk, SOURCE, date(2025, 3, 11))
    assert [line.name for line in claims.claim_lines(desk.office, made.number)] == ["甲"]
    with pytest.raises(UsageError):
        claims.make(desk.office, desk.clerk, SOURCE, date(2025, 3, 13))


def test_a_source_may_pay_in_parts_and_another_sum_needs_a_reason(desk: Desk) -> None:
    """Each part has its day and reference; once all has come nothing more is recorded."""
    office, clerk, on = desk.office, desk.clerk, date(2025, 3, 17)
    subsidised(desk, "甲")
    made = claims.make(office, clerk, SOURCE)
    assert (made.payments, made.paid_fen, made.owed_fen) == (0, None, 12000)
    with pytest.raises(UsageError):
        claims.record_payment(office, clerk, made.number, 11000, on, "B-1")
    tomorrow = date(2025, 3, 18)
    with pytest.raises(UsageError, match="day to come"):
        claims.record_payment(office, clerk, made.number, 12000, tomorrow, "B-1")
    paid = claims.record_payment(office, clerk, made.number, 11000, on, "B-1", "分批拨付")
    assert (paid.paid_fen, paid.paid_on) == (11000, on)
    assert (paid.missing_fen, paid.owed_fen, paid.why) == (1000, 1000, "分批拨付")
    assert claims.paid_by_source(office) == {SOURCE: 11000}
    with pytest.raises(UsageError):  # 400 more are not all of it either
        claims.record_payment(office, clerk, made.number, 400, on, "B-2")
    claims.record_payment(office, clerk, made.number, 400, on, "B-2", "还差六元")
    settled = claims.record_payment(office, clerk, made.number, 600, on, "B-3")
    assert (settled.payments, settled.paid_fen, settled.owed_fen) == (3, 12000, 0)
    assert settled.reference == "B-1 B-2 B-3"
    assert claims.paid_by_source(office) == {SOURCE: 12000}
    with pytest.raises(RuleError):
        claims.record_payment(office, clerk, made.number, 1000, on, "B-4", "补")


def test_a_source_that_paid_too_much_pays_no_more(desk: Desk) -> None:
    office, clerk, on = desk.office, desk.clerk, date(2025, 3, 17)
    subsidised(desk, "甲")
    made = claims.make(office, clerk, SOURCE)
    paid = claims.record_payment(office, clerk, made.number, 13000, on, "B-1", "多拨")
    assert (paid.missing_fen, paid.owed_fen) == (-1000, 0)
    with pytest.raises(RuleError):
        claims.record_payment(office, clerk, made.number, 1000, on, "B-2", "补")


def test_the_database_itself_refuses_a_second_claim_of_the_same_payment(desk: Desk) -> None:
    subsidised(desk, "甲")
    claims.make(desk.office, desk.clerk, SOURCE)
    with pytest.raises(sqlite3.IntegrityError):
        desk.office.conn.execute(
            "INSERT INTO claim_line SELECT claim_id, entry_id, source, identity, amount_fen"
            " FROM claim_line"
        )


def test_the_settlement_names_standard_department_and_what_the_source_paid(desk):
    """Two on one list at 120 each: people, standard, granted, claimed and paid."""
    for name in ("杨一", "杨二"):
        person = desk.add_resident(name)
        desk.add_identity(person, "subsistence-allowance", department="社会事务办")
        pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    (line,) = claims.settlement(desk.office)
    assert (line.people, line.standard_fen, line.amount_fen) == (2, (120_00, 120_00), 240_00)
    assert (line.departments, line.claimed_fen, line.source_paid_fen) == (("社会事务办",), 0, 0)
    made = claims.make(desk.office, desk.clerk, line.source)
    claims.record_payment(desk.office, desk.clerk, made.number, 240_00, desk.office.today(), "HK1")
    (line,) = claims.settlement(desk.office)
    assert (line.claimed_fen, line.unclaimed_fen, line.source_paid_fen) == (240_00, 0, 240_00)


def test_a_claim_that_is_stopped_is_none(desk: Desk) -> None:
    subsidised(desk, "甲")
    told: list[int] = []
    with pytest.raises(CancelledError):
        claims.make(
            desk.office,
            desk.clerk,
            SOURCE,
            progress=lambda done, _whole: told.append(done),
            cancelled=lambda: bool(told),
        )
    assert told == [0]
    assert claims.claims(desk.office) == []
    assert claims.make(desk.office, desk.clerk, SOURCE).number == "ZZ2025-0001"
