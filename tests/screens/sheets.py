"""Workbooks for the tests of the screens of sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from tests.support import made_up_number

ROSTER = ("户号", "姓名", "公民身份号码", "所在村", "村民小组", "联系电话")
TAX = ("序号", "姓名", "证件号码", "年度", "缴费金额", "缴费渠道", "缴费日期", "电子税票号")
LEDGER = (
    "户号",
    "户主",
    "姓名",
    "与户主关系",
    "证件号码",
    "应缴",
    "自缴金额",
    "收据号",
    "缴费日期",
)
IDENTITIES = ("序号", "姓名", "身份证号码", "救助身份")


def workbook(path: Path, title: str, rows: Sequence[Sequence[object]]) -> Path:
    """Write a title line and rows, the heading first."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def number(born: str, sequence: int = 700) -> str:
    return made_up_number(date.fromisoformat(born), sequence)


def roster(folder: Path, *more: Sequence[object], name: str = "花名册.xlsx") -> Path:
    """Write a roster of two new people and more rows."""
    rows = [
        ROSTER,
        ("DL7001", "段和", number("1990-01-02"), "青杠村委会", "一组", "13900000077"),
        ("DL7001", "普英", number("1992-03-04"), "青杠村委会", "一组", ""),
        *more,
    ]
    return workbook(folder / name, "城乡居民医保参保登记花名册", rows)
