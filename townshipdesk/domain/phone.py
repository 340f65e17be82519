"""Telephone numbers of residents: a plain form to compare, a masked one to show."""

from __future__ import annotations

import re
from typing import Final

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_LANDLINE: Final = re.compile(r"0[0-9]{9,11}|[2-9][0-9]{6,7}", re.ASCII)
_JOINTS: Final = re.compile(r"[\s\-－—–()（）'‘’]+")
_FULL_WIDTH: Final = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {
    ord("＋"): ord("+")
}


def normalise_phone(text: str) -> str | None:
    """Give digits only, without +86 and separators; None where it cannot be a phone number.

    A mobile has 11 digits and begins with 13 to 19; a landline has its area code or 7 to 8 digits.
    """
    digits = _JOINTS.sub("", text.strip().translate(_FULL_WIDTH)).removeprefix("+86")
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    return None


def is_mobile(digits: str) -> bool:
    """Tell whether normalised digits are a whole mobile number."""
    return _MOBILE.fullmatch(digits) is not None


def mask_phone(text: str) -> str:
    """Give a phone number for a screen: the first three and last four digits stay."""
    if len(text) >= 11:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    shown = len(text) // 3
    return "*" * (len(text) - shown) + text[len(text) - shown :]
