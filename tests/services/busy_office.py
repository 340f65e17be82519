"""An office in which everything has happened once: for tests that look for what was changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.support import POLICY, Desk
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services import identities, refunds, register, reversals
from townshipdesk.services.days import close_day
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.receipts import record_print
from townshipdesk.services.refunds import RefundRequest
from townshipdesk.services.register import NewResident
from townshipdesk.services.settings import change

CLOSED_DAY = date(2024, 11, 2)


def busy_office(path: Path) -> None:
    """Make an office with payments, a reversal, refunds in several states, and a closed day."""
    office = create_office(
        path,
        name="演练镇医保窗口",
        policy_id=POLICY,
        now=parse_moment("2024-11-02T08:30"),
        training=True,
    )
    desk = Desk(office)
    village = desk.add_village("530099201201", "青石村委会")
    household = desk.add_household("QS0001", village)
    people = [
        register.register(
            office,
            desk.clerk,
            NewResident(
                name=name,
                number=number,
                village_id=village,
                group_name="一组",
                household_number="QS0001",
                phone="13900000001",
            ),
        )
        for name, number in PEOPLE
    ]
    assert household
    identities.add_identity(
        office, desk.clerk, people[0], "subsistence-allowance", date(2024, 3, 1), "民政"
    )
    payments = [pay(office, desk.clerk, PaymentOrder((people[0], people[1]), "cash"))]
    payments += [pay(office, desk.clerk, PaymentOrder((p,), "pos", "P1")) for p in people[2:]]
    reversals.reverse(office, desk.clerk, payments[0].lines[1].entry_uid, "录错人")
    record_print(office, desk.clerk, payments[0].receipt.uid, "pdf")
    close_day(office, desk.clerk, CLOSED_DAY, payments[0].lines[0].individual_fen)

    desk.at("2024-11-05T10:00")
    for person in people[2:5]:
        refunds.request(
            office, desk.clerk, RefundRequest(person, "death", "杨磊", "6222", "死亡证明")
        )
    refunds.approve(office, desk.supervisor, "TF000001")
    refunds.pay_out(office, desk.clerk, "TF000001")
    refunds.approve(office, desk.supervisor, "TF000002")
    change(office, desk.supervisor, "collective.530099201201", "20.00", why="村集体决定")
    office.close()


PEOPLE = (
    ("杨发贵", "530099198005060013"),
    ("普英", "530099198202030024"),
    ("罗小满", "530099201806060042"),
    ("李解", "530099195001010015"),
    ("单素芬", "530099196304040021"),
    ("杨磊", "530099200909090039"),
)
