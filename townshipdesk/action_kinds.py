"""What an action of the desk is, and the places where actions can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from townshipdesk.i18n import N_


class Place(StrEnum):
    """Where an action can be done. A place lies inside another one (`AROUND`)."""

    EVERYWHERE = "everywhere"
    DESK = "desk"
    RESIDENT = "resident"
    BOARD = "board"
    VILLAGE = "village"
    PICTURES = "pictures"
    WORK_MONEY = "work-money"
    PERIOD = "period"
    DAY = "day"
    DEPOSITS = "deposits"
    BOOKS = "books"
    FILES = "files"
    IMPORT = "import"
    EXPORTS = "exports"
    RECONCILE = "reconcile"
    COLLECTIONS = "collections"
    COLLECTION = "collection"
    CLAIMS = "claims"
    CHOOSE_FILE = "choose-file"
    COLUMNS = "columns"
    HEADING = "heading"
    BOX = "box"
    FORM = "form"
    PAY = "pay"
    RECEIPT = "receipt"
    RECEIPTS = "receipts"
    IDENTITIES = "identities"
    RUNNING = "running"
    SIGN_IN = "sign-in"
    LOCKED = "locked"
    PAGE = "page"
    APPROVALS = "approvals"
    TODAY = "today"
    SUPERVISION = "supervision"
    SETTINGS = "settings"
    POLICY = "policy"
    STAFF = "staff"
    AUDIT = "audit"


AROUND: Final[Mapping[Place, Place | None]] = {
    Place.EVERYWHERE: None,
    Place.DESK: Place.EVERYWHERE,
    Place.RESIDENT: Place.DESK,
    Place.BOARD: Place.EVERYWHERE,
    Place.VILLAGE: Place.PAGE,
    Place.PICTURES: Place.PAGE,
    Place.WORK_MONEY: Place.PAGE,
    Place.PERIOD: Place.PAGE,
    Place.DAY: Place.EVERYWHERE,
    Place.DEPOSITS: Place.PAGE,
    Place.BOOKS: Place.PAGE,
    Place.FILES: Place.EVERYWHERE,
    Place.IMPORT: Place.PAGE,
    Place.EXPORTS: Place.PAGE,
    Place.RECONCILE: Place.PAGE,
    Place.COLLECTIONS: Place.PAGE,
    Place.COLLECTION: Place.PAGE,
    Place.CLAIMS: Place.PAGE,
    Place.CHOOSE_FILE: Place.BOX,
    Place.COLUMNS: Place.BOX,
    Place.HEADING: Place.BOX,
    Place.BOX: None,
    Place.FORM: Place.BOX,
    Place.PAY: Place.BOX,
    Place.RECEIPT: Place.BOX,
    Place.RECEIPTS: Place.BOX,
    Place.IDENTITIES: Place.BOX,
    Place.RUNNING: Place.BOX,
    Place.SIGN_IN: Place.BOX,
    Place.LOCKED: Place.BOX,
    Place.PAGE: Place.EVERYWHERE,
    Place.APPROVALS: Place.PAGE,
    Place.TODAY: Place.PAGE,
    Place.SUPERVISION: Place.PAGE,
    Place.SETTINGS: Place.PAGE,
    Place.POLICY: Place.PAGE,
    Place.STAFF: Place.PAGE,
    Place.AUDIT: Place.PAGE,
}

PLACE_NAMES: Final[Mapping[Place, str]] = {
    Place.EVERYWHERE: N_("Everywhere"),
    Place.DESK: N_("At the lookup box"),
    Place.RESIDENT: N_("With a resident open"),
    Place.BOARD: N_("Village totals"),
    Place.VILLAGE: N_("One village"),
    Place.PICTURES: N_("Progress in pictures"),
    Place.WORK_MONEY: N_("Money for the work"),
    Place.PERIOD: N_("Figures of a period"),
    Place.DAY: N_("End of day"),
    Place.DEPOSITS: N_("Cash and deposits"),
    Place.BOOKS: N_("Receipt books"),
    Place.FILES: N_("Files"),
    Place.IMPORT: N_("A file before it is taken over"),
    Place.EXPORTS: N_("Sheets to write"),
    Place.RECONCILE: N_("Comparison with the tax bureau"),
    Place.COLLECTIONS: N_("Collection by ledger"),
    Place.COLLECTION: N_("One ledger"),
    Place.CLAIMS: N_("Claims of subsidies"),
    Place.CHOOSE_FILE: N_("Choosing a file"),
    Place.COLUMNS: N_("Columns of a file"),
    Place.HEADING: N_("Heading of a file"),
    Place.BOX: N_("In every box"),
    Place.FORM: N_("In every form"),
    Place.PAY: N_("Paying"),
    Place.RECEIPT: N_("Receipt"),
    Place.RECEIPTS: N_("Receipts of a resident"),
    Place.IDENTITIES: N_("Identities"),
    Place.RUNNING: N_("While something runs"),
    Place.SIGN_IN: N_("Signing in"),
    Place.LOCKED: N_("While the desk is locked"),
    Place.PAGE: N_("In every list over the desk"),
    Place.APPROVALS: N_("Refunds of the office"),
    Place.TODAY: N_("Receipts of a day"),
    Place.SUPERVISION: N_("Supervision"),
    Place.SETTINGS: N_("Office settings"),
    Place.POLICY: N_("Policy in force"),
    Place.STAFF: N_("Staff"),
    Place.AUDIT: N_("Audit log"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a clerk can do. `label` is short, `help` a sentence; both are catalogue keys.

    `priority` actions work whatever has the caret. `footer` ones stand in the line of keys.
    """

    id: str
    key: str
    label: str
    help: str
    place: Place
    footer: bool = False
    priority: bool = False

    @property
    def method(self) -> str:
        """The method that does it is `action_<method>` of the screen, or of the app."""
        return self.id.replace("-", "_")

    @property
    def shown_key(self) -> str:
        """The key as a clerk reads it: F2, ^P, Esc."""
        return shown_key(self.key)


_NAMES: Final = {
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "slash": "/",
    "plus": "+",
}


def shown_key(key: str) -> str:
    """Give the name of a key for the eye: "ctrl+p" -> "^P", "f2" -> "F2"."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    if key in _NAMES:
        return _NAMES[key]
    return key.upper() if key[0] == "f" and key[1:].isdigit() else key
