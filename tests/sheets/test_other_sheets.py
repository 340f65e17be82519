"""Villages, identity lists, ledgers, the bureau's lists and call lists."""

import openpyxl
import pytest

from tests.sheets.making import TODAY, as_csv, as_xls, as_xlsx, as_xlsx_other, number
from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.sheets.reader import (
    read_calls,
    read_identities,
    read_ledger,
    read_roster,
    read_tax_list,
    read_villages,
    sniff_kind,
)
from townshipdesk.sheets.result import SheetKind

VILLAGES = [
    ["龙街镇2025年度任务分解表"],
    ["序号", "村(社区)", "行政区划代码", "村民小组数", "基数(户籍人口)", "任务数", "合计"],
    [1, "大龙箐村委会", "532326104201", 8, 1432, 1318, ""],
    [2, "塔底社区", 532326104002, 6, "2,051人", "1887", ""],
    ["合计", "", "", 14, 3483, 3205, ""],
    ["制表：李春", "", "审核："],
]

IDENTITY_HEADINGS = [
    *("序号", "姓名", "身份证号码", "家庭住址", "联系电话", "救助身份", "纳入时间", "取消时间"),
    *("残疾类别", "残疾等级"),
]

LEDGER_HEADINGS = [
    *("户号", "户主", "姓名", "与户主关系", "证件号码", "身份类别", "应缴", "资助金额", "资助来源"),
    *("自缴金额", "缴费方式", "收据号", "缴费日期", "经手人", "签字"),
]

TAX_HEADINGS = [
    *("序号", "姓名", "证件号码", "年度", "缴费金额", "缴费渠道", "缴费日期"),
    *("电子税票号(流水号)", "行政区划"),
]


def identity(serial: int, word: str = "", *rest: object) -> list[object]:
    return [serial, f"杨{serial}", number(serial), "一组", "", word, *rest]


def ledger(serial: int, owed="400", subsidy="", source="", own="400", **rest) -> list[object]:
    return [
        f"H{serial}", "杨甲", f"杨{serial}", "户主", rest.get("id", number(serial)),
        rest.get("word", ""), owed, subsidy, source, own, rest.get("channel", "现金"),
        f"{serial:08d}", rest.get("day", "2025-01-08"), "李春", "",
    ]  # fmt: skip


def tax(serial: int, amount: object = 400, **rest) -> list[object]:
    return [
        serial, f"杨{serial}", rest.get("id", number(serial)), rest.get("year", 2025), amount,
        rest.get("channel", "微信"), rest.get("day", "2025-03-01 09:30:15"), f"T{serial}", "龙街",
    ]  # fmt: skip


def why(result) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.reason) for r in result.rejections]


@pytest.mark.parametrize("write", [as_xlsx, as_xls, as_csv, as_xlsx_other])
def test_villages_come_with_codes_base_and_target(write, tmp_path):
    """Codes stay text, counts are numbers, the printed total agrees and is no village."""
    result = read_villages(write(tmp_path / "v.bin", VILLAGES), today=TODAY)
    assert [tuple(row)[2:] for row in result.rows] == [
        ("大龙箐村委会", "532326104201", 8, 1432, 1318),
        ("塔底社区", "532326104002", 6, 2051, 1887),
    ]
    assert result.rejections == []
    assert result.warnings == []
    assert dict(result.totals[0].values) == {"groups": 14, "base": 3483, "target": 3205}


def test_a_division_code_that_lost_digits_is_refused(tmp_path):
    """A code that was stored as a number, or that has a digit too few or too many, is no code."""
    codes = ["5.32326E+11", "53232610420", "5323261042012", "B-07"]
    rows = [*VILLAGES[:2], *([n, f"村{n}", code, 1, 1, 1] for n, code in enumerate(codes))]
    result = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY)
    assert [(row, reason) for row, _column, reason in why(result)] == [
        (3, "precision-lost"),
        (4, "length"),
        (5, "length"),
    ]
    assert [row.code for row in result.rows] == ["B-07"]


def test_a_list_of_the_bureau_names_the_insured_before_the_payer(tmp_path):
    """Somebody else may have paid: the payment is for the person insured, wherever they stand."""
    rows = [
        ["缴费人姓名", "缴费人证件号码", "参保人姓名", "参保人证件号码", "缴费金额"],
        ["李父", number(1), "李子", number(2), 400],
    ]
    result = read_tax_list(as_xlsx(tmp_path / "t.xlsx", rows), today=TODAY)
    assert [(row.name, row.number) for row in result.rows] == [("李子", number(2))]


def test_a_printed_total_that_does_not_agree_is_told(tmp_path):
    """A wrong total, and a village twice or without its numbers, do not pass unseen."""
    rows = [
        *VILLAGES[:4],
        [3, "大龙箐村委会", "532326104203", 1, 1, 1],
        [4, "新村", "", 1, 1, 1],
        [5, "老村", "532326104204", 1, "约100", 1],
        ["合计", "", "", 17, 3484, 3300],
    ]
    result = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY)
    assert why(result) == [
        (5, "村(社区)", "duplicate-in-file"),
        (6, "行政区划代码", "missing"),
        (7, "基数(户籍人口)", "amount"),
    ]
    told = [(w.code, w.values["column"], w.values["counted"]) for w in result.warnings]
    assert told == [
        ("total-differs", "基数(户籍人口)", "3485"),
        ("total-differs", "任务数", "3208"),
    ]


def test_identity_words_become_codes(tmp_path):
    """Every way of saying an identity gives the same code, with kind and grade of a disability."""
    rows = [
        ["资助参保人员清册"],
        IDENTITY_HEADINGS,
        identity(1, "农村低保", "2024.3.1", "", "", ""),
        identity(2, "特困人员", "2024年6月", "2025-06-30", "", ""),
        identity(3, "一级残疾", 45292, "", "肢体", ""),
        identity(4, "残疾人", "", "", "4", "2"),
        identity(5, "低保、重度残疾", "", "", "智力残疾", "二级"),
        identity(6, "边缘易致贫户", "20240601", "", "", ""),
        identity(7, "脱贫户（未纳入监测）", "", "", "", ""),
        identity(8, "unsupported-child", "", "", "", ""),
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert why(result) == []
    told = [
        (row.identities, row.since, row.until, row.disability_kind, row.disability_grade)
        for row in result.rows
    ]
    assert told == [
        (("subsistence-allowance",), "2024-03-01", "", "", None),
        (("extreme-hardship",), "2024-06-01", "2025-06-30", "", None),
        (("disability",), "2024-01-01", "", "physical", 1),
        (("disability",), "", "", "physical", 2),
        (("subsistence-allowance", "disability"), "", "", "intellectual", 2),
        (("marginal",), "2024-06-01", "", "", None),
        (("out-of-poverty",), "", "", "", None),
        (("unsupported-child",), "", "", "", None),
    ]


def test_what_an_identity_list_leaves_open_is_refused(tmp_path):
    """Unknown and ambiguous words, missing grades, contradictions and unread dates are refused."""
    rows = [
        IDENTITY_HEADINGS,
        identity(1, "监测对象"),
        identity(2, "某某户"),
        identity(3, ""),
        identity(4, "重度残疾人"),
        identity(5, "一级残疾", "", "", "肢体", "三级"),
        identity(6, "低保", "去年", ""),
        identity(7, "低保", "2025-01-01", "2024-01-01"),
        identity(8, "残疾人", "", "", "心脏", "1"),
        identity(9, "低保"),
        identity(9, "低保"),
        identity(9, "残疾人", "", "", "", "1"),
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert why(result) == [
        (2, "救助身份", "unknown-identity"),
        (3, "救助身份", "unknown-identity"),
        (4, "救助身份", "missing"),
        (5, "残疾等级", "missing"),
        (6, "残疾等级", "conflict"),
        (7, "纳入时间", "missing"),
        (8, "取消时间", "conflict"),
        (9, "残疾类别", "unknown-identity"),
        (11, "身份证号码", "duplicate-in-file"),
    ]
    assert len(result.rows) == 2


def test_a_title_names_the_identity_of_a_list_without_such_a_column(tmp_path):
    """A list of people in extreme hardship needs no column that repeats it."""
    rows = [["2025年特困供养人员资助参保清册"], ["姓名", "身份证号"], ["杨甲", number(1)]]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert result.rows[0].identities == ("extreme-hardship",)
    assert [w.code for w in result.warnings] == ["from-title"]


def test_a_list_of_disability_certificates_gives_person_kind_and_grade(tmp_path):
    """The certificate's number alone tells the person, the kind and the grade."""
    rows = [["姓名", "残疾证号"], ["杨甲", number(1) + "42"], ["杨乙", number(2) + "91"]]
    result = read_identities(as_xlsx(tmp_path / "残疾人名单.xlsx", rows, "残疾人"), today=TODAY)
    row = result.rows[0]
    assert (row.number, row.disability_kind, row.disability_grade) == (number(1), "physical", 2)
    assert why(result) == [(3, "残疾证号", "checksum")]


def test_a_ledger_gives_money_in_fen_and_codes(tmp_path):
    """Amounts in every form, channels and sources as codes, the printed total compared."""
    rows = [
        ["大龙箐村委会2025年度城乡居民医保筹资台账"],
        LEDGER_HEADINGS,
        ledger(1),
        ledger(2, 400, 180, "医疗救助", 220.0, word="脱贫不稳定户", channel="微信支付"),
        ledger(3, "￥400.00", "400元", "医疗救助", "0", word="特困人员"),
        ledger(4, "400", "", "", "400", channel="某某", day="2025/1/9 10:30"),
        ["合计", "", "", "", "", "", 1600, 580, "", 1020],
        ["经手人：李春", "", "", "村主任：王强"],
    ]
    result = read_ledger(as_xlsx(tmp_path / "l.xlsx", rows), today=TODAY)
    assert why(result) == []
    assert result.warnings == []
    assert [(r.owed_fen, r.subsidy_fen, r.own_fen) for r in result.rows] == [
        (40000, None, 40000),
        (40000, 18000, 22000),
        (40000, 40000, 0),
        (40000, None, 40000),
    ]
    second, last = result.rows[1], result.rows[3]
    assert (second.channel, second.source) == ("mobile", "medical-assistance")
    assert second.identities == ("unstable-out-of-poverty",)
    assert (last.channel, last.channel_text) == ("", "某某")
    assert (last.paid_on, last.paid_time) == ("2025-01-09", "10:30:00")
    assert dict(result.totals[0].values) == {"owed": 160000, "subsidy": 58000, "own": 102000}


def test_ledger_rows_whose_money_does_not_agree_are_refused(tmp_path):
    """Sums that differ, words for amounts, fractions of a fen and empty amounts are refused."""
    rows = [
        LEDGER_HEADINGS,
        ledger(1, 400, 180, "", 400),
        ledger(2, 400, "", "", "四百"),
        ledger(3, 400, "", "", 133.333),
        ledger(4, 400, "", "", ""),
        ledger(5, 400, "", "", -400),
        ledger(6),
        ledger(7, id=number(6)),
        ["合计", "", "", "", "", "", 2800, 180, "", 1000],
    ]
    result = read_ledger(as_xlsx(tmp_path / "l.xlsx", rows), today=TODAY)
    assert why(result) == [
        (2, "自缴金额", "amount"),
        (3, "自缴金额", "amount"),
        (4, "自缴金额", "amount"),
        (5, "自缴金额", "missing"),
        (6, "自缴金额", "amount"),
        (8, "证件号码", "duplicate-in-file"),
    ]
    assert result.warnings[0].values["printed"] == "1000.00"
    assert "400.00" in result.rejections[0].text


def test_lines_carried_over_and_parts_of_a_total_are_no_data(tmp_path):
    """承前页 and 过次页 are totals so far; 其中, the sum in capitals and 以下空白 are nobody."""
    rows = [
        LEDGER_HEADINGS,
        ledger(1),
        ["过次页", "", "", "", "", "", 400, "", "", 400],
        ["", "", "承前页", "", "", "", 400, "", "", 400],
        ledger(2),
        ["", "", "以下空白"],
        ["", "", "本月合计", "", "", "", 800, "", "", 800],
        ["", "", "其中：现金", "", "", "", "", "", "", 800],
        ["", "", "大写：捌佰元整"],
        ["", "", "（本页以下空白）"],
        ["H3", "杨甲", "杨三", "户主", "", "", 400, "", "", 400],
    ]
    result = read_ledger(as_xlsx(tmp_path / "l.xlsx", rows), today=TODAY)
    assert [row.row for row in result.rows] == [2, 5]
    assert why(result) == [(11, "证件号码", "missing")]
    assert [total.label for total in result.totals] == ["过次页", "承前页", "本月合计"]
    assert result.warnings == []


def test_the_funding_standard_is_not_what_a_person_owes(tmp_path):
    """筹资标准 is the state's part and the person's together: 1070 = 670 + 400."""
    rows = [
        ["姓名", "身份证号", "筹资标准", "财政补助", "个人缴费", "缴费日期"],
        ["杨甲", number(1), 1070, 670, 400, "2025-03-09"],
    ]
    result = read_ledger(as_xlsx(tmp_path / "l.xlsx", rows), today=TODAY)
    assert result.rejections == []
    assert [(r.owed_fen, r.subsidy_fen, r.own_fen) for r in result.rows] == [(None, None, 40000)]


def test_a_month_is_no_day_of_payment_and_a_void_receipt_pays_nothing(tmp_path):
    """The first of a month is never made up for a payment, and a voided receipt enrols nobody."""
    rows = [LEDGER_HEADINGS, ledger(1, day="2025年2月"), ledger(2), ledger(3), ledger(3)]
    rows[3][11] = "00000003（作废）"
    result = read_ledger(as_xlsx(tmp_path / "l.xlsx", rows), today=TODAY)
    assert why(result) == [(2, "缴费日期", "missing"), (4, "收据号", "conflict")]
    assert [row.row for row in result.rows] == [3, 5]


def test_a_tax_list_keeps_rows_whose_number_fits_no_document(tmp_path):
    """The bureau has the money all the same: only a number that is not there in full is refused."""
    wrong = number(1)[:17] + ("0" if number(1)[17] != "0" else "1")
    rows = [
        TAX_HEADINGS,
        tax(1, id=wrong),
        tax(2, id=number(2)[:17]),
        tax(3, id=number(3)[:6] + "********" + number(3)[14:]),
        tax(4, id="5.30112E+17"),
        tax(5, id=""),
    ]
    result = read_tax_list(as_xlsx(tmp_path / "t.xlsx", rows), today=TODAY)
    assert [(r.number, r.kind, r.name) for r in result.rows] == [
        (wrong, "", "杨1"),
        (number(2)[:17], "", "杨2"),
    ]
    assert [reason for _row, _column, reason in why(result)] == [
        "checksum",
        "precision-lost",
        "missing",
    ]


def test_a_tax_list_keeps_the_same_person_twice(tmp_path):
    """Twice in the bureau's list is a finding of the comparison, so both rows are read."""
    rows = [
        ["龙街镇2025年度实征清册"],
        TAX_HEADINGS,
        tax(1),
        tax(1),
        tax(2, "400.00", year="2025年度", channel="银行代扣", day="20250301"),
        tax(3, year="2024年", channel="办税服务厅", day=45717.5),
        tax(4, 0),
        tax(5, year="明年"),
        tax(6, id="1"),
        ["合计", "", "", "", 2400],
    ]
    result = read_tax_list(as_xlsx(tmp_path / "t.xlsx", rows), today=TODAY)
    told = [(r.year, r.amount_fen, r.channel, r.paid_on, r.paid_time) for r in result.rows]
    assert told == [
        (2025, 40000, "mobile", "2025-03-01", "09:30:15"),
        (2025, 40000, "mobile", "2025-03-01", "09:30:15"),
        (2025, 40000, "bank", "2025-03-01", ""),
        (2024, 40000, "tax-hall", "2025-03-01", "12:00:00"),
        (2025, 0, "mobile", "2025-03-01", "09:30:15"),
    ]
    assert result.rows[0].voucher == "T1"
    assert why(result) == [
        (8, "年度", "missing"),
        (9, "证件号码", "length"),
    ]


def test_a_call_list_comes_back_with_reasons_as_codes(tmp_path):
    """Masked numbers stay masked, reasons become codes, unknown words are kept."""
    headings = [
        *(
            "村",
            "组",
            "户主",
            "姓名",
            "证件号码(掩码)",
            "电话",
            "上年是否参保",
            "未参保原因",
            "回访结果",
        ),
    ]
    rows = [
        headings,
        ["塔底社区", "一组", "甲", "杨甲", mask_number(number(1)), "", "是", "外地参保", "已核实"],
        ["塔底社区", "一组", "甲", "杨乙", number(2), "", "否", "天气", ""],
    ]
    result = read_calls(as_xlsx(tmp_path / "c.xlsx", rows), today=TODAY)
    assert [(r.masked, r.reason, r.reason_text) for r in result.rows] == [
        (mask_number(number(1)), "elsewhere", "外地参保"),
        (mask_number(number(2)), "", "天气"),
    ]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (VILLAGES, SheetKind.VILLAGES),
        ([IDENTITY_HEADINGS, identity(1, "低保")], SheetKind.IDENTITIES),
        ([LEDGER_HEADINGS, ledger(1)], SheetKind.CONTRIBUTIONS),
        ([TAX_HEADINGS, tax(1)], SheetKind.TAX_LIST),
        ([["户号", "姓名", "身份证号", "与户主关系"], ["1", "甲", number(1), "户主"]],
         SheetKind.RESIDENTS),
        ([["村", "姓名", "证件号码", "未参保原因"], ["1", "甲", number(1), ""]], SheetKind.CALLS),
        ([["你好"], ["世界"]], None),
    ],
)  # fmt: skip
def test_the_kind_of_a_sheet_is_told_by_its_headings(rows, kind, tmp_path):
    """A dropped file says itself what it is."""
    assert sniff_kind(as_xlsx(tmp_path / "a.xlsx", rows)) == kind


def test_a_sheet_of_another_kind_is_refused_with_what_is_needed(tmp_path):
    """A list of villages is no roster; the message names the columns a roster needs."""
    path = as_xlsx(tmp_path / "v.xlsx", VILLAGES)
    with pytest.raises(BadFileError) as caught:
        read_roster(path, today=TODAY)
    assert "姓名" in str(caught.value)
    assert "证件号码" in str(caught.value)


def merged(path, rows, *ranges):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in ranges:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def test_an_identity_merged_over_a_household_is_that_of_each_of_them(tmp_path):
    """Civil affairs print the household's identity and day once, merged beside its people."""
    rows = [
        ["户主姓名", "家庭成员姓名", "身份证号", "保障类别", "享受低保时间"],
        ["杨一", "杨一", number(1), "农村低保A类", "2024-01-01"],
        [None, "杨二", number(2), None, None],
    ]
    path = merged(tmp_path / "i.xlsx", rows, "A2:A3", "D2:D3", "E2:E3")
    result = read_identities(path, today=TODAY)
    assert [(row.identities, row.since) for row in result.rows] == [
        (("subsistence-allowance",), "2024-01-01")
    ] * 2


def test_a_sum_merged_over_a_household_is_nobodys_own(tmp_path):
    """Receipt, day and channel hold for the household; its money is not handed to each member."""
    rows = [
        ["姓名", "证件号码", "自缴金额", "缴费方式", "收据号", "缴费日期"],
        ["杨一", number(1), 400, "现金", "0001", "2025-01-08"],
        ["杨二", number(2), 400, None, None, None],
        ["杨三", number(3), 800, "现金", "0002", "2025-01-08"],
        ["杨四", number(4), None, None, None, None],
    ]
    ranges = [f"{c}{r}:{c}{r + 1}" for c in "DEF" for r in (2, 4)]
    result = read_ledger(merged(tmp_path / "l.xlsx", rows, *ranges, "C4:C5"), today=TODAY)
    told = [(row.row, row.channel, row.receipt, row.paid_on) for row in result.rows]
    assert told[:2] == [(2, "cash", "0001", "2025-01-08"), (3, "cash", "0001", "2025-01-08")]
    assert why(result) == [(5, "自缴金额", "missing")]


@pytest.mark.parametrize("title", ["低保退出人员名单", "2024年核减低保对象花名册"])
def test_a_list_of_those_who_left_gives_nobody_an_identity(title, tmp_path):
    """Without the day they left, the rows are refused; with it, they say when it ended."""
    rows = [
        [title],
        ["姓名", "身份证号", "救助身份", "取消时间"],
        ["杨一", number(1), "低保", ""],
        ["杨二", number(2), "低保", "2024.12.31"],
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert why(result) == [(3, "取消时间", "missing")]
    assert [row.until for row in result.rows] == ["2024-12-31"]


def test_who_left_may_stand_among_those_who_joined(tmp_path):
    """Lists of changes say of each row whether it joins or leaves."""
    words = ["新增", "退出", "未退出", "死亡", "减少"]
    rows = [
        ["低保对象增减变动表"],
        ["说明：取消低保的写明取消时间"],
        ["姓名", "身份证号", "救助身份", "变动类型"],
        *([f"杨{n}", number(n), "低保", word] for n, word in enumerate(words)),
    ]
    result = read_identities(as_xlsx(tmp_path / "i.xlsx", rows), today=TODAY)
    assert [row.name for row in result.rows] == ["杨0", "杨2"]
    assert [row for row, _column, _reason in why(result)] == [5, 7, 8]
    rows[2][3] = "是否退出"
    for row, word in zip(rows[3:], ["否", "是", "否", "是", "是"], strict=True):
        row[3] = word
    again = read_identities(as_xlsx(tmp_path / "j.xlsx", rows), today=TODAY)
    assert [row.name for row in again.rows] == ["杨0", "杨2"]


def test_words_under_merged_groups_alone_are_the_heading_s_second_row(tmp_path):
    """The upper row tells enough by itself, but the lower one is no village that has no name."""
    rows = [
        ["2025年度任务分解表"],
        ["单位：人"],
        ["序号", "村（社区）", "行政区划代码", "基数", "", "任务数", ""],
        ["", "", "", "户籍人口", "常住人口", "参保任务", "占比"],
        [1, "石村", "532326105001", "1,302", 1290, 1136, "87%"],
    ]
    path = as_xlsx(tmp_path / "v.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for merged in ("A1:G1", "D3:E3", "F3:G3"):
        book.active.merge_cells(merged)
    book.save(path)
    result = read_villages(path, today=TODAY)
    assert [(row.row, row.base, row.target) for row in result.rows] == [(5, 1302, 1136)]
    assert result.rejections == []


def test_the_town_s_own_row_is_the_sum_of_its_villages(tmp_path):
    """Its division code ends in 000; a village whose code does is a village."""
    rows = [
        ["单位", "行政区划代码", "户籍人口", "任务数"],
        ["某某镇", "532326105000", 300, 270],
        ["石村", "532326105001", 100, 90],
        ["木村", "532326106000", 200, 181],
    ]
    result = read_villages(as_xlsx(tmp_path / "v.xlsx", rows), today=TODAY)
    assert [row.name for row in result.rows] == ["石村", "木村"]
    assert [w.values for w in result.warnings] == [
        {"column": "任务数", "printed": "270", "counted": "271"}
    ]


def test_a_group_keeps_what_it_tells_where_its_columns_tell_nothing(tmp_path):
    """姓名 over 中文 and 外文; cells merged only to look wide have no second heading row below."""
    rows = [
        ["姓名", "", "身份证号", "村"],
        ["中文", "外文", "", ""],
        ["杨一", "", number(1), "石村"],
    ]
    path = as_xlsx(tmp_path / "r.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:B1")
    book.save(path)
    assert [row.name for row in read_roster(path, today=TODAY).rows] == ["杨一"]
    wide = [["姓名", "", "身份证号", "", "村", ""], ["杨一", "", "", "", "石村", ""]]
    path = as_xlsx(tmp_path / "w.xlsx", [*wide, ["杨二", "", number(2), "", "石村", ""]])
    book = openpyxl.load_workbook(path)
    for row in (1, 2, 3):
        for merged in ("A{0}:B{0}", "C{0}:D{0}", "E{0}:F{0}"):
            book.active.merge_cells(merged.format(row))
    book.save(path)
    result = read_roster(path, today=TODAY)
    assert [row.name for row in result.rows] == ["杨二"]
    assert why(result) == [(2, "身份证号", "missing")]
