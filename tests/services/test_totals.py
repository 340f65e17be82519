"""Totals: live figures from tallies, past figures from the ledger, and an independent count."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from tests.support import Desk
from townshipdesk.domain.dates import format_moment, parse_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.money import format_yuan
from townshipdesk.services import refunds, register
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.reversals import reverse
from townshipdesk.services.totals import head_rate, required_heads, today, totals
from townshipdesk.store import totals_rows

FIRST, SECOND = "532399200201", "532399200202"


def of(desk: Desk, code: str = FIRST, at: str | None = None) -> dict:
    """Give the document's part of one village, now or at a moment."""
    moment = None if at is None else parse_moment(at)
    (village,) = totals(desk.office, village=code, at=moment).to_json()["villages"]
    return village


def paid(desk: Desk, *residents: int, channel: str = "cash"):
    return pay(desk.office, desk.clerk, PaymentOrder(residents, channel, voucher="1"))


class Counted:
    """The same figures counted row by row in Python, from the tables as they stand at the end."""

    def __init__(self, desk: Desk, moment: str) -> None:
        conn = desk.office.conn
        self.moment, self.day = moment, moment[:10]
        self.names = {row["id"]: row["code"] for row in conn.execute("SELECT * FROM village")}
        self.entries = [
            row
            for row in conn.execute("SELECT * FROM entry WHERE year = 2025")
            if row["entered_at"] <= moment
        ]
        self.parts = defaultdict(list)
        for row in conn.execute("SELECT * FROM entry_part"):
            self.parts[row["entry_id"]].append(row)
        self.enrolments = {row["id"]: row for row in conn.execute("SELECT * FROM enrolment")}
        self.homes: dict[int, tuple[int, str]] = {}
        for row in conn.execute("SELECT * FROM residency ORDER BY id"):
            if row["from_at"] <= moment:
                self.homes[row["resident_id"]] = (row["village_id"], row["status"])

    def villages(self) -> dict[str, dict]:
        return {code: self._village(number) for number, code in self.names.items()}

    def _village(self, number: int) -> dict:
        here = [row for row in self.entries if row["village_id"] == number]
        on_day = [row for row in here if row["day"] == self.day]
        heads = [row for row in here if row["kind"] == "contribution" and self._live(row)]
        subsidies: Counter[str] = Counter()
        for row in here:
            for part in self.parts[row["id"]]:
                if part["source"] != "individual":
                    subsidies[part["source"]] += part["amount_fen"]
        return {
            "residents": sum(home == (number, "living") for home in self.homes.values()),
            "enrolled": len(heads),
            "individual": format_yuan(self._own(here, refunds=False)),
            "subsidies": {k: format_yuan(fen) for k, fen in sorted(subsidies.items()) if fen},
            "refunded": format_yuan(-self._own(here, refunds=True)),
            "today": {
                "enrolled": sum(row["day"] == self.day for row in heads),
                "amount": format_yuan(self._own(on_day, refunds=False)),
                "refunded": format_yuan(-self._own(on_day, refunds=True)),
            },
        }

    def _live(self, entry) -> bool:
        ended_at = self.enrolments[entry["enrolment_id"]]["ended_at"]
        return ended_at is None or ended_at > self.moment

    def _own(self, entries, *, refunds: bool) -> int:
        return sum(
            part["amount_fen"]
            for row in entries
            for part in self.parts[row["id"]]
            if part["source"] == "individual" and (row["kind"] == "refund") == refunds
        )


def counted_part(document: dict) -> dict[str, dict]:
    """Give of a document what the ledger decides: all but base, target and names."""
    keys = ("residents", "enrolled", "individual", "subsidies", "refunded", "today")
    return {v["code"]: {key: v[key] for key in keys} for v in document["villages"]}


class History:
    """A made-up season at a desk: payments, reversals, refunds, moves, deaths, newcomers."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.dice = desk, random.Random(seed)
        self.moment = parse_moment("2024-11-04T08:30:00")
        self.living, self.enrolled = [], {}
        self.paid_today: list[tuple[int, str]] = []
        self._stand()
        for _number in range(12):
            self.newcomer()

    def _stand(self) -> None:
        self.desk.at(format_moment(self.moment))

    def wait(self) -> None:
        """Some minutes pass, sometimes a night and a weekend."""
        before = self.moment.date()
        self.moment += timedelta(minutes=self.dice.randint(1, 50))
        if self.dice.random() < 0.25:
            self.moment += timedelta(days=self.dice.randint(1, 4))
        if self.moment.date() != before:
            self.paid_today = []
        self._stand()

    def newcomer(self) -> None:
        resident = self.desk.add_resident(village_id=self.dice.randint(1, 3))
        if self.dice.random() < 0.5:
            code = self.dice.choice(("subsistence-allowance", "extreme-hardship", "marginal"))
            self.desk.add_identity(resident, code)
        self.living.append(resident)

    def payment(self) -> None:
        waiting = [one for one in self.living if one not in self.enrolled]
        if not waiting:
            return
        together = self.dice.sample(waiting, min(len(waiting), self.dice.randint(1, 3)))
        payment = paid(self.desk, *together, channel=self.dice.choice(("cash", "pos", "mobile")))
        for line in payment.lines:
            self.enrolled[line.resident_id] = line.entry_uid
            self.paid_today.append((line.resident_id, line.entry_uid))

    def reversal(self) -> None:
        if not self.paid_today:
            return
        resident, entry = self.paid_today.pop(self.dice.randrange(len(self.paid_today)))
        if self.enrolled.get(resident) == entry:
            reverse(self.desk.office, self.desk.clerk, entry, "录错")
            del self.enrolled[resident]

    def refund(self) -> None:
        open_for_it = [one for one in self.enrolled if one in self.living]
        if not open_for_it:
            return
        resident = self.dice.choice(open_for_it)
        office = self.desk.office
        asked = refunds.request(
            office,
            self.desk.clerk,
            refunds.RefundRequest(resident, "employee-insurance", payee="本人", account="62001"),
        )
        refunds.approve(office, self.desk.supervisor, asked.number)
        refunds.pay_out(office, self.desk.clerk, asked.number)
        del self.enrolled[resident]

    def move(self) -> None:
        resident = self.dice.choice(self.living)
        register.move(self.desk.office, self.desk.clerk, resident, self.dice.randint(1, 3))

    def death(self) -> None:
        if len(self.living) > 3:
            resident = self.living.pop(self.dice.randrange(len(self.living)))
            self.enrolled.pop(resident, None)
            register.record_death(
                self.desk.office, self.desk.clerk, resident, self.moment.date(), "死亡证明"
            )

    def step(self) -> None:
        weights = {
            self.payment: 6, self.reversal: 2, self.refund: 2, self.move: 2, self.death: 1,
            self.newcomer: 2, self.wait: 4,
        }  # fmt: skip
        self.dice.choices(list(weights), list(weights.values()))[0]()


@pytest.mark.parametrize("seed", range(6))
def test_live_and_past_totals_equal_an_independent_count_over_random_histories(desk, seed):
    """Live totals, the same moment asked for later, and a count in Python agree throughout."""
    desk.add_village("532399200203", "核桃村委会")
    history = History(desk, seed)
    given: dict[str, dict] = {}
    for _step in range(60):
        history.step()
        now = format_moment(history.moment)
        live = totals(desk.office).to_json()
        assert counted_part(live) == Counted(desk, now).villages()
        given[now] = live  # the last one of a moment holds
    assert totals_rows.drift(desk.office.conn) == {}
    for moment, document in given.items():
        assert totals(desk.office, at=parse_moment(moment)).to_json() == document
        assert counted_part(document) == Counted(desk, moment).villages()


def test_a_required_number_of_heads_is_rounded_up_by_whole_numbers():
    """92 % of 1,235 is 1,136.2, so 1,137 heads; a whole product is not rounded at all."""
    rate = Fraction(92, 100)
    assert [required_heads(base, rate) for base in (0, 1, 100, 1235)] == [0, 1, 92, 1137]


def test_one_missing_head_is_not_the_target_however_it_would_round(desk):
    """With a target of 2, one enrolled is not reached and two are; money says nothing about it."""
    desk.office.conn.execute("UPDATE village SET target = 2 WHERE id = 1")
    paid(desk, desk.add_resident())
    assert of(desk)["target_reached"] is False
    paid(desk, desk.add_resident())
    assert of(desk)["target_reached"] is True


def test_a_village_without_a_given_target_is_measured_by_the_rate_of_the_policy(desk):
    """Base 1,235 at the 92 % of this policy requires 1,137; a given target goes before it."""
    desk.office.conn.execute("UPDATE village SET base = 1235 WHERE id = 1")
    assert of(desk)["target"] == 1137
    desk.office.conn.execute("UPDATE village SET target = 1136 WHERE id = 1")
    assert of(desk)["target"] == 1136


def test_without_base_and_target_nothing_is_claimed(desk):
    """Neither a target nor that it is reached is made up where nobody gave a figure."""
    desk.office.conn.execute("UPDATE village SET base = NULL WHERE id = 1")
    village = of(desk)
    assert (village["base"], village["target"], village["target_reached"]) == (None, None, None)


def test_a_rate_of_the_whole_town_is_rounded_up_once(desk):
    """Two villages of 13 at 96 % of the town need 25 heads, not 13 + 13."""
    target = SimpleNamespace(unit="town", rate=Fraction(96, 100), codes=())
    desk.office._policy = SimpleNamespace(id="made-up", targets=(target,))
    desk.office.conn.execute("UPDATE village SET base = 13")
    document = totals(desk.office).to_json()
    assert [v["target"] for v in document["villages"]] == [13, 13]
    assert document["township"]["target"] == 25


def test_the_rate_of_each_village_goes_before_rates_of_groups_and_of_the_town():
    """Rates of key groups are never taken for the rate of heads."""
    group = SimpleNamespace(unit="group", rate=Fraction(1), codes=("orphan",))
    town = SimpleNamespace(unit="town", rate=Fraction(96, 100), codes=())
    village = SimpleNamespace(unit="village", rate=Fraction(92, 100), codes=())
    policy = SimpleNamespace(targets=(group, town, village))
    assert head_rate(policy) == (Fraction(92, 100), "village")
    assert head_rate(SimpleNamespace(targets=(group,)))[0] is None


def test_enrolment_and_money_stay_where_the_person_lived_when_paying(desk):
    """A move takes the resident along, and neither the head nor the money of this year."""
    resident = desk.add_resident()
    paid(desk, resident)
    register.move(desk.office, desk.clerk, resident, 2)
    first, second = of(desk, FIRST), of(desk, SECOND)
    assert (first["residents"], first["enrolled"], first["individual"]) == (0, 1, "400.00")
    assert (second["residents"], second["enrolled"], second["individual"]) == (1, 0, "0.00")


def test_a_refund_stands_apart_and_the_subsidy_goes_back(desk):
    """After a refund: the head is gone, what was paid and what was refunded both show, the
    subsidy does not."""
    desk.at("2024-11-04T09:00")
    resident = desk.add_resident()
    desk.add_identity(resident, "subsistence-allowance")
    paid(desk, resident)
    before = of(desk)
    desk.at("2024-11-05T09:00")
    asked = refunds.request(
        desk.office,
        desk.clerk,
        refunds.RefundRequest(resident, "employee-insurance", payee="本人", account="62001"),
    )
    refunds.approve(desk.office, desk.supervisor, asked.number)
    refunds.pay_out(desk.office, desk.clerk, asked.number)
    after = of(desk)
    assert (before["enrolled"], before["subsidies"]) == (1, {"medical-assistance": "120.00"})
    assert (after["enrolled"], after["subsidies"]) == (0, {})
    assert (after["individual"], after["refunded"]) == ("280.00", "280.00")
    assert after["today"] == {"enrolled": 0, "amount": "0.00", "refunded": "280.00"}


def test_a_reversal_leaves_no_trace_in_the_sums(desk):
    """What was taken back within the day was never collected."""
    payment = paid(desk, desk.add_resident())
    untouched = of(desk, SECOND)
    reverse(desk.office, desk.clerk, payment.lines[0].entry_uid, "录错人")
    assert {**of(desk), "code": "", "name": "", "residents": 0} == {
        **untouched, "code": "", "name": "", "residents": 0,
    }  # fmt: skip


def test_yesterday_is_not_today(desk):
    """The day's figures begin anew in the morning; the year's go on."""
    desk.at("2025-03-17T23:59:59")
    paid(desk, desk.add_resident())
    desk.at("2025-03-18T00:00:00")
    village = of(desk)
    assert (village["enrolled"], village["today"]["enrolled"]) == (1, 0)
    assert of(desk, at="2025-03-17T23:59:59")["today"]["enrolled"] == 1


def test_a_payment_of_another_year_is_not_counted(desk):
    """Totals are those of the office's year."""
    paid(desk, desk.add_resident())
    desk.office.year = 2026
    assert of(desk)["enrolled"] == 0


def test_the_line_of_the_day_counts_payments_that_stand(desk):
    """Two payments and a reversal are one payment and its money."""
    paid(desk, desk.add_resident())
    second = paid(desk, desk.add_resident(), channel="pos")
    assert (today(desk.office).payments, today(desk.office).amount_fen) == (2, 80000)
    reverse(desk.office, desk.clerk, second.lines[0].entry_uid, "录错")
    assert (today(desk.office).payments, today(desk.office).amount_fen) == (1, 40000)


def test_the_township_is_whole_also_when_one_village_is_asked_for(desk):
    """--village narrows the list, not the township."""
    paid(desk, desk.add_resident(), desk.add_resident(village_id=2))
    document = totals(desk.office, village=SECOND).to_json()
    assert [v["code"] for v in document["villages"]] == [SECOND]
    assert (document["township"]["enrolled"], document["township"]["code"]) == (2, "532399200000")


def test_an_unknown_village_is_said_to_be_unknown(desk):
    """A wrong code is no empty answer."""
    with pytest.raises(NotFoundError):
        totals(desk.office, village="999")


def test_a_changed_tally_is_found_by_the_recount(desk):
    """Whoever writes into a tally behind the program's back is seen."""
    paid(desk, desk.add_resident())
    desk.office.conn.execute("UPDATE tally_source SET amount_fen = amount_fen + 100")
    desk.office.conn.execute("UPDATE tally_enrolled SET heads = 7")
    assert totals_rows.drift(desk.office.conn) == {"tally_source": 2, "tally_enrolled": 2}


def test_a_payment_typed_in_later_counts_from_when_it_was_entered(desk):
    """Yesterday's totals stay as they were given when money taken then is entered today."""
    desk.at("2024-11-04T17:00")
    before = of(desk)
    desk.at("2024-11-05T09:00")
    order = PaymentOrder(
        (desk.add_resident(),), "bank", voucher="9", paid_at=parse_moment("2024-11-04T10:00")
    )
    pay(desk.office, desk.clerk, order)
    then = of(desk, at="2024-11-04T17:00")
    assert {**then, "residents": 0} == {**before, "residents": 0}
    assert of(desk)["enrolled"] == 1
    assert date(2024, 11, 5) == desk.office.today()
