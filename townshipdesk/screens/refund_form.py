"""The application form of a refund on the screen, and on paper: printer, PDF, plain text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.refund_text import STATES, mask_account
from townshipdesk.services import reveal
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.refunds import Refund
    from townshipdesk.services.staff import Actor

FOLDER: Final = "refunds"


class RefundFormBox(Box[None]):
    """Shows the form as it is printed. Enter prints it, Esc goes back."""

    PLACE: ClassVar[Place] = Place.RECEIPT
    WIDTH: ClassVar[int] = 84
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECEIPT, "screen")]

    def __init__(self, session: Session, refund: Refund) -> None:
        super().__init__()
        self._session = session
        self._refund = refund
        self._busy = False

    def box_title(self) -> str:
        """Name the refund."""
        return _("Refund {number}", number=display_text(self._refund.number))

    def compose_box(self) -> ComposeResult:
        """Show the number and the state, and the form below."""
        yield Words(self._head, id="receipt-head")
        with VerticalScroll(classes="page paper"):
            yield Words(lambda _width: self._paper(), id="receipt-paper")

    def _head(self, _width: int) -> Content:
        return Content.assemble(
            styled(display_text(self._refund.number), "bold $accent"),
            "   ",
            styled(_(STATES[self._refund.state]), "bold"),
            "   ",
            styled(_("The payee signs the printed form."), "$quiet"),
        )

    def _paper(self) -> Content:
        from townshipdesk.printing.refund_form import refund_form_text
        from townshipdesk.services.printouts import refund_on_paper

        printed = refund_on_paper(self._session.office, self._refund)
        printed = replace(  # on the screen as everywhere; on paper they stand in full
            printed,
            document_number=mask_number(printed.document_number),
            account=mask_account(printed.account),
        )
        text = refund_form_text(printed, language=language())
        lines: list[str] = []
        for line in text.replace("\f", "").splitlines():
            if line.strip() or (lines and lines[-1]):
                lines.append(line)
        return Content("\n".join(lines))

    def action_print(self) -> None:
        """Print, then go back."""
        self._give_out("printer")

    def action_save_pdf(self) -> None:
        """Save as PDF."""
        self._give_out("pdf")

    def action_save_text(self) -> None:
        """Save as plain text for a dot-matrix printer."""
        self._give_out("text")

    @work(exit_on_error=False)
    async def _give_out(self, form: str) -> None:
        if self._busy:
            return
        self._busy = True
        who = self._session.who
        try:
            said = await self._session.apart(lambda office: self._made(office, who, form))
        except DeskError as error:
            self.complain(error.message, **error.values)
            return
        except OSError as error:
            self.complain(N_("It could not be written: {why}"), why=type(error).__name__)
            return
        finally:
            self._busy = False
        if form == "printer":
            self.app.notify(_("The form is at the printer."), markup=False)
            self.dismiss(None)
        else:
            self.complain(N_("Saved: {path}"), path=said)

    def _made(self, office: Office, who: Actor, form: str) -> str:
        """Make the paper in another thread; that number and account go out is logged first."""
        from townshipdesk.printing.refund_form import refund_form_pdf, refund_form_text
        from townshipdesk.services.printouts import refund_on_paper

        reveal.reveal_on_form(office, who, self._refund.uid, form)
        printed = refund_on_paper(office, self._refund)
        if form == "printer":
            from townshipdesk.printing.printer import send_to_printer

            send_to_printer(refund_form_pdf(printed))
            return ""
        folder = office.database.path.parent / FOLDER
        folder.mkdir(exist_ok=True)
        path = folder / f"{self._refund.number}.{'pdf' if form == 'pdf' else 'txt'}"
        if form == "pdf":
            path.write_bytes(refund_form_pdf(printed))
        else:
            path.write_bytes(refund_form_text(printed).encode("gb18030"))
        return str(path)
