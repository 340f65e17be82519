"""A board that is kept up to date: after a commit it reads again only the villages it touched.

With 300 villages a payment changes one of them. The ledger only grows, so the entries made since
the last look name the villages whose money and heads can have changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from townshipdesk.services.board import Board, BoardRow, aim_now, board, row_now, whole_row
from townshipdesk.services.totals import township_of
from townshipdesk.store import totals_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

MOST_TOUCHED: Final = 40
"""With more villages touched than this, reading all of them is as quick."""


class LiveBoard:
    """The board as it was last read, and what is needed to bring it up to date."""

    def __init__(self) -> None:
        self._board: Board | None = None
        self._mark: tuple[object, ...] = ()
        self._living: dict[int, int] = {}
        self._last_entry = 0

    def read(self, office: Office) -> Board:
        """Give the board as of now. Lines that did not change are the very same objects."""
        with office.database.snapshot() as conn:
            now = office.now()
            villages = totals_rows.villages(conn)
            living = totals_rows.living(conn)
            last = totals_rows.last_entry(conn)
            aim = aim_now(office)
            mark = (
                office.year,
                office.policy_hash,
                aim,
                [tuple(village) for village in villages],
            )
            touched = totals_rows.villages_since(conn, self._last_entry)
            touched |= {key for key, _count in living.items() ^ self._living.items()}
            if self._board is None or mark != self._mark or len(touched) > MOST_TOUCHED:
                found = board(office)
            elif touched:
                found = self._renewed(office, self._board, villages, touched)
            else:
                found = self._board
        self._board, self._mark = found, mark
        self._living, self._last_entry = living, last
        return replace(found, as_of=now)

    def _renewed(
        self, office: Office, before: Board, villages: list[Row], touched: set[int]
    ) -> Board:
        aim = before.aim
        rows: tuple[BoardRow, ...] = tuple(
            row_now(office, village, aim) if village["id"] in touched else row
            for village, row in zip(villages, before.rows, strict=True)
        )
        township = township_of(office, villages, (row.totals for row in rows))
        return replace(before, rows=rows, township=whole_row(township, rows, aim))
