"""The register: new residents, corrections, moves, deaths, and facts."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import NotFoundError, NotPermittedError, RuleError, UsageError
from townshipdesk.domain.idnumber import NumberProblem, Sex
from townshipdesk.services import people, quotes, register
from townshipdesk.services.name_readings import readings_of
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.register import NewResident
from townshipdesk.services.staff import Actor
from townshipdesk.services.verify import verify

NUMBER = made_up_number(date(1980, 5, 6), 13)


def new(desk: Desk, name: str = "杨发贵", number: str = NUMBER, **more: object) -> int:
    one = NewResident(**{"name": name, "number": number, "village_id": 1, **more})
    return register.register(desk.office, desk.clerk, one)


def last_audit(desk: Desk) -> tuple[str, str, dict[str, object]]:
    row = desk.office.conn.execute(
        "SELECT action, subject, detail FROM audit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return row[0], row[1], json.loads(row[2])


def test_sex_and_birth_date_come_from_the_number_whatever_is_typed(desk: Desk) -> None:
    resident = new(desk, sex=Sex.FEMALE, born=date(1999, 9, 9))
    person = people.card(desk.office, resident).person
    assert (person.sex, person.born) == ("male", date(1980, 5, 6))


def test_a_name_is_kept_without_the_spaces_somebody_typed(desk: Desk) -> None:
    assert people.card(desk.office, new(desk, name="杨　发 贵")).person.name == "杨发贵"


def test_a_number_is_registered_once(desk: Desk) -> None:
    new(desk)
    with pytest.raises(RuleError) as error:
        new(desk, name="别人", number=NUMBER[:6] + NUMBER[8:17])
    assert error.value.code == "number-known"
    assert desk.count("resident") == 1


def test_an_ill_formed_number_names_the_character(desk: Desk) -> None:
    wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
    with pytest.raises(NumberProblem) as error:
        new(desk, number=wrong)
    assert (error.value.code, error.value.position) == ("checksum", 18)
    assert wrong not in str(error.value)


def test_a_newborn_needs_a_birth_date(desk: Desk) -> None:
    with pytest.raises(UsageError, match="birth date"):
        new(desk, name="杨某之子", number="Q123456789")
    resident = new(desk, name="杨某之子", number="Q123456789", born=date(2025, 2, 2))
    person = people.card(desk.office, resident).person
    assert (person.document_kind, person.born) == ("birth-certificate", date(2025, 2, 2))


def test_nobody_is_born_tomorrow(desk: Desk) -> None:
    with pytest.raises(UsageError, match="future"):
        new(desk, number="Q123456789", born=date(2025, 3, 18))


def test_somebody_without_papers_gets_the_next_local_number(desk: Desk) -> None:
    numbers = [
        people.card(desk.office, new(desk, name=name, number="")).person.number
        for name in ("阮氏花", "阮氏梅")
    ]
    assert numbers == ["LS2025000001", "LS2025000002"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "　"},
        {"village_id": 99},
        {"phone": "12345"},
        {"registered": "moon"},
        {"payer_group": "nobody"},
    ],
)
def test_what_cannot_stand_is_refused_and_leaves_nothing(
    desk: Desk, wrong: dict[str, object]
) -> None:
    before = desk.count("audit")
    with pytest.raises((UsageError, NotFoundError)):
        new(desk, **wrong)
    assert (desk.count("resident"), desk.count("audit")) == (0, before)


def test_an_auditor_registers_nobody(desk: Desk) -> None:
    one = NewResident("杨发贵", 1, NUMBER)
    with pytest.raises(NotPermittedError):
        register.register(desk.office, Actor(1, "a", "a", "auditor"), one)


def test_a_correction_changes_what_differs_and_audits_no_words(desk: Desk) -> None:
    resident = new(desk, phone="13900010001")
    changed = register.correct(
        desk.office,
        desk.clerk,
        resident,
        {"name": "杨发桂", "phone": "139 0001 0001", "address": "上街３号"},
    )
    assert set(changed) == {"name", "address"}
    assert [m.name for m in people.find(desk.office, "yangfagui")] == ["杨发桂"]
    action, _subject, detail = last_audit(desk)
    assert (action, detail) == ("resident.corrected", {"fields": ["address", "name"]})


def test_a_correction_of_nothing_leaves_no_audit_row(desk: Desk) -> None:
    resident = new(desk)
    before = desk.count("audit")
    assert register.correct(desk.office, desk.clerk, resident, {"name": "杨发贵"}) == ()
    assert desk.count("audit") == before


def test_what_the_number_tells_cannot_be_corrected_by_hand(desk: Desk) -> None:
    with pytest.raises(RuleError) as error:
        register.correct(desk.office, desk.clerk, new(desk), {"born": "1990-01-01"})
    assert error.value.code == "told-by-number"


def test_a_new_name_is_found_and_the_old_one_no_more(desk: Desk) -> None:
    resident = new(desk)
    register.correct(desk.office, desk.clerk, resident, {"name": "李大山"})
    assert people.find(desk.office, "yfg") == []
    assert len(people.find(desk.office, "lds")) == 1


def test_a_namesake_is_still_found_by_the_name_that_another_gave_up(desk: Desk) -> None:
    """What a name is found by is kept once for all who bear it, and goes with the last of them."""
    first, namesake = new(desk), new(desk, number=made_up_number(date(1990, 2, 3), 7))
    register.correct(desk.office, desk.clerk, first, {"name": "李大山"})
    assert [m.resident_id for m in people.find(desk.office, "yangfagui")] == [namesake]
    assert [one for one in verify(desk.office) if one.code == "readings"] == []
    register.correct(desk.office, desk.clerk, namesake, {"name": "李大山"})
    assert people.find(desk.office, "yangfagui") == []
    assert [m.resident_id for m in people.find(desk.office, "lds")] == [first, namesake]
    assert desk.count("name_reading") == len(readings_of("李大山"))
    assert [one for one in verify(desk.office) if one.code == "readings"] == []


def test_a_move_goes_to_a_household_made_for_it_and_keeps_the_payment_where_it_was(
    desk: Desk,
) -> None:
    resident = new(desk, household_number="H1")
    pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))
    register.move(desk.office, desk.clerk, resident, 2, "三组", "h2", "女婿")
    person = people.card(desk.office, resident).person
    assert (person.village_id, person.group_name) == (2, "三组")
    assert (person.household_number, person.relation) == ("H2", "女婿")
    [paid_in] = desk.office.conn.execute("SELECT village_id FROM enrolment").fetchone()
    assert paid_in == 1
    stays = desk.office.conn.execute("SELECT village_id FROM residency ORDER BY id").fetchall()
    assert [row[0] for row in stays] == [1, 2]


def test_after_a_death_nothing_can_be_paid(desk: Desk) -> None:
    resident = new(desk)
    register.record_death(desk.office, desk.clerk, resident, date(2025, 3, 1), "死亡证明")
    with pytest.raises(RuleError, match="deceased"):
        pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))
    assert people.card(desk.office, resident).person.status == "deceased"
    assert "死亡证明" not in json.dumps(last_audit(desk), ensure_ascii=False)


@pytest.mark.parametrize("on", [date(2025, 3, 18), date(1980, 5, 5)])
def test_a_death_lies_between_birth_and_today(desk: Desk, on: date) -> None:
    resident = new(desk)
    with pytest.raises(UsageError):
        register.record_death(desk.office, desk.clerk, resident, on)


def test_a_departure_recorded_wrongly_is_taken_back(desk: Desk) -> None:
    resident = new(desk)
    register.record_moved_away(desk.office, desk.clerk, resident, date(2025, 3, 1))
    register.record_return(desk.office, desk.clerk, resident)
    person = people.card(desk.office, resident).person
    assert (person.status, person.status_on) == ("living", None)
    [living] = desk.office.conn.execute("SELECT living FROM tally_resident").fetchone()
    assert living == 1


def test_employee_insurance_refuses_the_payment_until_its_last_day_is_over(desk: Desk) -> None:
    resident = new(desk)
    uid = register.record_employee_insurance(
        desk.office, desk.clerk, resident, date(2024, 1, 1), place="县城"
    )
    assert quotes.quote_for(desk.office, resident).reason == "employee-insured"
    register.end_employee_insurance(desk.office, desk.clerk, uid, date(2025, 3, 16))
    assert quotes.quote_for(desk.office, resident).decision == "allow"
    with pytest.raises(UsageError):
        register.end_employee_insurance(desk.office, desk.clerk, uid, date(2023, 1, 1))


def test_facts_are_recorded_under_their_keys_and_taken_back(desk: Desk) -> None:
    resident = new(desk)
    register.set_fact(desk.office, desk.clerk, resident, "work_incapacity", "yes")
    assert people.card(desk.office, resident).person.facts == {"work_incapacity": "yes"}
    register.set_fact(desk.office, desk.clerk, resident, "work_incapacity", None)
    assert people.card(desk.office, resident).person.facts == {}


@pytest.mark.parametrize(
    ("key", "value"), [("height", "180"), ("work_incapacity", "perhaps"), ("born", "1980-01-01")]
)
def test_a_fact_no_policy_knows_is_refused(desk: Desk, key: str, value: str) -> None:
    with pytest.raises(UsageError):
        register.set_fact(desk.office, desk.clerk, new(desk), key, value)


def test_no_name_number_or_phone_reaches_the_audit_log(desk: Desk) -> None:
    """Everything the register does names people by uid only."""
    resident = new(desk, phone="13900010001", address="上街3号", household_number="H1")
    register.correct(desk.office, desk.clerk, resident, {"phone": "13900010002"})
    register.move(desk.office, desk.clerk, resident, 2, "三组", "H9")
    register.record_moved_away(desk.office, desk.clerk, resident, date(2025, 3, 1), "迁移证")
    log = " ".join(
        f"{row[0]} {row[1]}"
        for row in desk.office.conn.execute("SELECT subject, detail FROM audit")
    )
    for word in ("杨", NUMBER, NUMBER[-4:], "1390001", "上街", "迁移证", "H9"):
        assert word not in log
