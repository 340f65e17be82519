"""The board: movement, the week, the pace, key groups, and a village opened up."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.support import Desk
from townshipdesk import policy as policies
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.services import register
from townshipdesk.services.board import board, next_goal, tenths_of_a_percent
from townshipdesk.services.key_groups import GroupCounts
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.services.villages import village_detail

FIRST, SECOND = "532399200201", "532399200202"


def paid(desk: Desk, *residents: int, moment: str | None = None):
    if moment:
        desk.at(moment)
    return pay(desk.office, desk.clerk, PaymentOrder(residents, "cash"))


def test_movement_holds_fourteen_days_and_the_week_begins_on_monday(desk):
    """Heads of each day in their place, today last; Sunday belongs to the week before."""
    paid(desk, desk.add_resident(), moment="2025-03-03T09:00")  # too long ago
    paid(desk, desk.add_resident(), moment="2025-03-05T09:00")  # the first of fourteen days
    paid(desk, desk.add_resident(), moment="2025-03-16T09:00")  # Sunday
    paid(desk, desk.add_resident(), moment="2025-03-17T09:00")  # Monday
    wrong = paid(desk, desk.add_resident(), moment="2025-03-18T09:00")
    reverse(desk.office, desk.clerk, wrong.lines[0].entry_uid, "录错")
    paid(desk, desk.add_resident(village_id=2))
    now = board(desk.office)
    assert now.rows[0].movement == (1, *(0,) * 10, 1, 1, 0)
    assert (now.rows[0].week, now.rows[1].week, now.township.week) == (1, 1, 2)
    assert now.township.movement[-1] == 1
    assert now.township.totals.enrolled == 5


def test_the_pace_to_the_next_goal_is_rounded_up(desk):
    """92 heads missing on 4 December are 92 / 22 days, five a day; after the last goal none."""
    desk.at("2024-12-04T09:00")
    now = board(desk.office)
    assert now.aim.goal is not None
    assert (now.aim.goal.on, now.aim.goal.of_task, now.aim.goal.days_left) == (
        date(2024, 12, 25),
        Fraction(1),
        22,
    )
    assert now.rows[0].needed_a_day == 5
    assert next_goal(desk.office.policy, date(2025, 2, 25)).days_left == 1
    assert next_goal(desk.office.policy, date(2025, 2, 26)) is None
    assert board(desk.at("2025-03-17T09:00").office).rows[0].needed_a_day is None


def test_a_task_given_in_heads_has_its_goal_too():
    """ziyang-2021 gives its units tasks, not a rate of theirs: all of it by the end of 2020."""
    policy = policies.load("ziyang-2021")
    goal = next_goal(policy, date(2020, 12, 20))
    assert (goal.on, goal.of_task, goal.days_left) == (date(2020, 12, 31), Fraction(1), 12)
    assert next_goal(policy, date(2021, 1, 1)).on == date(2021, 2, 28)


@pytest.mark.parametrize(
    ("part", "whole", "tenths"),
    [(1203, 1204, 999), (1204, 1204, 1000), (1, 3, 333), (0, 5, 0), (3, 0, None), (3, None, None)],
)
def test_a_rate_is_rounded_down_so_that_it_never_claims_a_target(part, whole, tenths):
    """1,203 of 1,204 is 99.9 %, not 100 %."""
    assert tenths_of_a_percent(part, whole) == tenths


def test_key_groups_count_each_person_once_and_only_living_holders(desk):
    """Two identities of one group are one head; the dead and ended identities are not counted."""
    both = desk.add_resident()
    desk.add_identity(both, "subsistence-allowance")
    desk.add_identity(both, "marginal")
    poor = desk.add_resident()
    desk.add_identity(poor, "marginal")
    dead = desk.add_resident()
    desk.add_identity(dead, "marginal")
    register.record_death(desk.office, desk.clerk, dead, date(2025, 3, 17), "死亡证明")
    no_longer = desk.add_resident()
    desk.add_identity(
        no_longer, "orphan", ended_on="2025-03-17", ended_at="2025-03-17T08:00:00+08:00"
    )
    paid(desk, both)

    def counted() -> dict[str, tuple[int, int, int]]:
        return {
            "of the policy" if one.of_policy else one.name.text("en"): (
                one.people,
                one.enrolled,
                one.missing,
            )
            for one in GroupCounts().read(desk.office)
        }

    assert counted() == {
        "Subsistence": (1, 1, 0),
        "Monitored": (2, 1, 1),
        "of the policy": (2, 1, 1),
    }
    paid(desk, poor)
    assert counted()["of the policy"] == (2, 2, 0)


def test_a_village_opens_into_groups_households_and_who_is_missing(desk):
    """Groups and households with their counts; the unpaid with number masked and last year."""
    home = desk.add_household("001")
    head = desk.add_resident(household_id=home, relation="户主", phone="13900000001")
    child = desk.add_resident("杨磊", "2010-01-02", household_id=home, relation="子")
    alone = desk.add_resident("李四", group_name="二组")
    desk.add_resident("王五", village_id=2)
    desk.add_identity(child, "orphan")
    desk.office.conn.execute("INSERT INTO earlier_enrolment VALUES (?, 2024, NULL)", (child,))
    paid(desk, head)
    detail = village_detail(desk.office, FIRST)
    assert [(g.name, g.households, g.residents, g.enrolled) for g in detail.groups] == [
        ("一组", 1, 2, 1),
        ("二组", 0, 1, 0),
    ]
    (household,) = detail.households
    assert (household.number, household.head, household.members, household.enrolled) == (
        "001",
        "杨发贵",
        2,
        1,
    )
    assert not household.complete
    assert [person.resident_id for person in detail.unpaid] == [child, alone]
    missing = detail.unpaid[0]
    assert (missing.last_year, missing.identities, missing.household_number) == (
        True,
        ("orphan",),
        "001",
    )
    assert missing.masked_number.startswith("532399********")
    assert not detail.unpaid[1].last_year


def test_who_died_or_moved_is_on_no_call_list(desk):
    """Nobody rings at the door of the dead, nor in the village somebody left."""
    dead, moved = desk.add_resident(), desk.add_resident()
    register.record_death(desk.office, desk.clerk, dead, date(2025, 3, 17), "死亡证明")
    register.move(desk.office, desk.clerk, moved, 2)
    assert village_detail(desk.office, FIRST).unpaid == ()
    assert [one.resident_id for one in village_detail(desk.office, SECOND).unpaid] == [moved]


def test_who_paid_under_an_earlier_record_is_not_called(desk):
    """A newborn's birth-certificate record was merged into this one: the payment counts."""
    earlier, now = desk.add_resident(), desk.add_resident()
    paid(desk, earlier)
    desk.office.conn.execute(
        "UPDATE resident SET status = 'moved', status_on = '2025-03-17', merged_into = ?"
        " WHERE id = ?",
        (now, earlier),
    )
    detail = village_detail(desk.office, FIRST)
    assert (detail.unpaid, detail.groups[0].enrolled) == ((), 1)


def test_an_unknown_village_cannot_be_opened(desk):
    """A wrong code is told."""
    with pytest.raises(NotFoundError):
        village_detail(desk.office, "1")
