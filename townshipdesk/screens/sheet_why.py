"""What the pages of sheets say when somebody presses a key that can do nothing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from townshipdesk.i18n import _

if TYPE_CHECKING:
    from townshipdesk.services.claims import Claim, SettlementLine
    from townshipdesk.services.collections import Collection
    from townshipdesk.services.file_history import FileRecord
    from townshipdesk.services.imports import Preview


def ledger_why_not(action: str, ledger: Collection, differing: int) -> str:
    """Say why a ledger does not allow an action; `differing` people are not set aside yet."""
    state, said = ledger.state, ""
    if state == "withdrawn":
        said = _("This ledger was given back.")
    elif action == "next_gate" and differing and state == "received":
        said = _("{count} people differ: set them aside or mend them.", count=differing)
    elif action == "correct_deposit" and state == "entered":
        said = _("It is entered: its deposits are taken back on the page of deposits (^F).")
    elif action == "correct_deposit":
        said = _("Its money is not at the bank yet.")
    elif action == "next_gate" and state == "entered":
        said = _("This ledger is entered; nothing is left to do.")
    elif action in ("set_aside", "give_back") and state in ("deposited", "entered"):
        said = _("Its money is at the bank: the ledger can no longer be changed or given back.")
    elif action == "set_aside" and state in ("counted", "reviewed"):
        said = _("It has been counted: give it back with w, then take it in again.")
    elif action == "send_back":
        said = _("Nobody of this ledger differs or was set aside.")
    return said


def import_why_not(action: str, shown: Preview | None, state: str) -> str:
    """Say why the preview of a file, in this state, does not allow an action."""
    if shown is None or state in ("reading", "writing"):
        return ""
    if action == "take_over":
        if state == "written":
            return _("This file is written.")
        if shown.refused:
            return _("One wrong row keeps a complete list out: mend it, then read it again with r.")
        return _("There is nothing to write.")
    if action == "write_rejects":
        return _("No row was rejected.")
    return ""


def claim_why_not(action: str, row: Claim | SettlementLine | None) -> str:
    """Say why the row under the cursor does not allow an action of the claims."""
    from townshipdesk.services.claims import Claim, SettlementLine

    if action == "make_claim":
        if isinstance(row, SettlementLine):
            return _("Everything is claimed.")
        return _("Claims are made from the other list: key s.")
    if isinstance(row, SettlementLine):
        return _("Choose the claim in the other list: key s.")
    if isinstance(row, Claim) and action == "claim_paid":
        return _("The payment of this claim is recorded already.")
    return ""


def finding_why_not(action: str, kind: str | None) -> str:
    """Say why the difference under the cursor, of this kind, does not allow an action."""
    if action == "accept_all" or (action == "accept_one" and kind is not None):
        return _("Only what the bureau has and this office has not is taken over.")
    if action == "surplus" and kind is not None:
        return _("Only what was paid twice is recorded for a refund.")
    if action == "open_person" and kind is not None:
        return _("Nobody in this office has this number.")
    return ""


def file_why_not(action: str, record: FileRecord | None) -> str:
    """Say why the file under the cursor cannot be taken back."""
    if action != "take_import_back" or record is None:
        return ""
    if record.undone_at is not None:
        return _("This import has been taken back already.")
    if record.way == "in" and record.kind == "ledger":
        return _("A ledger is given back on its own page: F5, then w.")
    return _("Only village lists, rosters and identity lists are taken back.")
