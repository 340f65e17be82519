"""Identity numbers: what is taken, what is refused and which character is blamed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townshipdesk.domain.idnumber import (
    DisabilityMark,
    DocumentKind,
    NumberNote,
    NumberProblem,
    Sex,
    check_character,
    identify,
    local_number,
    mask_number,
    normalise,
    upgrade_15,
)

TODAY = date(2025, 3, 17)


def number_of(division: str, born: date, sequence: int) -> str:
    first17 = f"{division}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_character(first17)


numbers = st.builds(
    number_of,
    st.sampled_from(["110105", "532326", "532301", "810000", "830000", "911124"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def problem(text: str, **hints: DocumentKind) -> NumberProblem:
    with pytest.raises(NumberProblem) as caught:
        identify(text, today=TODAY, **hints)
    return caught.value


@pytest.mark.parametrize(
    ("text", "kind", "born", "sex", "county"),
    [
        ("11010519491231002X", "resident-id", date(1949, 12, 31), "female", "110105"),
        ("810000199408230021", "hk-mo-tw-residence", date(1994, 8, 23), "female", None),
        ("830000199201300022", "hk-mo-tw-residence", date(1992, 1, 30), "female", None),
        ("932682198501010017", "foreign-permanent-residence", date(1985, 1, 1), "male", None),
        ("911124198108030024", "foreign-permanent-residence", date(1981, 8, 3), "female", None),
        ("KAZ110090123105", "foreign-permanent-residence", None, None, None),
        ("H12345678", "hk-mo-travel-permit", None, None, None),
        ("M1234567802", "hk-mo-travel-permit", None, None, None),
        ("12345678", "taiwan-travel-permit", None, None, None),
        ("Q530123456", "birth-certificate", None, None, None),
        ("E12345678", "passport", None, None, None),
        ("LS2025000001", "local-number", None, None, None),
    ],
)
def test_every_kind_of_document_is_told_by_its_number(text, kind, born, sex, county):
    """Kind, birth date, sex and county come from the number alone."""
    found = identify(text, today=TODAY)
    assert (found.kind, found.number) == (kind, text)
    assert (found.born, found.sex, found.county) == (born, sex, county)


def test_a_number_of_the_first_generation_becomes_18_digits_with_a_note():
    """The published pair of 15 and 18 digits holds, and the conversion is said."""
    found = identify("150102880730303", today=TODAY)
    assert found.number == upgrade_15("150102880730303") == "150102198807303035"
    assert found.note is NumberNote.CONVERTED_15
    assert (found.sex, found.born) == (Sex.MALE, date(1988, 7, 30))


def test_a_scanned_disability_certificate_gives_the_person_kind_and_grade():
    """Twenty digits are the person's number, the kind and the grade; B1 marks a second issue."""
    for end in ("", "B1"):
        found = identify("11010519491231002X42" + end, today=TODAY)
        assert found.number == "11010519491231002X"
        assert found.kind is DocumentKind.RESIDENT_ID
        assert found.note is NumberNote.DISABILITY_CERTIFICATE
        assert found.disability == DisabilityMark("physical", 2)
    assert problem("11010519491231002X81").position == 19
    assert problem("11010519491231002X15").position == 20


@pytest.mark.parametrize(
    "text",
    [
        "'11010519491231002X",
        "’110105 1949 1231 002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "\u200b110105\u00a019491231\u3000002X\ufeff\t",
        "\u202e11010519491231002X\u202c",
    ],
)
def test_the_ways_offices_write_a_number_are_read(text):
    """Apostrophes, spaces, full width, a small x and invisible marks change nothing."""
    assert identify(text, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "missing", None),
        (" ' ", "missing", None),
        ("1101051949123100", "length", 17),
        ("11010519491231002", "length", 18),
        ("11010519491231002X1", "length", 18),
        ("1101051949123O002X", "characters", 14),
        ("1101051949123X002X", "characters", 14),
        ("11010519491231002Y", "characters", 18),
        ("١١٠١٠٥19491231002X", "characters", 1),
        ("5.30112E+17", "characters", 2),
        ("001010519491231002", "division", 1),
        ("11010519491331002X", "birth-date", 11),
        ("11010520250229002X", "birth-date", 13),
        ("110105202503180020", "birth-date", 7),
        ("110105188001010020", "birth-date", 7),
        ("110105194912310021", "checksum", 18),
        ("150102881330303", "birth-date", 9),
    ],
)
def test_an_ill_formed_number_names_the_wrong_character(text, code, position):
    """Code and position of the first wrong character, and never the number in the message."""
    found = problem(text)
    assert (found.code, found.position) == (code, position)
    assert len(text) < 4 or text not in str(found)


def test_a_wrong_check_character_does_not_say_which_would_fit():
    """Any of the eighteen may be wrong: making the last one fit would make a number up."""
    found = problem("110105194912310021")
    assert (found.code, found.position) == ("checksum", 18)
    assert "X" not in str(found)


def test_a_declared_passport_may_have_any_form():
    """Foreign passports follow no common form, so the declared kind decides."""
    assert problem("123456789").code == "length"
    assert identify("123456789", today=TODAY, kind=DocumentKind.PASSPORT).kind == "passport"
    same = identify("11010519491231002X", today=TODAY, kind=DocumentKind.PASSPORT)
    assert same.kind is DocumentKind.RESIDENT_ID


def test_a_renewed_travel_permit_is_the_same_person():
    """The two digits that count renewals are no part of who somebody is."""
    keys = {identify(text, today=TODAY).key for text in ("H12345678", "H1234567802")}
    assert keys == {"H12345678"}


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_found(number, place, other):
    """One mistyped character never gives another number that is taken."""
    wrong = number[:place] + other + number[place + 1 :]
    if wrong == number:
        assert identify(number, today=TODAY).number == number
    else:
        with pytest.raises(NumberProblem):
            identify(wrong, today=TODAY)


@given(numbers, st.integers(0, 16))
def test_any_two_neighbours_swapped_are_found(number, place):
    """Two adjacent characters swapped never give another number that is taken."""
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        with pytest.raises(NumberProblem):
            identify(wrong, today=TODAY)


@given(st.text(max_size=24))
def test_no_text_at_all_breaks_the_check(text):
    """Whatever is typed, the answer is a number or a problem, and normalising is stable."""
    assert normalise(normalise(text)) == normalise(text)
    try:
        said = identify(text, today=TODAY).number
    except NumberProblem as error:
        said = error.code
    assert said
    assert said.isascii()


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_upgrading_agrees_with_the_18_digits(born, sequence):
    """Fifteen digits name the same person, day and sex as the eighteen do."""
    full = number_of("532326", born, sequence)
    short = identify(full[:6] + full[8:17], today=TODAY)
    long = identify(full, today=TODAY)
    assert (short.number, short.born, short.sex) == (long.number, long.born, long.sex)


def test_upgrading_refuses_anything_but_fifteen_digits():
    """Only a number of the first generation can be upgraded."""
    with pytest.raises(ValueError, match="15 digits"):
        upgrade_15("11010519491231002")


def test_masked_numbers_hide_the_middle():
    """First six and last four stay; of a short number at most half is shown."""
    assert mask_number("532326198005060013") == "532326********0013"
    assert mask_number("Q530123456") == "Q5******56"
    assert mask_number("") == ""


def test_local_numbers_are_read_back():
    """What the office issues is recognised as its own."""
    issued = local_number(2025, 7)
    assert identify(issued, today=TODAY).kind is DocumentKind.LOCAL
    with pytest.raises(ValueError, match="serial"):
        local_number(2025, 0)
