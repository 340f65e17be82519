"""What the board watches besides the villages: key groups, cash that is out, deadlines, the season.

The first look goes over everybody and every day; after it, only what the ledger has added is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from townshipdesk.services.cash_out import CashCounts, CashOut
from townshipdesk.services.course import StraightLine, reached, straight_line
from townshipdesk.services.deadlines import Coming, coming
from townshipdesk.services.key_groups import Group, GroupCounts
from townshipdesk.store import totals_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection


@dataclass(frozen=True, slots=True)
class Watch:
    """Groups, cash that is not at the bank, what comes next, and the heads reached day by day.

    `line` is the even pace the policy asks for, None where nothing says when it begins.
    """

    day: date
    groups: tuple[Group, ...]
    cash: tuple[CashOut, ...]
    coming: tuple[Coming, ...]
    season: tuple[tuple[date, int], ...]
    line: StraightLine | None


class SeasonCounts:
    """The heads reached day by day, kept up by the days on which entries were made since."""

    def __init__(self) -> None:
        self._year = 0
        self._last_entry = 0
        self._moved: dict[str, int] = {}
        self._reached: tuple[tuple[date, int], ...] = ()

    def read(self, conn: Connection, year: int) -> tuple[tuple[date, int], ...]:
        """Give the days on which heads moved and how many there were at the end of each."""
        last = totals_rows.last_entry(conn)
        if (year, last) != (self._year, self._last_entry):
            before = dict(self._moved)
            if year != self._year:
                self._moved = dict(watch_rows.season(conn, year))
            else:
                self._moved.update(watch_rows.season_days_since(conn, year, self._last_entry))
            if self._moved != before:
                self._reached = reached(sorted(self._moved.items()))
            self._year, self._last_entry = year, last
        return self._reached


class LiveWatch:
    """What is watched, kept up to date from look to look."""

    def __init__(self) -> None:
        self._groups = GroupCounts()
        self._cash = CashCounts()
        self._season = SeasonCounts()

    def read(self, office: Office) -> Watch:
        """Give what is watched, as of now."""
        with office.database.snapshot() as conn:
            cash = self._cash.read(conn)
            season = self._season.read(conn, office.year)
            return Watch(
                day=office.today(),
                groups=self._groups.read(office),
                cash=cash,
                coming=coming(office, cash),
                season=season,
                line=straight_line(office.policy, season[0][0] if season else None),
            )


def watch(office: Office) -> Watch:
    """Give what is watched, as of now, read from the beginning."""
    return LiveWatch().read(office)
