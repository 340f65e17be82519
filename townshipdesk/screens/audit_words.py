"""The audit log in words: what was done, about what, and the details a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import LANGUAGES, N_, _, in_language
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.staff import role_name
from townshipdesk.services.audit_search import AuditRow, Subject

ACTIONS: Final[Mapping[str, str]] = {
    "office.created": N_("Office set up"),
    "office.sealed": N_("Register sealed by the program"),
    "office.restored": N_("Office restored from a backup"),
    "payment.taken": N_("Payment taken"),
    "payment.reversed": N_("Payment taken back"),
    "payment.duplicate": N_("Second payment recorded"),
    "receipt.printed": N_("Receipt printed"),
    "refund.requested": N_("Refund asked for"),
    "refund.approved": N_("Refund approved"),
    "refund.rejected": N_("Refund rejected"),
    "refund.withdrawn": N_("Refund withdrawn"),
    "refund.paid": N_("Refund paid out"),
    "refund.account-shown": N_("Account shown in full"),
    "ruling.made": N_("Supervisor's ruling"),
    "setting.changed": N_("Setting changed"),
    "policy.adopted": N_("Policy adopted"),
    "clock.confirmed": N_("Clock confirmed"),
    "clock.moved": N_("Training clock moved"),
    "staff.added": N_("Staff added"),
    "staff.active": N_("Staff at work again"),
    "staff.inactive": N_("Staff no longer at work"),
    "staff.password": N_("Password changed"),
    "staff.pin": N_("PIN changed"),
    "resident.registered": N_("Resident registered"),
    "resident.corrected": N_("Record corrected"),
    "resident.moved": N_("Resident moved"),
    "resident.deceased": N_("Death recorded"),
    "resident.returned": N_("Resident came back"),
    "resident.merged": N_("Two records merged"),
    "resident.numbers-shown": N_("Full numbers shown"),
    "village.phones-shown": N_("Phones of a village shown"),
    "document.added": N_("Document added"),
    "document.taken-back": N_("Document taken back"),
    "fact.set": N_("Fact recorded"),
    "fact.taken-back": N_("Fact taken back"),
    "insurance.recorded": N_("Employee insurance recorded"),
    "insurance.ended": N_("Employee insurance ended"),
    "identity.added": N_("Identity added"),
    "identity.ended": N_("Identity ended"),
    "import.villages": N_("Villages imported"),
    "import.residents": N_("Roster imported"),
    "import.identities": N_("Identity list imported"),
    "import.contributions": N_("Payments imported"),
    "import.taken-back": N_("Import taken back"),
    "sheet.columns": N_("Columns of a sheet confirmed"),
    "sheet.written": N_("Sheet written"),
    "day.counted": N_("Cash counted"),
    "day.closed": N_("Day closed"),
    "deposit.recorded": N_("Deposit recorded"),
    "deposit.taken-back": N_("Deposit taken back"),
    "book.received": N_("Receipt books received"),
    "book.issued": N_("Receipt book issued"),
    "book.void": N_("Book receipt voided"),
    "book.written-off": N_("Receipt book written off"),
    "collection.received": N_("Ledger received"),
    "collection.aside": N_("Row of a ledger set aside"),
    "collection.counted": N_("Ledger counted"),
    "collection.reviewed": N_("Ledger reviewed by the county"),
    "collection.deposited": N_("Ledger deposited"),
    "collection.corrected": N_("Deposit of a ledger corrected"),
    "collection.entered": N_("Ledger entered"),
    "collection.withdrawn": N_("Ledger given back"),
    "call.recorded": N_("Call recorded"),
    "calls.imported": N_("Call list imported"),
    "claim.made": N_("Claim for subsidies made"),
    "claim.paid": N_("Claim for subsidies paid"),
    "tax.compared": N_("Compared with the tax bureau's list"),
    "tax.accepted": N_("Taken over from the tax bureau's list"),
    "tax.settled": N_("Difference with the tax bureau settled"),
    "log.exported": N_("Audit log exported"),
}
DETAILS: Final[Mapping[str, str]] = {
    "number": N_("no."),
    "amount_fen": N_("amount"),
    "individual_fen": N_("own part"),
    "subsidy_fen": N_("subsidy"),
    "channel": N_("by"),
    "ground": N_("ground"),
    "why": N_("reason"),
    "document_number": N_("document"),
    "from": N_("from"),
    "to": N_("to"),
    "on": N_("on"),
    "nth": N_("time"),
    "form": N_("as"),
    "role": N_("role"),
    "code": N_("identity"),
    "rows": N_("rows"),
    "year": N_("year"),
    "policy": N_("policy"),
}
_CODES: Final = {"channel": "channel", "ground": "ground", "code": "identity"}
_HASH_LENGTH: Final = 40
_KINDS: Final = {"receipt": N_("receipt"), "refund": N_("refund"), "resident": N_("resident")}


def action_words(action: str) -> str:
    """Give an action in words; one nobody has words for stands for itself."""
    return _(ACTIONS[action]) if action in ACTIONS else display_text(action)


def matching_actions(text: str, known: Iterable[str]) -> tuple[str, ...] | None:
    """Give the actions whose words or code hold a text, in either language; None for no text."""
    wanted = text.strip().casefold()
    if not wanted:
        return None
    return tuple(
        action
        for action in known
        if wanted in action
        or any(
            wanted in in_language(name, ACTIONS[action]).casefold()
            for name in LANGUAGES
            if action in ACTIONS
        )
    )


def detail_words(row: AuditRow) -> str:
    """Give what matters of a row's detail on one line: no uids, no digests."""
    parts = []
    if row.subject.startswith(("setting:", "staff:")):
        parts.append(display_text(row.subject.partition(":")[2]))
    for key, label in DETAILS.items():
        value = row.detail.get(key)
        if value not in (None, "", 0, [], {}) and isinstance(value, str | int):
            parts.append(f"{_(label)} {_value(key, value)}")
    return "  ".join(parts)


def _value(key: str, value: Any) -> str:
    if key.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if key == "role":
        return role_name(str(value))
    if key in _CODES:
        return named(_CODES[key], str(value))
    text = display_text(str(value))
    return text[:10] if len(text) >= _HASH_LENGTH and text.isalnum() else text


def all_details(row: AuditRow) -> list[tuple[str, str]]:
    """Give every detail of a row as the log has it, for the box that shows one entry whole."""
    return [(key, _whole(key, value)) for key, value in row.detail.items()]


def _whole(key: str, value: Any) -> str:
    if key.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if isinstance(value, list):
        return "  ".join(display_text(str(item)) for item in value)
    if isinstance(value, dict):
        return "  ".join(
            f"{display_text(str(name))} {_whole(str(name), item)}" for name, item in value.items()
        )
    return display_text(str(value))


def subject_words(subject: Subject | None, uid: str) -> str:
    """Say what a row is about; of a person the number is masked."""
    if subject is None:
        return display_text(uid)
    if subject.kind == "resident":
        return f"{display_text(subject.name)}  {mask_number(display_text(subject.number))}"
    return f"{_(_KINDS[subject.kind])} {display_text(subject.number)}"
