"""The board: what village heads and the town's leaders ask every day.

`board` is what a refresh reads, and stays small all year. `services.key_groups` looks at everybody
who holds an identity, so a screen asks it less often. `services.villages` opens one village.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import ONE_DAY
from townshipdesk.services.course import StraightLine, line_now
from townshipdesk.services.deadlines import milestones
from townshipdesk.services.totals import (
    VillageTotals,
    required_heads,
    totals,
    village_now,
)
from townshipdesk.store import totals_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

DAYS_OF_MOVEMENT: Final = 14
_TENTHS_OF_A_PERCENT: Final = 1000


@dataclass(frozen=True, slots=True)
class Goal:
    """The next day by which a share of the task has to be reached, and how many days are left.

    Today is one of them, and so is the day itself.
    """

    on: date
    of_task: Fraction
    days_left: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A village, or the township, with its movement.

    `movement` holds the net change of heads for each of the last fourteen days, today last; `week`
    the change since Monday. `needed_a_day` are the heads a day that reach the next goal, rounded
    up; None where there is no goal or no target. `due` are the heads an even pace asks for by the
    end of today; None where there is no target or nothing says when the pace begins.
    """

    totals: VillageTotals
    movement: tuple[int, ...]
    week: int
    needed_a_day: int | None
    due: int | None

    @property
    def ahead(self) -> int | None:
        """Give the heads beyond the even pace, negative where they are behind it."""
        return None if self.due is None else self.totals.enrolled - self.due

    @property
    def rate_tenths(self) -> int | None:
        """Give the rate against the target in tenths of a percent, rounded down.

        Rounded down, so that 100.0 % stands there only when the target is reached.
        """
        return tenths_of_a_percent(self.totals.enrolled, self.totals.target)


@dataclass(frozen=True, slots=True)
class Aim:
    """What every line is measured against: the day, the next goal, and the even pace."""

    today: date
    goal: Goal | None
    line: StraightLine | None


@dataclass(frozen=True, slots=True)
class Board:
    """All villages by code, the township below, and what they are measured against."""

    as_of: datetime
    rows: tuple[BoardRow, ...]
    township: BoardRow
    aim: Aim


def board(office: Office) -> Board:
    """Give everything a refresh of the board shows, as of one snapshot."""
    with office.database.snapshot() as conn:
        figures = totals(office)
        aim = aim_now(office)
        days = _last_days(aim.today)
        moved = totals_rows.movement(conn, office.year, days)
        villages = totals_rows.villages(conn)
    by_village: dict[int, dict[str, int]] = defaultdict(dict)
    for number, day, heads in moved:
        by_village[number][day] = heads
    rows = tuple(
        _row(one, _each_day(by_village.get(village["id"], {}), days), aim)
        for one, village in zip(figures.villages, villages, strict=True)
    )
    return Board(figures.as_of, rows, whole_row(figures.township, rows, aim), aim)


def aim_now(office: Office) -> Aim:
    """Give what the board measures against today."""
    today = office.today()
    return Aim(today, next_goal(office.policy, today), line_now(office))


def row_now(office: Office, village: Row, aim: Aim) -> BoardRow:
    """Give one village's line now, reading nothing of the others; `village` is the store's row."""
    days = _last_days(aim.today)
    moved = totals_rows.movement(office.conn, office.year, days, village["id"])
    by_day = {day: heads for _village, day, heads in moved}
    return _row(village_now(office, village), _each_day(by_day, days), aim)


def whole_row(township: VillageTotals, rows: Iterable[BoardRow], aim: Aim) -> BoardRow:
    """Give the township's line: its totals, and the movement of all villages together."""
    days = [sum(of_day) for of_day in zip(*(row.movement for row in rows), strict=True)]
    return _row(township, tuple(days or [0] * DAYS_OF_MOVEMENT), aim)


def _last_days(today: date) -> tuple[str, ...]:
    return tuple(
        (today - back * ONE_DAY).isoformat() for back in range(DAYS_OF_MOVEMENT - 1, -1, -1)
    )


def next_goal(policy: Policy, today: date) -> Goal | None:
    """Give the next milestone of the policy's task that has not passed, if there is one."""
    first = next((one for one in milestones(policy) if one.on >= today), None)
    if first is None:
        return None
    return Goal(first.on, first.of_task, (first.on - today).days + 1)


def tenths_of_a_percent(part: int, whole: int | None) -> int | None:
    """Give a share in tenths of a percent, rounded down; None of nothing."""
    return None if not whole else part * _TENTHS_OF_A_PERCENT // whole


def _each_day(by_day: Mapping[str, int], days: tuple[str, ...]) -> tuple[int, ...]:
    return tuple([by_day.get(day, 0) for day in days])


def _row(figures: VillageTotals, movement: tuple[int, ...], aim: Aim) -> BoardRow:
    target, line = figures.target, aim.line
    return BoardRow(
        totals=figures,
        movement=movement,
        week=sum(movement[-aim.today.weekday() - 1 :]),
        needed_a_day=_needed(figures, aim.goal),
        due=None if line is None or target is None else line.heads(target, aim.today),
    )


def _needed(figures: VillageTotals, goal: Goal | None) -> int | None:
    if goal is None or figures.target is None:
        return None
    missing = max(0, required_heads(figures.target, goal.of_task) - figures.enrolled)
    return -(-missing // goal.days_left)
