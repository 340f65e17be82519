"""Words of the screens of sheets: kinds of files, fields, what came of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from townshipdesk.domain.names import display_text
from townshipdesk.domain.phone import mask_phone
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import registered_name, sex_name, short_identity
from townshipdesk.services import collection_note
from townshipdesk.services.exports import SHEETS
from townshipdesk.services.file_history import FileRecord
from townshipdesk.sheets.result import SheetKind
from townshipdesk.sheets.words import IDENTITY_CODES

KINDS: Final[Mapping[SheetKind, str]] = {
    SheetKind.VILLAGES: N_("Villages and targets"),
    SheetKind.RESIDENTS: N_("Roster"),
    SheetKind.IDENTITIES: N_("Identity list"),
    SheetKind.CONTRIBUTIONS: N_("Collection ledger"),
    SheetKind.TAX_LIST: N_("Tax bureau's list"),
    SheetKind.CALLS: N_("Call list"),
}

FIELDS: Final[Mapping[str, str]] = {
    "sequence": N_("running number"),
    "note": N_("remarks"),
    "name": N_("name"),
    "number": N_("document number"),
    "kind": N_("kind of document"),
    "sex": N_("sex"),
    "born": N_("birth date"),
    "age": N_("age"),
    "address": N_("address"),
    "phone": N_("telephone"),
    "household": N_("household no."),
    "head": N_("head of household"),
    "head_number": N_("head's number"),
    "relation": N_("relation to head"),
    "village": N_("village"),
    "village_code": N_("village code"),
    "code": N_("division code"),
    "group": N_("group"),
    "group_name": N_("group"),
    "groups": N_("number of groups"),
    "group_count": N_("number of groups"),
    "base": N_("base"),
    "target": N_("target"),
    "total": N_("total"),
    "households": N_("households"),
    "ethnicity": N_("ethnicity"),
    "hukou_kind": N_("kind of registration"),
    "hukou_place": N_("place of registration"),
    "registered": N_("registered in"),
    "category": N_("category"),
    "identity": N_("identity"),
    "department": N_("department"),
    "since": N_("listed since"),
    "until": N_("ended"),
    "disability": N_("disability"),
    "disability_kind": N_("kind of disability"),
    "disability_grade": N_("grade of disability"),
    "certificate": N_("disability certificate"),
    "work_incapacity": N_("unable to work"),
    "change": N_("joined or left"),
    "owed": N_("due"),
    "subsidy": N_("subsidy"),
    "source": N_("source of subsidy"),
    "own": N_("own payment"),
    "channel": N_("way of paying"),
    "receipt": N_("receipt no."),
    "paid_on": N_("day of payment"),
    "handler": N_("taken by"),
    "year": N_("year"),
    "voucher": N_("voucher no."),
    "area": N_("division"),
    "state": N_("state of payment"),
    "last_year": N_("enrolled last year"),
    "reason": N_("reason"),
    "result": N_("result"),
}

STAGES: Final[Mapping[str, str]] = {
    "opening": N_("opening"),
    "reading": N_("reading"),
    "checking": N_("checking"),
    "comparing": N_("comparing"),
    "preparing": N_("preparing"),
    "writing": N_("writing"),
}

COUNTS: Final[Mapping[str, str]] = {
    "added": N_("added {count}"),
    "updated": N_("changed {count}"),
    "unchanged": N_("unchanged {count}"),
    "rejected": N_("rejected {count}"),
    "ended": N_("ended {count}"),
    "matched": N_("matched {count}"),
    "only_there": N_("only there {count}"),
    "only_here": N_("only here {count}"),
    "amount_differs": N_("amount differs {count}"),
    "twice": N_("twice {count}"),
    "unknown_person": N_("unknown {count}"),
    "other_year": N_("other year {count}"),
    "recorded": N_("recorded {count}"),
    "received": N_("received {count}"),
    "counted": N_("counted {count}"),
    "reviewed": N_("reviewed {count}"),
    "deposited": N_("deposited {count}"),
    "entered": N_("entered {count}"),
    "withdrawn": N_("given back {count}"),
    "aside": N_("set aside {count}"),
}


REJECTED: Final = "rejected-rows"
OTHER_SHEETS: Final[Mapping[str, str]] = {
    collection_note.SHEET: N_("Who differs in a ledger"),
    REJECTED: N_("Rejected rows sent back"),
}
"""Workbooks that go out beside the sheets of the list."""


def kind_name(kind: str) -> str:
    """Name a kind of file, in or out."""
    if kind in SHEETS:
        return _(SHEETS[kind][0])
    if kind in OTHER_SHEETS:
        return _(OTHER_SHEETS[kind])
    return _(KINDS[SheetKind(kind)]) if kind in set(SheetKind) else display_text(kind)


def record_kind(record: FileRecord) -> str:
    """Name the kind of a file of the history."""
    if record.way == "in" and record.kind == "ledger":
        return _(KINDS[SheetKind.CONTRIBUTIONS])
    return kind_name(record.kind)


SHORT: Final[Mapping[str, str]] = {
    "villages": N_("Village list"),
    "tax-list": N_("Bureau's list"),
    "ledger": N_("Ledger"),
    "village-summary": N_("Village summary"),
    "town-summary": N_("Town summary"),
    "daily": N_("Day sheet"),
    "weekly": N_("Week sheet"),
    "unpaid": N_("Call list"),
    "subsidy-claim": N_("Subsidy claim"),
    "refunds": N_("Refund list"),
    "audit": N_("Audit log"),
    "books": N_("Receipt books"),
    "roster": N_("Roster"),
    collection_note.SHEET: N_("Ledger note"),
    REJECTED: N_("Rejected rows"),
}
"""Kinds of files in few words, for the list of them."""


def short_kind(record: FileRecord) -> str:
    """Name the kind of a file of the history in few words."""
    return _(SHORT[record.kind]) if record.kind in SHORT else record_kind(record)


def field_name(field: str) -> str:
    """Name a field of a sheet."""
    return _(FIELDS[field]) if field in FIELDS else display_text(field)


def counts_text(counts: Mapping[str, int], *, always: Collection[str] = ()) -> str:
    """Say what came of a file: added 1,180  changed 12. `always` are said even when nothing."""
    told = [name for name in COUNTS if counts.get(name) or name in always]
    return "  ".join(_(COUNTS[name], count=f"{counts.get(name, 0):,}") for name in told)


def value_text(field: str, value: str) -> str:
    """Give a value of a sheet's field as it is shown."""
    if field == "identity" and value in IDENTITY_CODES:
        return short_identity(value)
    if field == "sex" and value:
        return sex_name(value)
    if field == "registered" and value:
        return registered_name(value)
    return display_text(str(value))


def known_text(field: str, value: str) -> str:
    """Give what is on record of a field; a phone is masked: the file brings the new one only."""
    return value_text(field, mask_phone(value) if field == "phone" else value) or "—"
