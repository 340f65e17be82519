"""The board: every village's figures, following every desk; Enter opens a village."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.dates import day_of
from townshipdesk.screens import board_text
from townshipdesk.screens.area import Area
from townshipdesk.screens.board_columns import (
    ORDERS,
    VIEWS,
    BoardLine,
    Layout,
    board_columns,
    board_rows,
    can_be_sorted,
    in_order,
    layout_for,
    township_row,
)
from townshipdesk.screens.follow import Follower
from townshipdesk.services.live_board import LiveBoard
from townshipdesk.services.watch import LiveWatch
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.live_list import LiveList, PinnedRow
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.board import Board
    from townshipdesk.services.watch import Watch

REST: Final = 4
"""What is slow to count rests this many times as long as it took, before it is counted again."""

LONGEST_REST: Final = 0.75
"""Seconds after which it is counted again at the latest, so that it follows within a second."""

HIGH: Final = 34
"""Lines from which the large figures and the tables below have room (`Area`'s "-high")."""

AROUND_VILLAGES: Final = 23
"""Lines of a high screen that are not for the villages: figures, township, tables, keys."""


class BoardScreen(Area):
    """All villages with the township below, key groups, what comes next, the season."""

    PLACE: ClassVar[Place] = Place.BOARD
    AUTO_FOCUS = "#villages"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.BOARD, "screen")]

    villages = query_one("#villages", LiveList)
    township = query_one("#township", PinnedRow)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._board: Board | None = None
        self._watch: Watch | None = None
        self._live, self._eyes = LiveBoard(), Follower(session)
        self._live_watch, self._slow_eyes = LiveWatch(), Follower(session)
        self._stale = self._looking = False
        self._watch_stale = self._watching = False
        self._order, self._turned, self._view = 0, False, 0
        self._layout: Layout | None = None

    def compose_area(self) -> ComposeResult:
        """Set the figures, the villages, the township, and what is watched besides."""
        yield Words(self._say_figures, id="figures")
        yield LiveList[BoardLine]([], key=lambda row: row.code, id="villages")
        yield PinnedRow[BoardLine]([], key=lambda row: row.code, head=False, id="township")
        with Container(id="watched"):
            yield Words(self._say_groups, id="groups")
            yield Words(self._say_coming, id="coming")
            yield Words(self._say_season, id="season")

    # ------------------------------------------------------------------------------------ following

    def on_mount(self) -> None:
        """Begin to follow."""
        self._look()

    def on_screen_resume(self) -> None:
        """Catch up with what was done while another screen lay over this one."""
        self._look()

    def office_changed(self) -> None:
        """Follow what a desk has just done."""
        self._look()

    async def on_unmount(self) -> None:
        """Let the files go."""
        await self._eyes.close()
        await self._slow_eyes.close()

    def _look(self) -> None:
        self._stale = self._watch_stale = True
        if self._looking:
            return
        if (found := self._live.catch_up(self.session.office)) is not None:
            self._board, self._stale = found, False
            self._show()
            self.call_after_refresh(self._look_around)
            return
        self._looking = True
        self.run_worker(self._follow(), name="board", exit_on_error=False)

    async def _follow(self) -> None:
        """Read until nothing has been committed since; then everybody sees the same figures."""
        try:
            while self._stale:
                self._stale = False
                self._board = await self._eyes.read(self._live.read)
                self._show()
        finally:
            self._looking = False
        self.call_after_refresh(self._look_around)

    def _look_around(self) -> None:
        """Read what is slower to count, once the figures have been drawn."""
        if self._watch_stale and not self._watching and self.is_mounted:
            self._watching = True
            self.run_worker(self._follow_watch(), name="watch", exit_on_error=False)

    async def _follow_watch(self) -> None:
        took = 0.0
        try:
            self._watch_stale = False
            began = time.monotonic()
            watch = await self._slow_eyes.read(self._live_watch.read)
            took = time.monotonic() - began
            before, self._watch = self._watch, watch
            self._show()
            self._say_watched(before)
        finally:
            self.set_timer(min(took * REST, LONGEST_REST), self._rested)

    def _rested(self) -> None:
        """Go on after a rest: however busy the desks are, counting takes a part of the time."""
        self._watching = False
        self._look_around()

    # -------------------------------------------------------------------------------------- showing

    def _show(self) -> None:
        """Show the figures; only lines that changed are painted."""
        board = self._board
        if board is None or not self.is_mounted:
            return
        cash = self._watch.cash if self._watch else ()
        order = ORDERS[self._order]
        layout = layout_for(
            board, self.size.width, order, turned=self._turned, view=VIEWS[self._view]
        )
        if layout != self._layout:
            self._layout = layout
            columns = board_columns(layout)
            self.villages.set_columns(columns)
            self.township.set_columns(columns)
        rows = in_order(board_rows(board, cash), order, turned=self._turned)
        if len(rows) != len(self.villages.rows):
            self.villages.refresh(layout=True)
        self.villages.renew(rows)
        if self.township.show(township_row(board, cash)):
            self.query_one("#figures", Words).relabel()

    def _say_watched(self, before: Watch | None) -> None:
        """Say again what is another than before."""
        for part in ("groups", "coming", "season"):
            if before is None or getattr(before, part) != getattr(self._watch, part):
                self.query_one(f"#{part}", Words).relabel()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out for the new width, and share the lines out."""
        self.villages.styles.max_height = max(8, self.size.height - AROUND_VILLAGES)
        if self.size.height < HIGH:
            self.villages.styles.max_height = None
        self._show()

    def relabel(self) -> None:
        """Lay the columns out again: titles of another language, other widths."""
        self._layout = None
        self._show()

    # ---------------------------------------------------------------------------------------- words

    def _say_figures(self, width: int) -> Content:
        return Content("") if self._board is None else board_text.large_figures(self._board, width)

    def _say_groups(self, width: int) -> Content:
        if self._watch is None:
            return Content("")
        if self.size.height < HIGH:
            return board_text.groups_line(self._watch.groups, width, 2)
        return board_text.groups_table(self._watch.groups, width)

    def _say_coming(self, width: int) -> Content:
        if self._watch is None:
            return Content("")
        today = self._watch.day
        if self.size.height < HIGH:
            return board_text.coming_line(self._watch.coming, today, width)
        height = self.query_one("#watched").size.height
        return board_text.coming_list(self._watch.coming, today, width, max(2, height))

    def _say_season(self, width: int) -> Content:
        if self._watch is None or self._board is None:
            return Content("")
        height = self.query_one("#watched").size.height
        return board_text.season_chart(self._watch, self._board, width, height)

    # ------------------------------------------------------------------------------------- its keys

    def action_sort(self) -> None:
        """Sort by the next column."""
        board = self._board
        self._order = (self._order + 1) % len(ORDERS)
        while board is not None and not can_be_sorted(board, ORDERS[self._order]):
            self._order = (self._order + 1) % len(ORDERS)
        self._turned = False
        self._show()

    def action_turn_order(self) -> None:
        """Turn the order round."""
        self._turned = not self._turned
        self._show()

    def action_money_columns(self) -> None:
        """Show the next kind of columns: heads, money by source, money by channel."""
        self._view = (self._view + 1) % len(VIEWS)
        self._show()

    def action_open_village(self) -> None:
        """Open the village under the cursor."""
        self.villages.action_choose()

    @on(LineList.Chosen, "#villages")
    def _open(self, event: LineList.Chosen) -> None:
        from townshipdesk.screens.village import VillagePage

        self.app.push_screen(VillagePage(self.session, event.row.code))

    def action_key_groups(self) -> None:
        """Show all key groups in a box."""
        from townshipdesk.screens.board_boxes import GroupsBox

        if self._watch is not None:
            self.app.push_screen(GroupsBox(self._watch.groups))

    def action_pictures(self) -> None:
        """Show the weeks and the villages as pictures."""
        from townshipdesk.screens.pictures import PicturesPage

        self.app.push_screen(PicturesPage(self.session))

    def action_period(self) -> None:
        """Show the figures of a day or a period."""
        from townshipdesk.screens.period import PeriodPage

        self.app.push_screen(PeriodPage(self.session))

    def action_work_money(self) -> None:
        """Show the money for the work itself."""
        from townshipdesk.screens.work_money import WorkMoneyPage

        self.app.push_screen(WorkMoneyPage(self.session))

    def action_coming(self) -> None:
        """Show everything that comes next in a box."""
        from townshipdesk.screens.board_boxes import ComingBox

        if self._watch is not None and self._board is not None:
            self.app.push_screen(ComingBox(self._watch.coming, day_of(self._board.as_of)))
