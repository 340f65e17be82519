"""What the board watches besides the villages: key groups, cash that is out, deadlines, the season.

The first look goes over everybody and every day; after it, only what the ledger has added is read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import parse_date
from townshipdesk.services.deadlines import Coming, coming
from townshipdesk.services.deposits import CashInHand
from townshipdesk.services.key_groups import Group, GroupCounts
from townshipdesk.store import deposit_rows, totals_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection


@dataclass(frozen=True, slots=True)
class Watch:
    """Groups, cash that is not at the bank, what comes next, and the heads reached day by day."""

    day: date
    groups: tuple[Group, ...]
    cash: tuple[CashInHand, ...]
    coming: tuple[Coming, ...]
    season: tuple[tuple[date, int], ...]


class LiveWatch:
    """What is watched, kept up to date from look to look."""

    def __init__(self) -> None:
        self._groups = GroupCounts()
        self._cash = CashCounts()

    def read(self, office: Office) -> Watch:
        """Give what is watched, as of now."""
        with office.database.snapshot() as conn:
            cash = self._cash.read(conn)
            return Watch(
                day=office.today(),
                groups=self._groups.read(office),
                cash=cash,
                coming=coming(office, cash),
                season=_reached(watch_rows.season(conn, office.year)),
            )


class CashCounts:
    """The cash in hand of `services.deposits`, kept up by the entries and deposits since."""

    def __init__(self) -> None:
        self._held: dict[int | None, dict[str, int]] = defaultdict(dict)
        self._made: dict[int | None, CashInHand] = {}
        self._last: tuple[int, int] | None = None

    def read(self, conn: Connection) -> tuple[CashInHand, ...]:
        """Give the cash that is not at the bank, the desk's first, then by village."""
        last = (totals_rows.last_entry(conn), watch_rows.last_deposit(conn))
        if self._last is None:
            for row in deposit_rows.in_hand(conn):
                self._held[row["village_id"]][row["day"]] = row["amount_fen"]
        elif self._last != last:
            for village, day, fen in watch_rows.cash_since(conn, self._last[0]):
                self._add(village, day, fen)
            for village, day, fen in watch_rows.carried_since(conn, self._last[1]):
                self._add(village, day, -fen)
        self._last = last
        holders = [(None, None, None)]
        holders += [(row["id"], row["code"], row["name"]) for row in totals_rows.villages(conn)]
        return tuple(self._of(*holder) for holder in holders if self._held.get(holder[0]))

    def _add(self, village: int | None, day: str, fen: int) -> None:
        days = self._held[village]
        days[day] = days.get(day, 0) + fen
        if not days[day]:
            del days[day]
        self._made.pop(village, None)

    def _of(self, village: int | None, code: str | None, name: str | None) -> CashInHand:
        made = self._made.get(village)
        if made is None or made.village_name != name:
            days = sorted(self._held[village].items())
            made = CashInHand(code, name, tuple((parse_date(day), fen) for day, fen in days))
            self._made[village] = made
        return made


def watch(office: Office) -> Watch:
    """Give what is watched, as of now, read from the beginning."""
    return LiveWatch().read(office)


def _reached(days: list[tuple[str, int]]) -> tuple[tuple[date, int], ...]:
    """Add the days up: how many heads there were at the end of each."""
    heads, found = 0, []
    for day, moved in days:
        heads += moved
        found.append((parse_date(day), heads))
    return tuple(found)
