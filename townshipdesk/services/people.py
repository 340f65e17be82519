"""Finding people, and everything a clerk sees of one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from townshipdesk.domain.dates import DateSpan, parse_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.idnumber import DocumentKind, NumberProblem, identify, normalise
from townshipdesk.domain.names import clean_name, name_key
from townshipdesk.domain.query import Query, QueryKind, classify_query
from townshipdesk.services.office import Office
from townshipdesk.services.people_records import (
    Card,
    Document,
    HeldIdentity,
    InsuranceSpell,
    LiveEnrolment,
    Match,
    Member,
    Person,
    SubsidyPart,
    YearState,
)
from townshipdesk.store import identity_rows, people_rows
from townshipdesk.store.driver import Connection, Row

MOST_MATCHES: Final = 50
YEARS_SHOWN: Final = 10
MOST_TO_READ_THROUGH: Final = 200_000
"""Up to so many people, a part of a name is looked for in every name when nothing else fits:
20 ms, which is still within a key stroke."""

__all__ = [
    "MOST_MATCHES",
    "Card",
    "Document",
    "HeldIdentity",
    "InsuranceSpell",
    "LiveEnrolment",
    "Match",
    "Member",
    "Person",
    "SubsidyPart",
    "YearState",
    "by_number",
    "card",
    "find",
    "held_identity",
    "household_matches",
    "identities_at",
    "namesakes",
    "resident_of",
]


def has_residents(office: Office) -> bool:
    """Say whether anybody is on record in this office."""
    return people_rows.anybody(office.conn)


def find(office: Office, text: str, limit: int = MOST_MATCHES) -> list[Match]:
    """Give the people a text in the lookup box may mean, best first, at most `limit`.

    Never raises for what was typed: an ill-formed number finds nobody.
    """
    query = classify_query(text, today=office.today())
    with office.database.snapshot() as conn:
        ids: list[int] = []
        for kind in (query.kind, *query.also):
            ids.extend(_found_as(conn, kind, query, limit))
        if not ids and query.kind is QueryKind.NAME:
            ids = people_rows.residents_by_household(conn, normalise(query.text), limit)
            if not ids and people_rows.highest_resident(conn) <= MOST_TO_READ_THROUGH:
                ids = people_rows.residents_by_name_part(conn, name_key(query.text), limit)
        return _matches(conn, list(dict.fromkeys(ids))[:limit], office)


def household_matches(office: Office, household_number: str) -> list[Match]:
    """Give the people of a household, the head first."""
    with office.database.snapshot() as conn:
        ids = people_rows.residents_by_household(conn, household_number, 200)
        return _matches(conn, ids, office)


def namesakes(office: Office, name: str, born: date) -> list[Match]:
    """Give who is here with exactly this name and birth date: perhaps the person to register."""
    with office.database.snapshot() as conn:
        ids = people_rows.namesakes(conn, name_key(clean_name(name)), born.isoformat(), 20)
        return _matches(conn, ids, office)


def by_number(office: Office, number: str) -> int | None:
    """Give the resident a document number belongs to, a past document's too, or None.

    The number may be typed as people do: spaces, full-width, small x, fifteen digits, a disability
    certificate.
    """
    return resident_of(office.conn, number, office.today())


def resident_of(conn: Connection, number: str, today: date) -> int | None:
    """Do what `by_number` does, over a connection in a transaction."""
    plain = normalise(number)
    found = people_rows.resident_by_number(conn, plain)
    if found is not None:
        return found
    try:
        document = identify(plain, today=today)
    except NumberProblem:
        return None
    if document.kind is DocumentKind.HK_MO_TRAVEL:
        # A renewed permit has two more digits: whoever has the nine characters is the same person.
        holders = people_rows.residents_by_number_start(conn, document.key, 1)
        return holders[0] if holders else None
    return people_rows.resident_by_number(conn, document.number)


def card(office: Office, resident_id: int) -> Card:
    """Give one resident's card, read in one snapshot. Raises NotFoundError."""
    today = office.today()
    year = office.year
    with office.database.snapshot() as conn:
        row = people_rows.person(conn, resident_id)
        if row is None:
            raise NotFoundError("There is no such resident in this office.")
        enrolment = _live_enrolment(conn, resident_id, year)
        paid_on = None if enrolment is None else enrolment.day
        household_id = row["household_id"]
        members = [] if household_id is None else people_rows.members(conn, household_id, year)
        return Card(
            person=_person(row, people_rows.facts(conn, resident_id)),
            documents=tuple(
                Document(d["kind"], d["number"], bool(d["is_current"]))
                for d in people_rows.documents(conn, resident_id)
            ),
            identities=tuple(
                held_identity(i, today, paid_on) for i in identity_rows.history(conn, resident_id)
            ),
            members=tuple(_member(m) for m in members),
            years=_years(conn, resident_id, year, _day(row["born"]), _day(row["status_on"])),
            enrolment=enrolment,
            employee_insurance=tuple(
                InsuranceSpell(
                    s["uid"], date.fromisoformat(s["from_on"]), _day(s["to_on"]), s["place"]
                )
                for s in people_rows.employee_insurance(conn, resident_id)
            ),
        )


def identities_at(conn: Connection, resident_id: int, day: date) -> tuple[str, ...]:
    """Give the codes of the identities that count for a person on a day."""
    held = identity_rows.held_on(conn, resident_id, day.isoformat())
    return tuple(dict.fromkeys(row["code"] for row in held))


def held_identity(row: Row, today: date, paid_on: date | None) -> HeldIdentity:
    """Make a HeldIdentity of a row of `identity_rows.history`."""
    from_on = date.fromisoformat(row["from_on"])
    listed_on, ended_on = _day(row["listed_on"]), _day(row["ended_on"])
    counts_from = from_on if listed_on is None else max(from_on, listed_on)
    return HeldIdentity(
        uid=row["uid"],
        code=row["code"],
        from_on=from_on,
        listed_on=listed_on,
        ended_on=ended_on,
        department=row["department"],
        file_name=row["file_name"] or "",
        disability_kind=row["disability_kind"],
        disability_grade=row["disability_grade"],
        entered_by=row["entered_by_name"] or "",
        ended_by=row["ended_by_name"] or "",
        end_reason=row["end_reason"],
        note=row["note"],
        in_force=counts_from <= today and (ended_on is None or ended_on > today),
        late=(
            paid_on is not None
            and from_on <= paid_on < counts_from
            and (ended_on is None or ended_on > paid_on)
        ),
    )


def _found_as(conn: Connection, kind: QueryKind, query: Query, limit: int) -> Sequence[int]:
    text = query.text
    if kind is QueryKind.EMPTY:
        return ()
    if kind is QueryKind.NUMBER and query.number is not None:
        text = query.number.key
    elif kind is QueryKind.NAME:
        text = name_key(text)
    elif kind is QueryKind.PINYIN:
        text = text.replace("ü", "v")  # as pinyin is typed, and as it is kept
    return _SEARCHES[kind](conn, text, limit)


_SEARCHES: Final[Mapping[QueryKind, Callable[[Connection, str, int], Sequence[int]]]] = {
    QueryKind.NUMBER: people_rows.residents_by_number_start,
    QueryKind.NUMBER_START: people_rows.residents_by_number_start,
    # An ill-formed number is looked for all the same: an office may have taken some over.
    QueryKind.ILL_FORMED: people_rows.residents_by_number_start,
    QueryKind.TAIL: people_rows.residents_by_tail,
    QueryKind.PHONE: people_rows.residents_by_phone,
    QueryKind.HOUSEHOLD: people_rows.residents_by_household,
    QueryKind.PINYIN: people_rows.residents_by_reading,
    QueryKind.NAME: people_rows.residents_by_name,
}


def _matches(conn: Connection, ids: Sequence[int], office: Office) -> list[Match]:
    if not ids:
        return []
    rows = people_rows.matches(conn, ids, office.year, office.today().isoformat())
    found = [_match(row) for row in rows]
    found.sort(key=lambda match: match.status != "living")  # stable: best first stays
    return found


def _match(row: Row) -> Match:
    codes = row["identities"]
    return Match(
        resident_id=row["id"],
        uid=row["uid"],
        number=row["number"] or "",
        document_kind=row["document_kind"] or "",
        name=row["name"],
        sex=row["sex"],
        born=_day(row["born"]),
        village_code=row["village_code"],
        village_name=row["village_name"],
        group_name=row["group_name"],
        household_number=row["household_number"] or "",
        relation=row["relation"],
        phone=row["phone"],
        identities=tuple(dict.fromkeys(codes.split(","))) if codes else (),
        status=row["status"],
        enrolled=bool(row["enrolled"]),
    )


def _person(row: Row, facts: Mapping[str, str]) -> Person:
    return Person(
        resident_id=row["id"],
        uid=row["uid"],
        number=row["number"] or "",
        document_kind=row["document_kind"] or "",
        name=row["name"],
        sex=row["sex"],
        born=_day(row["born"]),
        phone=row["phone"],
        address=row["address"],
        ethnicity=row["ethnicity"],
        hukou_kind=row["hukou_kind"],
        village_id=row["village_id"],
        village_code=row["village_code"],
        village_name=row["village_name"],
        group_name=row["group_name"],
        household_id=row["household_id"],
        household_number=row["household_number"] or "",
        relation=row["relation"],
        registered=row["registered"],
        payer_group=row["payer_group"],
        category=row["category"],
        status=row["status"],
        status_on=_day(row["status_on"]),
        facts=facts,
    )


def _member(row: Row) -> Member:
    return Member(
        resident_id=row["id"],
        name=row["name"],
        relation=row["relation"],
        born=_day(row["born"]),
        sex=row["sex"],
        status=row["status"],
        enrolment=None if row["paid_at"] is None else parse_moment(row["paid_at"]).date(),
        number=row["number"] or "",
    )


def _years(
    conn: Connection, resident_id: int, last: int, born: date | None, gone: date | None
) -> tuple[YearState, ...]:
    first = last - YEARS_SHOWN + 1
    states: dict[int, str] = {}
    for row in people_rows.enrolled_years(conn, resident_id, first, last):
        if states.get(row["year"]) != "enrolled":
            states[row["year"]] = "ended" if row["ended_by"] else "enrolled"

    def state(year: int) -> str:
        if year in states:
            return states[year]
        if born is not None and born.year > year:
            return "unborn"
        if gone is not None and gone.year < year:
            return "gone"
        return "open" if year == last else "missed"

    return tuple(YearState(year, state(year)) for year in range(first, last + 1))


def _live_enrolment(conn: Connection, resident_id: int, year: int) -> LiveEnrolment | None:
    row = people_rows.live_enrolment(conn, resident_id, year)
    if row is None:
        return None
    return LiveEnrolment(
        uid=row["uid"],
        paid_at=parse_moment(row["paid_at"]),
        day=parse_moment(row["paid_at"]).date(),
        coverage=_span(row["coverage_from"], row["coverage_to"]),
        waiting=_span(row["waiting_from"], row["waiting_to"]),
        standard_fen=row["standard_fen"],
        individual_fen=row["individual_fen"],
        subsidies=tuple(
            SubsidyPart(part["source"], part["identity"], part["amount_fen"])
            for part in people_rows.subsidies(conn, row["entry_id"])
        ),
        channel=row["channel"],
        voucher=row["voucher"],
        staff_name=row["staff_name"],
        entry_uid=row["entry_uid"],
        receipt_number=_receipt_number(row["receipt"]),
        quote=json.loads(row["quote"]),
    )


def _receipt_number(text: str | None) -> str:
    if text is None:
        return ""
    series, _slash, number = text.rpartition("/")
    return f"{series}{int(number):06d}"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _span(start: str | None, end: str | None) -> DateSpan | None:
    if start is None or end is None:
        return None
    return DateSpan(date.fromisoformat(start), date.fromisoformat(end))
