"""The register: new residents, corrections, moves, deaths, and the facts a policy asks about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.idnumber import (
    DocumentKind,
    DocumentNumber,
    identify,
    local_number,
    normalise,
)
from townshipdesk.domain.names import clean_text, name_key
from townshipdesk.i18n import N_
from townshipdesk.services import name_readings, people
from townshipdesk.services.office import Office
from townshipdesk.services.register_values import (
    CORRECTABLE,
    NewResident,
    corrections,
    household_number,
    plain_values,
)
from townshipdesk.services.staff import Actor
from townshipdesk.services.work import Work, work
from townshipdesk.store import people_rows, register_rows
from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.uids import new_uid

__all__ = [
    "CORRECTABLE",
    "NewResident",
    "correct",
    "end_employee_insurance",
    "household_for",
    "living",
    "move",
    "record_death",
    "record_employee_insurance",
    "record_moved_away",
    "record_return",
    "register",
    "set_fact",
    "village_row",
]

_KEPT_ELSEWHERE: Final = frozenset({"born", "payer_group", "registered", "already_enrolled"})


def register(office: Office, actor: Actor, new: NewResident) -> int:
    """Register somebody and give the resident's number.

    Raises NumberProblem for a number that cannot be right, RuleError (`number-known`) when somebody
    here has it, UsageError for a missing name or a newborn without a birth date.
    """
    with work(office, actor) as w:
        document = _document_of(w, new)
        if people.resident_of(w.conn, document.number, w.day) is not None:
            raise RuleError(
                N_("Somebody in this office has this number already. Look the person up by it."),
                code="number-known",
            )
        born = document.born or new.born
        if born is None and document.kind is DocumentKind.BIRTH_CERTIFICATE:
            raise UsageError(N_("A newborn needs a birth date."), code="born-missing")
        if born is not None and born > w.day:
            raise UsageError(N_("The birth date lies in the future."), code="born-future")
        values = plain_values(new)
        village = village_row(w.conn, new.village_id)
        resident_id = register_rows.insert_resident(
            w.conn,
            {
                **values,
                "uid": new_uid(),
                "sex": str(document.sex or new.sex or "unknown"),
                "born": None if born is None else born.isoformat(),
                "village_id": village["id"],
                "household_id": household_for(
                    w, village["id"], new.household_number, str(values["group_name"])
                ),
                "created_at": w.moment,
                "changed_at": w.moment,
            },
        )
        register_rows.insert_document(
            w.conn, resident_id, str(document.kind), document.number, w.moment
        )
        name_readings.keep(w.conn, [str(values["name"])])
        row = living(w.conn, resident_id)
        w.note("resident.registered", row["uid"], {"document": str(document.kind)})
        return resident_id


def correct(
    office: Office, actor: Actor, resident_id: int, changes: Mapping[str, str | None]
) -> tuple[str, ...]:
    """Correct fields of `CORRECTABLE` and give those that really changed; "" or None empties one.

    Raises UsageError for a value that cannot stand, RuleError for a sex or birth date that the
    person's number already tells.
    """
    with work(office, actor) as w:
        row = _person(w.conn, resident_id)
        values = corrections(row, changes, w.day)
        changed = tuple(field for field, value in values.items() if row[field] != value)
        if not changed:
            w.leave_unchanged()
            return ()
        new_values: dict[str, object] = {field: values[field] for field in changed}
        if "name" in changed:
            name = str(values["name"])
            new_values["name_key"] = name_key(name)
        register_rows.update_resident(w.conn, resident_id, {**new_values, "changed_at": w.moment})
        if "name" in changed:
            name_readings.forget(w.conn, [row["name"]])
            name_readings.keep(w.conn, [str(values["name"])])
        w.note("resident.corrected", row["uid"], {"fields": sorted(changed)})
        return changed


def move(
    office: Office,
    actor: Actor,
    resident_id: int,
    village_id: int,
    group_name: str = "",
    household_number: str = "",
    relation: str | None = None,
) -> None:
    """Move somebody to a village, group and household; a household that is not there is made.

    What was paid stays with the village it was paid in. Raises NotFoundError, RuleError.
    """
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        village = village_row(w.conn, village_id)
        group = clean_text(group_name)
        values: dict[str, object] = {
            "village_id": village["id"],
            "group_name": group,
            "household_id": household_for(w, village["id"], household_number, group),
            "relation": row["relation"] if relation is None else clean_text(relation),
        }
        register_rows.update_resident(w.conn, resident_id, {**values, "changed_at": w.moment})
        w.note(
            "resident.moved",
            row["uid"],
            {"village": village["uid"], "from_village": _village_uid(w.conn, row["village_id"])},
        )


def record_death(office: Office, actor: Actor, resident_id: int, on: date, proof: str = "") -> None:
    """Record a death; nothing can be paid for the person any more, a refund may be asked for.

    `proof` names the paper (death certificate, cancelled registration).
    """
    _leave(office, actor, resident_id, "deceased", on, proof)


def record_moved_away(
    office: Office, actor: Actor, resident_id: int, on: date, proof: str = ""
) -> None:
    """Record that somebody has left the township; the person no longer counts as a resident."""
    _leave(office, actor, resident_id, "moved", on, proof)


def record_return(office: Office, actor: Actor, resident_id: int) -> None:
    """Take a death or a departure back that was recorded wrongly, or has been undone."""
    with work(office, actor) as w:
        row = _person(w.conn, resident_id)
        if row["status"] == "living":
            raise RuleError(N_("This person is recorded as living here."), code="living")
        register_rows.update_resident(
            w.conn,
            resident_id,
            {"status": "living", "status_on": None, "status_proof": "", "changed_at": w.moment},
        )
        w.note("resident.returned", row["uid"], {"was": row["status"]})


def record_employee_insurance(
    office: Office,
    actor: Actor,
    resident_id: int,
    from_on: date,
    to_on: date | None = None,
    place: str = "",
) -> str:
    """Record time under employee insurance and give its uid; `to_on` is its last day."""
    if to_on is not None and to_on < from_on:
        raise UsageError(N_("The last day lies before the first."), code="days-swapped")
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        uid = register_rows.insert_employee_insurance(
            w.conn,
            resident_id=resident_id,
            from_on=from_on.isoformat(),
            to_on=None if to_on is None else to_on.isoformat(),
            place=clean_text(place),
            at=w.moment,
            staff_id=w.actor.staff_id,
        )
        w.note("insurance.recorded", row["uid"], {"insurance": uid})
        return uid


def end_employee_insurance(office: Office, actor: Actor, insurance_uid: str, to_on: date) -> None:
    """Record the last day under employee insurance. Raises NotFoundError, UsageError."""
    with work(office, actor) as w:
        spell = register_rows.employee_insurance(w.conn, insurance_uid)
        if spell is None:
            raise NotFoundError(N_("This time under employee insurance is not on record."))
        if to_on.isoformat() < spell["from_on"]:
            raise UsageError(N_("The last day lies before the first."), code="days-swapped")
        register_rows.end_employee_insurance(w.conn, insurance_uid, to_on.isoformat())
        w.note("insurance.ended", spell["resident_uid"], {"insurance": insurance_uid})


def set_fact(office: Office, actor: Actor, resident_id: int, key: str, value: str | None) -> None:
    """Record a fact a policy asks about, under the contract's key; None takes it back.

    Raises UsageError for an unknown key or value, and for facts kept elsewhere in the record.
    """
    from townshipdesk.policy import Facts

    if key in _KEPT_ELSEWHERE:
        raise UsageError(N_("{key} comes from the record itself; correct it there."), key=key)
    if value is not None:
        Facts.parse([f"{key}={value}"])
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        register_rows.set_fact(w.conn, resident_id, key, value, w.moment, w.actor.staff_id)
        w.note("fact.taken-back" if value is None else "fact.set", row["uid"], {"key": key})


def living(conn: Connection, resident_id: int) -> Row:
    """Give a resident's row. Raises NotFoundError, and RuleError for who has died or left."""
    row = _person(conn, resident_id)
    if row["status"] == "deceased":
        raise RuleError(N_("This person is recorded as deceased."), code="deceased")
    if row["status"] == "moved":
        raise RuleError(N_("This person is recorded as moved away."), code="moved")
    return row


def village_row(conn: Connection, village_id: int) -> Row:
    """Give a village. Raises NotFoundError."""
    row = people_rows.village_by_id(conn, village_id)
    if row is None:
        raise NotFoundError(N_("There is no such village in this office."), code="unknown-village")
    return row


def household_for(w: Work, village_id: int, number: str, group_name: str) -> int | None:
    """Give the household of that number in a village, made when it is new; None without number."""
    plain = household_number(number)
    if not plain:
        return None
    row = register_rows.household(w.conn, village_id, plain)
    if row is not None:
        return int(row["id"])
    return register_rows.insert_household(
        w.conn,
        number=plain,
        village_id=village_id,
        group_name=group_name,
        address="",
        at=w.moment,
    )


def _document_of(w: Work, new: NewResident) -> DocumentNumber:
    if normalise(new.number):
        return identify(new.number, today=w.day, kind=new.document_kind)
    last = register_rows.last_local_number(w.conn, w.day.year)
    serial = 1 if last is None else int(last[-6:]) + 1
    return DocumentNumber(DocumentKind.LOCAL, local_number(w.day.year, serial))


def _leave(
    office: Office, actor: Actor, resident_id: int, status: str, on: date, proof: str
) -> None:
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        if on > w.day:
            raise UsageError(N_("The day lies in the future."), code="day-future")
        if row["born"] is not None and on.isoformat() < row["born"]:
            raise UsageError(N_("The day lies before the person's birth."), code="day-early")
        register_rows.update_resident(
            w.conn,
            resident_id,
            {
                "status": status,
                "status_on": on.isoformat(),
                "status_proof": clean_text(proof),
                "changed_at": w.moment,
            },
        )
        w.note(f"resident.{status}", row["uid"], {"on": on.isoformat()})


def _person(conn: Connection, resident_id: int) -> Row:
    row = people_rows.person(conn, resident_id)
    if row is None or row["merged_into"] is not None:
        raise NotFoundError(N_("There is no such resident in this office."))
    return row


def _village_uid(conn: Connection, village_id: int) -> str:
    return str(village_row(conn, village_id)["uid"])
