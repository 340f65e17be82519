"""Papers a person is known by: a newer number, a wrong one taken back, two records made one.

A newborn is registered with a birth certificate and gets an ID number later; by then a roster may
have brought the same child as somebody new. The ledger never changes, so the record that has been
paid for stays, and the other hands over its papers and is looked up no more.
"""

from __future__ import annotations

from typing import Final

from townshipdesk.domain.errors import NotFoundError, RuleError
from townshipdesk.domain.idnumber import DocumentKind, DocumentNumber, identify
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.services import name_readings, people
from townshipdesk.services.office import Office
from townshipdesk.services.register import living
from townshipdesk.services.staff import Actor
from townshipdesk.services.work import Work, work
from townshipdesk.store import identity_rows, people_rows, register_rows
from townshipdesk.store.driver import Connection, Row

_LASTING: Final = (
    DocumentKind.RESIDENT_ID,
    DocumentKind.HK_MO_TW_RESIDENCE,
    DocumentKind.FOREIGN_RESIDENCE,
    DocumentKind.HK_MO_TRAVEL,
    DocumentKind.TAIWAN_TRAVEL,
    DocumentKind.PASSPORT,
    DocumentKind.LOCAL,
    DocumentKind.BIRTH_CERTIFICATE,
)
"""Which paper of two speaks for a person: the first of these."""

_FILLED_WHEN_EMPTY: Final = (
    "group_name",
    "household_id",
    "relation",
    "phone",
    "address",
    "ethnicity",
    "hukou_kind",
    "category",
)


def add_document(
    office: Office,
    actor: Actor,
    resident_id: int,
    number: str,
    *,
    kind: DocumentKind | None = None,
    confirmed: bool = False,
) -> int:
    """Give a person a newer number; it is the one in use from now on, the others are past.

    Gives the resident's number, which is another one where two records became one. Without
    `confirmed`, raises RuleError `born-differs` when the number tells another birth date than the
    record, and `number-of-another` when another record has it: confirmed, the two are merged.
    Raises RuleError `both-enrolled` when both are enrolled for the same year, NumberProblem.
    """
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        document = identify(number, today=w.day, kind=kind)
        holder = people.resident_of(w.conn, document.number, w.day)
        if holder is not None and holder != resident_id:
            if not confirmed:
                raise RuleError(
                    N_(
                        "Another record in this office has this number. If both are one person, "
                        "confirm to make them one; payments stay."
                    ),
                    code="number-of-another",
                )
            return _merge(w, row, living(w.conn, holder))
        if not confirmed and document.born is not None and row["born"] is not None:
            _check_born(document, row)
        known = {held["number"] for held in people_rows.documents(w.conn, resident_id)}
        if document.number in known:
            register_rows.make_current(w.conn, resident_id, document.number)
        else:
            register_rows.insert_document(
                w.conn, resident_id, str(document.kind), document.number, w.moment
            )
        _take_from_number(w, resident_id, document)
        w.note("document.added", row["uid"], {"document": str(document.kind)})
        return resident_id


def take_back_document(office: Office, actor: Actor, resident_id: int, number: str) -> None:
    """Take a number back that was recorded for the wrong person, so that its owner can have it.

    Give the person the right number first: raises RuleError `only-number` for the one in use.
    """
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        held = {d["number"]: d for d in people_rows.documents(w.conn, resident_id)}
        if number not in held:
            raise NotFoundError(N_("This person does not have this number."))
        if held[number]["is_current"]:
            raise RuleError(
                N_("This is the number in use. Record the right number first."), code="only-number"
            )
        register_rows.delete_document(w.conn, resident_id, number)
        w.note("document.taken-back", row["uid"], {"document": held[number]["kind"]})


def _check_born(document: DocumentNumber, row: Row) -> None:
    if document.born is not None and document.born.isoformat() != row["born"]:
        raise RuleError(
            N_(
                "This number tells another birth date than the record has. "
                "Confirm only if it is the same person."
            ),
            code="born-differs",
        )


def _take_from_number(w: Work, resident_id: int, document: DocumentNumber) -> None:
    values: dict[str, object] = {"changed_at": w.moment}
    if document.born is not None:
        values["born"] = document.born.isoformat()
    if document.sex is not None:
        values["sex"] = str(document.sex)
    register_rows.update_resident(w.conn, resident_id, values)


def _merge(w: Work, one: Row, other: Row) -> int:
    """Make two records one: the record paid for last stays, the better paper gives the name."""
    both = register_rows.live_years(w.conn, one["id"]) & register_rows.live_years(
        w.conn, other["id"]
    )
    if both:
        raise RuleError(
            N_(
                "Both records are enrolled for {year}. Reverse or refund one of the two payments "
                "first; nothing was changed."
            ),
            code="both-enrolled",
            year=max(both),
        )
    survivor, retired = sorted((one, other), key=lambda row: _claim(w.conn, row), reverse=True)
    speaker = min((one, other), key=lambda row: _LASTING.index(DocumentKind(row["document_kind"])))
    _hand_identities_over(w, retired["id"], survivor["id"])
    register_rows.hand_over(w.conn, retired["id"], survivor["id"])
    register_rows.make_current(w.conn, survivor["id"], speaker["number"])
    register_rows.update_resident(
        w.conn,
        survivor["id"],
        {
            "name": speaker["name"],
            "name_key": name_key(speaker["name"]),
            "sex": speaker["sex"],
            "born": speaker["born"] or survivor["born"],
            **{f: survivor[f] or retired[f] for f in _FILLED_WHEN_EMPTY},
            "changed_at": w.moment,
        },
    )
    register_rows.update_resident(
        w.conn,
        retired["id"],
        {
            "status": "moved",
            "status_on": w.day.isoformat(),
            "merged_into": survivor["id"],
            "household_id": None,
            "phone": "",
            "changed_at": w.moment,
        },
    )
    name_readings.forget(w.conn, [one["name"], other["name"]])
    w.note("resident.merged", survivor["uid"], {"merged": retired["uid"]})
    return int(survivor["id"])


def _claim(conn: Connection, row: Row) -> tuple[int, bool, int]:
    """Rank a record by what would be lost if it were not the one that stays."""
    years = register_rows.live_years(conn, row["id"])
    return max(years, default=0), register_rows.has_ledger(conn, row["id"]), -row["id"]


def _hand_identities_over(w: Work, retired: int, survivor: int) -> None:
    held = {row["code"] for row in identity_rows.still_open(w.conn, survivor)}
    for row in identity_rows.still_open(w.conn, retired):
        ended_on = max(w.day.isoformat(), row["from_on"])
        identity_rows.end(
            w.conn,
            row["id"],
            ended_on=ended_on,
            at=w.moment,
            staff_id=w.actor.staff_id,
            reason="merged",
        )
        if row["code"] in held:
            continue
        identity_rows.insert(
            w.conn,
            resident_id=survivor,
            code=row["code"],
            from_on=row["from_on"],
            listed_on=row["listed_on"] or row["from_on"],
            department=row["department"],
            at=w.moment,
            staff_id=w.actor.staff_id,
            disability_kind=row["disability_kind"],
            disability_grade=row["disability_grade"],
            import_file_id=row["import_file_id"],
            note=row["note"],
        )
