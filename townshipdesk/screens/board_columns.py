"""The columns of the board: as many as the width holds, and the orders it can be sorted in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of
from townshipdesk.domain.money import FEN_PER_YUAN
from townshipdesk.i18n import N_, _
from townshipdesk.policy.codes import CHANNELS, SOURCES
from townshipdesk.screens.naming import named
from townshipdesk.services.board import BoardRow
from townshipdesk.widgets.cells import bar, cell_len
from townshipdesk.widgets.line_list import Column
from townshipdesk.widgets.spark import sparkline

if TYPE_CHECKING:
    from townshipdesk.services.board import Board
    from townshipdesk.services.cash_out import CashOut

DAYS_OF_WEEK: Final = 7
_SHORT_SOURCES: Final = {
    "medical-assistance": N_("Medical"),
    "fiscal": N_("Fiscal"),
    "health": N_("Health"),
    "veterans": N_("Veterans"),
    "collective": N_("Collective"),
}
_SHORT_CHANNELS: Final = {
    "mobile": N_("Mobile"),
    "tax-hall": N_("Tax office"),
    "village": N_("Villages"),
}
VIEWS: Final = ("heads", "sources", "channels")
"""What the columns are about: heads with some money, money by source, money by channel."""

MEDIUM: Final = 100
"""Cells from which there is room for fourteen days and the subsidies."""

WIDE: Final = 150
"""Cells from which each source of subsidies has its column."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line of the board: a village and the cash it holds. `whole` is the township's line."""

    village: BoardRow
    cash_fen: int = 0
    cash_days: int = 0
    whole: bool = False

    @property
    def code(self) -> str:
        """What tells the line apart."""
        return self.village.totals.code


def board_rows(board: Board, cash: Iterable[CashOut]) -> list[BoardLine]:
    """Give the lines of all villages, in the order of their codes."""
    today = day_of(board.as_of)
    held = {one.village_code: one for one in cash if one.village_code is not None}
    rows = []
    for village in board.rows:
        one = held.get(village.totals.code)
        rows.append(
            BoardLine(village)
            if one is None
            else BoardLine(village, one.amount_fen, one.age_days(today))
        )
    return rows


def township_row(board: Board, cash: Iterable[CashOut]) -> BoardLine:
    """Give the line of the whole township, with the cash of the desk and of every village."""
    today, every = day_of(board.as_of), tuple(cash)
    return BoardLine(
        board.township,
        sum(one.amount_fen for one in every),
        max((one.age_days(today) for one in every), default=0),
        whole=True,
    )


# ------------------------------------------------------------------------------------------ sorting


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the board: by which column, and which end comes first at first."""

    column: str
    key: Callable[[BoardLine], tuple[int, ...]]
    falling: bool = True


ORDERS: Final = (
    Order("village", lambda _row: (), falling=False),
    Order("missing", lambda row: (row.village.totals.missing or 0,)),
    Order("ahead", lambda row: (row.village.ahead or 0,), falling=False),
    Order("pace", lambda row: (row.village.needed_a_day or 0,)),
    Order("rate", lambda row: _share(row.village), falling=False),
    Order("enrolled", lambda row: (row.village.totals.enrolled,)),
    Order("today", lambda row: (row.village.totals.today.enrolled, row.village.week)),
    Order("days", lambda row: (row.village.week, row.village.totals.today.enrolled)),
    Order("individual", lambda row: (row.village.totals.individual_fen,)),
    Order("cash", lambda row: (row.cash_days, row.cash_fen)),
)


def can_be_sorted(board: Board, order: Order) -> bool:
    """Tell whether a board has what an order goes by: not every policy asks for a pace."""
    if order.column == "pace":
        return board.aim.goal is not None
    return order.column != "ahead" or board.aim.line is not None


def _share(village: BoardRow) -> tuple[int, ...]:
    """Order by the exact rate; villages without a target come last."""
    target = village.totals.target
    if not target:
        return (1, 0)
    return (0, village.totals.enrolled * 10**9 // target)


def in_order(rows: list[BoardLine], order: Order, *, turned: bool) -> list[BoardLine]:
    """Sort lines; those that are equal stay in the order of their codes."""
    return sorted(rows, key=order.key, reverse=order.falling is not turned)


# ------------------------------------------------------------------------------------------ columns


@dataclass(frozen=True, slots=True)
class Layout:
    """What decides which columns there are; with an equal layout the columns stay as they are."""

    width: int
    sources: tuple[str, ...]
    money_width: int
    channel_width: int
    pace: bool
    even: bool
    sorted_by: str
    falling: bool
    view: str = "heads"


def layout_for(
    board: Board, width: int, order: Order, *, turned: bool, view: str = "heads"
) -> Layout:
    """Give the layout for a width in cells; `view` is one of `VIEWS`."""
    wide = width >= WIDE or view != "heads"
    return Layout(
        view=view,
        width=width,
        sources=sources_of(board) if wide else (),
        money_width=max(9, _longest([board.township.totals.individual_fen], board)),
        channel_width=max(8, _longest(board.township.totals.channels_fen.values(), board))
        if wide
        else 0,
        pace=board.aim.goal is not None,
        even=board.aim.line is not None,
        sorted_by=order.column,
        falling=order.falling is not turned,
    )


def _longest(sums_fen: Iterable[int], board: Board) -> int:
    """Give the width of the longest sum: no village has more than the township, but maybe fen."""
    width = max((cell_len(money(fen)) for fen in sums_fen), default=0)
    with_fen = any(row.totals.individual_fen % FEN_PER_YUAN for row in board.rows)
    return width + len(".00") if with_fen else width


def sources_of(board: Board) -> tuple[str, ...]:
    """Give the sources of subsidies that any village has, in the order of the policies."""
    return tuple(source for source in SOURCES if source in board.township.totals.subsidies_fen)


def board_columns(layout: Layout) -> list[Column[BoardLine]]:
    """Give the columns of a layout, left to right. Those with the highest `leave` go first."""
    if layout.view != "heads":
        columns = _by_source(layout) if layout.view == "sources" else _by_channel(layout)
    else:
        columns = _heads_columns(layout)
    return [_titled(name, column, layout) for name, column in columns]


def _by_source(layout: Layout) -> list[tuple[str, Column[BoardLine]]]:
    """Give what people paid, what each source bears, refunds, and the cash that is out."""
    wide = layout.money_width
    return [
        ("village", Column(lambda: _("Village"), 12, _name, share=3)),
        ("enrolled", replace(_number(N_("Enrolled"), 7, lambda v: v.totals.enrolled), leave=3)),
        ("individual", _money(N_("Paid in"), wide, lambda v: v.totals.individual_fen)),
        *((source, _subsidy(source, wide, leave=0)) for source in layout.sources),
        ("refunded", _money(N_("Refunded"), 8, lambda v: v.totals.refunded_fen)),
        ("today-paid", _money(N_("Today"), 7, lambda v: v.totals.today.amount_fen, leave=2)),
        ("cash", Column(lambda: _("Cash out"), 14, _cash, right=True, tone=_cash_tone)),
    ]


def _by_channel(layout: Layout) -> list[tuple[str, Column[BoardLine]]]:
    """Give what people paid, and by which channel."""
    return [
        ("village", Column(lambda: _("Village"), 12, _name, share=3)),
        (
            "individual",
            _money(N_("Paid in"), layout.money_width, lambda v: v.totals.individual_fen, leave=1),
        ),
        *((channel, _channel(channel, layout.channel_width)) for channel in CHANNELS),
    ]


def _heads_columns(layout: Layout) -> list[tuple[str, Column[BoardLine]]]:
    days = 14 if layout.width >= MEDIUM else DAYS_OF_WEEK
    columns: list[tuple[str, Column[BoardLine]]] = [
        ("village", Column(lambda: _("Village"), 13, _name, share=3)),
        ("residents", _number(N_("People"), 7, lambda v: v.totals.residents, leave=5)),
        ("base", _number(N_("Base"), 7, lambda v: v.totals.base, leave=9)),
        ("target", _number(N_("Target"), 7, lambda v: v.totals.target)),
        ("enrolled", _number(N_("Enrolled"), 8, lambda v: v.totals.enrolled)),
        (
            "missing",
            replace(
                _number(N_("Missing"), 7, lambda v: v.totals.missing),
                tone=lambda row: "warning" if row.village.totals.missing else "quiet",
            ),
        ),
        ("rate", Column(lambda: _("Reached"), 7, _rate, right=True, tone=_rate_tone)),
        ("bar", Column(lambda: "", 8, _bar, leave=8, tone=_rate_tone)),
    ]
    if layout.pace:
        columns.append(
            ("pace", replace(_number(N_("A day"), 6, lambda v: v.needed_a_day), leave=7))
        )
    if layout.even:
        columns.append(("ahead", Column(lambda: _("± pace"), 7, _ahead, right=True, leave=10,
                                        tone=_ahead_tone)))  # fmt: skip
    columns += [
        ("today", _number(N_("Today"), 5, lambda v: v.totals.today.enrolled or None)),
        ("week", replace(_number(N_("Week"), 5, lambda v: v.week or None), leave=6)),
        (
            "days",
            Column(
                lambda: _("14 days") if days > DAYS_OF_WEEK else _("7 days"),
                days,
                lambda row: sparkline(row.village.movement[-days:]),
                tone="quiet",
            ),
        ),
        *_money_columns(layout),
    ]
    columns += _channel_columns(layout, 4 + sum(column.width + 1 for _name, column in columns))
    return columns


def _money_columns(layout: Layout) -> list[tuple[str, Column[BoardLine]]]:
    wide = layout.money_width
    columns = [("individual", _money(N_("Paid in"), wide, lambda v: v.totals.individual_fen))]
    if layout.width >= WIDE:
        columns += [
            (source, _subsidy(source, max(9, wide - 2), leave=4)) for source in layout.sources
        ]
    elif layout.width >= MEDIUM:
        columns.append(
            (
                "subsidies",
                _money(
                    N_("Subsidies"),
                    max(9, wide - 1),
                    lambda v: sum(v.totals.subsidies_fen.values()),
                    leave=3,
                ),
            )
        )
    if layout.width >= MEDIUM:
        columns.append(
            ("refunded", _money(N_("Refunded"), 9, lambda v: v.totals.refunded_fen, leave=2))
        )
    if layout.width >= MEDIUM or layout.sorted_by == "cash":
        columns += [
            (
                "cash",
                Column(lambda: _("Cash out"), 14, _cash, right=True, leave=7, tone=_cash_tone),
            ),
        ]
    return columns


def _channel_columns(layout: Layout, taken: int) -> list[tuple[str, Column[BoardLine]]]:
    """Give a column for each channel where there is room for all of them, else none."""
    if not layout.channel_width:
        return []
    columns = [(channel, _channel(channel, layout.channel_width)) for channel in CHANNELS]
    needed = sum(column.width + 1 for _name, column in columns)
    return columns if taken + needed <= layout.width else []


def _titled(name: str, column: Column[BoardLine], layout: Layout) -> Column[BoardLine]:
    """Show by which column the board is sorted, and which way."""
    if name != layout.sorted_by or name == "village":
        return replace(column, tone=_strong_when_whole(column.tone))
    sign = "▼" if layout.falling else "▲"
    title, room = column.title, column.width - 1
    return replace(
        column,
        leave=0,  # what the lines are sorted by stays, however narrow it is
        title=lambda: _cut(title(), room) + sign,
        tone=_strong_when_whole(column.tone),
    )


def _cut(text: str, width: int) -> str:
    """Cut a title without an ellipsis: the sign that follows it matters more."""
    while cell_len(text) > width:
        text = text[:-1]
    return text


def _strong_when_whole(tone: Callable[[BoardLine], str] | str) -> Callable[[BoardLine], str]:
    def of(row: BoardLine) -> str:
        said = tone if isinstance(tone, str) else tone(row)
        return "strong" if row.whole and said in ("", "quiet") else said

    return of


def _number(
    title: str, width: int, value: Callable[[BoardRow], int | None], leave: int = 0
) -> Column[BoardLine]:
    def text(row: BoardLine) -> str:
        number = value(row.village)
        return "" if number is None else str(number)

    return Column(lambda: _(title), width, text, right=True, leave=leave)


def _money(
    title: str, width: int, value: Callable[[BoardRow], int], leave: int = 0
) -> Column[BoardLine]:
    return Column(
        lambda: _(title), width, lambda row: money(value(row.village)), right=True, leave=leave
    )


def _subsidy(source: str, width: int, leave: int) -> Column[BoardLine]:
    return Column(
        lambda: source_title(source),
        width,
        lambda row: money(row.village.totals.subsidies_fen.get(source, 0)),
        right=True,
        leave=leave,
    )


def _channel(channel: str, width: int) -> Column[BoardLine]:
    return Column(
        lambda: channel_title(channel),
        width,
        lambda row: money(row.village.totals.channels_fen.get(channel, 0)),
        right=True,
        tone="quiet",
    )


def source_title(source: str) -> str:
    """Give the short name of a source of subsidies, for a column."""
    return _(_SHORT_SOURCES[source]) if source in _SHORT_SOURCES else named("source", source)


def channel_title(channel: str) -> str:
    """Give the short name of a channel, for a column."""
    return _(_SHORT_CHANNELS[channel]) if channel in _SHORT_CHANNELS else named("channel", channel)


def money(amount_fen: int) -> str:
    """Give a sum in yuan for a narrow column: fen are shown where there are any, nothing is 0."""
    if amount_fen == 0:
        return ""
    whole, fen = divmod(abs(amount_fen), 100)
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{whole:,}.{fen:02d}" if fen else f"{sign}{whole:,}"


def percent(tenths: int | None) -> str:
    """Give a rate that was rounded down to tenths of a percent."""
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}%"


def _name(row: BoardLine) -> str:
    return _("Whole township") if row.whole else row.village.totals.name


def _rate(row: BoardLine) -> str:
    return percent(row.village.rate_tenths)


def _rate_tone(row: BoardLine) -> str:
    reached = row.village.totals.target_reached
    if reached is None:
        return "quiet"
    if reached:
        return "good"
    return "warning"


def _ahead(row: BoardLine) -> str:
    ahead = row.village.ahead
    return "" if ahead is None else f"{ahead:+d}" if ahead else "0"


def _ahead_tone(row: BoardLine) -> str:
    return "warning" if (row.village.ahead or 0) < 0 else "quiet"


def _bar(row: BoardLine) -> str:
    figures = row.village.totals
    return bar(figures.enrolled, figures.target or 0, 8)


def _cash(row: BoardLine) -> str:
    if not row.cash_fen:
        return ""
    return _("{amount} {days}d", amount=money(row.cash_fen), days=row.cash_days)


def _cash_tone(row: BoardLine) -> str:
    from townshipdesk.services.deadlines import LONGEST_CASH_DAYS

    return "warning" if row.cash_days > LONGEST_CASH_DAYS else "quiet"
