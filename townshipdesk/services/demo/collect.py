"""The collection of a training office: who pays when, carried out by the real services."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import DeskError, RuleError
from townshipdesk.services.clock import StandingClock
from townshipdesk.services.days import close_day, day_story
from townshipdesk.services.deposits import cash_in_hand, deposit
from townshipdesk.services.payments import Payment, PaymentOrder, record
from townshipdesk.services.refunds import (
    RefundRefusedError,
    RefundRequest,
    approve,
    pay_out,
    reject,
    request,
)
from townshipdesk.services.register import record_death
from townshipdesk.services.reversals import reverse
from townshipdesk.services.work import work
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.demo.calendar import Calendar
    from townshipdesk.services.demo.population import Household, Population
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

Progress = Callable[[int, int], None]

_CHANNELS: Final = (
    # channel, share in a hundred, how its vouchers begin
    ("village", 34, ""),
    ("mobile", 31, "DZ"),
    ("cash", 16, ""),
    ("pos", 8, "POS"),
    ("bank", 7, "YH"),
    ("tax-hall", 4, "TS"),
)
_LATE_SHARE: Final = 0.02
_REVERSALS: Final = 6
_MISCOUNTED_SHARE: Final = 0.05
_MUCH_CASH_FEN: Final = 20_000
_TODAY: Final = 3
_ASKING_TODAY: Final = 12
"""How many have paid this morning already, of how many who came to ask."""
_SATURDAY: Final = 5
_LAST_DEPOSIT_BEFORE: Final = timedelta(days=9)
_REASONS: Final = ("录错人", "缴费方式选错", "重复录入")
_PROOFS: Final = {"death": "死亡证明", "employee-insurance": "职工医保参保证明"}
_DIFFERENCES: Final = ((-1000, "少收10元，经办人已补"), (500, "多收5元，待查"), (-200, "找零差错"))


@dataclass(order=True, slots=True)
class _Step:
    """Something that happens at a moment; `number` keeps the order of equal moments."""

    at: datetime
    number: int
    do: Callable[[], object] = field(compare=False)


@dataclass(slots=True)
class _Paying:
    """People of one household who pay together."""

    at: datetime
    people: tuple[int, ...]
    channel: str
    voucher: str


class Collection:
    """The year so far, from the first day money was taken to the morning of the lesson."""

    def __init__(
        self, office: Office, clerk: Actor, supervisor: Actor, dice: Random, calendar: Calendar
    ) -> None:
        self._office = office
        self._clerk = clerk
        self._supervisor = supervisor
        self._dice = dice
        self._calendar = calendar
        self._steps: list[_Step] = []
        self._paid: list[tuple[date, Payment]] = []
        self._vouchers = 0
        self._wrong_counts = list(_DIFFERENCES)
        self._wrong_days: set[date] = set()

    def take(self, everybody: Population, progress: Progress | None = None) -> None:
        """Take the payments, day by day, with everything else a day brings; close every day."""
        by_day: dict[date, list[_Paying]] = {}
        for paying in self._plan(everybody):
            by_day.setdefault(paying.at.date(), []).append(paying)
        self._refunds_on(sorted(by_day))
        self._wrong_days = set(self._dice.sample(sorted(by_day), min(_REVERSALS, len(by_day))))
        today = self._calendar.clock.date()
        for number, day in enumerate(sorted(by_day), 1):
            self._payments(day, sorted(by_day[day], key=lambda paying: paying.at))
            self._do_until(datetime.combine(day, time(17, 15), SHANGHAI))
            if day < today:
                self._end(day)
            if progress is not None:
                progress(number, len(by_day))
        self._office.clock = StandingClock(self._calendar.clock)

    # ------------------------------------------------------------------------------- who pays when

    def _plan(self, everybody: Population) -> Iterator[_Paying]:
        groups = self._calendar.windows
        first = {group: self._calendar.working_days(group, 0) for group in groups}
        later = {group: self._calendar.working_days(group, 1) for group in groups}
        now_at_the_desk: list[Household] = []
        for household in everybody.households:
            share = everybody.villages[household.village].share / 100
            group = household.payer_group
            if first[group] and self._dice.random() < share:
                yield from self._household(household, first[group])
            elif later[group] and self._dice.random() < _LATE_SHARE / (1 - share + 0.01):
                yield from self._household(household, later[group])
            else:
                now_at_the_desk.append(household)
        self._dice.shuffle(now_at_the_desk)
        for number, household in enumerate(now_at_the_desk[:_ASKING_TODAY]):
            at = self._calendar.clock - timedelta(minutes=30 - 2 * number)
            yield _Paying(at, (household.members[0].id,), "cash", "")

    def _household(self, household: Household, days: list[date]) -> Iterator[_Paying]:
        """Let a household pay, mostly together, a few on two days, a few not all of them."""
        living = [p for p in household.members if self._dice.random() < 0.97]
        parts = [living]
        if len(living) > 2 and self._dice.random() < 0.15:
            parts = [living[:1], living[1:]]
        for part in parts:
            day = days[int(self._dice.triangular(0, len(days) - 1, len(days) * 0.55))]
            people = [p for p in part if p.born < day]
            if people:
                channel, voucher = self._channel()
                minutes = int(self._dice.triangular(0, 8 * 60, 130))
                at = datetime.combine(day, time(8, 40), SHANGHAI) + timedelta(minutes=minutes)
                yield _Paying(at, tuple(p.id for p in people), channel, voucher)

    def _channel(self) -> tuple[str, str]:
        throw = self._dice.randrange(100)
        for channel, share, beginning in _CHANNELS:
            if throw < share:
                if not beginning:
                    return channel, ""
                self._vouchers += 1
                number = self._vouchers * 37 % 1_000_000
                return channel, f"{beginning}{self._calendar.clock.year}{number:06d}"
            throw -= share
        return "cash", ""

    # -------------------------------------------------------------------------------- what is done

    def _payments(self, day: date, orders: list[_Paying]) -> None:
        """Take a day's payments in one transaction: nobody waits for these receipts."""
        taken: list[Payment] = []
        self._office.clock = StandingClock(orders[0].at)
        with work(self._office, self._clerk) as w:
            for paying in orders:
                if day == self._calendar.clock.date() and len(taken) == _TODAY:
                    break
                w.at = paying.at
                order = PaymentOrder(
                    paying.people, paying.channel, paying.voucher, operation_key=new_uid()
                )
                try:
                    taken.append(record(w, self._office, order))
                except RuleError:
                    continue  # the policy refuses somebody: as at the desk, nothing is taken
            if not taken:
                w.leave_unchanged()
        self._paid += [(day, payment) for payment in taken]
        if day in self._wrong_days and taken:
            wrong = self._dice.choice(taken)
            self._later(
                datetime.combine(day, time(17, 5), SHANGHAI),
                lambda: self._take_back(wrong.lines[0].entry_uid),
            )

    def _take_back(self, entry_uid: str) -> None:
        reverse(self._office, self._clerk, entry_uid, self._dice.choice(_REASONS), new_uid())

    def _end(self, day: date) -> None:
        """Count the cash and close the day; on Saturdays carry cash to the bank."""
        self._office.clock = StandingClock(datetime.combine(day, time(17, 30), SHANGHAI))
        expected_fen = day_story(self._office, day).expected_cash_fen
        miscounted = self._dice.random() < _MISCOUNTED_SHARE and expected_fen > _MUCH_CASH_FEN
        difference_fen, why = 0, ""
        if miscounted and self._wrong_counts:
            difference_fen, why = self._wrong_counts.pop()
        close_day(self._office, self._clerk, day, expected_fen + difference_fen, why)
        if day.weekday() == _SATURDAY and day < self._calendar.clock.date() - _LAST_DEPOSIT_BEFORE:
            self._deposit(day)

    def _deposit(self, day: date) -> None:
        for held in cash_in_hand(self._office):
            village = int((held.village_code or "0")[-2:])
            # The desk goes to the bank every Saturday, a village every fourth one.
            if held.village_code is None or (village + day.isocalendar().week) % 4 == 0:
                deposit(
                    self._office,
                    self._supervisor,
                    held.amount_fen,
                    f"JK{day:%Y%m%d}{village:02d}",
                    village_code=held.village_code,
                )

    # ------------------------------------------------------------------------------------- refunds

    def _refunds_on(self, days: list[date]) -> None:
        """Ask for a few refunds on the last days before cover begins, and decide most of them."""
        before = [day for day in days if day < self._office.policy.coverage.start][-14:]
        grounds = ("employee-insurance", "death", "employee-insurance", "death", "duplicate")
        for number, (day, ground) in enumerate(zip(before[::2], grounds * 2, strict=False)):
            at = datetime.combine(day, time(16, 0), SHANGHAI)
            self._later(at, lambda n=number, g=ground: self._refund(n, g))  # type: ignore[misc] # defaults bind

    def _refund(self, number: int, ground: str) -> None:
        at = self._office.now()
        earlier = [payment for day, payment in self._paid if day < at.date()]
        if not earlier:
            return
        line = self._dice.choice(earlier).lines[0]
        new = RefundRequest(
            line.resident_id,
            ground,
            payee="本人" if ground != "death" else "家属",
            account=f"6200000{self._dice.randrange(10**9):09d}",
            proof={"death": "死亡证明", "employee-insurance": "职工医保参保证明"}.get(
                ground, "凭证"
            ),
            payee_relation="" if ground != "death" else "子",
            bank="演练银行",
        )
        try:
            asked = request(self._office, self._clerk, new)
        except (RefundRefusedError, RuleError):
            return  # this policy gives nothing back on this ground, or the payment stands no more
        if ground == "death":
            self._bury(line.resident_id, at)
        if asked.answer.decision != "allow" or number % 5 == 4:
            return  # these wait for a decision
        if number % 5 == 3:
            self._later(
                at + timedelta(minutes=20),
                lambda: (
                    reject(self._office, self._supervisor, asked.number, "证明材料不全") and None
                ),
            )
            return
        self._later(
            at + timedelta(minutes=20),
            lambda: approve(self._office, self._supervisor, asked.number),
        )
        if number % 5 != 2:
            self._later(
                at + timedelta(minutes=40),
                lambda: pay_out(self._office, self._clerk, asked.number),
            )

    def _bury(self, resident_id: int, at: datetime) -> None:
        try:
            on = at.date() - timedelta(days=self._dice.randint(2, 8))
            record_death(self._office, self._clerk, resident_id, on, "死亡证明")
        except DeskError:
            return  # the register does not have it so: the refund stands all the same

    # ----------------------------------------------------------------------------- order of things

    def _later(self, at: datetime, do: Callable[[], object]) -> None:
        heapq.heappush(self._steps, _Step(at, len(self._steps), do))

    def _do_until(self, until: datetime) -> None:
        while self._steps and self._steps[0].at <= until:
            step = heapq.heappop(self._steps)
            self._office.clock = StandingClock(step.at)
            step.do()
