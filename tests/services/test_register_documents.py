"""A newer number, a wrong one, and two records that are one person."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import Desk, made_up_number
from townshipdesk.domain.errors import RuleError
from townshipdesk.services import documents, people, quotes, receipts, register
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.register import NewResident
from townshipdesk.store.driver import sqlite3
from townshipdesk.store.uids import new_uid

BORN = date(2025, 1, 10)
CHILD = made_up_number(BORN, 25)
CERTIFICATE = "Q123456789"


def newborn(desk: Desk) -> int:
    one = NewResident("普英之子", 1, CERTIFICATE, born=BORN, household_number="H1")
    return register.register(desk.office, desk.clerk, one)


def from_roster(desk: Desk, name: str = "杨小满") -> int:
    return register.register(desk.office, desk.clerk, NewResident(name, 1, CHILD, phone=""))


def enrol_before(desk: Desk, resident: int, year: int) -> None:
    """Write an enrolment of another year below the services, as an earlier year left it."""
    office = desk.office
    policy = office.policy
    office.conn.execute(
        "INSERT INTO enrolment (uid, resident_id, year, village_id, policy_hash, paid_at, day,"
        " facts, quote, standard_fen) VALUES (?, ?, ?, 1, ?, ?, ?, '{}', '{}', 0)",
        (
            new_uid(),
            resident,
            year,
            policy.hash,
            f"{year}-01-05T09:00:00+08:00",
            f"{year}-01-05",
        ),
    )


def buy(desk: Desk, resident: int) -> None:
    pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))


@pytest.fixture
def early(desk: Desk) -> Desk:
    """A desk on a day on which newborns of 2025 pay like anyone."""
    return desk.at("2025-02-01T09:00")


def test_an_id_number_replaces_the_birth_certificate_and_both_find_the_child(
    early: Desk,
) -> None:
    child = newborn(early)
    buy(early, child)
    assert documents.add_document(early.office, early.clerk, child, CHILD) == child
    card = people.card(early.office, child)
    assert (card.person.number, card.person.sex) == (CHILD, "male")
    assert [(d.number, d.is_current) for d in card.documents] == [
        (CHILD, True),
        (CERTIFICATE, False),
    ]
    assert card.enrolment is not None
    assert people.by_number(early.office, CERTIFICATE) == child


def test_a_number_that_tells_another_birth_date_needs_a_second_yes(early: Desk) -> None:
    child = newborn(early)
    other = made_up_number(date(2025, 1, 11), 25)
    with pytest.raises(RuleError) as error:
        documents.add_document(early.office, early.clerk, child, other)
    assert error.value.code == "born-differs"
    documents.add_document(early.office, early.clerk, child, other, confirmed=True)
    assert people.card(early.office, child).person.born == date(2025, 1, 11)


def test_two_records_become_one_only_when_confirmed(early: Desk) -> None:
    child = newborn(early)
    from_roster(early)
    with pytest.raises(RuleError) as error:
        documents.add_document(early.office, early.clerk, child, CHILD)
    assert error.value.code == "number-of-another"
    assert early.count("resident") == 2


@pytest.mark.parametrize("begin_with", ["certificate", "roster"])
def test_the_record_that_was_paid_for_stays_whichever_side_one_begins(
    early: Desk, begin_with: str
) -> None:
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    started, number = (child, CHILD) if begin_with == "certificate" else (other, CERTIFICATE)
    stays = documents.add_document(early.office, early.clerk, started, number, confirmed=True)
    assert stays == child
    card = people.card(early.office, child)
    assert (card.person.name, card.person.number) == ("杨小满", CHILD)
    assert card.enrolment is not None
    assert [m.resident_id for m in people.find(early.office, "杨小满")] == [child]
    assert people.find(early.office, "普英之子") == people.find(early.office, "pyzz") == []
    assert [m.resident_id for m in people.find(early.office, "yxm")] == [child]
    assert people.by_number(early.office, CERTIFICATE) == child
    [living] = early.office.conn.execute("SELECT living FROM tally_resident").fetchone()
    assert living == 1


def test_two_payments_for_one_year_must_be_sorted_out_first(early: Desk) -> None:
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    buy(early, other)
    audited = early.count("audit")
    with pytest.raises(RuleError) as error:
        documents.add_document(early.office, early.clerk, child, CHILD, confirmed=True)
    assert error.value.code == "both-enrolled"
    assert "2025" in str(error.value)
    assert early.count("audit") == audited
    assert people.by_number(early.office, CHILD) == other


def test_payments_of_different_years_under_two_records_are_one_history(early: Desk) -> None:
    child, other = newborn(early), from_roster(early)
    enrol_before(early, other, 2024)
    buy(early, child)
    assert documents.add_document(
        early.office, early.clerk, other, CERTIFICATE, confirmed=True
    ) == (child)
    states = {y.year: y.state for y in people.card(early.office, child).years}
    assert states[2024] == states[2025] == "enrolled"


def test_a_receipt_under_the_old_record_is_the_persons(early: Desk) -> None:
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    enrol_before(early, other, 2026)
    stays = documents.add_document(early.office, early.clerk, child, CHILD, confirmed=True)
    assert stays == other
    assert [r.number for r in receipts.receipts_of(early.office, other)] == ["000001"]


def test_a_record_that_became_another_can_never_be_enrolled_again(early: Desk) -> None:
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    documents.add_document(early.office, early.clerk, child, CHILD, confirmed=True)
    with pytest.raises(RuleError):
        buy(early, other)
    with pytest.raises(sqlite3.IntegrityError, match="merged"):
        enrol_before(early, other, 2025)


def test_cover_under_the_old_record_counts_for_the_one_in_use(early: Desk) -> None:
    """Enrolled for the year as one record is enrolled for the year as the other."""
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    enrol_before(early, other, 2026)
    stays = documents.add_document(early.office, early.clerk, child, CHILD, confirmed=True)
    assert stays == other
    assert quotes.quote_for(early.office, other).reason == "already-enrolled"


def test_identities_facts_and_insurance_go_with_the_person(early: Desk) -> None:
    child, other = newborn(early), from_roster(early)
    buy(early, child)
    early.add_identity(other, "marginal", "2025-01-20", department="经济发展办")
    register.set_fact(early.office, early.clerk, other, "birth_compliant", "yes")
    register.record_employee_insurance(
        early.office, early.clerk, other, date(2025, 1, 1), date(2025, 1, 2)
    )
    documents.add_document(early.office, early.clerk, child, CHILD, confirmed=True)
    card = people.card(early.office, child)
    assert card.identity_codes == ("marginal",)
    assert card.person.facts == {"birth_compliant": "yes"}
    assert len(card.employee_insurance) == 1


def test_a_number_recorded_for_the_wrong_person_is_given_free(early: Desk) -> None:
    wrong = made_up_number(date(1990, 1, 1), 5)
    right = made_up_number(date(1991, 1, 1), 5)
    one = register.register(early.office, early.clerk, NewResident("李大山", 1, wrong))
    with pytest.raises(RuleError):
        documents.take_back_document(early.office, early.clerk, one, wrong)
    documents.add_document(early.office, early.clerk, one, right, confirmed=True)
    documents.take_back_document(early.office, early.clerk, one, wrong)
    owner = register.register(early.office, early.clerk, NewResident("李小山", 1, wrong))
    assert people.by_number(early.office, wrong) == owner
