"""What the board says besides the villages: large figures, key groups, deadlines, the season."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.board_columns import percent
from townshipdesk.screens.naming import short_day
from townshipdesk.services.course import by_week
from townshipdesk.widgets.big import ROWS, big
from townshipdesk.widgets.cells import beside, cell_len, fit, styled, wrapped
from townshipdesk.widgets.spark import columns

if TYPE_CHECKING:
    from townshipdesk.services.board import Board
    from townshipdesk.services.deadlines import Coming
    from townshipdesk.services.key_groups import Group
    from townshipdesk.services.watch import Watch

GAP: Final = "    "
CHART_WEEKS: Final = 40
CHART_HEIGHT: Final = 14


def large_figures(board: Board, width: int) -> Content:
    """Give the township's figures three lines high, to be read from across the room."""
    whole = board.township
    figures = [
        (_("Enrolled"), str(whole.totals.enrolled), "bold"),
        (_("Missing"), _or_dash(whole.totals.missing), "bold $text-warning"),
        (_("Reached %"), percent(whole.rate_tenths).removesuffix("%") or "-", "bold $accent"),
        (_("Today"), str(whole.totals.today.enrolled), "bold $text-success"),
        (_("Week"), str(whole.week), "bold"),
    ]
    if whole.needed_a_day is not None:
        figures.append((_("A day"), str(whole.needed_a_day), "bold $season"))
    lines = [Content("")] * (ROWS + 1)
    for label, figure, style in figures:
        drawn = big(figure)
        size = max(cell_len(drawn[0]), cell_len(label))
        if lines[0].cell_length + size + cell_len(GAP) > width:
            break
        parts = [styled(fit(label, size), "$quiet")]
        parts += [styled(fit(line, size), style) for line in drawn]
        lines = [Content.assemble(line, GAP, part) for line, part in zip(lines, parts, strict=True)]
    return Content("\n").join(lines)


def _or_dash(value: int | None) -> str:
    return "-" if value is None else str(value)


# ------------------------------------------------------------------------------------------- groups


def groups_line(groups: Sequence[Group], width: int, height: int) -> Content:
    """Give the key groups on a few lines: who is complete, who misses how many."""
    parts = [_group_part(group) for group in groups if not group.of_policy]
    lines = wrapped(parts, width - 1)
    return Content("\n").join(Content.assemble(" ", line) for line in lines[:height])


def _group_part(group: Group) -> Content:
    name = group.name.text(language())
    rate = percent(group.rate_tenths)
    if group.rate is None:
        return Content.assemble(name, " ", styled(rate, "$quiet"))
    if not group.missing:
        return Content.assemble(name, " ", styled(f"{rate} ✓", "$text-success"))
    lacking = _("{rate} -{count}", rate=rate, count=group.missing)
    return Content.assemble(name, " ", styled(lacking, "$text-warning"))


def groups_table(groups: Sequence[Group], width: int) -> Content:
    """Give the groups one a line: people, enrolled, rate, what is asked, what is missing.

    Where the width is short the enrolled are left out, then what is asked: people and those missing
    tell the first, the colour of the rate the second.
    """
    numbers = _GROUP_NUMBERS
    for left_out in ("Has", "Asked"):
        if width <= _GROUP_NAME + sum(cells for _title, cells, _say in numbers):
            numbers = tuple(column for column in numbers if column[0] != left_out)
    room = max(_GROUP_NAME, width - 1 - sum(cells for _title, cells, _say in numbers))
    heads = [fit(_(title), cells, right=True) for title, cells, _say in numbers]
    lines = [styled(" " + fit(_("Key groups"), room) + "".join(heads), "$quiet underline")]
    for group in groups:
        name = display_text(group.name.text(language()))
        lines.append(
            Content.assemble(
                " ",
                styled(fit(name, room), "italic" if group.of_policy else ""),
                *(say(group, cells) for _title, cells, say in numbers),
            ).truncate(width)
        )
    return Content("\n").join(lines)


def _rate_of(group: Group, cells: int) -> Content:
    style = "$quiet" if group.rate is None else "$text-warning"
    if group.rate is not None and not group.missing:
        style = "$text-success"
    return styled(fit(percent(group.rate_tenths), cells, right=True), style)


def _asked_of(group: Group, cells: int) -> Content:
    asked = "" if group.rate is None else _percent_of(group)
    return Content(fit(asked, cells, right=True))


def _missing_of(group: Group, cells: int) -> Content:
    missing = str(group.missing) if group.missing else ""
    return styled(fit(missing, cells, right=True), "$text-warning")


_GROUP_NAME: Final = 10
_GROUP_NUMBERS: Final[tuple[tuple[str, int, Callable[[Group, int], Content]], ...]] = (
    (N_("People"), 6, lambda group, cells: Content(fit(str(group.people), cells, right=True))),
    (N_("Has"), 7, lambda group, cells: Content(fit(str(group.enrolled), cells, right=True))),
    (N_("Reached"), 8, _rate_of),
    (N_("Asked"), 7, _asked_of),
    (N_("Missing"), 8, _missing_of),
)


def _percent_of(group: Group) -> str:
    asked = (group.rate or 0) * 100
    return f"≥{asked.numerator // asked.denominator}%"


# --------------------------------------------------------------------------------------- what comes


def coming_line(coming: Sequence[Coming], today: date, width: int) -> Content:
    """Give the first of what presses or comes next, on one line."""
    if not coming:
        return Content("")
    count = len(coming) - 1
    more = styled(_("+{count} more (c)", count=count), "$quiet") if count else Content("")
    return beside(Content.assemble(" ", _coming_text(coming[0], today)), more, width)


def coming_list(coming: Sequence[Coming], today: date, width: int, height: int) -> Content:
    """Give what presses and what comes next, one a line."""
    lines = [styled(fit(" " + _("What comes next"), width), "$quiet underline")]
    for one in coming[: height - 1]:
        clause = styled(f" {one.clause}", "$quiet") if one.clause else Content("")
        text = Content.assemble(" ", _coming_text(one, today))
        lines.append(beside(text, clause, width))
    left = len(coming) - (height - 1)
    if left > 0:
        lines[-1] = styled("  " + _("+{count} more (c)", count=left + 1), "$quiet")
    return Content("\n").join(lines)


def coming_whole(coming: Sequence[Coming], today: date) -> Content:
    """Give everything that comes, each with its clause; long lines are folded."""
    lines = []
    for one in coming:
        clause = styled(f"  {one.clause}", "$quiet") if one.clause else Content("")
        lines.append(Content.assemble(_coming_text(one, today), clause))
    return Content("\n").join(lines)


def _coming_text(one: Coming, today: date) -> Content:
    words = display_text(one.words.text(language()))
    if one.pressing:
        return styled(f"! {words}", "bold $text-warning")
    if one.on is None:
        return Content.assemble(styled(fit("", 9), "$quiet"), words)
    days = (one.on - today).days
    day = short_day(one.on, today.year)
    day = fit(day, max(9, cell_len(day) + 1))  # a day of another year is longer
    if days < 0:
        left = _("{days} days ago", days=-days)
    else:
        left = _("today") if days == 0 else _("in {days} days", days=days)
    return Content.assemble(styled(day, "bold"), words, styled(f"  {left}", "$quiet"))


# --------------------------------------------------------------------------------------- the season


def season_chart(watch: Watch, board: Board, width: int, height: int) -> Content:
    """Draw the heads reached at the end of each week against the task; dots are the even pace."""
    title = styled(fit(" " + _("Week by week"), width), "$quiet underline")
    weeks = by_week(watch.season, watch.day)[-min(CHART_WEEKS, max(1, (width - 12) // 2)) :]
    if not weeks or height < 3:
        return title
    height = min(height, CHART_HEIGHT) - 2
    target = board.township.totals.target or 0
    top = max(target, *(heads for _day, heads in weeks))
    done = "$text-success" if target and weeks[-1][1] >= target else "$primary"
    paces = [watch.line.heads(target, day) if watch.line and target else 0 for day, _h in weeks]
    lines = [title]
    bars = columns([heads for _day, heads in weeks for _twice in range(2)], top, height)
    for row, text in enumerate(bars):
        label = fit(str(top) if row == 0 else "", 9, right=True)
        drawn = _with_pace(text, paces, height - 1 - row, top, height)
        lines.append(Content.assemble(styled(label, "$quiet"), " ", styled(drawn, done)))
    first, last = short_day(weeks[0][0], watch.day.year), short_day(weeks[-1][0], watch.day.year)
    foot = beside(" " * 10 + first, last, min(width, 10 + len(weeks) * 2))
    lines.append(foot.stylize("$quiet"))
    return Content("\n").join(lines)


def _with_pace(text: str, paces: Sequence[int], line: int, top: int, height: int) -> str:
    """Set a dot where the even pace passes over a week that has not come so far."""
    marks = list(text)
    for week, heads in enumerate(paces):
        here = heads > 0 and min(height - 1, heads * height // max(1, top)) == line
        if here and marks[week * 2] == " ":
            marks[week * 2] = "."
    return "".join(marks)
