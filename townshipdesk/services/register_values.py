"""Reading and checking what somebody says about a resident, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.domain.idnumber import DocumentKind, Sex, identify, normalise
from townshipdesk.domain.names import clean_name, clean_text, name_key
from townshipdesk.domain.phone import normalise_phone
from townshipdesk.i18n import N_
from townshipdesk.store.driver import Row

CORRECTABLE: Final = (
    "name",
    "sex",
    "born",
    "relation",
    "group_name",
    "phone",
    "address",
    "ethnicity",
    "hukou_kind",
    "registered",
    "payer_group",
    "category",
)
"""Fields `correct` changes. Village and household change by `move`, numbers by documents."""

FREE_TEXT: Final = ("relation", "group_name", "address", "ethnicity", "hukou_kind", "category")


@dataclass(frozen=True, slots=True)
class NewResident:
    """Somebody who is not in the office yet.

    Without a number the office issues a local one (a foreign spouse without papers enrols on a
    village certificate). Sex and birth date come from the number where it tells them; `sex` and
    `born` count for the other documents only.
    """

    name: str
    village_id: int
    number: str = ""
    document_kind: DocumentKind | None = None
    sex: Sex | None = None
    born: date | None = None
    group_name: str = ""
    household_number: str = ""
    relation: str = ""
    phone: str = ""
    address: str = ""
    ethnicity: str = ""
    hukou_kind: str = ""
    registered: str = "here"
    payer_group: str = "walk-in"
    category: str = ""


def plain_values(new: NewResident) -> dict[str, object]:
    """Give the columns a new resident brings as text, checked. Raises UsageError."""
    name = clean_name(new.name)
    if not name:
        raise UsageError(N_("A name is needed."), code="name-missing")
    values: dict[str, object] = {field: clean_text(getattr(new, field)) for field in FREE_TEXT}
    return {
        **values,
        "name": name,
        "name_key": name_key(name),
        "phone": _phone(new.phone),
        "registered": _one_of("registered", new.registered),
        "payer_group": _one_of("payer_group", new.payer_group),
    }


def corrections(row: Row, changes: Mapping[str, str | None], today: date) -> dict[str, str | None]:
    """Give the values of fields to correct, checked. `row` is `people_rows.person`'s.

    Raises UsageError for a value that cannot stand, RuleError for what the number tells.
    """
    values: dict[str, str | None] = {}
    for field, given in changes.items():
        text = given or ""
        if field not in CORRECTABLE:
            raise UsageError(N_("{field} cannot be corrected here."), field=field)
        if field in ("sex", "born"):
            values[field] = _own_word(row, field, text, today)
        elif field == "name":
            values[field] = clean_name(text)
            if not values[field]:
                raise UsageError(N_("A name is needed."), code="name-missing")
        elif field == "phone":
            values[field] = _phone(text)
        elif field in ("registered", "payer_group"):
            values[field] = _one_of(field, text)
        else:
            values[field] = clean_text(text)
    return values


def _own_word(row: Row, field: str, text: str, today: date) -> str | None:
    """Read a sex or birth date that somebody says, where the number does not tell it."""
    if row["number"] is not None:
        told = identify(row["number"], today=today, kind=DocumentKind(row["document_kind"]))
        if told.born is not None:
            raise RuleError(
                N_("Sex and birth date come from the number; it is the number that is wrong."),
                code="told-by-number",
            )
    if field == "sex":
        if text not in ("male", "female", "unknown", ""):
            raise UsageError(N_("Sex is male, female or unknown."), code="sex")
        return text or "unknown"
    if not text:
        return None
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise UsageError(N_("A birth date is written like 2025-03-17."), code="born") from None
    if born > today:
        raise UsageError(N_("The birth date lies in the future."), code="born-future")
    return born.isoformat()


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    phone = normalise_phone(text)
    if phone is None:
        raise UsageError(
            N_("This is no telephone number: 11 digits from 13 to 19, or one with area code."),
            code="phone",
        )
    return phone


def _one_of(field: str, value: str) -> str:
    from townshipdesk.policy import codes

    allowed = codes.REGISTERED if field == "registered" else codes.PAYER_GROUPS
    if value not in allowed:
        raise UsageError(
            N_("{field} cannot be {value}. Allowed: {allowed}."),
            field=field,
            value=repr(value),
            allowed=", ".join(allowed),
        )
    return value


def household_number(text: str) -> str:
    """Give a household's number as it is kept and compared: half-width, upper case, no spaces."""
    return normalise(clean_text(text))
