"""Finding people and reading a card."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.services import payments, people
from townshipdesk.services.payments import PaymentOrder
from townshipdesk.services.register import NewResident, register
from townshipdesk.services.reversals import reverse
from townshipdesk.store.driver import Connection

NUMBER = made_up_number(date(1980, 5, 6), 13)


def add(desk: Desk, name: str, number: str = "", **more: object) -> int:
    new = NewResident(name=name, number=number, village_id=1, **more)
    return register(desk.office, desk.clerk, new)


def pay(desk: Desk, *residents: int) -> payments.Payment:
    order = PaymentOrder(resident_ids=residents, channel="cash")
    return payments.pay(desk.office, desk.clerk, order)


def names(desk: Desk, text: str) -> list[str]:
    return [match.name for match in people.find(desk.office, text)]


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ",
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
        NUMBER[-4:],
        NUMBER[-6:],
        NUMBER[:10],
        "杨发贵",
        "杨",
        "发贵",
        "yangfagui",
        "yangf",
        "yfg",
        "YFG",
        "DL9001",
        "dl9001",
        "13900010001",
        "139-0001-0001",
    ],
)
def test_a_person_is_found_by_every_way_of_asking(desk: Desk, typed: str) -> None:
    add(desk, "杨发贵", NUMBER, household_number="dl9001", phone="139 0001 0001")
    add(desk, "普英", made_up_number(date(1981, 1, 2), 40))
    assert names(desk, typed) == ["杨发贵"]


def test_a_number_of_the_first_generation_finds_its_holder(desk: Desk) -> None:
    resident = add(desk, "杨发贵", NUMBER)
    fifteen = NUMBER[:6] + NUMBER[8:17]
    assert people.by_number(desk.office, fifteen) == resident
    assert names(desk, fifteen) == ["杨发贵"]


def test_a_renewed_travel_permit_finds_its_holder(desk: Desk) -> None:
    resident = add(desk, "陈大文", "H1234567801")
    assert people.by_number(desk.office, "H1234567802") == resident
    assert people.by_number(desk.office, "H12345678") == resident
    assert people.by_number(desk.office, "H12345679") is None


def test_a_disability_certificate_finds_its_holder(desk: Desk) -> None:
    resident = add(desk, "杨发贵", NUMBER)
    assert people.by_number(desk.office, NUMBER + "43") == resident


def test_every_reading_of_a_surname_finds_its_bearer(desk: Desk) -> None:
    add(desk, "单于飞", made_up_number(date(1990, 1, 1), 3))
    assert names(desk, "chanyufei") == names(desk, "cyf") == ["单于飞"]


@pytest.mark.parametrize("typed", ["lvguizhen", "lügui", "LÜ"])
def test_a_u_with_dots_is_found_as_it_is_typed(desk: Desk, typed: str) -> None:
    add(desk, "吕桂珍", made_up_number(date(1990, 1, 1), 4))
    assert names(desk, typed) == ["吕桂珍"]


def test_namesakes_born_on_one_day_are_pointed_out_before_registering(desk: Desk) -> None:
    add(desk, "杨发贵", NUMBER)
    add(desk, "杨发贵", made_up_number(date(1980, 5, 7), 13))
    found = people.namesakes(desk.office, "杨 发贵", date(1980, 5, 6))
    assert [match.number for match in found] == [NUMBER]


@pytest.mark.parametrize("typed", ["", "   ", "张三[/b]", "%", "_", "'; --", "９" * 200, "\x1b]52"])
def test_whatever_is_typed_is_an_answer(desk: Desk, typed: str) -> None:
    add(desk, "杨发贵", NUMBER)
    assert names(desk, typed) == []


def test_the_living_come_before_those_who_left_and_exact_names_before_longer_ones(
    desk: Desk,
) -> None:
    for sequence, (name, status) in enumerate(
        [("李一", "moved"), ("李一凡", "living"), ("李一", "living")], 1
    ):
        on = None if status == "living" else "2025-01-01"
        number = made_up_number(date(1970, 1, 1), sequence)
        desk.add_resident(name, number=number, status=status, status_on=on)
    found = [(match.name, match.status) for match in people.find(desk.office, "李一")]
    assert found == [("李一", "living"), ("李一凡", "living"), ("李一", "moved")]


def test_at_most_fifty_people_are_given(desk: Desk) -> None:
    for sequence in range(60):
        desk.add_resident(f"王{chr(0x4E00 + sequence)}", number=f"N{sequence:09d}")
    assert len(people.find(desk.office, "王")) == people.MOST_MATCHES


def test_a_match_tells_namesakes_apart(desk: Desk) -> None:
    resident = add(desk, "杨发贵", NUMBER, household_number="DL9001", group_name="一组")
    desk.add_identity(resident, "subsistence-allowance")
    [match] = people.find(desk.office, NUMBER)
    assert match.to_json() == {
        "id": NUMBER,
        "kind": "resident-id",
        "name": "杨发贵",
        "sex": "male",
        "born": "1980-05-06",
        "village": "532399200201",
        "group": "一组",
        "household": "DL9001",
        "identities": ["subsistence-allowance"],
        "status": "living",
        "enrolled": False,
    }
    pay(desk, resident)
    assert people.find(desk.office, NUMBER)[0].enrolled


def test_two_villages_may_number_their_households_alike(desk: Desk) -> None:
    add(desk, "甲", made_up_number(date(1970, 1, 1), 1), household_number="001")
    new = NewResident("乙", 2, made_up_number(date(1970, 1, 1), 3), household_number="001")
    register(desk.office, desk.clerk, new)
    assert sorted(names(desk, "001")) == ["乙", "甲"]
    assert desk.count("household") == 2


def test_a_card_is_everything_of_one_moment(desk: Desk) -> None:
    head = add(desk, "杨发贵", NUMBER, household_number="DL9001", relation="户主")
    son = add(
        desk,
        "杨磊",
        made_up_number(date(2009, 9, 9), 15),
        household_number="DL9001",
        relation="子",
    )
    desk.add_identity(head, "subsistence-allowance", "2024-03-01", department="社会事务办")
    desk.add_identity(
        head,
        "out-of-poverty",
        "2020-01-01",
        ended_on="2023-01-01",
        ended_at="2023-01-01T08:00:00+08:00",
    )
    desk.office.conn.execute(
        "INSERT INTO earlier_enrolment (resident_id, year) VALUES (?, 2016), (?, 2024)",
        (head, head),
    )
    paid = pay(desk, head)
    card = people.card(desk.office, head)
    assert (card.person.name, card.person.born) == ("杨发贵", date(1980, 5, 6))
    assert card.identity_codes == ("subsistence-allowance",)
    assert [(i.code, i.in_force) for i in card.identities] == [
        ("subsistence-allowance", True),
        ("out-of-poverty", False),
    ]
    assert [(m.resident_id, m.name, m.enrolment) for m in card.members] == [
        (head, "杨发贵", date(2025, 3, 17)),
        (son, "杨磊", None),
    ]
    assert [y.state for y in card.years] == ["enrolled", *["missed"] * 7, "enrolled", "enrolled"]
    assert card.enrolment is not None
    assert card.enrolment.receipt_number == paid.receipt.number
    assert card.enrolment.individual_fen == 28000
    assert [(p.source, p.identity, p.amount_fen) for p in card.enrolment.subsidies] == [
        ("medical-assistance", "subsistence-allowance", 12000)
    ]
    assert card.enrolment.quote["due"] == "280.00"


def test_years_before_birth_and_the_open_year_are_no_gap(desk: Desk) -> None:
    child = add(desk, "杨小满", made_up_number(date(2022, 2, 2), 25))
    states = {y.year: y.state for y in people.card(desk.office, child).years}
    assert states[2021] == "unborn"
    assert states[2022] == states[2024] == "missed"
    assert states[2025] == "open"


@pytest.mark.parametrize("status", ["deceased", "moved"])
def test_years_after_somebody_died_or_moved_away_are_no_gap(desk: Desk, status: str) -> None:
    gone = desk.add_resident(status=status, status_on="2022-05-01")
    card = people.card(desk.office, gone)
    states = {y.year: y.state for y in card.years}
    assert states[2022] == "missed"
    assert {states[2023], states[2024], states[2025]} == {"gone"}
    assert 2023 not in card.missed_years


def test_a_year_reversed_on_its_day_was_never_covered(desk: Desk) -> None:
    resident = add(desk, "杨发贵", NUMBER)
    paid = pay(desk, resident)
    reverse(desk.office, desk.clerk, paid.lines[0].entry_uid, "录错人")
    card = people.card(desk.office, resident)
    assert card.enrolment is None
    assert card.years[-1].state == "open"


def test_an_identity_listed_after_the_payment_is_late(desk: Desk) -> None:
    resident = add(desk, "杨发贵", NUMBER)
    pay(desk, resident)
    desk.add_identity(resident, "marginal", "2024-06-01", listed_on="2025-04-01")
    [held] = people.card(desk.at("2025-04-02T09:00").office, resident).identities
    assert held.late
    assert held.in_force


def test_an_identity_counts_from_the_day_its_list_came_to_the_day_before_its_end(
    desk: Desk,
) -> None:
    resident = add(desk, "杨发贵", NUMBER)
    desk.add_identity(
        resident,
        "marginal",
        "2024-06-01",
        listed_on="2025-02-01",
        ended_on="2025-03-01",
        ended_at="2025-03-01T08:00:00+08:00",
    )
    days = (date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 28), date(2025, 3, 1))
    held = [people.identities_at(desk.office.conn, resident, day) for day in days]
    assert held == [(), ("marginal",), ("marginal",), ()]


def test_a_card_of_nobody_says_so(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        people.card(desk.office, 999)


def explained(conn: Connection, sql: str) -> str:
    return " ".join(str(row[3]) for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}"))


def test_no_lookup_and_no_card_reads_a_whole_table(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement of a lookup and of a card is served by an index."""
    resident = add(desk, "杨发贵", NUMBER, household_number="DL9001", phone="13900010001")
    pay(desk, resident)
    seen: list[str] = []
    desk.office.conn.set_trace_callback(seen.append)
    for text in (NUMBER, NUMBER[-4:], NUMBER[:9], "杨", "yfg", "DL9001", "13900010001"):
        assert people.find(desk.office, text)
    people.card(desk.office, resident)
    desk.office.conn.set_trace_callback(None)
    selects = {sql for sql in seen if sql.startswith("SELECT")}
    assert len(selects) > 12
    for sql in selects:
        plan = explained(desk.office.conn, sql)
        scans = [step for step in plan.split("SCAN ")[1:] if not step.startswith(("wanted", "("))]
        assert not [s for s in scans if "json_each" not in s and "CONSTANT" not in s], (sql, plan)


def test_a_long_name_is_found_without_its_middle_dots(desk: Desk) -> None:
    add(desk, "阿卜杜拉·买买提·吐尔逊", NUMBER)
    assert names(desk, "阿卜杜拉买买提") == ["阿卜杜拉·买买提·吐尔逊"]
    assert names(desk, "阿卜杜拉•买买提吐尔逊") == ["阿卜杜拉·买买提·吐尔逊"]


def test_households_with_one_number_in_two_villages_stay_apart(desk: Desk) -> None:
    for village, head, child in ((1, "杨发贵", "杨磊"), (2, "普英", "普小满")):
        for name, relation in ((child, "子"), (head, "户主")):
            new = NewResident(
                name=name, village_id=village, household_number="001", relation=relation
            )
            register(desk.office, desk.clerk, new)
    assert names(desk, "001") == ["杨发贵", "杨磊", "普英", "普小满"]
