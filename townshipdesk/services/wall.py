"""The figures of the wall board: the township, the villages, the key groups. No personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from townshipdesk import i18n
from townshipdesk.domain.money import format_yuan_grouped
from townshipdesk.i18n import _
from townshipdesk.services.board import tenths_of_a_percent
from townshipdesk.services.course import Course, course
from townshipdesk.services.key_groups import GroupCounts
from townshipdesk.services.live_board import LiveBoard

if TYPE_CHECKING:
    from townshipdesk.services.board import Board, BoardRow
    from townshipdesk.services.key_groups import Group
    from townshipdesk.services.office import Office

MOST_POINTS: Final = 60


class Wall:
    """The wall board, kept up from look to look by what the ledger added since."""

    def __init__(self) -> None:
        self._live, self._groups = LiveBoard(), GroupCounts()

    def figures(self, office: Office) -> dict[str, Any]:
        """Give what the wall board shows now, as text ready to be shown, in the language in force.

        `weeks` are at most sixty points of the season up to today, `pace` where an even pace stood
        at each of them, empty without a task.
        """
        with office.database.snapshot():
            found = self._live.read(office)
            past = course(office, found.township.totals.target)
            return _document(office, found, past, self._groups.read(office))


def figures(office: Office) -> dict[str, Any]:
    """Give what the wall board shows now, read from the beginning."""
    return Wall().figures(office)


def _document(
    office: Office, found: Board, past: Course, groups: tuple[Group, ...]
) -> dict[str, Any]:
    town = found.township.totals
    points = _points(past)
    return {
        "language": "zh-CN" if i18n.language() == "zh_CN" else "en",
        "title": _("{office} · enrolment {year}", office=office.name, year=office.year),
        "training": office.is_training,
        "moment": found.as_of.strftime("%Y-%m-%d %H:%M"),
        "township": [
            [_("enrolled"), f"{town.enrolled:,}"],
            [_("of the task"), _rate(found.township)],
            [_("missing"), f"{town.missing:,}" if town.missing is not None else "—"],
            [_("today"), f"{town.today.enrolled:+,}"],
            [_("this week"), f"{found.township.week:+,}"],
            [_("contributions, yuan"), format_yuan_grouped(town.individual_fen)],
        ],
        "target": town.target,
        "weeks": [heads for _day, heads, _due in points],
        "pace": [due for _day, _heads, due in points if due is not None],
        "span": [points[0][0], points[-1][0]] if points else [],
        "groups": [_group(group) for group in groups],
        "villages": [_village(row) for row in found.rows],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "text": f"{group.name.text(i18n.language())} {_share(group.enrolled, group.people)}",
        "reached": None if group.rate is None else group.missing == 0,
    }


def _village(row: BoardRow) -> dict[str, Any]:
    totals = row.totals
    tenths = row.rate_tenths or 0
    return {
        "name": totals.name,
        "share": tenths / 10,
        "rate": _rate(row),
        "reached": bool(totals.target_reached),
        "missing": f"−{totals.missing:,}" if totals.missing else "",
        "today": f"{totals.today.enrolled:+,}" if totals.today.enrolled else "",
    }


def _rate(row: BoardRow) -> str:
    tenths = row.rate_tenths
    return "—" if tenths is None else f"{tenths // 10}.{tenths % 10}%"


def _share(part: int, whole: int) -> str:
    tenths = tenths_of_a_percent(part, whole) or 0
    return f"{tenths // 10}.{tenths % 10}%"


def _points(past: Course) -> list[tuple[str, int, int | None]]:
    """Give days of the season, at most sixty, the last one today: heads, and those due by then."""
    if not past.weeks:
        return []
    first = past.weeks[0].ends_on - timedelta(past.weeks[0].ends_on.weekday())
    days = (past.day - first).days
    step = max(1, -(-(days + 1) // MOST_POINTS))
    shown = [past.day - timedelta(back) for back in range(0, days + 1, step)]
    return [(f"{day:%m-%d}", past.heads_on(day), past.due(day)) for day in reversed(shown)]
