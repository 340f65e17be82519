"""Money is a whole number of fen (1/100 yuan), never a float.

Names of such numbers end in `_fen`. Text is a decimal string in yuan with two places ("280.00").
"""

from __future__ import annotations

import re
from typing import Final

FEN_PER_YUAN: Final = 100
MAX_FEN: Final = 10**13  # a hundred thousand million yuan: anything above is a typing mistake

_AMOUNT: Final = re.compile(r"([+-]?)([0-9]{1,12})(?:\.([0-9]{1,2})(0*))?", re.ASCII)


def parse_yuan(text: str) -> int:
    """Read an amount in yuan ("280", "280.5", "1,070.00", "￥280") as fen.

    Raises ValueError for anything else, also for more than two decimal places that are not zeros:
    a fraction of a fen is never rounded away.
    """
    cleaned = (
        text.strip()
        .translate(_FULL_WIDTH)
        .removeprefix("￥")
        .removeprefix("¥")
        .removesuffix("元")
        .strip()
    )
    if "," in cleaned:
        if not re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", cleaned, re.ASCII):
            raise ValueError(f"not an amount in yuan: {text!r}")
        cleaned = cleaned.replace(",", "")
    match = _AMOUNT.fullmatch(cleaned)
    if match is None:
        raise ValueError(f"not an amount in yuan: {text!r}")
    sign, whole, part, _zeros = match.groups()
    fen = int(whole) * FEN_PER_YUAN + int((part or "0").ljust(2, "0"))
    if fen > MAX_FEN:
        raise ValueError(f"amount too large: {text!r}")
    return -fen if sign == "-" else fen


def format_yuan(amount_fen: int) -> str:
    """Give fen as yuan with two places, as the contract writes it: 28000 -> "280.00"."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{whole}.{part:02d}"


def format_yuan_grouped(amount_fen: int) -> str:
    """Give fen as yuan for a person's eye, with thousands separated: 4380000 -> "43,800.00"."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{part:02d}"


_FULL_WIDTH: Final = {ord("０") + i: ord("0") + i for i in range(10)} | {
    ord("．"): ord("."),
    ord("，"): ord(","),
    ord("－"): ord("-"),
    ord("＋"): ord("+"),
}

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")


def capitals(amount_fen: int) -> str:
    """Give an amount in the capitals that receipts carry (大写金额): 28000 -> "人民币贰佰捌拾元整".

    Raises ValueError for a negative amount: a receipt never carries one.
    """
    if amount_fen < 0:
        raise ValueError("a negative amount has no capitals on a receipt")
    whole, part = divmod(amount_fen, FEN_PER_YUAN)
    jiao, fen = divmod(part, 10)
    text = _whole_in_capitals(whole) + "元" if whole else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif fen and whole:
        text += "零"
    if fen:
        text += _DIGITS[fen] + "分"
    if not text:
        text = "零元"
    return "人民币" + text + ("" if fen else "整")


def _whole_in_capitals(whole: int) -> str:
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    text = ""
    zero_due = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group == 0:
            zero_due = bool(text)
            continue
        if text and (zero_due or group < 1_000):
            text += "零"
        text += _group_in_capitals(group) + _GROUPS[index]
        zero_due = False
    return text


def _group_in_capitals(group: int) -> str:
    text = ""
    zero_due = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            zero_due = bool(text)
            continue
        if zero_due:
            text += "零"
            zero_due = False
        text += _DIGITS[digit] + _PLACES[place]
    return text
