"""The forms as PDF: text that can be read back, every rare character, marks, speed of a batch."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import time_machine
from fontTools.ttLib import TTFont

from tests.printing import samples
from townshipdesk.printing import canvas, fonts
from townshipdesk.printing.day_sheet import day_sheet_pdf
from townshipdesk.printing.receipt_pdf import receipt_pdf, receipts_pdf
from townshipdesk.printing.refund_form import refund_form_pdf

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="reads the PDF back with poppler-utils"
)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """Give the text of a PDF without white space."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_every_character_of_a_rare_name_has_a_glyph_of_its_own():
    """䶮㛃𬱖𠅤𠮷: none is the box of a missing glyph, none looks like another."""
    font = TTFont(io.BytesIO(fonts.font_file(samples.RARE + fonts.GETA)))
    glyphs, names = font["glyf"], font.getBestCmap()
    shapes = {glyphs[names[ord(c)]].getCoordinates(glyphs)[0].__repr__() for c in samples.RARE}
    assert len(shapes) == len(samples.RARE)
    geta = glyphs[names[ord(fonts.GETA)]].getCoordinates(glyphs)[0].__repr__()
    assert geta not in shapes
    assert fonts.missing(samples.RARE) == ""


def test_a_character_no_font_has_becomes_a_geta_mark_and_is_named():
    """It is told which character to write by hand, and no box is printed."""
    assert fonts.missing("小" + samples.UNKNOWN) == samples.UNKNOWN
    font = TTFont(io.BytesIO(fonts.font_file(samples.UNKNOWN + fonts.GETA)))
    glyphs, names = font["glyf"], font.getBestCmap()
    drawn = [glyphs[names[ord(c)]].getCoordinates(glyphs)[0] for c in samples.UNKNOWN + fonts.GETA]
    assert drawn[0] == drawn[1]


def test_bold_is_bolder_than_regular():
    """The two weights come from the same variable font and are not the same."""
    regular, bold = (fonts.font_file("元", bold=heavy) for heavy in (False, True))
    assert regular != bold


@needs_poppler
def test_a_receipt_can_be_read_back_with_all_it_must_say(tmp_path):
    """The text of the PDF holds the same facts as the text form, the number masked."""
    text = text_of(receipt_pdf(samples.receipt(voucher="V7", channel="mobile")), tmp_path)
    for needed in (
        "青石镇医保窗口", "No.000123", "2025年", "杨发贵", "532399********0016", "青杠村委会",
        "400.00", "180.00", "220.00", "人民币贰佰贰拾元整", "2025-03-01", "2025-12-31", "李春",
        "周敏", "V7", "三(二)",
    ):  # fmt: skip
        assert needed in text
    assert "532399198005060016" not in text


@needs_poppler
def test_rare_names_are_text_in_the_pdf_too(tmp_path):
    """Copying or searching the name in a viewer finds the right characters."""
    text = text_of(receipt_pdf(samples.receipt(*samples.family())), tmp_path)
    assert samples.RARE in text
    assert f"U+{ord(samples.UNKNOWN):04X}" in text


@needs_poppler
@pytest.mark.parametrize(
    ("changes", "nth", "mark"),
    [
        ({"training": True}, 1, "演练"),
        ({"void_why": "录错人"}, 1, "作废"),
        ({}, 3, "补打第2次"),
        ({"replaces": "000122"}, 1, "替代收据000122"),
    ],
)
def test_a_marked_receipt_shows_its_mark_on_every_page(tmp_path, changes, nth, mark):
    """Training, void, reprint and replacement cannot be overlooked on any page."""
    receipt = samples.receipt(*samples.family(), **changes)
    pdf = receipt_pdf(receipt, nth)
    assert text_of(pdf, tmp_path).count(mark) >= pages_of(pdf) > 1
    assert mark not in text_of(receipt_pdf(samples.receipt(*samples.family())), tmp_path)


@needs_poppler
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_day_sheet_and_the_refund_form_carry_what_they_are_for(tmp_path, language):
    """The chain's head on the one, the account on the other, in both languages."""
    sheet = text_of(day_sheet_pdf(samples.day_sheet(training=True), language=language), tmp_path)
    assert samples.day_sheet().chain_head in sheet
    assert ("演练" if language == "zh_CN" else "TRAINING") in sheet
    form = text_of(refund_form_pdf(samples.refund(), language=language), tmp_path)
    assert {"6200000000000000001", "532399198005060016"} <= set(re.findall(r"\d{18,19}", form))


def test_the_same_receipt_gives_the_same_bytes():
    """Nothing of the machine goes into a copy but the moment its font was cut to size."""
    with time_machine.travel("2025-03-17T01:00:00+00:00", tick=False):
        assert receipt_pdf(samples.receipt()) == receipt_pdf(samples.receipt())


def test_a_batch_has_a_page_for_each_receipt_and_one_font_for_all():
    """Fifty receipts are fifty pages, and not fifty times the size."""
    receipts = [(samples.receipt(number=f"{n:06d}"), 1) for n in range(1, 51)]
    pdf = receipts_pdf(receipts)
    assert pages_of(pdf) == 50
    assert len(pdf) < 10 * len(receipt_pdf(samples.receipt()))


def test_no_receipt_is_no_paper():
    """An empty batch is a fault of the caller."""
    with pytest.raises(ValueError, match="no receipt"):
        receipts_pdf([])


@needs_poppler
def test_a_large_day_goes_on_over_several_pages(tmp_path):
    """Thirty clerks and channels and many notices do not run off the sheet or into each other."""
    sheet = samples.day_sheet(
        rows=samples.day_sheet().rows * 15,
        receipts=samples.day_sheet().receipts * 4,
        notices=tuple(f"提示{number}" for number in range(8)),
    )
    pdf = day_sheet_pdf(sheet)
    text = text_of(pdf, tmp_path)
    assert pages_of(pdf) == 3
    assert "第3页共3页" in text
    assert all(f"提示{number}" in text for number in range(8))
    assert text.index("提示7") < text.index(sheet.chain_head)


def test_lines_are_broken_so_that_they_fit_and_lose_nothing():
    """No line is wider than its cell; no bracket begins or ends one alone."""
    text = "缴费标准（元）Medical assistance 医疗救助(脱贫不稳定户) 180.00"
    for room in (12.0, 17.0, 30.0):
        lines = canvas.broken(text, room, 8.5)
        assert all(canvas.width_mm(one, 8.5) <= room for one in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert not any(one[0] in "）)" or one[-1] in "（(" for one in lines if len(one) > 1)
