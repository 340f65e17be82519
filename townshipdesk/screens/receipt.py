"""A receipt on the screen, and on paper: printer, PDF, plain text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import yuan
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.receipts import Receipt

FOLDER: Final = "receipts"


class ReceiptBox(Box[None]):
    """Shows a receipt as it is printed. Enter prints it and goes back, Esc goes back without."""

    PLACE: ClassVar[Place] = Place.RECEIPT
    WIDTH: ClassVar[int] = 84
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECEIPT, "screen")]

    def __init__(self, session: Session, receipt: Receipt) -> None:
        super().__init__()
        self._session = session
        self._receipt = receipt
        self._busy = False
        self.add_class("wide-box")

    def box_title(self) -> str:
        """Name the receipt."""
        return _("Receipt {number}", number=display_text(self._receipt.number))

    def compose_box(self) -> ComposeResult:
        """Show the sum, the change, and the receipt itself."""
        yield Words(self._head, id="receipt-head")
        with VerticalScroll(classes="page paper"):
            yield Words(lambda _width: self._paper(), id="receipt-paper")

    def _head(self, _width: int) -> Content:
        receipt = self._receipt
        parts: list[Content | str] = [
            styled(_("Paid {amount} yuan", amount=yuan(receipt.amount_fen)), "bold $text-success")
        ]
        if receipt.handed_over_fen is not None:
            change_fen = receipt.handed_over_fen - receipt.amount_fen
            parts += ["    ", styled(_("Change {amount}", amount=yuan(change_fen)), "bold $accent")]
        if receipt.is_void:
            parts += ["    ", styled(f" {_('VOID')} ", "bold $badge on $badge-back")]
        if receipt.printed_times:
            parts += ["    ", styled(_("printed {count}×", count=receipt.printed_times), "$quiet")]
        return Content.assemble(*parts)

    def _paper(self) -> Content:
        from townshipdesk.printing.receipt_text import receipt_text
        from townshipdesk.services.printouts import receipt_on_paper

        text = receipt_text(receipt_on_paper(self._receipt), self._receipt.printed_times + 1)
        lines: list[str] = []
        for line in text.replace("\f", "").splitlines():
            if line.strip() or (lines and lines[-1]):
                lines.append(line)
        return Content("\n".join(lines))

    def action_print(self) -> None:
        """Print, then go back."""
        if not self._busy:
            self._busy = True
            self._give_out("printer")

    def action_save_pdf(self) -> None:
        """Save as PDF."""
        self._give_out("pdf")

    def action_save_text(self) -> None:
        """Save as plain text for a dot-matrix printer."""
        self._give_out("text")

    @work(exit_on_error=False)
    async def _give_out(self, form: str) -> None:
        try:
            said = await self._session.apart(lambda office: self._made(office, form))
        except (DeskError, OSError) as error:
            message, values = _explained(error)
            self.complain(message, **values)
            return
        finally:
            self._busy = False
        if form == "printer":
            self.app.notify(said, markup=False)
            self.dismiss(None)
        else:
            self.complain(N_("Saved: {path}"), path=said)

    def _made(self, office: Office, form: str) -> str:
        """Make the paper in another thread. The print is recorded first: it counts as one."""
        from townshipdesk.services import receipts
        from townshipdesk.services.printouts import receipt_on_paper

        nth = receipts.record_print(office, self._session.who, self._receipt.uid, form)
        printed = receipt_on_paper(self._receipt)
        if form == "printer":
            from townshipdesk.printing.printer import PrinterError, send_to_printer
            from townshipdesk.printing.receipt_pdf import receipt_pdf

            contents = receipt_pdf(printed, nth)
            try:
                send_to_printer(contents, title=self._receipt.number)
            except PrinterError as error:
                path = self._saved(office, "pdf", contents)
                why = _(error.message, **error.values)
                return _("{why} The receipt is saved: {path}", why=why, path=str(path))
            return _("Receipt {number} is at the printer.", number=self._receipt.number)
        return str(self._saved(office, form, self._contents(form, nth)))

    def _saved(self, office: Office, form: str, contents: bytes) -> Path:
        folder = office.database.path.parent / FOLDER
        folder.mkdir(exist_ok=True)
        path = folder / f"{self._receipt.number}.{'pdf' if form == 'pdf' else 'txt'}"
        path.write_bytes(contents)
        return path

    def _contents(self, form: str, nth: int) -> bytes:
        from townshipdesk.services.printouts import receipt_on_paper

        printed = receipt_on_paper(self._receipt)
        if form == "pdf":
            from townshipdesk.printing.receipt_pdf import receipt_pdf

            return receipt_pdf(printed, nth)
        from townshipdesk.printing.receipt_text import receipt_text

        return receipt_text(printed, nth).encode("gb18030")


def _explained(error: Exception) -> tuple[str, dict[str, object]]:
    if isinstance(error, DeskError):
        return error.message, error.values
    return N_("It could not be written: {why}"), {"why": type(error).__name__}
