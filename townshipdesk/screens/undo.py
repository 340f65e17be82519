"""Taking a mistaken payment of today back: with a reason, and what happens to the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from townshipdesk.actions import action
from townshipdesk.domain.errors import DeskError, RuleError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import joined, named, yuan
from townshipdesk.services import day_receipts, reversals
from townshipdesk.services.reversals import Reversal
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session
    from townshipdesk.services.day_receipts import ReceiptPayment


class ReversalBox(FormBox[Reversal]):
    """Takes one payment back and gives the reversal; None when it stays."""

    WIDTH: ClassVar[int] = 76

    def __init__(self, session: Session, payment: ReceiptPayment | None, name: str = "") -> None:
        """`payment` is None where there is nothing to take back: the box says so."""
        self._session = session
        self._payment = payment
        self._payer = name if payment is None else payment.line.name
        super().__init__()
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the person."""
        return _("Take a payment back: {name}", name=display_text(self._payer))

    def fields(self) -> Sequence[Field]:
        """The reason, which stays in the ledger for ever."""
        hint = N_("such as: wrong person, paid elsewhere, wrong channel")
        return (Field("why", N_("Reason"), needed=True, hint=hint),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what goes back and what becomes of the receipt."""
        payment = self._payment
        if payment is None:
            return styled(" ✕ " + _(NOTHING), "bold $text-warning")
        if payment.day != self._session.office.today():
            return styled(" ✕ " + _(NOT_TODAY, day=payment.day), "bold $text-warning")
        lines = [
            Content.assemble(
                styled(display_text(payment.line.name), "bold"),
                "  ",
                styled(
                    _("{amount} yuan", amount=yuan(payment.line.individual_fen)), "bold $accent"
                ),
                f"  {named('channel', payment.receipt.channel)}",
            ),
            Content(_("Receipt {number} becomes void.", number=payment.receipt.number)),
        ]
        if payment.others:
            names = joined([display_text(name) for name in payment.others])
            lines.append(Content(_("A new receipt is issued for {names}.", names=names)))
        lines.append(styled(_("The enrolment ends; it can be paid again."), "$quiet"))
        return Content("\n").join(lines)

    async def save(self, values: Mapping[str, Any]) -> Reversal | None:
        """Take it back, then say what to do with money and paper."""
        from townshipdesk.screens.receipt import ReceiptBox

        payment, who = self._payment, self._session.who
        if payment is None:
            raise RuleError(NOTHING, code="nothing-paid")
        done = await self._session.apart(
            lambda office: reversals.reverse(office, who, payment.line.entry_uid, values["why"])
        )
        await self.app.push_screen_wait(ReversedBox(payment, done))
        if done.replacement is not None:
            await self.app.push_screen_wait(ReceiptBox(self._session, done.replacement))
        return done


NOTHING = N_("There is no payment of this year that could be taken back.")
NOT_TODAY = N_("Only a payment of today can be taken back; this one is of {day}. F4 refunds it.")


class UndoBox(ReversalBox):
    """The same for the resident who stands at the desk."""

    def __init__(self, session: Session, view: View) -> None:
        payment = None
        if view.card.enrolment is not None:
            try:
                payment = day_receipts.of_entry(session.office, view.card.enrolment.entry_uid)
            except DeskError:
                payment = None
        super().__init__(session, payment, view.card.person.name)


class ReversedBox(Box[None]):
    """Says what the clerk does now: give the money back, keep every copy of the receipt."""

    WIDTH: ClassVar[int] = 66
    COMPLAINS = False

    def __init__(self, payment: ReceiptPayment, done: Reversal) -> None:
        super().__init__()
        self._payment = payment
        self._done = done

    def box_title(self) -> str:
        """Name the box."""
        return _("Taken back")

    def compose_box(self) -> ComposeResult:
        """Show the three things to do."""
        yield Words(self._say)

    def on_key(self, event: events.Key) -> None:
        """Let Enter go on too: there is nothing to decide any more."""
        if event.key == "enter":
            event.stop()
            self.dismiss(None)

    def _say(self, _width: int) -> Content:
        done = self._done
        channel = self._payment.receipt.channel
        amount = yuan(done.amount_fen)
        if channel == "cash":
            money = _("Give {amount} yuan back in cash.", amount=amount)
        else:
            money = _(
                "Give {amount} yuan back by {channel}.",
                amount=amount,
                channel=named("channel", channel),
            )
        lines = [
            styled(money, "bold $accent"),
            Content(_("Receipt {number} is void: keep every copy of it.", number=done.voided)),
        ]
        paper = self._payment.receipt.paper
        if paper:
            lines.append(
                Content(
                    _(
                        "Write 作废 on paper receipt {number}, then void it in the books ({key}).",
                        number=display_text(paper),
                        key=f"{action('deposits').shown_key} {action('books').shown_key}",
                    )
                )
            )
        if done.replacement is not None:
            number = done.replacement.number
            lines.append(
                Content(_("Receipt {number} replaces it and is printed now.", number=number))
            )
        return Content("\n").join(lines)
