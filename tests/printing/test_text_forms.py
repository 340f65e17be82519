"""The forms as plain text: exact columns, one form's height, every fact, nothing else."""

from __future__ import annotations

import re

import pytest

from tests.printing import samples
from townshipdesk.printing.columns import ENCODING, width
from townshipdesk.printing.day_sheet import day_sheet_text
from townshipdesk.printing.receipt_text import COLUMNS, LINES, receipt_text
from townshipdesk.printing.refund_form import refund_form_text

LANGUAGES = ("zh_CN", "en")
WIDEST = 78


def sheets(text: str) -> list[list[str]]:
    """Give the lines of each sheet of a text form."""
    return [sheet.removesuffix("\n").split("\n") for sheet in text.split("\f")]


def texts(language: str) -> list[str]:
    """Give every text form, as plain and as awkward as it comes."""
    awkward = samples.receipt(
        *samples.family(),
        training=True,
        void_why="金额录入错误",
        replaces="000122",
        voucher="35326025031700123456789",
        channel="mobile",
    )
    return [
        receipt_text(samples.receipt(), language=language),
        receipt_text(awkward, 3, language=language),
        day_sheet_text(samples.day_sheet(), language=language),
        day_sheet_text(samples.day_sheet(training=True, receipts=(), rows=()), language=language),
        refund_form_text(samples.refund(), language=language),
        refund_form_text(samples.refund(training=True, name=samples.LONG_NAME), language=language),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_wider_than_the_form_and_every_one_can_be_encoded(language):
    """All forms in both languages stay within 78 columns and go through GB18030 unharmed."""
    for text in texts(language):
        for one in text.replace("\f", "").split("\n"):
            assert width(one) <= WIDEST
            assert one.encode(ENCODING).decode(ENCODING) == one


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_of_a_receipt_is_exactly_as_high_as_the_form(language):
    """A three-part form has 22 lines: the next receipt begins on the next form."""
    for text in texts(language)[:2]:
        assert {len(sheet) for sheet in sheets(text)} == {LINES}


def test_columns_stand_under_each_other_whatever_the_name_is_made_of():
    """The amount ends in the same column for a short, a rare and a very long name."""
    receipt = samples.receipt(*samples.family())
    ends = {
        width(one)
        for one in receipt_text(receipt).replace("\f", "").split("\n")
        if re.search(r"0\.00$", one) and "*" in one
    }
    assert ends == {COLUMNS}


def test_a_receipt_says_everything_a_payer_and_an_auditor_need():
    """Name, masked number, year, standard, subsidy by source, amounts, dates, clerk, reviewer."""
    text = receipt_text(samples.receipt())
    for needed in (
        "青石镇医保窗口",
        "杨发贵",
        "532399********0016",
        "2025年",
        "400.00",
        "180.00",
        "人民币贰佰贰拾元整",
        "￥220.00",
        "2025-03-01 至 2025-05-31",
        "2025-06-01 至 2025-12-31",
        "李春",
        "周敏",
        "No. 000123",
        "2025-03-17 09:12",
    ):
        assert needed in text
    assert "532399198005060016" not in text


def test_a_receipt_says_which_clauses_it_rests_on():
    assert receipt_text(samples.receipt()).rstrip().endswith("依据：三(二) 二(二)3")


def test_nothing_but_the_insurance_contribution_is_on_a_receipt():
    """No amount stands on it that is not standard, subsidy, own contribution or their sum."""
    text = receipt_text(samples.receipt())
    assert set(re.findall(r"[\d,]+\.\d\d", text)) == {"400.00", "180.00", "220.00"}


def test_every_person_of_a_household_has_a_line():
    """Nine people on one receipt are nine names, however many sheets it takes."""
    text = receipt_text(samples.receipt(*samples.family()))
    flat = text.replace("\n", "").replace(" ", "")
    for name in ("杨发贵", samples.RARE, "杨一", "杨二", "杨三", "杨四", "杨磊", "小明"):
        assert name in flat
    assert len(sheets(text)) > 1
    assert text.count("￥") == 1


def test_a_long_name_goes_on_in_the_line_below():
    """The name of a person is never cut off."""
    text = receipt_text(samples.receipt(samples.line(samples.LONG_NAME)))
    pieces = "".join(one.split()[0] for one in text.split("\n") if one and one[0] in "阿买吐")
    assert pieces == samples.LONG_NAME


@pytest.mark.parametrize(
    ("receipt", "nth", "mark"),
    [
        (samples.receipt(training=True), 1, "演练，不作收款凭证"),
        (samples.receipt(void_why="录错人"), 1, "作废"),
        (samples.receipt(), 2, "补打第1次"),
        (samples.receipt(), 5, "补打第4次"),
        (samples.receipt(replaces="000122"), 1, "替代收据 000122"),
    ],
)
def test_what_is_not_an_ordinary_first_copy_says_so(receipt, nth, mark):
    """Training, void, reprinted and replacing receipts are marked; an ordinary one is not."""
    assert mark in receipt_text(receipt, nth)
    assert mark not in receipt_text(samples.receipt())


def test_every_sheet_of_a_marked_receipt_carries_the_mark():
    """A sheet torn off a training receipt still says what it is."""
    text = receipt_text(samples.receipt(*samples.family(), training=True, void_why="录错人"), 2)
    for sheet in text.split("\f"):
        assert all(mark in sheet for mark in ("演练", "作废", "补打第1次"))


def test_a_printing_below_the_first_is_a_fault_of_the_caller():
    """Printings are counted from 1."""
    with pytest.raises(ValueError, match="counted from 1"):
        receipt_text(samples.receipt(), 0)


def test_the_day_sheet_carries_the_anchor_in_full():
    """All 64 digits of the chain's head and its length stand on paper."""
    text = day_sheet_text(samples.day_sheet())
    assert samples.day_sheet().chain_head in text.replace(" ", "").replace("\n", "")
    assert "10231" in text
    assert "-5.00" in text
    assert "000115-000121, 000123-000126" in text


def test_the_refund_form_goes_to_the_bank_with_numbers_in_full():
    """The account and the document number are what the bank compares."""
    text = refund_form_text(samples.refund())
    for needed in (
        "532399198005060016",
        "6200000000000000001",
        "人民币贰佰捌拾元整",
        "死亡",
        "周敏",
    ):
        assert needed in text


def test_a_hostile_value_breaks_no_form():
    """Control characters and form feeds in a name or a voucher do not start a new sheet."""
    receipt = samples.receipt(samples.line("杨\f\x1b@发\n贵"), voucher="1\f2\n3", clerk="李\r春")
    text = receipt_text(receipt)
    assert "\f" not in text
    assert len(sheets(text)[0]) == LINES
    assert "\x1b" not in text
