"""A receipt on the screen, and on paper: printer, PDF, plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens import paper
from townshipdesk.screens.naming import yuan
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.receipts import Receipt


class ReceiptBox(Box[None]):
    """Shows a receipt as it is printed. Enter prints it and goes back, Esc goes back without."""

    PLACE: ClassVar[Place] = Place.RECEIPT
    WIDTH: ClassVar[int] = 84
    GIVES_WAY: ClassVar[bool] = True  # else the reader's Enter would print this receipt
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECEIPT, "screen")]

    def __init__(self, session: Session, receipt: Receipt) -> None:
        super().__init__()
        self._session = session
        self._receipt = receipt
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
        """Print and go back at once; what became of it is told when the printer has it."""
        app = self.app
        app.run_worker(_print_and_tell(app, self._session, self._receipt), exit_on_error=False)
        self.dismiss(None)

    def action_save_pdf(self) -> None:
        """Save as PDF."""
        self._save("pdf")

    def action_save_text(self) -> None:
        """Save as plain text for a dot-matrix printer."""
        self._save("text")

    @work(exit_on_error=False)
    async def _save(self, form: str) -> None:
        who, receipt = self._session.who, self._receipt
        try:
            path = await self._session.apart(
                lambda office: paper.save_receipt(office, who, receipt, form)
            )
        except DeskError as error:
            self.complain(error.message, **error.values)
        except OSError as error:
            self.complain(N_("It could not be written: {why}"), why=type(error).__name__)
        else:
            self.complain(N_("Saved: {path}"), path=str(path))


async def _print_and_tell(app: App[Any], session: Session, receipt: Receipt) -> None:
    who = session.who
    try:
        said = await session.apart(lambda office: paper.print_receipt(office, who, receipt))
    except DeskError as error:
        said = _(error.message, **error.values)
    except OSError as error:
        said = _("It could not be written: {why}", why=type(error).__name__)
    app.notify(said, markup=False)
