"""What all sheets share: options, names of codes as printed, the lines around a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.groups import group_order
from townshipdesk.i18n import in_language
from townshipdesk.policy.codes import code_message

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

PRINTED: Final = "zh_CN"
ORDINARY: Final = "普通"


@dataclass(frozen=True, slots=True)
class Options:
    """What a sheet is asked for: its day, a village's code, a claim's number."""

    day: date
    village: str | None = None
    claim: str | None = None


def unit_line(office: Office) -> str:
    """Give the line with the unit: who made the sheet; a training office says so."""
    mark = "【演练】" if office.is_training else ""
    return f"{mark}填报单位：{office.name}"


def date_line(day: date, counted_in: str = "元、人") -> str:
    """Give the line with the day, as printed, and what its figures are counted in."""
    unit = f"　单位：{counted_in}" if counted_in else ""
    return f"{day.year}年{day.month}月{day.day}日{unit}"


def by_group(rows: Iterable[Row]) -> Iterator[Row]:
    """Give a village's rows group by group, as people count them: 一组, 二组, … 十一组.

    They are read when the first of them is asked for; within a group their order stays.
    """
    yield from sorted(rows, key=lambda row: group_order(row["group_name"]))


def printed(kind: str, code: str) -> str:
    """Give a code's printed name ("identity", "source", "channel", "ground"); none for ''."""
    if not code:
        return ""
    return in_language(PRINTED, code_message(kind, code))


def printed_all(kind: str, codes: str | None) -> str:
    """Give the printed names of several codes, each once: "a,b,a" -> 甲、乙."""
    names = dict.fromkeys(printed(kind, code) for code in (codes or "").split(",") if code)
    return "、".join(names)
