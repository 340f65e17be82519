"""Columns of text as a dot-matrix printer with a Chinese character set counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.printing.columns import ENCODING, between, pad, printable, width, wrapped


def test_everything_outside_ascii_takes_two_columns():
    """Han characters, the middle dot of a name and a rare character are all double-byte."""
    assert [width(text) for text in ("abc", "杨发贵", "阿卜·提", "𠮷")] == [3, 6, 8, 2]


@pytest.mark.parametrize("align", ["left", "right", "centre"])
def test_a_padded_text_has_exactly_its_columns(align):
    """Mixed text is filled to the column, whichever side it stands on."""
    assert width(pad("杨A", 9, align)) == 9


def test_a_text_that_is_too_wide_is_an_error_and_never_cut():
    """A name is not shortened to make a column fit."""
    with pytest.raises(ValueError, match="too wide"):
        pad("杨发贵", 5)
    with pytest.raises(ValueError, match="too wide"):
        between("杨发贵", "400.00", 11)


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_wrapping_keeps_every_character_and_every_width(text, columns):
    """No line is wider than asked for, and nothing but spaces at the breaks is lost."""
    lines = wrapped(text, columns)
    assert all(width(one) <= columns for one in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet=st.characters(codec=None)))
def test_outside_text_is_always_encodable_and_never_controls_a_printer(text):
    """Whatever a name holds: GB18030 takes it, and no control character is left in it."""
    shown = printable(text)
    assert printable(shown) == shown
    assert all(character >= " " and character != "\x7f" for character in shown)
    assert shown.encode(ENCODING).decode(ENCODING) == shown


def test_an_escape_sequence_in_a_name_does_not_reach_the_printer():
    """ESC @ would reset the printer in the middle of a form."""
    assert printable("杨\x1b@发\x00贵") == "杨@发贵"


def test_words_are_not_torn_where_a_space_is_near():
    """English text breaks at a space, Chinese anywhere."""
    assert wrapped("benefit period ends", 16) == ["benefit period", "ends"]
    assert wrapped("参保年度二零二五", 8) == ["参保年度", "二零二五"]
