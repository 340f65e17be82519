"""Taking the money: cash unless another way is chosen, exact unless a sum is typed, Enter pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.money import format_yuan
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.answer_text import cover_text, split_text
from townshipdesk.screens.confirm import ALOUD, ConfirmBox
from townshipdesk.screens.naming import named, span_text, yuan
from townshipdesk.services import books, payments, quotes
from townshipdesk.services.payments import Payment, PaymentOrder, QuoteRefusedError
from townshipdesk.store.uids import new_uid
from townshipdesk.widgets.big import big
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import fit, styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.inputs import LineInput, MoneyInput
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.screens.session import Session
    from townshipdesk.services.books import NextPaper
    from townshipdesk.services.office import Office
    from townshipdesk.services.people_records import Card

WRITTEN_AT_DESK: Final = ("cash", "pos")
"""The ways of paying at which the clerk writes a pre-numbered receipt, where there is a book."""

LONGEST_PAPER: Final = 24
MOST_CHANGE_FEN: Final = 100_000_00
"""Nobody hands over so much more than is due: it is a card number scanned into the sum."""

VOUCHERS: Final = {
    "pos": N_("slip number"),
    "mobile": N_("electronic receipt number"),
    "bank": N_("bank slip number"),
    "tax-hall": N_("tax hall receipt number"),
    "village": N_("village receipt number"),
}


@dataclass(frozen=True, slots=True)
class Payer:
    """One person who pays, and what the policy says for them among those who pay together."""

    resident_id: int
    name: str
    quote: Quote

    @property
    def due_fen(self) -> int:
        """What this person pays."""
        return self.quote.due_fen or 0


def payers(office: Office, card: Card, resident_ids: Sequence[int]) -> list[Payer]:
    """Give those of the residents who can pay now, quoted together (whole households count)."""
    names = {member.resident_id: member.name for member in card.members}
    names[card.person.resident_id] = card.person.name
    enrolled = {m.resident_id for m in card.members if m.enrolment is not None}
    wanted = [one for one in resident_ids if one not in enrolled]
    found = []
    for resident_id, quote in quotes.quotes_together(office, wanted).items():
        if quote.can_be_paid:
            found.append(Payer(resident_id, names.get(resident_id, ""), quote))
    return found


class PayBox(Box[Payment]):
    """Takes one payment for one person or several, and gives it; None when nothing was taken."""

    PLACE: ClassVar[Place] = Place.PAY
    WIDTH: ClassVar[int] = 74
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAY, "screen")]

    channel = query_one("#channel", Choice)
    handed = query_one("#handed", MoneyInput)
    voucher = query_one("#voucher", LineInput)
    paper = query_one("#paper", LineInput)

    def __init__(self, session: Session, lines: Sequence[Payer]) -> None:
        super().__init__()
        self._session = session
        self._payers = tuple(lines)
        self._year = session.office.year  # of the quotes shown; the office may go on meanwhile
        self._is_other_year = session.office.chosen_year is not None
        self._key = new_uid()
        self._busy = False
        self._done_elsewhere = False
        self._papers = self._next_papers()
        self._offered = ""

    @property
    def due_fen(self) -> int:
        """What all of them pay together."""
        return sum(payer.due_fen for payer in self._payers)

    def box_title(self) -> str:
        """Name who pays."""
        names = display_text(self._payers[0].name)
        if len(self._payers) > 1:
            names = _("{name} and others, {count} in all", name=names, count=len(self._payers))
        if self._is_other_year:
            return _("Pay for {year}: {names}", year=self._year, names=names)
        return _("Pay: {names}", names=names)

    def compose_box(self) -> ComposeResult:
        """Show the sum, the way of paying, and what is handed over."""
        yield Words(self._figures, id="pay-due")
        yield Words(self._details, id="pay-details")
        with Horizontal(classes="row"):
            yield Words(plain(lambda: _("By")), classes="label")
            yield Choice(payments.CHANNELS, lambda code: named("channel", code), id="channel")
        with Horizontal(classes="row"):
            yield Words(self._field_label, id="field-label", classes="label")
            yield MoneyInput(hint=lambda: _("exact"), max_length=12, id="handed", classes="field")
            yield LineInput(max_length=payments.LONGEST_VOUCHER, id="voucher", classes="field")
            yield Words(self._change, id="change")
        with Horizontal(classes="row", id="paper-row"):
            yield Words(plain(lambda: _("Paper receipt")), classes="label")
            yield LineInput(max_length=LONGEST_PAPER, selects=True, id="paper", classes="field")
            yield Words(self._paper_left, id="paper-left")

    def on_mount(self) -> None:
        """Put the caret where cash is typed."""
        self._set_field()

    def _set_field(self) -> None:
        cash = self.channel.value == "cash"
        self.handed.display = cash
        self.voucher.display = not cash
        self.set_focus(self.handed if cash else self.voucher)
        self.query_one("#field-label", Words).relabel()
        self.query_one("#change", Words).refresh()
        self._offer_paper()

    # ------------------------------------------------------------------- the pre-numbered receipts

    def _next_papers(self) -> dict[str, NextPaper]:
        """Find the number that is written next, for each way of paying that has a paper."""
        office = self._session.office
        at_desk = books.next_for_clerk(office, self._session.who)
        of_village = books.next_for_village_of(office, self._payers[0].resident_id)
        found = dict.fromkeys(WRITTEN_AT_DESK, at_desk) | {"village": of_village}
        return {channel: paper for channel, paper in found.items() if paper is not None}

    def _offer_paper(self) -> None:
        """Write the next number into its field, unless the clerk has typed another one."""
        self.query_one("#paper-row").display = bool(self._papers)
        if self.paper.value == self._offered:
            following = self._papers.get(self.channel.value)
            self._offered = "" if following is None else following.number
            self.paper.value = self._offered
        self.query_one("#paper-left", Words).refresh()

    def _paper_left(self, _width: int) -> Content:
        following = self._papers.get(self.channel.value)
        if following is None:
            return styled(_("no number is held for this way"), "$quiet")
        said = _("{holder}, {count} left", holder=following.holder, count=following.left)
        return styled(display_text(said), "$quiet")

    def _offer_another(self) -> None:
        """Offer the next number after one was refused: another desk may have used it."""
        refused = self.paper.value
        self._papers = self._next_papers()
        if refused == self._offered:
            self._offer_paper()
        else:
            self.query_one("#paper-left", Words).refresh()

    # --------------------------------------------------------------------------------------- words

    def _figures(self, _width: int) -> Content:
        lines = []
        for row, figure in enumerate(big(format_yuan(self.due_fen))):
            head = fit(_("Due") if row == 0 else "", 8)
            unit = " " + _("yuan") if row == 2 else ""
            lines.append(
                Content.assemble(styled(head, "bold"), styled(figure, "bold $accent"), unit)
            )
        return Content("\n").join(lines)

    def _details(self, width: int) -> Content:
        if len(self._payers) == 1:
            quote = self._payers[0].quote
            waiting = span_text(quote.waiting) if quote.waiting else _("none")
            return Content("\n").join(
                [
                    split_text(quote, width),
                    Content.assemble(cover_text(quote)),
                    Content.assemble(styled(_("Waiting"), "$quiet"), f"  {waiting}"),
                ]
            )
        lines = []
        for payer in self._payers:
            cover = payer.quote.coverage
            lines.append(
                Content.assemble(
                    styled(fit(display_text(payer.name), 12), "bold"),
                    fit(yuan(payer.due_fen), 10, right=True),
                    "   ",
                    styled(_("cover {span}", span=span_text(cover)), "$text-success")
                    if cover
                    else styled(_("NO COVER"), "bold $text-error"),
                )
            )
        return Content("\n").join(lines)

    def _field_label(self, _width: int) -> str:
        return _("Handed over") if self.channel.value == "cash" else _("Voucher")

    def _change(self, _width: int) -> Content:
        if self.channel.value != "cash":
            return styled(_(VOUCHERS[self.channel.value]), "$quiet")
        try:
            handed_fen = self.handed.amount_fen
        except ValueError:
            return styled(_("not a sum"), "$text-warning")
        if handed_fen is None:
            return styled(_("Enter: exact sum"), "$quiet")
        change_fen = handed_fen - self.due_fen
        if change_fen < 0:
            return styled(_("{amount} short", amount=yuan(-change_fen)), "bold $text-warning")
        return styled(_("Change {amount}", amount=yuan(change_fen)), "bold $text-success")

    # ------------------------------------------------------------------------------------ doing it

    def on_key(self, event: events.Key) -> None:
        """Let up and down choose the way of paying while the caret stays in its field."""
        if event.key in ("up", "down") and isinstance(self.focused, Input):
            self.channel.action_step(-1 if event.key == "up" else 1)
            event.stop()
            event.prevent_default()

    @on(Choice.Changed)
    def _channel_changed(self) -> None:
        self.complain()
        self._set_field()

    @on(Input.Changed, "#handed")
    def _typed(self) -> None:
        self.complain()
        self.query_one("#change", Words).refresh()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Take the money, once."""
        if self._done_elsewhere:
            self.dismiss(None)
        elif not self._busy:
            order = self._order()
            if order is not None:
                self._busy = True
                self._pay(order)

    def _order(self) -> PaymentOrder | None:
        handed_fen = None
        if self.channel.value == "cash":
            try:
                handed_fen = self.handed.amount_fen
            except ValueError:
                self.complain(N_("That is not a sum of money."))
                return None
            if handed_fen is not None and handed_fen > self.due_fen + MOST_CHANGE_FEN:
                self.complain(N_("That looks like a card number, not like money."))
                self.handed.value = ""
                return None
        return PaymentOrder(
            resident_ids=tuple(payer.resident_id for payer in self._payers),
            channel=self.channel.value,
            voucher="" if self.channel.value == "cash" else self.voucher.value.strip(),
            expected_due_fen=self.due_fen,
            year=self._year,
            handed_over_fen=handed_fen,
            paper=self.paper.value.strip(),
            operation_key=self._key,
        )

    @work(exit_on_error=False)
    async def _pay(self, order: PaymentOrder) -> None:
        from dataclasses import replace

        try:
            if any(payer.quote.decision == "confirm" for payer in self._payers):
                if not await self.app.push_screen_wait(self._second_yes()):
                    return
                order = replace(order, confirmed_no_coverage=True)
            actor = self._session.who
            with self.writing():
                payment = await self._session.apart(
                    lambda office: payments.pay(office, actor, order)
                )
            self.dismiss(payment)
        except QuoteRefusedError as refused:
            self._done_elsewhere = refused.quote.reason == "already-enrolled"
            values = dict(refused.values)
            if "reason" in values:
                values["reason"] = named("reason", str(values["reason"]))
            self.complain(refused.message, **values)
        except DeskError as error:
            self.complain(error.message, **error.values)
            self._offer_another()
        finally:
            self._busy = False

    def _second_yes(self) -> ConfirmBox:
        without = [payer for payer in self._payers if payer.quote.coverage is None]

        def say(_width: int) -> Content:
            lines = [
                Content.assemble(
                    styled(display_text(payer.name), "bold"),
                    "  ",
                    styled(_("{amount} yuan", amount=yuan(payer.due_fen)), "bold $accent"),
                )
                for payer in without
            ]
            lines.append(
                styled(
                    _(
                        "This money buys not one covered day in {year}.",
                        year=self._year,
                    ),
                    "bold $text-error",
                )
            )
            lines.append(Content(_("Read it out. The payer must agree knowingly.")))
            return Content("\n").join(lines)

        return ConfirmBox(lambda: _("No cover for this money"), say, yes=ALOUD)
