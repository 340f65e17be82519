"""The lookup box: every way a clerk asks for somebody."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.domain.phone import mask_phone, normalise_phone
from townshipdesk.domain.query import QueryKind, classify_query

TODAY = date(2025, 3, 17)


@pytest.mark.parametrize(
    ("text", "kind", "search"),
    [
        ("", QueryKind.EMPTY, ""),
        (" \u200b ", QueryKind.EMPTY, ""),
        ("11010519491231002x", QueryKind.NUMBER, "11010519491231002X"),
        ("150102880730303", QueryKind.NUMBER, "150102198807303035"),
        ("H12345678", QueryKind.NUMBER, "H12345678"),
        ("Q530123456", QueryKind.NUMBER, "Q530123456"),
        ("11010519491231002X42", QueryKind.NUMBER, "11010519491231002X"),
        ("110105194912310021", QueryKind.ILL_FORMED, "110105194912310021"),
        ("1101051949123O002X", QueryKind.ILL_FORMED, "1101051949123O002X"),
        ("1101051949", QueryKind.NUMBER_START, "1101051949"),
        ("002X", QueryKind.TAIL, "002X"),
        ("002x", QueryKind.TAIL, "002X"),
        ("123456", QueryKind.TAIL, "123456"),
        ("13912340001", QueryKind.PHONE, "13912340001"),
        ("139 1234-0001", QueryKind.PHONE, "13912340001"),
        ("０８７８－６２１２３４５", QueryKind.PHONE, "08786212345"),
        ("yfg", QueryKind.PINYIN, "yfg"),
        ("Yang Fagui", QueryKind.PINYIN, "yangfagui"),
        ("杨发贵", QueryKind.NAME, "杨发贵"),
        ("DL9001", QueryKind.HOUSEHOLD, "DL9001"),
        ("dl9001", QueryKind.HOUSEHOLD, "DL9001"),
        ("999", QueryKind.HOUSEHOLD, "999"),
        ("?!", QueryKind.NAME, "?!"),
    ],
)
def test_each_way_of_asking_is_told_apart(text, kind, search):
    """Kind and the text to search with."""
    found = classify_query(text, today=TODAY)
    assert (found.kind, found.text) == (kind, search)


def test_what_is_ambiguous_names_its_other_readings():
    """Eight digits are a Taiwan permit, a landline or half a number; all are searched."""
    found = classify_query("12345678", today=TODAY)
    assert found.kind is QueryKind.NUMBER
    assert set(found.also) == {QueryKind.PHONE, QueryKind.NUMBER_START, QueryKind.HOUSEHOLD}


def test_an_ill_formed_number_says_which_character():
    """The box can point at the character that is wrong."""
    found = classify_query("1101051949123O002X", today=TODAY)
    assert found.problem is not None
    assert found.problem.position == 14


@given(st.text(max_size=30))
def test_anything_typed_has_an_answer(text):
    """The box never fails, whatever a keyboard or a card reader sends."""
    assert classify_query(text, today=TODAY).kind in QueryKind


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+86 139-1234-0001", "13912340001"),
        ("8613912340001", "13912340001"),
        ("'13912340001", "13912340001"),
        ("(0878)6212345", "08786212345"),
        ("6212345", "6212345"),
        ("12345", None),
        ("无", None),
        ("23912340001", None),
    ],
)
def test_phones_have_one_plain_form(text, digits):
    """Separators and the country code go; what is no phone is none."""
    assert normalise_phone(text) == digits


def test_masked_phones_hide_the_middle():
    """First three and last four digits stay; a short one shows a third."""
    assert mask_phone("13912340001") == "139****0001"
    assert mask_phone("6212345") == "*****45"
