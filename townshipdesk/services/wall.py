"""The figures of the wall board: the township, the villages, the key groups. No personal data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from townshipdesk import i18n
from townshipdesk.domain.money import format_yuan_grouped
from townshipdesk.i18n import _
from townshipdesk.services.board import board, tenths_of_a_percent
from townshipdesk.services.key_groups import GroupCounts

if TYPE_CHECKING:
    from townshipdesk.services.board import BoardRow
    from townshipdesk.services.key_groups import Group
    from townshipdesk.services.office import Office

MOST_POINTS = 60


def figures(office: Office, groups: GroupCounts | None = None) -> dict[str, Any]:
    """Give what the wall board shows now, as text ready to be shown, in the language in force.

    `groups` are the counts of an earlier call, kept up by what the ledger added since.
    """
    found = board(office)
    town = found.township.totals
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
        "weeks": _course(office),
        "groups": [_group(group) for group in (groups or GroupCounts()).read(office)],
        "villages": [_village(row) for row in found.rows],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "text": f"{group.name.text(i18n.language())} {_share(group.enrolled, group.people)}",
        "reached": group.missing == 0,
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


def _course(office: Office) -> list[int]:
    """Give the township's heads over the season, at most sixty points, the last one now."""
    rows = office.conn.execute(
        "SELECT day, sum(enrolled - ended) FROM tally_head WHERE year = ?"
        " GROUP BY day ORDER BY day",
        (office.year,),
    ).fetchall()
    if not rows:
        return [0]
    first, today = date.fromisoformat(rows[0][0]), office.today()
    moved = {row[0]: row[1] for row in rows}
    heads, course = 0, []
    day = first
    while day <= today:
        heads += moved.get(day.isoformat(), 0)
        course.append(heads)
        day += timedelta(days=1)
    step = max(1, -(-len(course) // MOST_POINTS))
    return course[::-step][::-1]
