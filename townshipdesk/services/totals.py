"""Totals of villages and the township: how many, how much, against which target.

What is counted, and how:

- `enrolled` are live enrolments of the office's year. An enrolment and its money belong to the
  village in which the person lived when paying: both are frozen with the payment, so a later move
  changes no village's figures.
- `residents` are living residents, in the village where they live.
- `individual` is what people paid, less what was reversed. What was refunded stands apart, in
  `refunded`, and is not taken off again.
- `subsidies` are what each source bears: a reversal and a refund send a subsidy back, so it is gone
  from here.
- `today` holds the payments of the day that stand, and the refunds paid out on it.
- A past moment gives what the office knew then: rows count from when they were entered. Base and
  target are always those of now; the office keeps no history of them.
- A required number of heads is the base times the rate, rounded up; reached or not is decided by
  whole numbers of heads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of, format_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.money import format_yuan
from townshipdesk.services.villages import VillageDetail, village_detail
from townshipdesk.store import totals_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection, Row

__all__ = [
    "TodayLine",
    "TodayTotals",
    "Totals",
    "VillageDetail",
    "VillageTotals",
    "head_rate",
    "required_heads",
    "today",
    "totals",
    "township_after",
    "township_of",
    "village_detail",
    "village_now",
]

_TOWN_DIGITS: Final = 9
_VILLAGE_DIGITS: Final = 12
_UNITS: Final = ("village", "town", "county")


@dataclass(frozen=True, slots=True)
class TodayTotals:
    """The day's part: those enrolled today, what they paid, what was refunded; amounts in fen."""

    enrolled: int
    amount_fen: int
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class VillageTotals:
    """The figures of a village or of the township; amounts in fen.

    `base` and `target` are None where neither the office nor the policy gives them.
    `channels_fen` are what people paid by channel, less what was reversed.
    """

    code: str
    name: str
    residents: int
    base: int | None
    target: int | None
    enrolled: int
    individual_fen: int
    subsidies_fen: Mapping[str, int]
    refunded_fen: int
    channels_fen: Mapping[str, int]
    today: TodayTotals

    @property
    def target_reached(self) -> bool | None:
        """Tell whether as many heads are enrolled as are required; None without a target."""
        return None if self.target is None else self.enrolled >= self.target

    @property
    def missing(self) -> int | None:
        """Give the heads that are missing to the target, 0 when it is reached."""
        return None if self.target is None else max(0, self.target - self.enrolled)

    def to_json(self) -> dict[str, object]:
        """Give the figures as the contract's `totals` does."""
        return {
            "code": self.code,
            "name": self.name,
            "residents": self.residents,
            "base": self.base,
            "target": self.target,
            "enrolled": self.enrolled,
            "target_reached": self.target_reached,
            "individual": format_yuan(self.individual_fen),
            "subsidies": {
                source: format_yuan(fen) for source, fen in sorted(self.subsidies_fen.items())
            },
            "refunded": format_yuan(self.refunded_fen),
            "today": {
                "enrolled": self.today.enrolled,
                "amount": format_yuan(self.today.amount_fen),
                "refunded": format_yuan(self.today.refunded_fen),
            },
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """All villages by code and the township, as of one moment."""

    year: int
    policy_id: str
    as_of: datetime
    villages: tuple[VillageTotals, ...]
    township: VillageTotals

    def to_json(self) -> dict[str, object]:
        """Give the document of the contract's `totals`."""
        return {
            "year": self.year,
            "policy": self.policy_id,
            "as_of": format_moment(self.as_of),
            "villages": [village.to_json() for village in self.villages],
            "township": self.township.to_json(),
        }


@dataclass(frozen=True, slots=True)
class TodayLine:
    """What the line under the title says: payments of today that stand, and their fen."""

    payments: int
    amount_fen: int


def totals(office: Office, *, village: str | None = None, at: datetime | None = None) -> Totals:
    """Give the totals now, or as they stood at a past moment.

    With `village`, a code, the villages hold that one only; the township stays whole. Raises
    NotFoundError for a village that is not in this office.
    """
    as_of = office.now() if at is None else at
    with office.database.snapshot() as conn:
        rows = totals_rows.villages(conn)
        if village is not None and all(row["code"] != village for row in rows):
            raise NotFoundError(
                "There is no village with the code {village}.", village=village[:40]
            )
        figures = _live(conn, office.year, as_of) if at is None else _past(conn, office.year, at)
    rate = head_rate(office.policy)[0]
    every = tuple(figures.of(row, _target(row, rate)) for row in rows)
    return Totals(
        year=office.year,
        policy_id=office.policy_id,
        as_of=as_of,
        villages=tuple(one for one in every if village is None or one.code == village),
        township=township_of(office, rows, every),
    )


def village_now(office: Office, row: Row) -> VillageTotals:
    """Give one village's totals now, reading nothing of the others; `row` is the store's."""
    figures = _live(office.conn, office.year, office.now(), row["id"])
    return figures.of(row, _target(row, head_rate(office.policy)[0]))


def township_of(
    office: Office, rows: Iterable[Row], villages: Iterable[VillageTotals]
) -> VillageTotals:
    """Add the totals of all villages up; `rows` are the store's."""
    rate, unit = head_rate(office.policy)
    return _township(office.name, rows, villages, rate, unit)


def township_after(
    before: VillageTotals, changed: Sequence[tuple[VillageTotals, VillageTotals]]
) -> VillageTotals:
    """Give the township's totals after some villages' changed; bases and targets are as before.

    `changed` holds each of them as it was added up before, and as it is now.
    """
    plus = [now for _then, now in changed]
    minus = [then for then, _now in changed]

    def moved(value: Callable[[VillageTotals], int]) -> int:
        return value(before) + sum(map(value, plus)) - sum(map(value, minus))

    def moved_sums(sums_of: Callable[[VillageTotals], Mapping[str, int]]) -> dict[str, int]:
        sums = dict(sums_of(before))
        for sign, villages in ((1, plus), (-1, minus)):
            for one in villages:
                for key, fen in sums_of(one).items():
                    sums[key] = sums.get(key, 0) + sign * fen
        return _without_zeros(sums)

    return replace(
        before,
        residents=moved(lambda one: one.residents),
        enrolled=moved(lambda one: one.enrolled),
        individual_fen=moved(lambda one: one.individual_fen),
        subsidies_fen=moved_sums(lambda one: one.subsidies_fen),
        refunded_fen=moved(lambda one: one.refunded_fen),
        channels_fen=moved_sums(lambda one: one.channels_fen),
        today=TodayTotals(
            enrolled=moved(lambda one: one.today.enrolled),
            amount_fen=moved(lambda one: one.today.amount_fen),
            refunded_fen=moved(lambda one: one.today.refunded_fen),
        ),
    )


def today(office: Office) -> TodayLine:
    """Give the payments of the office's day that stand, and what they came to."""
    return TodayLine(*totals_rows.payments_on(office.conn, office.today().isoformat()))


def required_heads(base: int, rate: Fraction) -> int:
    """Give the heads a rate of a base requires, rounded up: 92 % of 1,235 are 1,137."""
    return -(-base * rate.numerator // rate.denominator)


def head_rate(policy: Policy) -> tuple[Fraction | None, str]:
    """Give the rate of heads a policy asks for, and the unit it asks it of.

    A rate of each village goes before one of the town, that before one of the county. Without any
    the rate is None.
    """
    for unit in _UNITS:
        for target in policy.targets:
            if target.unit == unit and target.rate is not None and not target.codes:
                return target.rate, unit
    return None, "village"


def _target(row: Row, rate: Fraction | None) -> int | None:
    """Give a village's target: the one it was given, else what the policy's rate requires."""
    if row["target"] is not None:
        return int(row["target"])
    if rate is None or row["base"] is None:
        return None
    return required_heads(row["base"], rate)


@dataclass(slots=True)
class _Figures:
    """What the store gave, by village."""

    living: Mapping[int, int]
    enrolled: Mapping[int, int]
    enrolled_today: Mapping[int, int]
    individual: dict[int, int]
    refunded: dict[int, int]
    subsidies: dict[int, dict[str, int]]
    channels: dict[int, dict[str, int]]
    today: dict[int, int]
    refunded_today: dict[int, int]

    def of(self, row: Row, target: int | None) -> VillageTotals:
        """Give the figures of one village."""
        number = row["id"]
        return VillageTotals(
            code=row["code"],
            name=row["name"],
            residents=self.living.get(number, 0),
            base=row["base"],
            target=target,
            enrolled=self.enrolled.get(number, 0),
            individual_fen=self.individual.get(number, 0),
            subsidies_fen=_without_zeros(self.subsidies.get(number, {})),
            refunded_fen=self.refunded.get(number, 0),
            channels_fen=_without_zeros(self.channels.get(number, {})),
            today=TodayTotals(
                enrolled=self.enrolled_today.get(number, 0),
                amount_fen=self.today.get(number, 0),
                refunded_fen=self.refunded_today.get(number, 0),
            ),
        )


def _live(conn: Connection, year: int, now: datetime, village_id: int | None = None) -> _Figures:
    day = day_of(now).isoformat()
    return _figures(
        totals_rows.living(conn, village_id),
        totals_rows.enrolled(conn, year, village_id),
        totals_rows.enrolled_on(conn, year, day, village_id),
        totals_rows.money(conn, year, village_id),
        totals_rows.own_money_on(conn, year, day, village_id),
    )


def _past(conn: Connection, year: int, at: datetime) -> _Figures:
    moment, day = format_moment(at), day_of(at).isoformat()
    return _figures(
        totals_rows.living_at(conn, moment),
        totals_rows.enrolled_at(conn, year, moment),
        totals_rows.enrolled_on_at(conn, year, day, moment),
        totals_rows.money_at(conn, year, moment),
        totals_rows.own_money_on_at(conn, year, day, moment),
    )


def _figures(
    living: Mapping[int, int],
    enrolled: Mapping[int, int],
    enrolled_today: Mapping[int, int],
    money: Iterable[tuple[int, str, str, str, int]],
    money_today: Iterable[tuple[int, str, int]],
) -> _Figures:
    figures = _Figures(
        living,
        enrolled,
        enrolled_today,
        *(defaultdict(int), defaultdict(int)),
        {},
        {},
        *(defaultdict(int), defaultdict(int)),
    )
    for village, kind, channel, source, fen in money:
        if source != "individual":
            _add(figures.subsidies, village, source, fen)
        elif kind == "refund":
            figures.refunded[village] -= fen
        else:
            figures.individual[village] += fen
            _add(figures.channels, village, channel, fen)
    for village, kind, fen in money_today:
        if kind == "refund":
            figures.refunded_today[village] -= fen
        else:
            figures.today[village] += fen
    return figures


def _township(
    name: str,
    rows: Iterable[Row],
    villages: Iterable[VillageTotals],
    rate: Fraction | None,
    unit: str,
) -> VillageTotals:
    every = tuple(villages)
    bases = [one.base for one in every if one.base is not None]
    base = sum(bases) if bases else None
    targets = [one.target for one in every if one.target is not None]
    target = sum(targets) if targets else None
    given = any(row["target"] is not None for row in rows)
    if base is not None and rate is not None and unit != "village" and not given:
        target = required_heads(base, rate)  # one rate of the whole is rounded up once
    subsidies: dict[int, dict[str, int]] = {}
    channels: dict[int, dict[str, int]] = {}
    for one in every:
        for source, fen in one.subsidies_fen.items():
            _add(subsidies, 0, source, fen)
        for channel, fen in one.channels_fen.items():
            _add(channels, 0, channel, fen)
    return VillageTotals(
        code=_town_code(every),
        name=name,
        residents=sum(one.residents for one in every),
        base=base,
        target=target,
        enrolled=sum(one.enrolled for one in every),
        individual_fen=sum(one.individual_fen for one in every),
        subsidies_fen=_without_zeros(subsidies.get(0, {})),
        refunded_fen=sum(one.refunded_fen for one in every),
        channels_fen=_without_zeros(channels.get(0, {})),
        today=TodayTotals(
            enrolled=sum(one.today.enrolled for one in every),
            amount_fen=sum(one.today.amount_fen for one in every),
            refunded_fen=sum(one.today.refunded_fen for one in every),
        ),
    )


def _town_code(villages: Iterable[VillageTotals]) -> str:
    """Give the town's own 12-digit code where its villages share one, else an empty text."""
    codes = [village.code for village in villages]
    starts = {code[:_TOWN_DIGITS] for code in codes}
    if len(starts) != 1 or any(len(code) != _VILLAGE_DIGITS for code in codes):
        return ""
    return starts.pop() + "0" * (_VILLAGE_DIGITS - _TOWN_DIGITS)


def _add(sums: dict[int, dict[str, int]], village: int, key: str, fen: int) -> None:
    of_village = sums.setdefault(village, {})
    of_village[key] = of_village.get(key, 0) + fen


def _without_zeros(sums: Mapping[str, int]) -> dict[str, int]:
    return {key: fen for key, fen in sums.items() if fen}
