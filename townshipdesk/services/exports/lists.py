"""Long plain lists: written fast, without the dress of a printed sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.services.exports.frame import PRINTED, Options, by_group
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec, Value
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office

PLAIN: Final = frozenset({"roster"})

_SEX: Final = {"male": "男", "female": "女", "unknown": ""}
_REGISTERED: Final = {"here": "本镇", "county": "本县", "city": "本市", "elsewhere": "外地"}

_ROSTER: Final = (
    Column("户号"),
    Column("户主姓名"),
    Column("与户主关系"),
    Column("姓名"),
    Column("证件类型"),
    Column("证件号码", CellKind.ID),
    Column("性别"),
    Column("出生日期", CellKind.DAY),
    Column("民族"),
    Column("户口性质"),
    Column("户籍所在地"),
    Column("村(社区)"),
    Column("村民小组"),
    Column("家庭住址"),
    Column("联系电话", CellKind.ID),
    Column("人员类别"),
)


def roster(office: Office, options: Options) -> list[SheetSpec]:
    """Give the roster (参保登记花名册) of everybody living; it can be imported again."""
    return [SheetSpec("花名册", "参保登记花名册", _ROSTER, _roster(office, options))]


def _roster(office: Office, options: Options) -> Iterator[tuple[Value, ...]]:
    from townshipdesk.printing.words import document_name, speaker

    say = speaker(PRINTED)
    wanted = None
    if options.village is not None:
        (village,) = export_rows.villages(office.conn, options.village)
        wanted = village["name"]
    villages = groupby(export_rows.roster(office.conn), key=lambda row: row["village"])
    for row in chain.from_iterable(by_group(rows) for _village, rows in villages):
        if wanted not in (None, row["village"]):
            continue
        yield (
            row["household"],
            row["head"],
            row["relation"],
            row["name"],
            document_name(say, row["document_kind"] or ""),
            row["number"],
            _SEX[row["sex"]],
            row["born"],
            row["ethnicity"],
            row["hukou_kind"],
            _REGISTERED[row["registered"]],
            row["village"],
            row["group_name"],
            row["address"],
            row["phone"],
            row["category"],
        )


_CHOICES: Final = {
    "与户主关系": ("户主", "配偶", "子", "女", "父亲", "母亲", "孙子", "孙女", "儿媳", "女婿"),
    "证件类型": ("居民身份证", "出生医学证明", "港澳台居民居住证", "外国人永久居留身份证"),
    "性别": ("男", "女"),
    "户口性质": ("农业户口", "非农业户口", "农转城", "居民户口"),
    "户籍所在地": tuple(_REGISTERED.values()),
}


def roster_form(path: Path) -> None:
    """Write a blank roster for a village to fill in; it reads back like any other."""
    from townshipdesk.sheets.forms import write_form

    write_form(path, "参保登记花名册", _ROSTER, _CHOICES)
