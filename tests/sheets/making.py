"""Workbooks and text files as offices and other programs write them. All people are made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

from townshipdesk.domain.idnumber import check_character

TODAY = date(2025, 3, 17)
ROSTER_HEADINGS = [
    *("户号", "户主姓名", "与户主关系", "姓名", "证件类型", "证件号码", "性别", "出生日期"),
    *("民族", "户口性质", "户籍所在地", "村(社区)", "村民小组", "家庭住址", "联系电话", "人员类别"),
]

Rows = Iterable[Sequence[Any]]


def number(serial: int, born: date | None = None, division: str = "532326") -> str:
    """Give a number of a made-up person; odd serials are men."""
    day = born or date(1950, 1, 1) + timedelta(days=serial * 37 % 25_000)
    first17 = f"{division}{day:%Y%m%d}{serial % 1000:03d}"
    return first17 + check_character(first17)


def roster_row(serial: int, **changes: Any) -> list[Any]:
    """Give one complete row of a roster; `changes` are by heading."""
    own = number(serial)
    given = "一二三四五六七八九十"[serial % 10] + "甲乙丙丁戊己庚辛壬癸"[serial // 10 % 10]
    row = {
        "户号": f"DL{serial // 4:04d}",
        "户主姓名": "杨发贵",
        "与户主关系": ["户主", "配偶", "子", "女"][serial % 4],
        "姓名": f"杨{given}",
        "证件类型": "居民身份证",
        "证件号码": own,
        "性别": "男" if serial % 2 else "女",
        "出生日期": f"{own[6:10]}-{own[10:12]}-{own[12:14]}",
        "民族": "汉族",
        "户口性质": "农业",
        "户籍所在地": "本镇",
        "村(社区)": "大龙箐村委会",
        "村民小组": "一组",
        "家庭住址": "大龙箐村委会一组",
        "联系电话": f"1391234{serial:04d}",
        "人员类别": "普通居民",
    }
    return list((row | changes).values())


def as_xlsx(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    """Write with openpyxl, as most scripts do."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def as_xlsx_other(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    """Write with xlsxwriter: shared strings, other structure."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    page = book.add_worksheet(sheet)
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(at, place, cell)
            elif cell is not None:
                page.write(at, place, cell)
    book.close()
    return path


def as_xls(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    """Write the workbook format of 1997."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    dates = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                style = (dates,) if isinstance(cell, date) else ()
                page.write(at, place, cell, *style)
    book.save(str(path))
    return path


def as_csv(
    path: Path, rows: Rows, encoding: str = "gb18030", separator: str = ",", mark: bytes = b""
) -> Path:
    """Write a text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    path.write_bytes(mark + text.getvalue().encode(encoding))
    return path
