"""Key groups against their targets, cash that is out too long, and what comes next."""

from __future__ import annotations

from datetime import date

import pytest

from tests.services.test_totals import paid
from tests.support import Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services import deposits, refunds
from townshipdesk.services.deadlines import coming
from townshipdesk.services.key_groups import Group, GroupCounts
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.watch import watch


def group(desk: Desk, name: str) -> Group | None:
    """Give a key group by its English name."""
    found = GroupCounts().read(desk.office)
    return next((one for one in found if one.name.text("en") == name), None)


def test_a_group_counts_each_person_once_and_asks_for_the_strictest_rate(desk):
    """Two of its identities are one head; targets of 99 % and 100 % name it: 100 % counts."""
    both = desk.add_resident()
    desk.add_identity(both, "marginal")
    desk.add_identity(both, "sudden-hardship")
    desk.add_identity(desk.add_resident(), "unstable-out-of-poverty")
    paid(desk, both)
    monitored = group(desk, "Monitored")
    assert (monitored.people, monitored.enrolled, monitored.missing) == (2, 1, 1)
    assert monitored.required == 2
    assert monitored.rate_tenths == 500


def test_pupils_pay_through_their_school_and_newborns_are_of_the_year(desk):
    """Pupils have the policy's target, newborns none; nobody else is among them."""
    desk.add_resident(payer_group="school")
    desk.add_resident(born="2025-02-03")
    desk.add_resident(born="2024-12-31")
    pupils, newborns = group(desk, "Pupils"), group(desk, "Newborns")
    assert (pupils.people, pupils.required, pupils.clause) == (1, 1, "六(二)4")
    assert (newborns.people, newborns.rate, newborns.missing) == (1, None, 0)


def test_a_group_nobody_belongs_to_is_not_shown(desk):
    """No line for a group without people; ended and future identities make none."""
    desk.add_identity(desk.add_resident(), "orphan", from_on="2025-03-18")
    assert group(desk, "Orphans") is None


def test_ninety_nine_percent_of_a_policys_group_is_rounded_up(desk):
    """99 % of 3 are 3 heads: two do not reach it."""
    people = [desk.add_resident() for _number in range(3)]
    for person in people:
        desk.add_identity(person, "out-of-poverty")
    paid(desk, *people[:2])
    whole = next(one for one in GroupCounts().read(desk.office) if one.of_policy)
    assert (whole.people, whole.required, whole.missing) == (3, 3, 1)


def texts(office, cash=()) -> list[tuple[str, str]]:
    return [(str(one.on or ""), one.words.text("en")) for one in coming(office, cash)]


def test_windows_that_open_and_close_come_with_their_days(desk):
    """On 17 March 2025: the 400-yuan season ends 25 June, the 1,070-yuan one opens 1 July."""
    found = texts(desk.office)
    assert ("2025-06-25", "Off-season period at 400: last day") in found
    assert ("2025-07-01", "Off-season period at 1,070 opens") in found
    assert not any("2024-09-01" in day for day, _words in found)


def test_a_milestone_is_named_before_it_and_for_a_month_after(desk):
    """25 February 2025 is the last day of the task; in April nobody is reminded any more."""
    desk.at("2025-02-20T09:00")
    assert ("2025-02-25", "100 % of the task by this day") in texts(desk.office)
    desk.at("2025-03-17T09:00")
    assert ("2025-02-25", "100 % of the task was due") in texts(desk.office)
    desk.at("2025-04-17T09:00")
    assert not any("task" in words for _day, words in texts(desk.office))


@pytest.mark.parametrize(
    ("policy", "moment", "due"),
    [
        ("songming-2018", "2017-10-18T09:00", "2017-10-20"),  # each week: on Friday
        ("songming-2018", "2017-10-21T09:00", "2017-10-27"),  # a Saturday: the next Friday
        ("chuxiong-2021", "2020-11-18T09:00", "2020-11-18"),  # each day: today
    ],
)
def test_a_report_is_due_by_its_rhythm(tmp_path, policy, moment, due):
    """Weekly reports by Friday, daily ones today."""
    office = create_office(
        tmp_path / "o.tdo", name="演练", policy_id=policy, now=parse_moment(moment), training=True
    )
    reports = [one for one in coming(office, ()) if one.on == date.fromisoformat(due)]
    assert reports
    office.close()


def test_lists_of_departments_are_due_on_their_last_day(tmp_path):
    """ziyang-2021 wants the identity lists by 13 November 2020."""
    office = create_office(
        tmp_path / "o.tdo",
        name="演练",
        policy_id="ziyang-2021",
        now=parse_moment("2020-11-01T09:00"),
        training=True,
    )
    assert any(day == "2020-11-13" for day, _words in texts(office))
    office.close()


def test_cash_that_a_village_holds_too_long_presses(desk):
    """Ten days are allowed; on the eleventh it is pointed out, and gone once it is deposited."""
    desk.at("2025-03-05T10:00")
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "village", voucher="1"))
    desk.at("2025-03-15T10:00")
    assert not any(
        one.pressing for one in watch(desk.office).coming if "cash" in one.words.text("en")
    )
    desk.at("2025-03-16T10:00")
    (pressing,) = [one for one in watch(desk.office).coming if "cash" in one.words.text("en")]
    assert pressing.words.text("zh_CN") == "青杠村委会现金已 11 天未缴存：400.00 元"
    code = watch(desk.office).cash[0].village_code
    deposits.deposit(desk.office, desk.clerk, 400_00, "HK1", village_code=code)
    assert not any("cash" in one.words.text("en") for one in watch(desk.office).coming)


def test_a_day_left_open_and_an_old_refund_press(desk):
    """Both come before everything that is merely next."""
    desk.at("2024-11-03T10:00")
    person = desk.add_resident()
    paid(desk, person)
    refunds.request(
        desk.office,
        desk.clerk,
        refunds.RefundRequest(person, "employee-insurance", payee="本人", account="62001"),
    )
    desk.at("2024-11-17T10:00")
    first, second, third = coming(desk.office, ())[:3]
    assert (first.pressing, second.pressing, third.pressing) == (True, True, False)
    assert first.words.text("en") == "Days not closed: 1, the oldest 2024-11-03"
    assert second.words.text("en") == "Refunds waiting: 1, the oldest for 14 days"


def test_the_season_adds_up_to_the_enrolled(desk):
    """The last point of the chart is the figure of the board."""
    desk.at("2025-03-03T10:00")
    paid(desk, desk.add_resident())
    desk.at("2025-03-17T10:00")
    paid(desk, desk.add_resident(), desk.add_resident())
    assert watch(desk.office).season == ((date(2025, 3, 3), 1), (date(2025, 3, 17), 3))
