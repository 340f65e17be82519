"""Figures of a day, a week or any period, as they were then: what came in, what went out, where it
stood at the end.

Everything goes by the day on which it was entered: a closed day takes nothing any more, so the
figures of a period that is over never change. A refund counts on the day it was paid out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import ONE_DAY, DateSpan, add_months, first_of_month
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_
from townshipdesk.store import export_rows, totals_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office


class Length(StrEnum):
    """How long a period is; a season begins with the first payment of the year's cover."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What a village, or the township, did in a period; amounts in fen.

    `began` and `ended` are enrolments; `heads` those at the end of the period. `individual_fen` is
    what people paid less reversals, `refunded_fen` what was paid back, `subsidies_fen` what each
    source bears, less what went back to it.
    """

    code: str
    name: str
    began: int
    ended: int
    heads: int
    individual_fen: int
    refunded_fen: int
    subsidies_fen: Mapping[str, int]
    channels_fen: Mapping[str, int]

    @property
    def net(self) -> int:
        """The change of heads."""
        return self.began - self.ended

    def to_json(self) -> dict[str, object]:
        """Give the line as a document."""
        return {
            "code": self.code,
            "name": self.name,
            "began": self.began,
            "ended": self.ended,
            "enrolled": self.heads,
            "individual": format_yuan(self.individual_fen),
            "refunded": format_yuan(self.refunded_fen),
            "subsidies": {k: format_yuan(fen) for k, fen in sorted(self.subsidies_fen.items())},
            "channels": {k: format_yuan(fen) for k, fen in sorted(self.channels_fen.items())},
        }


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days with every village by code and the township."""

    year: int
    span: DateSpan
    lines: tuple[PeriodLine, ...]
    township: PeriodLine

    def to_json(self) -> dict[str, object]:
        """Give the period as a document."""
        return {
            "year": self.year,
            "from": self.span.start.isoformat(),
            "to": self.span.end.isoformat(),
            "villages": [line.to_json() for line in self.lines],
            "township": self.township.to_json(),
        }


def period(office: Office, first: date, last: date) -> Period:
    """Give the figures from the first day to the last, both included.

    Raises UsageError where the first comes after the last.
    """
    if first > last:
        raise UsageError(N_("The first day comes after the last."))
    start, end = first.isoformat(), last.isoformat()
    with office.database.snapshot() as conn:
        villages = totals_rows.villages(conn)
        moved = watch_rows.heads_between(conn, office.year, start, end)
        heads = export_rows.heads_on(conn, office.year, end)
        money: dict[int, _Money] = defaultdict(_Money)
        for village, kind, channel, source, fen in watch_rows.money_between(
            conn, office.year, start, end
        ):
            money[village].add(kind, channel, source, fen)
    lines = tuple(
        money[row["id"]].line(
            row["code"],
            row["name"],
            *moved.get(row["id"], (0, 0)),
            heads.get(row["id"], 0),
        )
        for row in villages
    )
    return Period(office.year, DateSpan(first, last), lines, _whole(office.name, lines))


def span_of(office: Office, day: date, length: Length) -> DateSpan:
    """Give the period of a length a day lies in, at the latest up to today; weeks begin Mondays."""
    today = office.today()
    if length is Length.SEASON:
        first = watch_rows.first_day(office.conn, office.year)
        start = min(date.fromisoformat(first), today) if first else today
        return DateSpan(start, today)
    start, end = day, day
    if length is Length.WEEK:
        start = day - timedelta(day.weekday())
        end = start + timedelta(6)
    elif length is Length.MONTH:
        start = first_of_month(day)
        end = add_months(start, 1) - ONE_DAY
    return DateSpan(min(start, today), min(end, today))


@dataclass(slots=True)
class _Money:
    """The sums of one village, as they are added up."""

    individual_fen: int = 0
    refunded_fen: int = 0
    subsidies_fen: dict[str, int] = field(default_factory=dict)
    channels_fen: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, channel: str, source: str, fen: int) -> None:
        if source != "individual":
            self.subsidies_fen[source] = self.subsidies_fen.get(source, 0) + fen
        elif kind == "refund":
            self.refunded_fen -= fen
        else:
            self.individual_fen += fen
            self.channels_fen[channel] = self.channels_fen.get(channel, 0) + fen

    def line(self, code: str, name: str, began: int, ended: int, heads: int) -> PeriodLine:
        return PeriodLine(
            code,
            name,
            began,
            ended,
            heads,
            self.individual_fen,
            self.refunded_fen,
            {source: fen for source, fen in self.subsidies_fen.items() if fen},
            {channel: fen for channel, fen in self.channels_fen.items() if fen},
        )


def _whole(name: str, lines: Iterable[PeriodLine]) -> PeriodLine:
    money, began, ended, heads = _Money(), 0, 0, 0
    for line in lines:
        began, ended, heads = began + line.began, ended + line.ended, heads + line.heads
        money.individual_fen += line.individual_fen
        money.refunded_fen += line.refunded_fen
        for sums, more in (
            (money.subsidies_fen, line.subsidies_fen),
            (money.channels_fen, line.channels_fen),
        ):
            for key, fen in more.items():
                sums[key] = sums.get(key, 0) + fen
    return money.line("", name, began, ended, heads)
