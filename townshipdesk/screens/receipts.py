"""The receipts of a resident: look at one, print it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.naming import named, yuan
from townshipdesk.services import receipts
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.line_list import Column, LineList

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session
    from townshipdesk.services.receipts import Receipt


class ReceiptsBox(Box[None]):
    """Lists them, newest first; Enter opens one."""

    PLACE: ClassVar[Place] = Place.RECEIPTS
    WIDTH: ClassVar[int] = 84
    COMPLAINS = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECEIPTS, "screen")]

    def __init__(self, session: Session, view: View) -> None:
        super().__init__()
        self._session = session
        self._view = view

    def box_title(self) -> str:
        """Name the person."""
        return _("Receipts: {name}", name=display_text(self._view.card.person.name))

    def compose_box(self) -> ComposeResult:
        """Show the list."""

        def state(row: Receipt) -> str:
            if row.is_void:
                return _("void: {why}", why=row.void_reason)
            return _("printed {count}×", count=row.printed_times)

        columns: list[Column[Receipt]] = [
            Column(lambda: _("Receipt"), 10, lambda row: row.number, tone="strong"),
            Column(lambda: _("Issued at"), 16, lambda row: f"{row.issued_at:%Y-%m-%d %H:%M}"),
            Column(lambda: _("Amount"), 10, lambda row: yuan(row.amount_fen), right=True),
            Column(lambda: _("By"), 12, lambda row: named("channel", row.channel)),
            Column(
                lambda: _("State"),
                14,
                state,
                share=1,
                tone=lambda row: "warning" if row.is_void else "quiet",
            ),
        ]
        yield LineList(columns, key=lambda row: row.uid, id="receipt-list")

    @property
    def _list(self) -> LineList[Receipt]:
        return self.query_one("#receipt-list", LineList)

    def on_mount(self) -> None:
        """Read the receipts."""
        self._read()

    def _read(self) -> None:
        resident_id = self._view.card.person.resident_id
        self._list.set_rows(receipts.receipts_of(self._session.office, resident_id), keep=True)

    def action_open_receipt(self) -> None:
        """Open the receipt under the cursor."""
        self._list.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        from townshipdesk.screens.receipt import ReceiptBox

        await self.app.push_screen_wait(ReceiptBox(self._session, event.row))
        await self._session.at_rest()  # a print counts when it is recorded
        self._read()
