"""Single cells: text, days, amounts and counts out of whatever a workbook holds.

Nothing is guessed: a cell that could mean two things means nothing.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from townshipdesk.domain.money import parse_yuan
from townshipdesk.domain.names import clean_text

Cell = str | float | bool | date | datetime | time | timedelta
"""What a reader gives; an empty cell is an empty text."""

PLACEHOLDERS: Final = frozenset(
    {"", "无", "/", "\\", "-", "--", "—", "——", "－", "不详", "暂无", "空", "无无", "没有", "未知"}
    | {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "N/A", "NULL", "null"}
)
"""What offices write where they have nothing to write."""

WHOLE_DIGITS: Final = 10**15
"""From here on a number cell no longer holds every digit (Excel keeps fifteen)."""

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Give text with full-width digits, letters and signs in their plain form."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def whole_number(cell: float) -> int | None:
    """Give a number cell as a whole number; None for fractions, infinity and no number."""
    return int(cell) if float(cell).is_integer() else None


def text_of(cell: Cell) -> str:
    """Give a cell as one clean line of text; whole numbers without a decimal point."""
    if type(cell) is str:
        # An apostrophe before a text is a spreadsheet's mark for text, carried over by exports.
        return clean_text(cell[1:] if cell[:1] == "'" else cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        whole = whole_number(cell)
        return repr(cell).upper() if whole is None or abs(whole) >= WHOLE_DIGITS else str(whole)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S").removesuffix(" 00:00:00")
    return str(cell)


def optional_text(cell: Cell) -> str:
    """Give a cell as text, "" where it only says that there is nothing."""
    text = text_of(cell)
    return "" if text in PLACEHOLDERS else text


class Day(NamedTuple):
    """A day read from a cell. `iso` is YYYY-MM-DD; `exact` is False where only the month stood."""

    iso: str
    exact: bool = True
    time: str = ""


_DAY: Final = re.compile(
    r"(\d{4})\s*[-./、,年 ]\s*(\d{1,2})\s*[-./、,月 ]\s*(\d{1,2})\s*[日号.]?"
    r"(?: ?(?:星期|周)([一二三四五六日天]))?"
    r"(?:[T ]*(上午|下午)?\s*(\d{1,2})[:时](\d{2})"
    r"(?:分|[:分](\d{2})秒?(?:\.\d+)?)?(?:\+08:?00)?)?",
    re.ASCII,
)
"""A day with or without a time; the only zone is the one of every office."""
_MONTH: Final = re.compile(r"(\d{4})\s*(?:[-./年 ]\s*(\d{1,2})\s*月?|(\d{2}))", re.ASCII)
_WRITTEN: Final = re.compile(
    r"([〇○零Oo0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)
_WRITTEN_DIGITS: Final = {
    c: n for n, cs in enumerate("〇一二三四五六七八九") for c in cs
} | dict.fromkeys("○零Oo0", 0)
_WRITTEN_TENS: Final = re.compile(r"([二三]?十)?([一二三四五六七八九])?")
_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?", re.ASCII)
_EXCEL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_FIRST_SERIAL, _LAST_SERIAL = 2958, 80_000  # 1908 to 2119; smaller ones are taken for years


def day_of(cell: Cell) -> Day | None:
    """Read a day: a date cell, 1990.1.1, 1990年1月, 19900101, 2025/3/4, an Excel serial.

    None for anything else: a year alone, two-digit years and day-first forms mean two things, and
    so does the number 1990.1, which may have been 1990.10.
    """
    if isinstance(cell, datetime):
        clock = cell.strftime("%H:%M:%S")
        return Day(cell.date().isoformat(), time="" if clock == "00:00:00" else clock)
    if isinstance(cell, date):
        return Day(cell.isoformat())
    if isinstance(cell, bool | time | timedelta):
        return None
    if isinstance(cell, float | int):
        whole = whole_number(cell)
        return _day_of_serial(cell) if whole is None else _day_of_digits(str(whole))
    return _day_of_text(half_width(clean_text(cell)))


def _day_of_text(text: str) -> Day | None:
    found = _DAY.fullmatch(text)
    if found is not None:
        year, month, day, weekday, half, hour, minute, second = found.groups()
        if half and int(hour) <= 12:
            hour = int(hour) % 12 + (12 if half == "下午" else 0)
        clock = f"{int(hour):02d}:{minute}:{second or '00'}" if hour is not None else ""
        told = _checked(year, month, day, clock)
        return told if told is None or not weekday or _is_on(told, weekday) else None
    if text.isascii() and text.isdigit():
        return _day_of_digits(text)
    found = _MONTH.fullmatch(text)
    if found is not None and found[2]:
        return _checked(found[1], found[2], None)
    found = _WRITTEN.fullmatch(text.replace(" ", ""))
    return None if found is None else _day_of_words(*found.groups())


def _is_on(day: Day, weekday: str) -> bool:
    """Tell whether a day is the weekday that a long date names beside it."""
    return date.fromisoformat(day.iso).weekday() == "一二三四五六日".index(
        weekday.replace("天", "日")
    )


def _day_of_words(year: str, month: str, day: str | None) -> Day | None:
    """Read 二〇二四年一月五日; None for words that are no number, such as 三五."""
    months, days = _number_of_words(month), None if day is None else _number_of_words(day)
    if months == 0 or days == 0:
        return None
    digits = "".join(str(_WRITTEN_DIGITS[word]) for word in year)
    return _checked(digits, str(months), None if days is None else str(days))


def _number_of_words(words: str) -> int:
    """Read 一 to 三十九; 0 for anything else."""
    found = _WRITTEN_TENS.fullmatch(words)
    if found is None:
        return 0
    tens = found[1] or ""
    return 10 * (_WRITTEN_DIGITS[tens[0]] if len(tens) == 2 else len(tens)) + (
        _WRITTEN_DIGITS[found[2]] if found[2] else 0
    )


def _day_of_digits(text: str) -> Day | None:
    found = _PACKED.fullmatch(text)
    if found is not None:
        hour = found[4]
        return _checked(
            found[1], found[2], found[3], ":".join(found.group(4, 5, 6)) if hour else ""
        )
    if len(text) == 6:
        return _checked(text[:4], text[4:], None)
    return _day_of_serial(int(text)) if len(text) <= 5 else None


def _checked(year: str, month: str, day: str | None, clock: str = "") -> Day | None:
    try:
        found = date(int(year), int(month), int(day or 1))
        if clock:
            time.fromisoformat(clock)
    except ValueError:
        return None
    if not 1850 <= found.year <= 2200:
        return None
    return Day(found.isoformat(), exact=day is not None, time="" if clock == "00:00:00" else clock)


def _day_of_serial(serial: float) -> Day | None:
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return None
    days = int(serial)
    moment = _EXCEL_ZERO + timedelta(days=days, seconds=round((serial - days) * 86_400))
    clock = moment.strftime("%H:%M:%S")
    return Day(moment.date().isoformat(), time="" if clock == "00:00:00" else clock)


_CURRENCY: Final = re.compile(r"^(?:人民币|RMB|CNY)|[￥¥]", re.ASCII | re.IGNORECASE)
_SPACED: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?元?", re.ASCII)
"""Thousands set apart by spaces."""


def fen_of(cell: Cell) -> int:
    """Read an amount in yuan as fen. Raises ValueError for anything but an amount.

    A number that a spreadsheet computed may be off by less than a millionth of a yuan; anything
    more than that beside a whole fen is no amount.
    """
    if isinstance(cell, str):
        text = half_width(clean_text(cell)).removesuffix("整")
        text = _CURRENCY.sub("", text).strip()
        return parse_yuan(text.replace(" ", "") if _SPACED.fullmatch(text) else text)
    if isinstance(cell, bool) or not isinstance(cell, float | int):
        raise ValueError("not an amount")  # noqa: TRY004 - a wrong cell is a wrong value
    exact = Decimal(repr(cell)) * 100
    if not exact.is_finite() or abs(exact) > 10**13:
        raise ValueError("not an amount")
    fen = exact.to_integral_value()
    if abs(exact - fen) > Decimal("0.0001"):
        raise ValueError("not whole fen")
    return int(fen)


_COUNT: Final = re.compile(
    r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)? *[人户个名份组]?", re.ASCII
)


_SHOWN_DIGITS: Final = 6


def count_of(cell: Cell) -> int:
    """Read a number of heads, households or papers. Raises ValueError for anything else."""
    if isinstance(cell, str):
        found = _COUNT.fullmatch(half_width(clean_text(cell)))
        if found is None:
            raise ValueError("not a count")
        return int(found[1].replace(",", ""))
    number = None if isinstance(cell, bool) or not isinstance(cell, float | int) else cell
    # A formula may leave 551.9999999999 behind, which every spreadsheet program shows as 552.
    whole = None if number is None else whole_number(round(number, _SHOWN_DIGITS))
    if whole is None or not 0 <= whole < 10**9:
        raise ValueError("not a count")
    return whole
