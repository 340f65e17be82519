"""Names and text from outside: stored, shown and compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.domain.names import clean_name, clean_text, display_text, is_han, name_key

RARE = "䶮㛃𬱖𠅤𠮷\U0003134a\U000323af"


@pytest.mark.parametrize(
    "text", ["张三", "张　三", "张 三", " 张三 ", "张\u200b三", "张\t三\n", "张\u202e三"]
)
def test_spaces_and_invisible_marks_do_not_make_another_name(text):
    """One name written with spaces, tabs or zero-width marks is stored and compared as one."""
    assert clean_name(text) == "张三"
    assert name_key(text) == name_key("张三")


@pytest.mark.parametrize("dot", "·•・.‧∙⋅．")
def test_every_middle_dot_compares_equal(dot):
    """The dot of a name has many code points; comparing takes them as one."""
    assert name_key(f"阿卜杜拉{dot}买买提") == name_key("阿卜杜拉·买买提")
    assert dot in clean_name(f"阿卜杜拉{dot}买买提")


def test_latin_names_keep_their_spaces_and_compare_without_case():
    """A foreign spouse's name is stored as written and found however it is typed."""
    assert clean_name("  Nguyen   Thi  Hoa ") == "Nguyen Thi Hoa"
    assert name_key("ＮＧＵＹＥＮ thi hoa") == name_key("Nguyen Thi Hoa")


def test_rare_characters_survive():
    """Characters of every Han extension are kept, also those younger than Python's own tables."""
    assert clean_name(RARE) == display_text(RARE) == RARE
    assert is_han("䶮")
    assert not is_han("yang")


def test_a_private_use_character_is_stored_and_shown_as_a_square():
    """Old systems keep rare characters in the private-use area: never lost, never sent raw."""
    assert clean_text("张\ue863") == "张\ue863"
    assert display_text("张\ue863") == "张□"


def test_escape_sequences_never_reach_the_screen():
    """A name that would write the clipboard is shown as harmless text."""
    assert "\x1b" not in display_text("张\x1b]52;c;AAAA\x07三")
    assert display_text("a\x9b31m\x85b") == "a31m b"


@given(st.text())
def test_shown_text_has_no_control_character(text):
    """Whatever comes in, nothing under 0x20, no format, surrogate or private-use character."""
    for shown in (display_text(text), display_text(clean_text(text))):
        for character in shown:
            category = unicodedata.category(character)
            assert ord(character) >= 0x20
            assert category[0] != "C" or (category == "Cn" and ord(character) >= 0x20000)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    """Stored text is stable, so that the same file twice is no change."""
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_name(clean_name(text)) == clean_name(text)
    assert name_key(clean_name(text)) == name_key(text)
