"""Names and other text from outside: as it is kept, as it is shown, as it is compared.

Text from a workbook, a keyboard or a card reader may hold anything: control characters that would
drive the terminal, invisible marks, spaces inside a name. Names keep their characters, rare ones
and those of the private-use area (old systems put rare characters there) included.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

UNSHOWABLE: Final = "□"
"""Stands on the screen for a character that no font has: one of the private-use area."""

MIDDLE_DOT: Final = "·"

_SIMPLE: Final = re.compile(r"(?:[一-鿕!-~]+(?: [一-鿕!-~]+)*)?")
"""Nothing in such text changes: common Han characters, visible ASCII, one space between words."""

_HAN_ONLY: Final = re.compile(r"[一-鿕]+")
_DOTS: Final = "·•・.‧∙⋅․．･"
_ANY_DOT: Final = re.compile(f"[{re.escape(_DOTS)}]")
_SPACES: Final = re.compile(r"\s+")
_HAN: Final = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff"
_SPACE_IN_NAME: Final = re.compile(rf"(?<=[{_HAN}{MIDDLE_DOT}]) +| +(?=[{_HAN}{MIDDLE_DOT}])")
_HAN_NAME: Final = re.compile(rf"[{_HAN}]")


def _kept(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        # The tables of this Python may be older than the character: later Han extensions lie in
        # planes 2 and 3. Their last two code points are never characters.
        return 0x20000 <= ord(character) <= 0x3FFFF and ord(character) & 0xFFFE != 0xFFFE
    return category == "Co" or (category[0] != "C" and category not in ("Zl", "Zp"))


def clean_text(text: str) -> str:
    """Give text as it is stored: NFC, one line, no control or invisible characters.

    Spaces of every width become one plain space, and none stand at the ends. Characters of the
    private-use area stay: an office's old system may have put a rare character there.
    """
    if _SIMPLE.fullmatch(text):
        return text
    kept = "".join(c for c in _SPACES.sub(" ", text) if _kept(c))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept)).strip()


def display_text(text: str) -> str:
    """Give text as it may go to a terminal or a printer: nothing that controls or hides.

    A character of the private-use area is shown as a white square, since no font has it.
    """
    cleaned = clean_text(text)
    if cleaned is text:
        return text
    return "".join(UNSHOWABLE if unicodedata.category(c) == "Co" else c for c in cleaned)


def clean_name(text: str) -> str:
    """Give a person's name as it is stored: `clean_text`, and no spaces between Han characters.

    张　三 and 张 三 become 张三; Anna Maria keeps its space. A middle dot keeps the form it was
    written in.
    """
    cleaned = clean_text(text)
    if " " not in cleaned:
        return cleaned
    return _SPACE_IN_NAME.sub("", cleaned)


def name_key(text: str) -> str:
    """Give what two spellings of one name have in common, for comparing only.

    No spaces, one kind of middle dot, Latin letters half-width and lower case.
    """
    if _HAN_ONLY.fullmatch(text):
        return text
    cleaned = clean_text(text).replace(" ", "")
    folded = "".join(
        chr(ord(c) - 0xFEE0) if "！" <= c <= "～" and c not in _DOTS else c for c in cleaned
    )
    return _ANY_DOT.sub(MIDDLE_DOT, folded).casefold()


def is_han(text: str) -> bool:
    """Tell whether text holds at least one Han character."""
    return _HAN_NAME.search(text) is not None
