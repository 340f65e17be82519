"""A board that is kept up to date: after a commit it reads again only the villages it touched.

With 300 villages a payment changes one of them. The ledger only grows, so the entries made since
the last look name the villages whose money and heads can have changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from townshipdesk.services.board import Board, BoardRow, aim_now, board, row_now, whole_row
from townshipdesk.services.totals import township_after
from townshipdesk.store import totals_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection, Row

MOST_TOUCHED: Final = 40
"""With more villages touched than this, reading all of them is as quick."""

FEW_TOUCHED: Final = 4
"""So many villages are read anew while somebody waits for the next key."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at the office found before any figure was read."""

    villages: list[Row]
    living: dict[int, int]
    last_entry: int
    mark: tuple[object, ...]
    touched: set[int]


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
            look = self._look(office, conn)
            if self._board is None or look.mark != self._mark or len(look.touched) > MOST_TOUCHED:
                return self._keep(office, look, board(office))
            return self._keep(office, look, self._renewed(office, self._board, look))

    def catch_up(self, office: Office) -> Board | None:
        """Give the board as of now where a few lines bring it there; None where that takes longer.

        A payment at another desk is read like this in about two milliseconds: less than a thread
        needs to begin, so a screen can do it at once.
        """
        if self._board is None:
            return None
        with office.database.snapshot() as conn:
            look = self._look(office, conn)
            if look.mark != self._mark or len(look.touched) > FEW_TOUCHED:
                return None
            return self._keep(office, look, self._renewed(office, self._board, look))

    def _look(self, office: Office, conn: Connection) -> _Look:
        villages = totals_rows.villages(conn)
        living = totals_rows.living(conn)
        mark = (
            office.year,
            office.policy_hash,
            aim_now(office),
            [tuple(village) for village in villages],
        )
        touched = totals_rows.villages_since(conn, self._last_entry)
        touched |= {key for key, _count in living.items() ^ self._living.items()}
        return _Look(villages, living, totals_rows.last_entry(conn), mark, touched)

    def _keep(self, office: Office, look: _Look, found: Board) -> Board:
        self._board, self._mark = found, look.mark
        self._living, self._last_entry = look.living, look.last_entry
        return replace(found, as_of=office.now())

    def _renewed(self, office: Office, before: Board, look: _Look) -> Board:
        if not look.touched:
            return before
        aim = before.aim
        rows: tuple[BoardRow, ...] = tuple(
            row_now(office, village, aim) if village["id"] in look.touched else row
            for village, row in zip(look.villages, before.rows, strict=True)
        )
        changed = [
            (old.totals, new.totals)
            for old, new in zip(before.rows, rows, strict=True)
            if old is not new
        ]
        township = township_after(before.township.totals, changed)
        return replace(before, rows=rows, township=whole_row(township, rows, aim))
