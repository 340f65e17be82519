"""Workbooks as townships really have them, with what an import must make of each row of them.

Every case says what it looks like, and which rows are refused and why: counts and reasons were
worked out by hand from the sheet. All people are made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.making import as_csv, number
from townshipdesk.services.imports import ImportKind, ImportOptions

VILLAGES: Final = {
    "532399300101": "大龙箐村委会",
    "532399300102": "石岩村委会",
    "532399300103": "桥头社区",
}
WITH_A_CLOCK: Final = dt.datetime(2025, 1, 6, 8, 30)  # noqa: DTZ001 - a cell's time has no zone
BORN: Final = dt.date(1980, 5, 6)


@dataclass
class Expected:
    """What an import must say: counts, and row, heading and reason of each refusal."""

    added: int
    rejected: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    warnings: set[str] = field(default_factory=set)
    kind: ImportKind = ImportKind.RESIDENTS
    options: ImportOptions = field(default_factory=ImportOptions)
    updated: int = 0


Case = Callable[[Path], Expected]


def person(serial: int, born: dt.date = BORN) -> str:
    """Give the number of a made-up person; odd serials are men."""
    return number(serial, born, "532399")


def wide(text: str) -> str:
    """Give text in full-width characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def fifteen(serial: int) -> str:
    return "532399" + "650203" + f"{serial:03d}"


def printed_form(path: Path) -> Expected:
    """A village's printed form: titles, two-row heading, hidden row, page totals, signatures."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "花名册"
    page.append(["2026年度城乡居民基本医疗保险参保登记花名册"])
    page.append(["村（社区）：大龙箐村委会", *[None] * 6, "单位：人、元", None, "2025年11月3日"])
    page.append(
        ["序号", "户主信息", None, "参保人员信息", *[None] * 4, "村民小组", "联系电话", "备注"]
    )
    page.append(
        [None, "姓名", "身份证号码", "姓名", "与户主关系", "公民身份号码", "性别", "出生年月"]
    )
    for at in ("A1:K1", "B3:C3", "D3:H3", "A3:A4", "I3:I4", "J3:J4", "K3:K4"):
        page.merge_cells(at)
    head = person(1)
    rows: list[list[Any]] = [
        [1, "杨发贵", head, "杨发贵", "户主", head, "男", "1980.5", "一组", "13912340001"],  # 5
        [2, None, None, "李 凤 仙", "配偶", f" {person(2)} ", "女", "1980年5月6日", "一组", "无"],
        [3, None, None, "杨　小明", "子", person(3).lower(), "男", "2980", "一组", ""],  # 7
        [],
        ["本页小计", None, None, "3人", None, None, None, None, None, None],
        ["第1页 共2页"],
        [
            "序号",
            "户主姓名",
            "身份证号码",
            "姓名",
            "与户主关系",
            "公民身份号码",
        ],  # 11 as on each page
        [4, "段和", person(5), "段和", "户主", person(5), "女", "19800506", "二组", "1391234000"],
        [5, None, None, "段英", "女", "5.32399E+17", "女", "", "二组", ""],  # 13 ruined
        [6, None, None, "段林", "子", person(7)[:-1] + "8", "", "", "二组", ""],  # 14 check
        [7, None, None, "", "子", person(9), "", "", "二组", ""],  # 15 no name
        [8, None, None, "段美", "女", "", "", "", "二组", ""],  # 16 no number
        [9, None, None, "杨发贵", "户主", head, "男", "", "三组", ""],  # 17 twice
        ["合计", None, None, "9人", None, None, None, None, None, None],
        ["制表人：赵有才", None, None, "审核人：", None, None, "村委会（盖章）"],
        ["注：身份证号码请核对户口簿后填写，不得涂改。"],
    ]
    for row in rows:
        page.append(row)
    page.row_dimensions[6].hidden = True
    page.column_dimensions["C"].hidden = True
    page.merge_cells("A20:K20")
    book.save(path)
    wrong = {13: "precision-lost", 14: "checksum", 16: "missing", 17: "duplicate-in-file"}
    return Expected(
        4,
        {("花名册", row): ("公民身份号码", why) for row, why in wrong.items()}
        | {("花名册", 15): ("姓名", "missing")},
        {"from-title", "typed-differs", "phone-doubtful"},
    )


def old_workbook(path: Path) -> Expected:
    """An .xls of the nineties: numerals, apostrophes, full-width digits, codes for villages."""
    book = xlwt.Workbook(encoding="gbk")
    page = book.add_sheet("Sheet1")
    page.write_merge(0, 0, 0, 7, "花名册")
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    heads = ["户编号", "姓 名", "身份证号", "性别", "出生日期", "行政区划代码", "组别", "手机号码"]
    rows: list[list[Any]] = [
        heads,
        [1, "赵一", "'" + person(1), "男", (29347, day), 532399300101.0, 1, 13900000001.0],  # 3
        [1, "赵二", wide(person(2)), "女", (dt.date(1980, 5, 6), day), "532399300101", 1.0, ""],
        [2, "赵三", float(person(3)[:15] + "000"), "男", "", 532399300101.0, 1, ""],  # 5 numeral
        [
            2,
            "赵四",
            int(fifteen(24)),
            "",
            "1965-02-03",
            532399300102.0,
            "1",
            "",
        ],  # 6 all digits there
        [3, "赵五", fifteen(25), "", 19650203.0, "532399300102", "", "0878-5551234"],
        [3, "赵六", person(6).replace("1980", "1980 "), "", "", "532399300102", "", ""],
        [4, "赵七", person(7)[:17], "", "", "532399300102", "", ""],  # 9 length
        [
            4,
            "赵八",
            person(8, dt.date(1980, 5, 6))[:10] + "1332" + "0010",
            "",
            "",
            "532399300103",
            "",
            "",
        ],
        [5, "赵九", person(9), "", "", "532399999999", "", ""],  # 11 village
        ["合计", "9人", "", "", "", "", "", ""],
    ]
    for at, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            page.write(at, place, *(cell if isinstance(cell, tuple) else (cell,)))
    book.save(str(path))
    return Expected(
        5,
        {
            ("Sheet1", 5): ("身份证号", "precision-lost"),
            ("Sheet1", 9): ("身份证号", "length"),
            ("Sheet1", 10): ("身份证号", "birth-date"),
            ("Sheet1", 11): ("行政区划代码", "unknown-village"),
        },
        {"converted-15"},
    )


def sheet_for_each_village(path: Path) -> Expected:
    """One sheet a village, named so, without a column for it; a plan and a hidden copy beside."""
    book = openpyxl.Workbook()
    plan = book.active
    assert isinstance(plan, Worksheet)
    plan.title = "工作安排"
    for line in (
        ["日期", "工作内容", "负责人"],
        ["11月3日", "入户登记", "赵有才"],
        ["11月9日", "收款", ""],
    ):
        plan.append(line)
    for serial, name in enumerate(("大龙箐村", "石岩", "桥头社区", "不在册村"), 1):
        page = book.create_sheet(name)
        page.append([f"{name}参保人员名单"])
        page.append(["序号", "姓名", "身份证号码", "与户主关系", "户号", "组"])
        for n in range(3):
            who = serial * 10 + n
            page.append(
                [n + 1, f"钱{'一二三四五六七八九十'[who % 10]}", person(who), "户主", f"H{who}", 1]
            )
        page.append(["合计", "3人"])
    return _saved(
        book,
        path,
        Expected(
            9,
            {("不在册村", row): ("", "unknown-village") for row in (3, 4, 5)},
            {"sheet-skipped", "from-title"},
        ),
    )


def mac_dates(path: Path) -> Expected:
    """Births of the newborn in every form, in a workbook that counts its days from 1904."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "新生儿"
    page.append(["姓名", "证件类型", "证件号码", "性别", "出生日期", "村(社区)"])
    days: list[Any] = [
        dt.date(2025, 1, 6), WITH_A_CLOCK, "2025.1.6", "2025年1月6日", "20250106",
        20250106, "2025-01-06", "2025/1/6", "２０２５．１．６", "2025年01月", "6/1/2025", "25.1.6",
        "2025.13.6", "", "2026-05-01",
    ]  # fmt: skip
    for serial, day in enumerate(days):
        page.append(
            [f"孙{serial}", "出生医学证明", f"Q{530000000 + serial}", "女", day, "石岩村委会"]
        )
    return _saved(
        book,
        path,
        Expected(
            10,
            {("新生儿", row): ("出生日期", "birth-date") for row in (12, 13, 14, 16)}
            | {("新生儿", 15): ("出生日期", "missing")},
            {"month-only"},
        ),
    )


def exported(path: Path) -> Expected:
    """What a data frame writes: an index without a heading, dates as dates, gaps, no titles."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    page = book.add_worksheet("Sheet1")
    heads = [
        "",
        "家庭编号",
        "户主姓名",
        "家庭关系",
        "姓名",
        "证件类型",
        "证件号码",
        "出生日期",
        "村居",
        "手机",
    ]
    page.write_row(0, 0, heads)
    for serial in range(6):
        page.write_number(serial + 1, 0, serial)
        page.write_row(
            serial + 1, 1, [f"J{serial // 3}", "周一", ["本人", "妻", "长子"][serial % 3]]
        )
        page.write_row(serial + 1, 4, [f"周{'甲乙丙丁戊己'[serial]}", "01"])
        page.write_string(serial + 1, 6, person(serial + 40))
        page.write_datetime(serial + 1, 7, dt.datetime(1980, 5, 6))  # noqa: DTZ001 - a cell's day
        page.write_string(serial + 1, 8, ["大龙箐村委会", "石岩村"][serial % 2])
        page.write_number(serial + 1, 9, 13900000000 + serial)
    page.write_number(7, 0, 6)  # a row of the index alone
    book.close()
    return Expected(6)


def text_of_a_system(path: Path) -> Expected:
    """A county system's text file: GB18030, tabs, formulas around numbers, rare characters."""
    rows = [
        ["姓名", "身份证件号码", "身份证件类型", "户籍所在地", "所属村", "民族"],
        ["尹𬱖", f'="{person(50)}"', "居民身份证", "本镇", "桥头社区", "彝族"],
        ["阿卜杜拉·买买提", f"\t{person(51)}", "居民身份证", "外省", "桥头社区", "维吾尔族"],
        ["ANNA MARIA", "932682198501010017", "外国人永久居留证", "", "桥头社区", ""],
        ["陈大文", "H12345678", "港澳居民来往内地通行证", "", "桥头社区", ""],
        ["林小玉", "830000199201300022", "居住证", "", "桥头社区", ""],
        ["无证件", "暂无", "居民身份证", "", "桥头社区", ""],  # 7
        ["王短", "12345678", "居民身份证", "", "桥头社区", ""],  # 8
    ]
    as_csv(path, rows, "gb18030", "\t")
    sheet = path.stem
    return Expected(
        5,
        {
            (sheet, 7): ("身份证件号码", "missing"),
            (sheet, 8): ("身份证件号码", "length"),
        },
    )


def households_merged(path: Path) -> Expected:
    """Merged cells everywhere: household, head, village and group down, remarks across."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "表1"
    page.append(["村委会", "小组", "户号", "户主", "成员", None, None, "说明"])
    page.append([None, None, None, None, "姓名", "关系", "身份证号", None])
    for at in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1", "H1:H2"):
        page.merge_cells(at)
    for serial in range(6):
        first = serial % 3 == 0
        page.append(
            ["大龙箐" if serial == 0 else None, "三组" if serial == 0 else None,
             f"0{serial // 3}" if first else None, "吴大" if first else None,
             f"吴{'一二三四五六'[serial]}", "户主" if first else "子", person(60 + serial)]
        )  # fmt: skip
    for at in ("A3:A8", "B3:B8", "C3:C5", "C6:C8", "D3:D5", "D6:D8"):
        page.merge_cells(at)
    page.append(["以上共2户6人，经村委会核对无误。"])
    page.merge_cells("A9:H9")
    return _saved(book, path, Expected(6))


def villages_and_targets(path: Path) -> Expected:
    """The county's list of targets, with sums as formulas and a note below."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "任务分解"
    page.append(["2026年城乡居民医保参保任务分解表"])
    page.append(["填报单位：龙街镇人民政府", None, None, None, None, "单位：个、人"])
    page.append(["序号", "村（社区）", "行政区划代码", "村民小组数", "基数（户籍人口）", "任务数"])
    for n, (code, name) in enumerate((*VILLAGES.items(), ("532399300104", "新村社区")), 1):
        page.append([n, name, int(code), 8, f"{1000 + n}人", "1,200" if n == 2 else 900 + n])
    page.append([5, "坏村", "5323993001", "八", 900, 800])
    page.append(["合计", None, None, 32, 4910, 4708])
    page.append(["说明：基数为2024年末户籍人口。"])
    page.merge_cells("A1:F1")
    return _saved(
        book,
        path,
        Expected(
            1, {("任务分解", 8): ("村民小组数", "amount")}, kind=ImportKind.VILLAGES, updated=3
        ),
    )


CASES: Final[dict[str, tuple[Case, str]]] = {
    "printed form": (printed_form, "xlsx"),
    "old workbook": (old_workbook, "xls"),
    "a sheet for each village": (sheet_for_each_village, "xlsx"),
    "days from 1904": (mac_dates, "xlsx"),
    "data frame": (exported, "xlsx"),
    "text of a system": (text_of_a_system, "txt"),
    "merged households": (households_merged, "xlsx"),
    "villages and targets": (villages_and_targets, "xlsx"),
}


def _saved(book: openpyxl.Workbook, path: Path, expected: Expected) -> Expected:
    book.save(path)
    return expected
