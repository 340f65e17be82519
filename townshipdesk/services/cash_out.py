"""Cash that is not at the bank, summed up by who holds it and kept up entry by entry."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import parse_date
from townshipdesk.store import deposit_rows, totals_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.store.driver import Connection


@dataclass(frozen=True, slots=True)
class CashOut:
    """What the desk (no village) or a village holds, in fen, and the oldest day it is from."""

    village_code: str | None
    village_name: str | None
    amount_fen: int
    since: date

    def age_days(self, today: date) -> int:
        """How many days the oldest of it has been out."""
        return (today - self.since).days


class CashCounts:
    """The cash in hand of `services.deposits`, kept up by the entries and deposits since."""

    def __init__(self) -> None:
        self._held: dict[int | None, dict[str, int]] = defaultdict(dict)
        self._made: dict[int | None, CashOut] = {}
        self._last: tuple[int, int] | None = None

    def read(self, conn: Connection) -> tuple[CashOut, ...]:
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

    def _of(self, village: int | None, code: str | None, name: str | None) -> CashOut:
        made = self._made.get(village)
        if made is None or made.village_name != name:
            days = self._held[village]
            made = CashOut(code, name, sum(days.values()), parse_date(min(days)))
            self._made[village] = made
        return made
