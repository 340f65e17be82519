"""Random days at a desk: after every step the books add up and `verify` finds nothing."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support import Desk, made_up_number
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import DeskError
from townshipdesk.services import days, deposits, identities, refunds, register
from townshipdesk.services.clock import StandingClock
from townshipdesk.services.office import open_office
from townshipdesk.services.payments import CHANNELS, PaymentOrder, pay
from townshipdesk.services.register_values import NewResident
from townshipdesk.services.reversals import reverse
from townshipdesk.services.totals import totals
from townshipdesk.services.verify import verify

PEOPLE = 6
CODES = ("subsistence-allowance", "extreme-hardship", "out-of-poverty")
GROUNDS = ("death", "duplicate", "employee-insurance", "changed-mind")


class DeskDays(RuleBasedStateMachine):
    """A desk with six people, whose clock jumps about and whose staff do whatever comes up."""

    file: ClassVar[Path]

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "office.tdo"
        shutil.copy(self.file, path)
        self.desk = Desk(open_office(path))
        self.desk.add_village("532399200201", "青杠村委会")
        self.desk.add_village("532399200202", "柿树村委会")
        self.desk.at("2024-11-04T09:00")
        self.people = [
            register.register(
                self.desk.office,
                self.desk.clerk,
                NewResident(
                    f"人{name}",
                    1,
                    number=made_up_number(date(1960 + 7 * n, 5, 6), n),
                    household_number="HH01",
                ),
            )
            for n, name in enumerate("甲乙丙丁戊己"[:PEOPLE])
        ]
        self.entries: list[str] = []
        self.numbers: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.office.close()
            self.folder.cleanup()

    @property
    def today(self) -> date:
        return self.desk.office.today()

    def attempt(self, work) -> object:
        """Do something that may be refused; a refusal is an answer and changes nothing."""
        before = self.count_all()
        try:
            return work()
        except DeskError:
            assert self.count_all() == before
            return None

    def count_all(self) -> tuple[int, ...]:
        return tuple(
            self.desk.count(table)
            for table in ("entry", "entry_part", "enrolment", "receipt", "operation", "audit")
        )

    @rule(
        chosen=st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=3),
        channel=st.sampled_from(CHANNELS),
        agreed=st.booleans(),
    )
    def pays(self, chosen: set[int], channel: str, agreed: bool) -> None:
        order = PaymentOrder(
            tuple(self.people[n] for n in sorted(chosen)), channel, confirmed_no_coverage=agreed
        )
        payment = self.attempt(lambda: pay(self.desk.office, self.desk.clerk, order))
        if payment is not None:
            self.entries += [line.entry_uid for line in payment.lines]
            again = pay(self.desk.office, self.desk.clerk, order)
            assert again.already
            assert again.receipt == payment.receipt

    @precondition(lambda self: self.entries)
    @rule(place=st.integers(0, 1000))
    def takes_back(self, place: int) -> None:
        entry = self.entries[-1 - place % len(self.entries)]
        self.attempt(lambda: reverse(self.desk.office, self.desk.clerk, entry, "认错人"))

    @rule(place=st.integers(0, PEOPLE - 1), ground=st.sampled_from(GROUNDS))
    def asks_for_a_refund(self, place: int, ground: str) -> None:
        new = refunds.RefundRequest(self.people[place], ground, "收款人", "6200000000000001")
        made = self.attempt(lambda: refunds.request(self.desk.office, self.desk.clerk, new))
        if made is not None:
            self.numbers.append(made.number)

    @precondition(lambda self: self.numbers)
    @rule(
        place=st.integers(0, 1000), step=st.sampled_from(("approve", "reject", "withdraw", "pay"))
    )
    def goes_on_with_a_refund(self, place: int, step: str) -> None:
        office, number = self.desk.office, self.numbers[place % len(self.numbers)]
        steps = {
            "approve": lambda: refunds.approve(office, self.desk.supervisor, number),
            "reject": lambda: refunds.reject(office, self.desk.supervisor, number, "材料不全"),
            "withdraw": lambda: refunds.withdraw(office, self.desk.clerk, number),
            "pay": lambda: refunds.pay_out(office, self.desk.clerk, number),
        }
        self.attempt(steps[step])

    @rule(place=st.integers(0, PEOPLE - 1), code=st.sampled_from(CODES), back=st.integers(0, 40))
    def brings_an_identity(self, place: int, code: str, back: int) -> None:
        self.attempt(
            lambda: identities.add_identity(
                self.desk.office,
                self.desk.clerk,
                self.people[place],
                code,
                self.today - timedelta(days=back),
                department="社会事务办",
            )
        )

    @rule(place=st.integers(0, PEOPLE - 1))
    def moves(self, place: int) -> None:
        self.attempt(
            lambda: register.move(self.desk.office, self.desk.clerk, self.people[place], 2, "二组")
        )

    @rule(place=st.integers(0, PEOPLE - 1))
    def dies(self, place: int) -> None:
        self.attempt(
            lambda: register.record_death(
                self.desk.office, self.desk.clerk, self.people[place], self.today, "证明"
            )
        )

    @rule(wrong=st.sampled_from((0, 0, 0, 100)), reason=st.sampled_from(("", "少找零")))
    def closes_the_day(self, wrong: int, reason: str) -> None:
        story = days.day_story(self.desk.office, self.today)
        counted = max(0, story.expected_cash_fen) + wrong
        self.attempt(
            lambda: days.close_day(self.desk.office, self.desk.clerk, self.today, counted, reason)
        )

    @rule(amount=st.integers(1, 100_000))
    def deposits_cash(self, amount: int) -> None:
        self.attempt(
            lambda: deposits.deposit(self.desk.office, self.desk.clerk, amount, "银行回单")
        )

    @rule(jump=st.sampled_from((1, 1, 1, 3, 30, 60, -1)), hour=st.integers(8, 17))
    def the_clock_moves(self, jump: int, hour: int) -> None:
        now = self.desk.office.now() + timedelta(days=jump)
        moment = now.astimezone(SHANGHAI).replace(hour=hour)
        self.desk.office.clock = StandingClock(moment)

    @invariant()
    def the_books_add_up(self) -> None:
        if not hasattr(self, "desk"):
            return
        conn = self.desk.office.conn
        standing = conn.execute(
            "SELECT n.id, n.ended_by, sum(e.individual_fen + e.subsidy_fen) AS fen,"
            " n.standard_fen, sum(e.kind = 'refund') AS refunded FROM enrolment AS n"
            " JOIN entry AS e ON e.enrolment_id = n.id GROUP BY n.id"
        ).fetchall()
        for row in standing:
            if row["ended_by"]:
                assert row["fen"] == 0
            elif not row["refunded"]:
                assert row["fen"] == row["standard_fen"]
        found = totals(self.desk.office)
        paid = conn.execute(
            "SELECT coalesce(sum(individual_fen), 0) FROM entry WHERE year = 2025"
        ).fetchone()[0]
        assert found.township.individual_fen - found.township.refunded_fen == paid
        numbers = [row[0] for row in conn.execute("SELECT number FROM receipt ORDER BY number")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert verify(self.desk.office) == []


@pytest.mark.slow
def test_random_days_at_a_desk_leave_the_books_in_order(training_file: Path) -> None:
    machine = type("DeskDaysHere", (DeskDays,), {"file": training_file})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
