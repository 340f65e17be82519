"""Identities: from a department, counting from the day they came, ended and never deleted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.services import identities, quotes
from townshipdesk.services.identities import WouldHold
from townshipdesk.services.payments import PaymentOrder, pay

OFFICE = "社会事务办"
TODAY = date(2025, 3, 17)


def add(desk: Desk, resident: int, code: str = "subsistence-allowance", **more: object) -> str:
    given = {"from_on": date(2024, 6, 1), "department": OFFICE, **more}
    return identities.add_identity(desk.office, desk.clerk, resident, code, **given)


def test_an_identity_changes_the_price_from_now_on(desk: Desk) -> None:
    resident = desk.add_resident()
    add(desk, resident)
    assert quotes.quote_for(desk.office, resident).due_fen == 28000


def test_an_identity_entered_today_did_not_count_yesterday(desk: Desk) -> None:
    """It was held since last year, but its list came today: yesterday's price stays."""
    resident = desk.add_resident()
    add(desk, resident)
    yesterday = desk.office.now().replace(day=16)
    assert quotes.quote_for(desk.office, resident, at=yesterday).due_fen == 40000


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("rich", {}),
        ("disability", {}),
        ("disability", {"disability_grade": 5}),
        ("disability", {"disability_grade": 1, "disability_kind": "left-handed"}),
        ("marginal", {"disability_grade": 1}),
        ("marginal", {"department": " "}),
    ],
)
def test_an_incomplete_identity_is_refused(desk: Desk, code: str, more: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        add(desk, desk.add_resident(), code, **more)
    assert desk.count("identity") == 0


def test_an_identity_is_held_once_at_a_time(desk: Desk) -> None:
    resident = desk.add_resident()
    uid = add(desk, resident)
    with pytest.raises(RuleError) as error:
        add(desk, resident)
    assert error.value.code == "identity-held"
    identities.end_identity(desk.office, desk.clerk, uid, TODAY, "复审不再符合")
    add(desk, resident)
    held = identities.history(desk.office, resident)
    assert [one.ended_on for one in held] == [None, TODAY]
    assert held[1].end_reason == "复审不再符合"
    assert held[1].entered_by == held[1].ended_by == "李春"


def test_an_end_comes_once_and_not_before_the_beginning(desk: Desk) -> None:
    uid = add(desk, desk.add_resident())
    with pytest.raises(UsageError):
        identities.end_identity(desk.office, desk.clerk, uid, date(2024, 5, 31))
    identities.end_identity(desk.office, desk.clerk, uid, TODAY)
    with pytest.raises(RuleError):
        identities.end_identity(desk.office, desk.clerk, uid, TODAY)
    with pytest.raises(NotFoundError):
        identities.end_identity(desk.office, desk.clerk, "nothing", TODAY)


def test_the_effect_is_told_before_anything_is_saved(desk: Desk) -> None:
    resident = desk.add_resident()
    add(desk, resident)
    better = identities.effect(desk.office, resident, add=["extreme-hardship"])
    worse = identities.effect(desk.office, resident, end=["subsistence-allowance"])
    assert (better.now.due_fen, better.then.due_fen) == (28000, 0)
    assert (worse.difference_fen, worse.frozen) == (12000, False)
    assert desk.count("identity") == 1


def test_the_effect_of_a_disability_asks_with_its_grade(desk: Desk) -> None:
    resident = desk.add_resident()
    mental = WouldHold("disability", "mental", 3)
    assert identities.effect(desk.office, resident, add=[mental]).difference_fen == -12000
    slight = WouldHold("disability", "physical", 4)
    assert identities.effect(desk.office, resident, add=[slight]).difference_fen == 0


def test_after_the_payment_nothing_changes_for_the_year(desk: Desk) -> None:
    resident = desk.add_resident()
    pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))
    effect = identities.effect(desk.office, resident, add=["extreme-hardship"])
    assert effect.frozen
    add(desk, resident, "extreme-hardship")
    paid = desk.office.conn.execute("SELECT individual_fen FROM entry").fetchall()
    assert [row[0] for row in paid] == [40000]


def test_the_dead_get_no_identity(desk: Desk) -> None:
    resident = desk.add_resident(status="deceased", status_on="2025-01-01")
    with pytest.raises(RuleError):
        add(desk, resident)
