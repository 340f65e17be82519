"""Figures of a day, a week, a month, the season or any days, as they were then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.dates import ONE_DAY, DateSpan
from townshipdesk.domain.errors import UsageError
from townshipdesk.i18n import N_, _
from townshipdesk.screens.board_columns import channel_title, money, source_title
from townshipdesk.screens.following_page import FollowingPage
from townshipdesk.screens.top import weekday
from townshipdesk.services.periods import Length, Period, PeriodLine, period, span_of
from townshipdesk.widgets.cells import beside, cell_len, styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column
from townshipdesk.widgets.live_list import LiveList, PinnedRow
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

LENGTHS: Final[Mapping[Length, str]] = {
    Length.DAY: N_("by day"),
    Length.WEEK: N_("by week"),
    Length.MONTH: N_("by month"),
    Length.SEASON: N_("whole season"),
}


class PeriodPage(FollowingPage[Period]):
    """Every village's figures of a period, the township below; ← and → go to the one beside it."""

    PLACE: ClassVar[Place] = Place.PERIOD
    AUTO_FOCUS = "#period"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PERIOD, "screen")]

    rows = query_one("#period", LiveList)
    whole = query_one("#period-whole", PinnedRow)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._length: Length | None = Length.DAY
        today = session.office.today()
        self._span = DateSpan(today, today)

    def compose_area(self) -> ComposeResult:
        """Set the title, the villages and the township."""
        yield Words(self._say_title, id="period-title")
        yield LiveList[PeriodLine]([], key=lambda line: line.code, id="period")
        yield PinnedRow[PeriodLine]([], key=lambda line: line.code, head=False, id="period-whole")

    def read(self, office: Office) -> Period:
        """Read the figures of the period."""
        return period(office, self._span.start, self._span.end)

    # -------------------------------------------------------------------------------------- showing

    def show(self) -> None:
        """Show the villages and the township."""
        found = self.found
        if found is None:
            return
        columns = _columns(found)
        self.rows.set_columns(columns)
        self.whole.set_columns(columns)
        self.rows.renew(found.lines)
        self.whole.show(found.township)
        self.query_one("#period-title", Words).refresh()
        self.refresh_keys()

    def _say_title(self, width: int) -> Content:
        if self.found is None:
            return Content("")
        span = self.found.span
        said = f"{span.start} {weekday(span.start)}"
        if span.end != span.start:
            said += f" → {span.end} {weekday(span.end)}"
        kind = _("chosen days") if self._length is None else _(LENGTHS[self._length])
        left = Content.assemble(
            styled(" " + _("Figures of a period"), "bold $accent"), styled(f"  {said}", "bold")
        )
        return beside(left, styled(f"{kind} ", "$quiet"), width)

    # ------------------------------------------------------------------------------------- its keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what leads out of the season or into the future."""
        if action == "period_after" and self._span.end >= self.session.office.today():
            return None
        if action in ("period_before", "period_after") and self._length is Length.SEASON:
            return None
        return super().check_action(action, parameters)

    def action_period_before(self) -> None:
        """Go to the period before."""
        self._go(-1)

    def action_period_after(self) -> None:
        """Go to the period after."""
        self._go(1)

    def _go(self, steps: int) -> None:
        today = self.session.office.today()
        if self._length is None:
            days = ((self._span.end - self._span.start).days + 1) * ONE_DAY * steps
            self._span = DateSpan(self._span.start + days, min(self._span.end + days, today))
        else:
            beside_it = self._span.start - ONE_DAY if steps < 0 else self._span.end + ONE_DAY
            self._span = span_of(self.session.office, min(beside_it, today), self._length)
        self.look()

    def action_period_length(self) -> None:
        """Show the next longer period around the last day shown, after the season a day."""
        lengths = list(LENGTHS)
        place = -1 if self._length is None else lengths.index(self._length)
        self._length = lengths[(place + 1) % len(lengths)]
        day = min(self._span.end, self.session.office.today())
        self._span = span_of(self.session.office, day, self._length)
        self.look()

    @work(exit_on_error=False)
    async def action_choose_period(self) -> None:
        """Ask for the first and the last day."""
        chosen = await self.app.push_screen_wait(PeriodBox(self._span, self.session.office.today()))
        if chosen is not None:
            self._length, self._span = None, chosen
            self.look()


class PeriodBox(FormBox[DateSpan]):
    """Asks for a first and a last day."""

    WIDTH: ClassVar[int] = 56

    def __init__(self, span: DateSpan, today: date) -> None:
        self._span, self._today = span, today
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Choose the first and last day")

    def fields(self) -> Sequence[Field]:
        """The two days."""
        return (
            Field("first", N_("First day"), kind="day", value=self._span.start, needed=True),
            Field("last", N_("Last day"), kind="day", value=self._span.end, needed=True),
        )

    async def save(self, values: Mapping[str, Any]) -> DateSpan:
        """Give the days. Raises UsageError where the first comes after the last."""
        first, last = values["first"], min(values["last"], self._today)
        if first > last:
            raise UsageError(N_("The first day comes after the last."))
        return DateSpan(first, last)


def _columns(found: Period) -> list[Column[PeriodLine]]:
    """Give the columns, as wide as their longest figure; channels go first where room is short."""
    name: Column[PeriodLine] = Column(lambda: _("Village"), 12, _name, share=1, tone=_name_tone)
    return [
        name,
        _count(found, N_("New"), lambda line: line.began),
        _count(found, N_("Ended"), lambda line: line.ended, leave=1),
        _count(found, N_("Enrolled"), lambda line: line.heads),
        _money(found, lambda: _("Paid in"), lambda line: line.individual_fen),
        *(_source(found, code) for code in found.township.subsidies_fen),
        _money(found, lambda: _("Refunded"), lambda line: line.refunded_fen),
        *(_channel(found, code) for code in found.township.channels_fen),
    ]


def _name(line: PeriodLine) -> str:
    return line.name if line.code else _("Whole township")


def _name_tone(line: PeriodLine) -> str:
    return "" if line.code else "strong"


def _source(found: Period, code: str) -> Column[PeriodLine]:
    return _money(
        found, lambda: source_title(code), lambda line: line.subsidies_fen.get(code, 0), leave=2
    )


def _channel(found: Period, code: str) -> Column[PeriodLine]:
    return _money(
        found, lambda: channel_title(code), lambda line: line.channels_fen.get(code, 0), leave=3
    )


def _count(
    found: Period, title: str, value: Callable[[PeriodLine], int], leave: int = 0
) -> Column[PeriodLine]:
    return Column(
        lambda: _(title),
        max(cell_len(_(title)), len(str(value(found.township)))),
        lambda line: str(value(line) or ""),
        right=True,
        leave=leave,
    )


def _money(
    found: Period, title: Callable[[], str], value: Callable[[PeriodLine], int], leave: int = 0
) -> Column[PeriodLine]:
    longest = max(cell_len(money(value(line))) for line in (found.township, *found.lines))
    return Column(
        title, max(cell_len(title()), longest), lambda line: money(value(line)), right=True,
        leave=leave,
    )  # fmt: skip
