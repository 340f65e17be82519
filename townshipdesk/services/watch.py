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
from townshipdesk.store import watch_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office


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


class LiveWatch:
    """What is watched, kept up to date from look to look."""

    def __init__(self) -> None:
        self._groups = GroupCounts()
        self._cash = CashCounts()

    def read(self, office: Office) -> Watch:
        """Give what is watched, as of now."""
        with office.database.snapshot() as conn:
            cash = self._cash.read(conn)
            season = reached(watch_rows.season(conn, office.year))
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
