"""The receipts of a day: look at one, print it again, take a payment of today back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.top import weekday
from townshipdesk.services import day_receipts
from townshipdesk.services.day_receipts import ReceiptPayment
from townshipdesk.widgets.cells import beside, styled
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session


class ReceiptsOfDayPage(Page):
    """A line for each person on each receipt, newest first."""

    PLACE: ClassVar[Place] = Place.TODAY
    AUTO_FOCUS = "#day-receipts"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TODAY, "screen")]

    payments = query_one("#day-receipts", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._day = session.office.today()

    def compose_area(self) -> ComposeResult:
        """Set the day and its sums over the list."""
        yield Words(self._title, id="day-receipts-title")
        yield LineList(_columns(), key=_key, id="day-receipts")

    def on_mount(self) -> None:
        """Show today."""
        self._load()

    def office_changed(self) -> None:
        """Show what has been taken meanwhile."""
        self._load(keep=True)

    def _load(self, *, keep: bool = False) -> None:
        self.payments.set_rows(day_receipts.of_day(self.session.office, self._day), keep=keep)
        self.query_one("#day-receipts-title", Words).refresh()
        self.refresh_keys()

    @property
    def current(self) -> ReceiptPayment | None:
        """The payment under the cursor."""
        return self.payments.current

    def _title(self, width: int) -> Content:
        standing = [row for row in self.payments.rows if not row.receipt.is_void]
        void = {row.receipt.uid for row in self.payments.rows if row.receipt.is_void}
        total_fen = sum(row.line.individual_fen for row in standing)
        said = _("{count} paid, {amount} yuan", count=len(standing), amount=yuan(total_fen))
        if void:
            said += "   " + _("{count} receipts void", count=len(void))
        day = styled(f" {self._day} {weekday(self._day)}", "bold $accent")
        return beside(day, said + " ", width)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the payment under the cursor does not allow."""
        if action == "take_back":
            row = self.current if self.is_mounted else None
            can = row is not None and not row.receipt.is_void
            return True if can and self._day == self.session.office.today() else None
        return super().check_action(action, parameters)

    # -------------------------------------------------------------------------------- what it does

    def action_open_receipt_of_day(self) -> None:
        """Open the receipt under the cursor."""
        self.payments.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        from townshipdesk.screens.receipt import ReceiptBox

        await self.app.push_screen_wait(ReceiptBox(self.session, event.row.receipt))
        self._load(keep=True)

    @work(exit_on_error=False)
    async def action_take_back(self) -> None:
        """Take the payment back, with a reason."""
        from townshipdesk.screens.undo import ReversalBox

        row = self.current
        if row is not None and may_change(self, self.session):
            await self.app.push_screen_wait(ReversalBox(self.session, row))
            self._load(keep=True)

    def action_day_before(self) -> None:
        """Show the day before on which there were receipts."""
        self._go(later=False)

    def action_day_after(self) -> None:
        """Show the day after on which there were receipts, at last today."""
        self._go(later=True)

    def _go(self, *, later: bool) -> None:
        office = self.session.office
        found = day_receipts.day_with_receipts(office, self._day, later=later)
        if found is None and later:
            found = office.today()
        if found is None:
            self.tell(N_("There are no receipts before that."))
        elif found != self._day:
            self._day = found
            self._load()


def _key(row: ReceiptPayment) -> object:
    return row.receipt.uid, row.line.entry_uid


def _state(row: ReceiptPayment) -> str:
    receipt = row.receipt
    if receipt.void_reason is not None:
        return _("void: {why}", why=display_text(receipt.void_reason))
    said = _("printed {count}×", count=receipt.printed_times)
    if receipt.replaces is not None:
        said = _("replaces {number}", number=receipt.replaces) + "  " + said
    return said


def _columns() -> list[Column[ReceiptPayment]]:
    return [
        Column(lambda: _("Time"), 5, lambda row: f"{row.receipt.issued_at:%H:%M}", tone="quiet"),
        Column(lambda: _("Receipt"), 8, lambda row: row.receipt.number, tone="strong"),
        Column(lambda: _("Year"), 5, lambda row: str(row.receipt.year)),
        Column(lambda: _("Name"), 10, lambda row: row.line.name, share=2, tone="strong"),
        Column(lambda: _("Document number"), 18, lambda row: mask_number(row.line.number), leave=2),
        Column(lambda: _("Village"), 10, lambda row: row.line.village, share=1, leave=3),
        Column(lambda: _("Amount"), 9, lambda row: yuan(row.line.individual_fen), right=True),
        Column(lambda: _("By"), 8, lambda row: named("channel", row.receipt.channel)),
        Column(lambda: _("Clerk"), 6, lambda row: row.receipt.staff_name, leave=1),
        Column(
            lambda: _("State"),
            16,
            _state,
            share=2,
            tone=lambda row: "warning" if row.receipt.is_void else "quiet",
        ),
    ]
