"""Progress in pictures: the weeks of the township or a village, and the villages side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.board_columns import percent
from townshipdesk.screens.course_chart import DayOfTask, course_chart
from townshipdesk.screens.following_page import FollowingPage
from townshipdesk.services.board import BoardRow
from townshipdesk.services.course import Course, course, course_of
from townshipdesk.services.deadlines import milestones
from townshipdesk.services.live_board import LiveBoard
from townshipdesk.widgets.cells import bar, beside, cell_len, styled
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.board import Board
    from townshipdesk.services.office import Office

WHOLE: Final = 1000
"""The scale of a bar: the whole task."""

LONGEST: Final = 1500
"""What is beyond one and a half tasks is cut, so that the others can still be told apart."""

WIDEST_NAME: Final = 24
CHART_LINES: Final = 11
"""Lines the chart keeps however many villages there are."""

ORDERS: Final[tuple[tuple[str, Callable[[BoardRow], tuple[int, ...]]], ...]] = (
    (N_("furthest behind first"), lambda row: (row.ahead or 0, -(row.totals.missing or 0))),
    (N_("lowest rate first"), lambda row: (_rate_key(row),)),
    (N_("by code"), lambda _row: ()),
)


@dataclass(frozen=True, slots=True)
class Track:
    """How wide the bars are, what a full one stands for, and where the even pace is."""

    width: int
    full: int
    pace: int | None

    def text(self, row: BoardRow) -> str:
        """Give a village's bar; blank cells show the task and the even pace it has not reached."""
        target = row.totals.target
        if not target:
            return ""
        cells = list(bar(row.totals.enrolled * WHOLE, target * self.full, self.width))
        for share, sign in ((WHOLE, "│"), (self.pace, ".")):
            if share:
                cell = min(self.width - 1, -(-share * self.width // self.full) - 1)
                if cells[cell] == " ":
                    cells[cell] = sign
        return "".join(cells)


class PicturesPage(FollowingPage["tuple[Board, Course]"]):
    """The course of the year above, a bar for each village below; both follow every desk."""

    PLACE: ClassVar[Place] = Place.PICTURES
    AUTO_FOCUS = "#tracks"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PICTURES, "screen")]

    tracks = query_one("#tracks", LiveList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._live = LiveBoard()
        self._village: str | None = None
        self._order = 0

    def compose_area(self) -> ComposeResult:
        """Set the chart over the bars."""
        yield Words(self._say_course, id="course")
        yield Words(self._say_order, id="tracks-title")
        yield LiveList[BoardRow]([], key=lambda row: row.totals.code, id="tracks")

    def read(self, office: Office) -> tuple[Board, Course]:
        """Read the board, and the weeks of what is drawn."""
        with office.database.snapshot():
            board = self._live.read(office)
            shown = self._shown(board)
            if shown is board.township:
                return board, course(office, shown.totals.target)
            return board, course_of(office, shown.totals.code, shown.totals.target)

    def _shown(self, board: Board) -> BoardRow:
        """Give the village whose weeks are drawn, else the township."""
        found = (row for row in board.rows if row.totals.code == self._village)
        return next(found, board.township)

    # -------------------------------------------------------------------------------------- showing

    def show(self) -> None:
        """Show the weeks and the villages."""
        if self.found is None:
            return
        board, _course = self.found
        self.tracks.set_columns(self._columns(board))
        rows = sorted(board.rows, key=ORDERS[self._order][1])
        if len(rows) != len(self.tracks.rows):
            self.tracks.refresh(layout=True)
        self.tracks.renew(rows)
        self.query_one("#course", Words).refresh()
        self.query_one("#tracks-title", Words).refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Share the lines out between the two, and draw the bars for the width."""
        self.tracks.styles.max_height = max(5, self.size.height - CHART_LINES - 4)
        self.show()

    def _columns(self, board: Board) -> list[Column[BoardRow]]:
        names = max((cell_len(display_text(row.totals.name)) for row in board.rows), default=8)
        figures: list[Column[BoardRow]] = [
            Column(lambda: _("Enrolled"), 8, lambda row: str(row.totals.enrolled), right=True),
            Column(lambda: _("Target"), 7, _target, right=True, leave=2, tone="quiet"),
            Column(lambda: _("Reached"), 7, _rate, right=True, tone=_tone),
        ]
        if board.aim.line is not None:
            pace = Column(lambda: _("± pace"), 7, _ahead, right=True, leave=1, tone=_ahead_tone)
            figures.append(pace)
        name: Column[BoardRow] = Column(
            lambda: _("Village"), min(names, WIDEST_NAME), lambda row: row.totals.name
        )
        taken = name.width + sum(column.width + 1 for column in figures) + 1
        track = _track(board, max(8, self.size.width - taken - 4))
        said = _("│ task  . even pace") if track.pace else _("│ task")
        return [name, Column(lambda: said, track.width, track.text, tone=_tone), *figures]

    def _say_course(self, width: int) -> Content:
        if self.found is None:
            return Content("")
        board, course = self.found
        name = _("Whole township")
        if (shown := self._shown(board)) is not board.township:
            name = display_text(shown.totals.name)
        title = _("Week by week: {name}", name=name)
        height = self.query_one("#course").size.height
        return course_chart(course, self._days_of_task(), title, width, height)

    def _days_of_task(self) -> Sequence[DayOfTask]:
        """Give the policy's milestones; without any the end of the even pace."""
        found = milestones(self.session.office.policy)
        line = None if self.found is None else self.found[1].line
        if not found and line is not None:
            return (DayOfTask(line.due_on, "100%"),)
        return [DayOfTask(one.on, _share(one.of_task)) for one in found]

    def _say_order(self, width: int) -> Content:
        left = styled(" " + _("Villages side by side"), "bold")
        return beside(left, styled(_(ORDERS[self._order][0]) + " ", "$quiet"), width)

    # ------------------------------------------------------------------------------------- its keys

    def action_sort_villages(self) -> None:
        """Sort in the next way."""
        self._order = (self._order + 1) % len(ORDERS)
        self.show()

    def action_picture_village(self) -> None:
        """Draw the weeks of the village under the cursor, or those of the township again."""
        self.tracks.action_choose()

    @on(LineList.Chosen, "#tracks")
    def _choose(self, event: LineList.Chosen) -> None:
        code = event.row.totals.code
        self._village = None if code == self._village else code
        self.look()


def _track(board: Board, width: int) -> Track:
    """Give the bars' scale: the best village fills the width, or the task where nobody has it."""
    with_task = [row.totals for row in board.rows if row.totals.target]
    best = max((one.enrolled * WHOLE // (one.target or 1) for one in with_task), default=0)
    line, pace = board.aim.line, None
    if line is not None:
        pace = line.heads(WHOLE, board.aim.today)
    return Track(width, min(LONGEST, max(WHOLE, best)), pace if pace and pace < WHOLE else None)


def _rate_key(row: BoardRow) -> int:
    """Order by the exact rate; villages without a target come first."""
    target = row.totals.target
    return row.totals.enrolled * 10**9 // target if target else -1


def _share(of_task: Fraction) -> str:
    return percent(int(of_task * WHOLE)).replace(".0%", "%")


def _target(row: BoardRow) -> str:
    return "" if row.totals.target is None else str(row.totals.target)


def _rate(row: BoardRow) -> str:
    return percent(row.rate_tenths)


def _tone(row: BoardRow) -> str:
    reached = row.totals.target_reached
    if reached is None:
        return "quiet"
    if reached:
        return "good"
    return "warning" if (row.ahead or 0) < 0 else ""


def _ahead(row: BoardRow) -> str:
    return "" if row.ahead is None else f"{row.ahead:+d}" if row.ahead else "0"


def _ahead_tone(row: BoardRow) -> str:
    return "warning" if (row.ahead or 0) < 0 else "good"
