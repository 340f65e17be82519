"""Week by week: heads reached, and what a straight line to the day of the task would ask for."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk
from townshipdesk import policy as policies
from townshipdesk.services.course import StraightLine, by_week, course, straight_line
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse


def paid(desk: Desk, moment: str, village_id: int = 1):
    person = desk.add_resident(village_id=village_id)
    desk.at(moment)
    return pay(desk.office, desk.clerk, PaymentOrder((person,), "cash")).lines[0].entry_uid


@pytest.mark.parametrize(
    ("policy", "begins_on", "due_on"),
    [
        ("longjie-2025", date(2024, 9, 1), date(2024, 12, 25)),
        ("ziyang-2021", date(2020, 9, 1), date(2020, 12, 31)),
        ("chuxiong-2021", date(2020, 9, 1), date(2021, 2, 28)),
    ],
)
def test_the_line_runs_from_the_first_window_to_the_first_day_of_the_whole_task(
    policy, begins_on, due_on
):
    assert straight_line(policies.load(policy)) == StraightLine(begins_on, due_on)


def test_without_a_first_day_the_line_begins_when_heads_first_moved():
    policy = policies.load("songming-2015")
    line = straight_line(policy, date(2014, 11, 3))
    assert line == StraightLine(date(2014, 11, 3), date(2014, 12, 25))
    assert straight_line(policy) is None


def test_the_heads_due_are_rounded_up_and_stay_after_the_last_day():
    """A task of 100 in three days is 34, 67, 100; nothing is due before the first."""
    line = StraightLine(date(2024, 9, 2), date(2024, 9, 4))
    days = [date(2024, 9, day) for day in (1, 2, 3, 4, 30)]
    assert [line.heads(100, day) for day in days] == [0, 34, 67, 100, 100]


def test_weeks_without_a_payment_stand_in_it():
    weeks = by_week([(date(2025, 3, 3), 1), (date(2025, 3, 17), 3)], date(2025, 3, 18))
    assert weeks == [(date(2025, 3, 9), 1), (date(2025, 3, 16), 1), (date(2025, 3, 18), 3)]
    assert by_week([], date(2025, 3, 18)) == []


def test_the_course_counts_as_the_days_were_and_of_one_village_alone(desk: Desk):
    """Three pay, one is taken back within the day; an earlier day knows nothing of later ones."""
    paid(desk, "2024-09-03T09:00")
    paid(desk, "2024-09-10T09:00", village_id=2)
    reverse(desk.office, desk.clerk, paid(desk, "2024-09-11T09:00"), "录错")
    whole = course(desk.office, 116)
    assert [(week.ends_on.day, week.heads) for week in whole.weeks] == [(1, 0), (8, 1), (11, 2)]
    assert (whole.heads, whole.due(whole.day)) == (2, 11)
    second = course(desk.office, None, village_id=2)
    assert [week.heads for week in second.weeks] == [0, 0, 1]
    assert second.due(second.day) is None
    assert course(desk.office, 116, day=date(2024, 9, 9)).heads == 1
