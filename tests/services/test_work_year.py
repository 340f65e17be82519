"""In autumn two years are collected at one window: the next one's, and late enrolment for this."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Desk
from tests.years import write_next_year
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import RuleError
from townshipdesk.services import (
    days,
    policies,
    printouts,
    quotes,
    receipts,
    refunds,
    rulings,
    settings,
    totals,
)
from townshipdesk.services.exports import export
from townshipdesk.services.office import move_training_clock
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.refunds import RefundRequest
from townshipdesk.services.reversals import reverse
from townshipdesk.services.verify import verify

NOW, NEXT = 2025, 2026


@pytest.fixture
def next_year(desk: Desk, tmp_path: Path) -> Path:
    """The same policy a year later, as a file."""
    return write_next_year(desk, tmp_path)


@pytest.fixture
def autumn(desk: Desk, next_year: Path) -> Desk:
    """The office in November, with the next year's policy adopted."""
    move_training_clock(desk.office, parse_moment("2025-11-20T09:30"))
    policies.adopt(desk.office, desk.supervisor, str(next_year), "新年度文件")
    return desk


def test_the_next_years_text_takes_the_office_there_and_this_year_can_be_chosen(
    autumn: Desk,
) -> None:
    office = autumn.office
    assert office.year == NEXT
    assert policies.years(office) == [
        (NEXT, f"longjie-{NEXT}", True),
        (NOW, f"longjie-{NOW}", False),
    ]
    office.work_for(NOW)
    assert (office.year, office.chosen_year, office.policy.year) == (NOW, NOW, NOW)
    office.work_for(None)
    assert (office.year, office.chosen_year) == (NEXT, None)


def test_one_person_pays_for_both_years_at_the_price_of_each(autumn: Desk) -> None:
    office, person = autumn.office, autumn.add_resident()
    ahead = pay(office, autumn.clerk, PaymentOrder((person,), "cash", year=NEXT))
    office.work_for(NOW)
    assert quotes.quote_for(office, person).reason != "already-enrolled"
    late = pay(
        office, autumn.clerk, PaymentOrder((person,), "cash", confirmed_no_coverage=True, year=NOW)
    )
    covers = [payment.lines[0].quote.coverage for payment in (ahead, late)]
    assert covers[0] is not None
    assert covers[0].start.year == NEXT
    assert covers[1] is None or covers[1].start.year == NOW
    kept = office.conn.execute(
        "SELECT e.year, t.year FROM enrolment AS e JOIN policy_text AS t ON t.hash = e.policy_hash"
    ).fetchall()
    assert [tuple(row) for row in kept] == [(NEXT, NEXT), (NOW, NOW)]
    for year in (NOW, NEXT):
        office.work_for(year)
        assert totals.totals(office).township.enrolled == 1
    story = days.day_story(office, office.today())
    taken = sum(part.taken_fen for part in story.parts)
    assert taken == sum(p.lines[0].individual_fen for p in (ahead, late))
    assert [one for one in verify(office) if one.code != "readings"] == []  # the test adds none


def test_only_the_desk_that_chose_works_for_the_other_year(autumn: Desk) -> None:
    other = autumn.office.again()
    autumn.office.work_for(NOW)
    helper = autumn.office.again()  # a thread of the same desk
    assert (helper.year, other.year) == (NOW, NEXT)
    pay(other, autumn.clerk, PaymentOrder((autumn.add_resident(),), "cash"))
    assert other.year == NEXT
    helper.close()
    other.close()


def test_a_corrected_text_of_this_year_leaves_the_office_in_the_next(
    autumn: Desk, tmp_path: Path
) -> None:
    office = autumn.office
    chosen = office.again()
    chosen.work_for(NOW)
    corrected = tmp_path / f"longjie-{NOW}.toml"
    corrected.write_text(chosen.policy.text + "\n# 更正一处说明\n", encoding="utf-8")
    policies.adopt(office, autumn.supervisor, str(corrected), "更正")
    assert office.year == NEXT
    before = chosen.policy_hash
    pay(
        chosen,
        autumn.clerk,
        PaymentOrder((autumn.add_resident(),), "cash", confirmed_no_coverage=True),
    )
    assert chosen.year == NOW
    assert chosen.policy_hash != before
    assert {text.hash for text in policies.texts(office) if text.in_force} == {
        office.policy_hash,
        chosen.policy_hash,
    }
    chosen.close()


def test_adopting_the_text_in_force_for_this_year_takes_the_office_back(autumn: Desk) -> None:
    policies.adopt(autumn.office, autumn.supervisor, f"longjie-{NOW}", "采用过早")
    assert autumn.office.year == NOW
    assert [one.is_own for one in policies.years(autumn.office)] == [False, True]


def test_money_that_was_shown_for_one_year_is_not_taken_for_another(
    desk: Desk, next_year: Path
) -> None:
    person = desk.add_resident()
    order = PaymentOrder((person,), "cash", year=desk.office.year)
    policies.adopt(desk.office, desk.supervisor, str(next_year), "新年度文件")
    with pytest.raises(RuleError) as refused:
        pay(desk.office, desk.clerk, order)
    assert refused.value.code == "year-changed"
    assert desk.office.conn.execute("SELECT count(*) FROM entry").fetchone()[0] == 0


def test_a_year_without_a_policy_cannot_be_worked_for(autumn: Desk) -> None:
    with pytest.raises(RuleError):
        autumn.office.work_for(2019)
    assert autumn.office.year == NEXT


def test_what_the_office_decides_holds_for_the_year_it_was_decided_for(autumn: Desk) -> None:
    office = autumn.office
    settings.change(office, autumn.supervisor, "fiscal_standard", "700.00")
    settings.keep_own(office, autumn.supervisor, "desk.backup-folder", "/backup")
    office.work_for(NOW)
    assert office.settings().to_json() == {}
    settings.change(office, autumn.supervisor, "fiscal_standard", "670.00")
    assert [one.value for one in settings.history(office, "fiscal_standard")] == ["670.00"]
    office.work_for(None)
    assert office.settings().to_json() == {"fiscal_standard": "700.00"}
    assert settings.history(office, "desk.backup-folder")[0].value == "/backup"


def test_papers_are_of_the_year_they_are_about(autumn: Desk) -> None:
    """A replaced receipt and a refund's form name the year of the payment, not of the desk."""
    office = autumn.office
    two = (autumn.add_resident(), autumn.add_resident("罗小满"))
    first = pay(office, autumn.clerk, PaymentOrder(two, "cash"))
    alone = pay(office, autumn.clerk, PaymentOrder((autumn.add_resident("普英"),), "cash"))
    asked = refunds.request(
        office,
        autumn.clerk,
        RefundRequest(
            resident_id=alone.lines[0].resident_id,
            ground="death",
            proof="死亡证明",
            payee="普英",
            account="6222000011112222",
            bank="农信社",
        ),
    )
    office.work_for(NOW)
    done = reverse(office, autumn.clerk, first.lines[0].entry_uid, "录错")
    assert done.replacement is not None
    assert (done.replacement.year, done.replacement.policy_id) == (NEXT, f"longjie-{NEXT}")
    assert receipts.receipt(office, first.receipt.number).year == NEXT
    form = printouts.refund_on_paper(office, asked)
    assert (form.year, form.policy_id) == (NEXT, f"longjie-{NEXT}")


def test_an_application_shown_for_one_year_is_not_written_for_another(
    autumn: Desk,
) -> None:
    resident = autumn.add_resident("杨发贵", "1968-05-12")
    order = PaymentOrder(resident_ids=(resident,), channel="cash", expected_due_fen=40_000)
    pay(autumn.office, autumn.clerk, order)
    shown = RefundRequest(
        resident, "employee-insurance", "杨发贵", "6217000010000000001", "参保证明", year=NOW
    )
    with pytest.raises(RuleError) as refused:
        refunds.request(autumn.office, autumn.clerk, shown)
    assert refused.value.code == "year-changed"
    assert autumn.count("refund") == 0


def test_the_sheet_of_refunds_holds_those_of_its_year(autumn: Desk, tmp_path: Path) -> None:
    resident = autumn.add_resident("杨发贵", "1968-05-12")
    pay(autumn.office, autumn.clerk, PaymentOrder((resident,), "cash"))
    wanted = RefundRequest(resident, "death", "杨小", "62000", "死亡证明", "子")
    refunds.request(autumn.office, autumn.clerk, wanted)
    assert export(autumn.office, "refunds", tmp_path / "next.xlsx").rows == 1
    autumn.office.work_for(NOW)
    assert export(autumn.office, "refunds", tmp_path / "now.xlsx").rows == 0


def test_a_case_shown_for_one_year_is_not_decided_for_another(autumn: Desk) -> None:
    with pytest.raises(RuleError) as refused:
        rulings.rule(
            autumn.office,
            autumn.supervisor,
            autumn.add_resident(),
            rulings.Grant(40_000, None),
            "情况特殊",
            "镇医保〔2025〕1号",
            NOW,
        )
    assert refused.value.code == "year-changed"
    assert autumn.count("ruling") == 0
