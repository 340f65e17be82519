"""Single cells and words: what is read, and what is not guessed."""

import math
import pickle
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.i18n import in_language
from townshipdesk.policy import codes as policy_codes
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Day, count_of, day_of, fen_of, text_of
from townshipdesk.sheets.headings import KINDS, heading_keys
from townshipdesk.sheets.process import _PlainUnpickler
from townshipdesk.sheets.recognise import _Matcher
from townshipdesk.sheets.result import SheetKind
from townshipdesk.sheets.vocabulary import vocabulary

cells = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1990.1.1", Day("1990-01-01")),
        ("1990、1、5", Day("1990-01-05")),
        ("2025年3月10日星期一", Day("2025-03-10")),
        ("2025年3月9日 星期天 08:30", Day("2025-03-09", time="08:30:00")),
        ("2025年3月10日星期二", None),
        ("1990，1，5", Day("1990-01-05")),
        ("1990.01.05.", Day("1990-01-05")),
        ("一九九〇年一月五日", Day("1990-01-05")),
        ("一九九○年十二月三十一日", Day("1990-12-31")),
        ("二零二四年十月", Day("2024-10-01", exact=False)),
        ("二〇二四年三五月", None),
        ("二〇二四年二月三十日", None),
        ("1990年1月", Day("1990-01-01", exact=False)),
        ("1990-10", Day("1990-10-01", exact=False)),
        ("19900101", Day("1990-01-01")),
        (19900101.0, Day("1990-01-01")),
        (32874.0, Day("1990-01-01")),
        ("2025/3/4", Day("2025-03-04")),
        ("2025-03-04 09:05", Day("2025-03-04", time="09:05:00")),
        ("20250304090500", Day("2025-03-04", time="09:05:00")),
        ("2025-03-04T09:05:00+08:00", Day("2025-03-04", time="09:05:00")),
        ("2025-03-04T09:05:00.000+0800", Day("2025-03-04", time="09:05:00")),
        ("2025-03-04T09:05:00Z", None),
        ("2025-03-04T09:05:00+00:00", None),
        ("2025年3月4日 9时05分07秒", Day("2025-03-04", time="09:05:07")),
        ("2025年03月04日09时05分", Day("2025-03-04", time="09:05:00")),
        ("2025/3/4 上午 9:05", Day("2025-03-04", time="09:05:00")),
        ("2025/3/4 下午 2:05:09", Day("2025-03-04", time="14:05:09")),
        ("2025/3/4 下午12:05", Day("2025-03-04", time="12:05:00")),
        ("2025/3/4 25:05", None),
        (45720.5, Day("2025-03-04", time="12:00:00")),
        (datetime.combine(date(2025, 3, 4), time(9, 5)), Day("2025-03-04", time="09:05:00")),
        ("1990年13月", None),
        ("1990.2.30", None),
        ("90.1.1", None),
        ("03/04/2025", None),
        (1990.1, None),
        (1990.0, None),
        ("1990", None),
        ("去年", None),
        ("", None),
        (math.inf, None),
        (math.nan, None),
        (True, None),
        (time(1, 2), None),
    ],
)
def test_days_are_read_or_not_guessed(cell, day):
    """Every form offices write is read; what could mean two days means none."""
    assert day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (280.0, 28000),
        (280.1, 28010),
        (280.00000000000006, 28000),
        ("280", 28000),
        ("￥1,070.00元", 107000),
        ("４００", 40000),
        ("人民币280元整", 28000),
        ("1 070.00", 107000),
        ("RMB 280.00", 28000),
        ("CNY280", 28000),
        (-5.0, -500),
    ],
)
def test_amounts_are_whole_fen(cell, fen):
    """Amounts in every form become fen; what a spreadsheet's sums add in noise is no fraction."""
    assert fen_of(cell) == fen


@pytest.mark.parametrize(
    "cell", ["四百", "", "4 00", "28 0", 133.333, "1.234", math.nan, math.inf, True, 1e300]
)
def test_what_is_no_amount_is_refused(cell):
    """Words, fractions of a fen and impossible numbers are never rounded into money."""
    with pytest.raises(ValueError, match=r"amount|fen"):
        fen_of(cell)


@pytest.mark.parametrize(("cell", "count"), [(3.0, 3), ("1,234人", 1234), ("１２", 12), ("5.0", 5)])
def test_counts_are_whole_numbers(cell, count):
    """Heads and households come with or without their unit."""
    assert count_of(cell) == count


@pytest.mark.parametrize("cell", ["约100", -1.0, 2.5, "", "1.5", True])
def test_what_is_no_count_is_refused(cell):
    """About a hundred is no number of heads."""
    with pytest.raises(ValueError, match="count"):
        count_of(cell)


@given(cells)
def test_no_cell_breaks_the_reading(cell):
    """Whatever a workbook holds, a cell is text, perhaps a day; only ValueError is raised."""
    assert text_of(cell) == text_of(cell).strip()
    assert day_of(cell) is None or day_of(cell).iso
    for read in (fen_of, count_of):
        try:
            assert isinstance(read(cell), int)
        except ValueError:
            continue


def test_a_large_numeral_never_looks_like_an_identity_number():
    """Eighteen digits out of a number cell are shown as the ruin they are."""
    assert text_of(5.30112199001011e17) == "5.30112199001011E+17"
    assert text_of(150102880730303.0) == "150102880730303"
    assert text_of(timedelta(1)) == "1 day, 0:00:00"


def test_a_heading_is_told_without_its_signs_brackets_and_spaces():
    """姓 名, ＊姓名 and 姓名： are one heading; brackets may hold a remark."""
    assert heading_keys("姓　名") == heading_keys("*姓名：") == ("姓名",)
    assert heading_keys("基数（户籍人口）") == ("基数户籍人口", "基数")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("农村低保", ("subsistence-allowance",)),
        ("城市“三无”人员", ("three-nos",)),
        ("脱贫户(未纳入监测)", ("out-of-poverty",)),
        ("普通居民", ()),
        ("特困人员、残疾人", ("extreme-hardship", "disability")),
        ("监测对象", None),
        ("低保、某某", None),
    ],
)
def test_identity_words_mean_one_thing_or_nothing(text, codes):
    """A word is a code, none, or unknown; half of a cell is never taken for the whole."""
    found = words.identities(text)
    assert (found.codes if found else None) == codes


def test_every_word_of_the_vocabulary_means_one_thing():
    """No word stands for two codes in one section, and every code of the contract is there."""
    sections = ["identities", "documents", "channels", "sources", "call-reasons", "registered"]
    for section in sections:
        seen: dict[str, str] = {}
        for code, meant in vocabulary("words", section):
            for word in meant:
                assert seen.setdefault(words.word_key(word), code) == code, word
    assert len(words.IDENTITY_CODES) == 20


@pytest.mark.parametrize(
    ("kind", "codes", "read"),
    [
        ("identity", policy_codes.IDENTITY_CODES, lambda t: words.identities(t).codes[0]),
        ("source", policy_codes.SOURCES, words.source),
        ("channel", policy_codes.CHANNELS, words.channel),
        ("registered", policy_codes.REGISTERED, words.registered),
    ],
)
def test_what_the_program_writes_for_a_code_it_reads_as_that_code(kind, codes, read):
    """Every code's Chinese name, and the code itself, come back as the code: exports round-trip."""
    for code in codes:
        assert read(in_language("zh_CN", policy_codes.code_message(kind, code))) == code
        assert read(code) == code


def test_messages_of_the_reading_process_hold_plain_values_only():
    """A message that names a class is refused before anything is made of it."""
    import io

    plain = pickle.dumps(("rows", [("a", 1, None, {"b": (2.5,)})]), protocol=5)
    assert _PlainUnpickler(io.BytesIO(plain)).load()[0] == "rows"
    for hostile in (SheetKind.CALLS, date(2025, 1, 1), print):
        with pytest.raises(pickle.UnpicklingError):
            _PlainUnpickler(io.BytesIO(pickle.dumps(hostile))).load()


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        (SheetKind.RESIDENTS, "公民身份证号码（必填）", "number"),
        (SheetKind.RESIDENTS, "身份证号码\n(18位)", "number"),
        (SheetKind.RESIDENTS, "参保人证件号码", "number"),
        (SheetKind.RESIDENTS, "户主身份证号码", "head_number"),
        (SheetKind.RESIDENTS, "户主姓名", "head"),
        (SheetKind.RESIDENTS, "所属村（社区）", "village"),
        (SheetKind.RESIDENTS, "家庭成员数", ""),
        (SheetKind.VILLAGES, "2024年末户籍人口（人）", "base"),
        (SheetKind.VILLAGES, "2025年度任务数", "target"),
        (SheetKind.IDENTITIES, "残疾证号", "certificate"),
        (SheetKind.CONTRIBUTIONS, "个人缴费金额（元）", "own"),
        (SheetKind.TAX_LIST, "电子税票号码", "voucher"),
        (SheetKind.TAX_LIST, "行政区划", "area"),
    ],
)
def test_headings_are_known_by_many_names_and_never_by_likeness(kind, heading, field):
    """Synonyms, remarks and years make no difference; another heading is left alone."""
    assert _Matcher(KINDS[kind], {}).match(heading)[0] == field
