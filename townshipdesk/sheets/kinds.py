"""Which parser reads which kind of sheet, and what its rows become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townshipdesk.sheets.calls import CallsParser
from townshipdesk.sheets.identities import IdentitiesParser
from townshipdesk.sheets.ledger import LedgerParser
from townshipdesk.sheets.parser import SheetParser
from townshipdesk.sheets.result import SheetKind
from townshipdesk.sheets.roster import RosterParser
from townshipdesk.sheets.taxlist import TaxListParser
from townshipdesk.sheets.villages import VillagesParser

PARSERS: Final[Mapping[SheetKind, type[SheetParser]]] = {
    SheetKind.VILLAGES: VillagesParser,
    SheetKind.RESIDENTS: RosterParser,
    SheetKind.IDENTITIES: IdentitiesParser,
    SheetKind.CONTRIBUTIONS: LedgerParser,
    SheetKind.TAX_LIST: TaxListParser,
    SheetKind.CALLS: CallsParser,
}
