"""Days, moments and ages as the policies count them. Time is Asia/Shanghai throughout."""

from __future__ import annotations

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without summer time since 1991: a fixed offset needs no zone data."""

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """How many days the span has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def to_json(self) -> dict[str, str]:
        """Give the span as the contract writes it: {"from": …, "to": …}."""
        return {"from": self.start.isoformat(), "to": self.end.isoformat()}


def parse_moment(text: str) -> datetime:
    """Read an ISO moment; without an offset it is Shanghai time; a bare date is its midnight.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


def format_moment(moment: datetime) -> str:
    """Give a moment as the contract writes it, to the second: 2025-08-10T10:00:00+08:00.

    Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def day_of(moment: datetime) -> date:
    """Give the Shanghai day a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_date(text: str) -> date:
    """Read an ISO date (2025-03-17). Raises ValueError for anything else."""
    cleaned = text.strip()
    if not _ISO_DATE.fullmatch(cleaned):
        raise ValueError(f"not a date like 2025-03-17: {text!r}")
    return date.fromisoformat(cleaned)


def age_on(born: date, day: date) -> int:
    """Give completed years on a day: 18 on the 18th birthday.

    Someone born on 29 February completes a year on 28 February in common years (decision in the
    reading of the policies). A day before birth gives a negative number.
    """
    birthday_day = born.day
    if born.month == 2 and born.day == 29 and not calendar.isleap(day.year):
        birthday_day = 28
    before_birthday = (day.month, day.day) < (born.month, birthday_day)
    return day.year - born.year - before_birthday


@functools.lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Give the same day number `months` later, or the last day of a shorter month.

    Remembered, because a quote asks for the same few months again and again.
    """
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(months=months)


def first_of_month(day: date) -> date:
    """Give the first day of the month of `day`."""
    return day.replace(day=1)


def first_of_next_month(day: date) -> date:
    """Give the first day of the month after `day` (次月)."""
    return add_months(first_of_month(day), 1)
