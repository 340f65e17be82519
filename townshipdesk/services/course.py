"""How the heads of a year grew: week by week, against the task and a straight line to its day.

The straight line begins with nothing on the morning on which the policy's first window opens, and
holds the whole task at the end of the first day by which all of it is due; after that day it stays
there. Without milestones it ends with that window. Heads it asks for are rounded up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import parse_date
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.i18n import N_
from townshipdesk.policy.targets import required_heads
from townshipdesk.services.deadlines import milestones
from townshipdesk.store import village_state_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.office import Office

_WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class StraightLine:
    """An even pace from the morning of one day to the end of another."""

    begins_on: date
    due_on: date

    def heads(self, task: int, day: date) -> int:
        """Give the heads of a task that are due by the end of a day, rounded up."""
        days = (self.due_on - self.begins_on).days + 1
        gone = min(days, max(0, (day - self.begins_on).days + 1))
        return required_heads(task, Fraction(gone, days))


@dataclass(frozen=True, slots=True)
class Week:
    """The end of a week, Sunday or the last day looked at, and the heads there were."""

    ends_on: date
    heads: int


@dataclass(frozen=True, slots=True)
class Course:
    """The weeks of a village or the township up to a day; `target` is that of now.

    `days` are those on which heads moved, in order, with the heads at the end of each.
    """

    day: date
    weeks: tuple[Week, ...]
    target: int | None
    line: StraightLine | None
    days: tuple[tuple[date, int], ...] = ()

    @property
    def heads(self) -> int:
        """The heads at the end of the day."""
        return self.weeks[-1].heads if self.weeks else 0

    def heads_on(self, day: date) -> int:
        """Give the heads at the end of a day, from the first day of the year on."""
        place = bisect_right(self.days, day, key=lambda moved: moved[0])
        return self.days[place - 1][1] if place else 0

    def due(self, day: date) -> int | None:
        """Give the heads the straight line asks for by the end of a day; None without a task."""
        if self.line is None or self.target is None:
            return None
        return self.line.heads(self.target, day)


def course(
    office: Office,
    target: int | None,
    *,
    day: date | None = None,
    village_id: int | None = None,
) -> Course:
    """Give the weeks up to the end of a day (today), of one village where it is named."""
    last = day or office.today()
    moved = watch_rows.season(office.conn, office.year, village_id)
    days = reached([(of_day, heads) for of_day, heads in moved if of_day <= last.isoformat()])
    line = straight_line(office.policy, days[0][0] if days else None)
    begins = line.begins_on if line is not None and line.begins_on <= last else None
    weeks = by_week(days, last, begins)
    return Course(last, tuple(Week(*week) for week in weeks), target, line, days)


def course_of(office: Office, code: str, target: int | None) -> Course:
    """Give the weeks of one village up to now. Raises NotFoundError for an unknown code."""
    row = village_state_rows.village(office.conn, code)
    if row is None:
        raise NotFoundError(N_("There is no village {code}."), code=code[:20])
    return course(office, target, village_id=row["id"])


def line_now(office: Office) -> StraightLine | None:
    """Give the straight line of the office's policy, as far as heads have moved."""
    if (line := straight_line(office.policy)) is not None:
        return line
    first = watch_rows.first_day(office.conn, office.year)
    return None if first is None else straight_line(office.policy, parse_date(first))


def straight_line(policy: Policy, first_moved: date | None = None) -> StraightLine | None:
    """Give the straight line of a policy; None where nothing says when it begins.

    Where the policy's first window has no first day, it begins when heads first moved.
    """
    windows = [way for way in policy.ways if way.answer == "take" and way.is_window]
    if not windows:
        return None
    first = min(windows, key=lambda way: way.opens)
    begins_on = first_moved if first.first is None else first.opens.date()
    if begins_on is None:
        return None
    whole = [one.on for one in milestones(policy) if one.of_task >= _WHOLE and one.on >= begins_on]
    due_on = min(whole, default=first.closes.date())
    return StraightLine(begins_on, due_on) if due_on >= begins_on else None


def by_week(
    season: Sequence[tuple[date, int]], today: date, begins: date | None = None
) -> list[tuple[date, int]]:
    """Give the heads at the end of each week up to today, weeks without movement included.

    `season` holds days on which heads moved, in order, with the heads reached; the first week is
    that of its first day, or of `begins` where that is earlier.
    """
    starts = [day for day in (begins, season[0][0] if season else None) if day is not None]
    if not starts:
        return []
    found, heads, left = [], 0, list(season)
    end = min(starts) + timedelta(6 - min(starts).weekday())
    while True:
        while left and left[0][0] <= end:
            heads = left.pop(0)[1]
        found.append((min(end, today), heads))
        if end >= today:
            return found
        end += timedelta(7)


def reached(moved: Sequence[tuple[str, int]]) -> tuple[tuple[date, int], ...]:
    """Add days up: how many heads there were at the end of each."""
    heads, found = 0, []
    for day, change in moved:
        heads += change
        found.append((parse_date(day), heads))
    return tuple(found)
