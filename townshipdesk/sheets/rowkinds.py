"""Which rows under a heading are data, and which are totals, notes, signatures or headings again.

A row with a whole identity number is always data. Only the others are looked at closer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

from townshipdesk.domain.names import clean_text
from townshipdesk.sheets.cells import PLACEHOLDERS, Cell, half_width, text_of
from townshipdesk.sheets.headings import heading_key


class RowKind(Enum):
    """What a row under the heading is."""

    DATA = auto()
    BLANK = auto()
    HEADING = auto()
    OTHER_HEADING = auto()  # the same words over other columns: what follows is another table
    TOTAL = auto()
    NOTE = auto()


_SPACES: Final = re.compile(r"\s+")
_TOTAL: Final = re.compile(
    r"(?:本页|本日|本周|本月|本期|本年|本村|本组|人数|户数|金额|以上"
    r"|[^:：]{0,10}(?:村|社区|镇|乡|街道|片|片区|网格)|[^:：]{0,8}组|全[县区])?"
    r"(?:合计|总计|小计|共计|累计|总合计|总数)(?:[:：人户数金额元(（].*)?"
    r"|全[镇乡县区村]|全街道|本页"
    r"|(?:承前|承上|接前|接上|续前|续上|过次|转次|转下|结转下)页(?:合计|累计|小计)?[:：]?"
)
_BESIDE_TOTAL: Final = re.compile(r"其中(?:[:：].*)?|(?:人民币|金额)?[(（]?大写[)）]?[:：]?.*")
"""What stands under a total: a part of it, the sum in capitals."""
_SUBTOTAL: Final = re.compile(r"小计|本页")
SUBTOTAL: Final = "小计"
"""The label of a total that has none of its own, of a part of the table."""
_NOTE: Final = re.compile(
    r"(?:制表|填表|填报|审核|审批|复核|复查|负责|经办|经手|代办|代收|校对|核对|主管|分管|领导|联系人|联系电话|统计|编制|打印|录入|"
    r"单位|日期|时间|注|说明|备注|附|村支书|村主任|支书|主任|第[0-9一二三四五六七八九十]+页|共[0-9]+页)"
    r"[^:：]{0,14}[:：].*"
    r"|[^:：]{0,16}(?:签字|签章|盖章|签名|公章)[)）]?[:：]?.*"
    r"|[（(]?(?:盖章|公章|签章)[)）]?"
    r"|\W?(?:(?:本页|此页|此行)?以下(?:各行)?|本页|此页)?(?:空白|为空|无正文|无内容)\W?"
    r"|第[0-9一二三四五六七八九十 ]+页.*|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
)
_SIGNATURE: Final = re.compile(
    r"(?:制表|填表|填报|审核|审批|复核|经办|经手|登记|核销|回访|统计|编制|录入)(?:人|员|单位|日期)?"
    r"|[^:：]{0,10}(?:负责人|领导|干部)"
)
"""A place to sign, printed with a colon or without; a row of nothing else is no data."""

GROUP_LINE: Final = re.compile(
    r"(?:(?:所属)?(?:村民|居民)?小组[:：])?"
    r"((?:第)?[0-9一二三四五六七八九十]{1,3}(?:村民小组|居民小组|小组|组|社))"
)
"""A line of its own that names the group of the rows below it."""

EXAMPLES: Final = frozenset(
    word + end
    for word in ("例", "示例", "样例", "范例", "例如", "填写示例")
    for end in ("", ":", "：")
)
"""What stands in the column of serial numbers beside a form's own example."""

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z_]*[0-9]{0,4}", re.ASCII)
"""What other systems call a column; they print it under its heading: AAC003, psn_name."""

_STEMS: Final = frozenset("甲乙丙丁戊己庚辛壬癸")
_LABELS: Final = ("sequence", "household", "head", "name", "village", "group", "code")
_WEAK: Final = frozenset(
    re.findall(
        r"\w+",
        "sequence village village_code group ethnicity kind hukou_kind hukou_place age sex note "
        "address code area year relation",
    )
)
"""Fields that printed forms fill in beforehand: alone they make no row of data."""

_SOME_NUMBER: Final = re.compile(r"[0-9A-Z*]*[0-9]{6,}[0-9A-Z*]*|[0-9.]+E\+?[0-9]+", re.ASCII)


class RowJudge:
    """Tells the rows of one table apart."""

    def __init__(
        self,
        places: Mapping[str, int],
        heading_rows: Sequence[Sequence[Cell]],
        essential: Sequence[str],
    ) -> None:
        """Take where the fields stand, the rows of the heading, and the fields that make data."""
        self._essential = [places[field] for field in essential if field in places]
        self._labels = [places[field] for field in _LABELS if field in places]
        self._number = places.get("number")
        self._sequence = places.get("sequence")
        self._name = places.get("name")
        self._strong = [place for field, place in places.items() if field not in _WEAK]
        self._headings = [
            {place: heading_key(text_of(cell)) for place, cell in enumerate(row) if cell != ""}
            for row in heading_rows
        ]
        self._words = {key for heading in self._headings for key in heading.values()}

    def judge(self, row: Sequence[Cell], *, spread: bool = False) -> RowKind:
        """Tell what a row is. `spread`: a cell of it is merged over several columns."""
        texts = {
            place: text
            for place, cell in enumerate(row)
            if cell != "" and (text := text_of(cell)) != ""
        }
        if not texts:
            return RowKind.BLANK
        if (heading := self._heading(texts)) is not None:
            return heading
        if self._sequence is not None and texts.get(self._sequence) in EXAMPLES:
            return RowKind.NOTE
        if not self._has_number(texts):
            if self._is_labelled(texts, _TOTAL):
                return RowKind.TOTAL
            if (spread and len(texts) <= 2) or self._is_note(texts) or self._is_advice(texts):
                return RowKind.NOTE
        return self._data_or_not(texts)

    def label(self, row: Sequence[Cell]) -> str:
        """Give the words that make a row a total."""
        texts = [text for cell in row if cell != "" and (text := _SPACES.sub("", text_of(cell)))]
        told = (text for text in (*texts, "".join(texts[:2])) if _TOTAL.fullmatch(text))
        return next(told, "")

    def _has_number(self, texts: Mapping[int, str]) -> bool:
        number = texts.get(self._number, "") if self._number is not None else ""
        return _SOME_NUMBER.fullmatch(_SPACES.sub("", half_width(number)).upper()) is not None

    def _heading(self, texts: Mapping[int, str]) -> RowKind | None:
        if self._is_other_heading(texts):
            return RowKind.OTHER_HEADING
        return RowKind.HEADING if self._is_heading(texts) else None

    def _is_heading(self, texts: Mapping[int, str]) -> bool:
        if _numbers_of_columns([text for _place, text in sorted(texts.items())]):
            return True
        if len(texts) >= 3 and all(map(_CODE.fullmatch, texts.values())):
            return True
        for heading in self._headings:
            same = sum(heading_key(text) == heading.get(place) for place, text in texts.items())
            if same >= 2 and same * 2 >= len(texts):
                return True
        return False

    def _is_other_heading(self, texts: Mapping[int, str]) -> bool:
        """Tell whether a row repeats the heading's words, some of them over other columns."""
        known = {
            place: key for place, text in texts.items() if (key := heading_key(text)) in self._words
        }
        if len(known) < 3 or 2 * len(known) < len(texts):
            return False
        return any(
            all(heading.get(place) != key for heading in self._headings)
            for place, key in known.items()
        )

    def _is_labelled(self, texts: Mapping[int, str], label: re.Pattern[str]) -> bool:
        first = [text for _place, text in sorted(texts.items())[:3]]
        first.append("".join(first[:2]))  # 合 and 计 in two cells
        labels = [texts[place] for place in self._labels if place in texts]
        return any(label.fullmatch(_SPACES.sub("", text)) for text in (*first, *labels))

    def _is_note(self, texts: Mapping[int, str]) -> bool:
        if self._is_labelled(texts, _BESIDE_TOTAL):
            return True
        shown = [clean_text(text) for text in texts.values()]
        if all(_SIGNATURE.fullmatch(_SPACES.sub("", text).rstrip(":：")) for text in shown):
            return True
        if any(_NOTE.fullmatch(_SPACES.sub("", text)) for text in shown if len(text) <= 200):
            return True
        if len(shown) > 1:
            return False
        [text] = shown
        return (len(text) > 12 and not text.isascii()) or GROUP_LINE.fullmatch(text) is not None

    def _is_advice(self, texts: Mapping[int, str]) -> bool:
        """Tell whether a row says how to fill in the form: 填写真实姓名, 示例 where names stand."""
        name = texts.get(self._name, "") if self._name is not None else ""
        serial = texts.get(self._sequence, "") if self._sequence is not None else ""
        if _SIGNATURE.fullmatch(_SPACES.sub("", serial).rstrip(":：")):
            return True  # 村负责人 where serial numbers stand, and who has signed beside it
        return "姓名" in name or name in EXAMPLES

    def _data_or_not(self, texts: Mapping[int, str]) -> RowKind:
        if any(texts.get(place, "") not in PLACEHOLDERS for place in self._essential):
            return RowKind.DATA
        strong = sum(texts.get(place, "") not in PLACEHOLDERS for place in self._strong)
        return RowKind.DATA if strong >= 2 else RowKind.NOTE


def _numbers_of_columns(texts: Sequence[str]) -> bool:
    """Tell whether a row only counts its columns: 1 2 3 4, or 甲 乙 1 2 3, as printed forms do."""
    numbers = [text for text in texts if text not in _STEMS]
    if len(texts) < 4 or not all(text.isascii() and text.isdigit() for text in numbers):
        return False
    counted = [int(text) for text in numbers[:100]]
    return counted == list(range(counted[0], counted[0] + len(counted))) if counted else True


def is_subtotal(label: str) -> bool:
    """Tell whether the words of a total row mean a part only (小计, 本页合计)."""
    return _SUBTOTAL.search(label) is not None
