"""Headings as offices print them, by kind of sheet and field.

The headings stand in `vocabulary/headings.txt`. They are compared without spaces, signs and
brackets (`heading_key`), so one spelling stands for many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from townshipdesk.domain.names import clean_text
from townshipdesk.sheets.cells import half_width
from townshipdesk.sheets.result import SheetKind
from townshipdesk.sheets.vocabulary import vocabulary, vocabulary_words

_SIGNS: Final = re.compile(r"[\s*:、,。.\"'“”‘’_\-—/\\+#·;!?<>《》【】※★☆▲△●○◎◆◇■□√]+")
_BRACKETS: Final = re.compile(r"[()\[\]{}〔〕（）［］]")
_BRACKETED: Final = re.compile(r"[(\[{〔（［【][^()\[\]{}〔〕（）［］【】]*[)\]}〕）］】]")


def heading_key(text: str) -> str:
    """Give what two spellings of a heading have in common."""
    return _BRACKETS.sub("", _SIGNS.sub("", half_width(clean_text(text)))).casefold()


def heading_keys(text: str) -> tuple[str, ...]:
    """Give the ways to read a heading, best first: whole, and without what stands in brackets."""
    whole = heading_key(text)
    outer = heading_key(_BRACKETED.sub("", half_width(clean_text(text))))
    return (whole,) if outer in (whole, "") else (whole, outer)


_WITH: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    SheetKind.VILLAGES: ("place",),
    SheetKind.RESIDENTS: ("person", "household", "place"),
    SheetKind.IDENTITIES: ("person", "household", "place"),
    SheetKind.CONTRIBUTIONS: ("person", "household", "place"),
    SheetKind.TAX_LIST: ("person",),
    SheetKind.CALLS: ("person", "household", "place"),
}
"""Sections of the vocabulary that a kind of sheet shares with others, after its own."""


def _spelled(kind: SheetKind) -> Iterator[tuple[str, str]]:
    """Give field and heading for a kind of sheet, the first meaning of a heading first."""
    for section in (kind.value, *_WITH[kind], "common"):
        for field, headings in vocabulary("headings", section):
            for heading in headings:
                yield field, heading


def _table(kind: SheetKind) -> dict[str, str]:
    """Give heading key -> field for a kind of sheet; the first meaning of a heading holds."""
    table: dict[str, str] = {}
    for field, heading in _spelled(kind):
        table.setdefault(heading_key(heading), field)
    return table


def usual_headings(kind: SheetKind) -> dict[str, str]:
    """Give field -> the heading it usually has in a kind of sheet."""
    usual: dict[str, str] = {}
    for field, heading in _spelled(kind):
        usual.setdefault(field, heading)
    return usual


TITLES: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    SheetKind.VILLAGES: ("任务分解", "村名单", "目标任务"),
    SheetKind.RESIDENTS: ("花名册", "参保登记"),
    SheetKind.IDENTITIES: ("资助参保", "救助对象", "低保", "特困", "残疾", "监测对象", "脱贫"),
    SheetKind.CONTRIBUTIONS: ("台账", "缴费登记", "收缴"),
    SheetKind.TAX_LIST: ("实征", "入库", "税务", "征收明细"),
    SheetKind.CALLS: ("未参保", "未缴费", "回访"),
}
"""Words in a title or a sheet's name that tell the kind of sheet."""


@dataclass(frozen=True)
class KindOfSheet:
    """What a kind of sheet looks like.

    `table` maps heading keys to fields. `required` are alternatives of fields that must all be
    there for a heading to be one of this kind; `telling` are fields no other kind has.
    """

    kind: SheetKind
    table: Mapping[str, str]
    required: tuple[tuple[str, ...], ...]
    telling: frozenset[str]

    @property
    def fields(self) -> frozenset[str]:
        """Give every field of this kind."""
        return frozenset(self.table.values())

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {key: rank for rank, key in enumerate(self.table)}

    def rank(self, heading: str) -> int:
        """Give how usual a heading is among those of its field: the smaller, the more so.

        A roster may have 户主电话 and 本人电话, a list 缴费人 and 参保人, in any order.
        """
        ranks = self._ranks
        return min((ranks[k] for k in heading_keys(heading) if k in ranks), default=len(ranks))


def _kind(kind: SheetKind, required: str, telling: str) -> KindOfSheet:
    alternatives = tuple(tuple(part.split("+")) for part in required.split())
    return KindOfSheet(kind, _table(kind), alternatives, frozenset(telling.split()))


KINDS: Final[Mapping[SheetKind, KindOfSheet]] = {
    sheet.kind: sheet
    for sheet in (
        _kind(SheetKind.VILLAGES, "village+target village+base village+code", "target base groups"),
        _kind(
            SheetKind.RESIDENTS,
            "name+number",
            "household relation hukou_kind hukou_place ethnicity category kind",
        ),
        _kind(
            SheetKind.IDENTITIES,
            "name+number name+certificate",
            "identity since until disability_kind disability_grade certificate",
        ),
        _kind(
            SheetKind.CONTRIBUTIONS,
            "name+number+own name+number+owed",
            "owed subsidy source own receipt handler",
        ),
        _kind(SheetKind.TAX_LIST, "number+own", "year voucher area own paid_on channel"),
        _kind(SheetKind.CALLS, "name+number name+reason name+result", "last_year reason result"),
    )
}

HARMLESS_STARTS: Final = vocabulary_words("headings", "harmless", "before")
"""Words before a heading that change nothing: 参保人姓名 is 姓名."""

HARMLESS_ENDS: Final = vocabulary_words("headings", "harmless", "after")
"""Words after a heading that change nothing: 任务数(人) is 任务数."""
