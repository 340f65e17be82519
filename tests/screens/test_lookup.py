"""The lookup box: what is typed, scanned and pasted, and what it finds."""

from __future__ import annotations

from datetime import date

import pytest
from textual import events

from tests.support import made_up_number
from townshipdesk.domain.names import name_key
from townshipdesk.screens.lookup import LookupInput
from townshipdesk.screens.register import RegisterBox
from townshipdesk.services import people


async def test_the_caret_is_in_the_box_at_the_start(open_desk):
    async with open_desk() as hands:
        assert hands.app.focused is hands.desk.lookup


async def test_a_name_typed_shows_its_bearers_apart_and_a_digit_picks(open_desk, desk):
    for year in (1950, 1970, 1990):
        desk.add_resident("李春", f"{year}-03-04")
    async with open_desk() as hands:
        await hands.type("李春")
        assert [row.born.year for row in hands.desk.found.rows] == [1950, 1970, 1990]
        await hands.press("2")
        assert hands.desk.view.card.person.born.year == 1970


async def test_enter_opens_the_one_match_and_goes_to_the_list_for_several(open_desk, desk, family):
    desk.add_resident("李春", "1950-03-04")
    desk.add_resident("李春", "1970-03-04")
    async with open_desk() as hands:
        await hands.type("普英")
        await hands.press("enter")
        assert hands.desk.view.card.person.name == "普英"
        await hands.press("escape")
        await hands.type("李春")
        await hands.press("enter")
        assert hands.app.focused is hands.desk.found
        await hands.press("2")
        assert hands.desk.view.card.person.born.year == 1970


async def test_a_burst_of_a_card_reader_searches_once(open_desk, family, monkeypatch):
    asked = []
    real = people.find

    def counted(office, text, limit=50):
        asked.append(text)
        return real(office, text, limit)

    async with open_desk() as hands:
        monkeypatch.setattr(LookupInput, "burst_seconds", 10.0)
        monkeypatch.setattr(people, "find", counted)
        await hands.scan(family.head_number)
        assert hands.desk.view.card.person.name == "杨发贵"
    assert asked == [family.head_number]


async def test_a_scan_goes_to_the_box_while_a_resident_is_open(open_desk, desk, family):
    other = desk.add_resident("段和", "1960-01-02")
    number = people.card(desk.office, other).person.number
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert hands.app.focused is not hands.desk.lookup
        await hands.scan(number)
        assert hands.desk.view.card.person.name == "段和"


async def test_a_wrong_number_says_which_character(open_desk):
    async with open_desk() as hands:
        await hands.scan("532399198013060011")
        assert "号码有错" in hands.text()
        assert hands.desk.view is None


async def test_an_unknown_number_offers_registration_with_what_it_tells(open_desk, desk):
    number = made_up_number(date(1999, 8, 7), 12)
    async with open_desk() as hands:
        await hands.type(number)
        assert "1999-08-07" in hands.text()
        await hands.press("enter")
        assert isinstance(hands.app.screen, RegisterBox)
        assert hands.app.focused.id == "name"
        await hands.type("周全")
        await hands.press("enter")  # sex and birth date are told by the number: to the village
        assert hands.app.focused.id == "village"
        await hands.type("青杠")
        await hands.press("ctrl+s")
        person = hands.desk.view.card.person
        assert (person.name, person.born, person.village_name) == (
            "周全",
            date(1999, 8, 7),
            "青杠村委会",
        )
        assert "断保" not in hands.text()  # nothing is known of earlier years


@pytest.mark.parametrize("pasted", ["{number}\n", "\n{number}", "  {number}\r\nsomething else"])
async def test_pasting_takes_the_first_line_with_something_in_it(open_desk, family, pasted):
    async with open_desk() as hands:
        hands.desk.lookup.post_message(events.Paste(pasted.format(number=family.head_number)))
        await hands.settle()
        assert hands.desk.lookup.value == family.head_number


async def test_text_that_drives_a_terminal_or_is_markup_is_only_text(open_desk, desk):
    name = "张[/b]三\x1b]52;c;AAAA\x07[red]"
    resident = desk.add_resident(name, "1970-01-02", name_key=name_key(name))
    async with open_desk() as hands:
        hands.desk.open_resident(resident)
        await hands.settle()
        text = hands.text()
        assert "张[/b]三" in text
        assert "\x1b" not in text
        await hands.press("f2")
        assert "\x1b" not in hands.text()


async def test_esc_goes_back_step_by_step(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        await hands.press("escape")
        assert hands.app.focused is hands.desk.lookup
        assert hands.desk.view is not None
        await hands.press("escape")
        assert hands.desk.view is None


async def test_another_desks_payment_shows_without_a_key(open_desk, family, desk):
    from townshipdesk.services import payments

    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "现在缴费" in hands.text()
        other = desk.office.again()
        payments.pay(other, desk.supervisor, payments.PaymentOrder((family.head,), "cash"))
        other.close()
        hands.app._poll()
        await hands.settle()
        assert "已参保" in hands.text()
        assert "今日 1 人 220.00 元" in hands.text()


async def test_the_language_switches_while_a_resident_is_open(open_desk, family):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert "应缴" in hands.text()
        await hands.press("f12")
        text = hands.text()
        assert "To pay now" in text
        assert "应缴" not in text
        assert "TRAINING" in text
        await hands.press("f12")
        assert "应缴" in hands.text()


async def test_numbers_are_masked_until_asked_for_and_the_asking_is_logged(open_desk, family, desk):
    async with open_desk() as hands:
        await hands.scan(family.head_number)
        assert family.head_number not in hands.text()
        await hands.press("v")
        assert family.head_number in hands.text()
    row = desk.office.conn.execute("SELECT action FROM audit ORDER BY id DESC").fetchone()
    assert row[0] == "resident.numbers-shown"
