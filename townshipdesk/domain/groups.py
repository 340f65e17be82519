"""The order of village groups as people count them: 一组, 二组, 三组, … 十组, 十一组."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"第?([0-9０-９]+|[一二两三四五六七八九十]+)")
_DIGITS: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TEN: Final = "十"
_LAST: Final = 1_000_000


@lru_cache(maxsize=4096)
def group_order(name: str) -> tuple[int, str]:
    """Give a sort key: the number a group's name begins with, then the name.

    Groups without a number come last, and the empty name after all others.
    """
    if not name:
        return (_LAST + 1, "")
    match = _NUMBER.match(name)
    if match is None:
        return (_LAST, name)
    text = match.group(1)
    return (min(_LAST, _chinese(text) if text[0] in "一二两三四五六七八九十" else int(text)), name)


def _chinese(text: str) -> int:
    """Read 一 to 九十九."""
    tens, ten, units = text.partition(_TEN)
    if not ten:
        return _DIGITS[text[0]]
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(units, 0)
