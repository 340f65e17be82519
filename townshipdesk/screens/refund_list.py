"""Refunds that wait for approval or payout, and those that are done: look, decide, pay out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.refund_text import (
    STATE_TONES,
    STATES,
    history_lines,
    mask_account,
    verdict_lines_of,
)
from townshipdesk.screens.resident_text import rule_line
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import refund_desk, refunds, reveal
from townshipdesk.services.refund_desk import ListedRefund
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.refunds import Refund
    from townshipdesk.services.staff import Actor

LISTS: Final = {
    "waiting": (refund_desk.WAITING, N_("Waiting")),
    "paid": (refund_desk.PAID, N_("Paid out")),
    "not": (refund_desk.NOT_REFUNDED, N_("Not refunded")),
}
LATE_DAYS: Final = 7
"""A refund that waits longer is shown in the warning colour."""

STEPS: Final = {
    "approve": ("requested",),
    "reject": ("requested",),
    "pay_out": ("approved",),
    "withdraw": ("requested", "approved"),
}


class RefundListPage(Page):
    """The refunds of the office. What can be done now depends on the one under the cursor."""

    PLACE: ClassVar[Place] = Place.APPROVALS
    AUTO_FOCUS = "#refunds"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.APPROVALS, "screen")]

    refunds_list = query_one("#refunds", LineList)
    lists = query_one("#refund-lists", Choice)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._shown_account = ""

    def compose_area(self) -> ComposeResult:
        """Set the choice of lists, the list, and what is known of the refund under the cursor."""
        yield Choice(tuple(LISTS), lambda name: _(LISTS[name][1]), id="refund-lists")
        yield LineList(_columns(), key=lambda row: row.refund.number, id="refunds")
        yield Words(self._title, id="refund-title")
        yield Words(self._details, id="refund-details")

    def on_mount(self) -> None:
        """Show what waits."""
        self._load()

    def office_changed(self) -> None:
        """Read the list again: another desk may have decided."""
        self._load(keep=True)

    @property
    def current(self) -> ListedRefund | None:
        """The refund under the cursor."""
        return self.refunds_list.current

    def _load(self, *, keep: bool = False) -> None:
        states = LISTS[self.lists.value][0]
        self.refunds_list.set_rows(refund_desk.listed(self.session.office, states), keep=keep)
        self._say_again()

    def _say_again(self) -> None:
        self.query_one("#refund-title", Words).refresh()
        self.query_one("#refund-details", Words).refresh()
        self.refresh_keys()

    @on(Choice.Changed)
    def _other_list(self) -> None:
        self._load()

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._shown_account = ""
        self._say_again()

    # -------------------------------------------------------------------------------- what it says

    def _title(self, width: int) -> Content:
        row = self.current
        if row is None:
            return rule_line(Content(""), width)
        return rule_line(
            Content.assemble(
                styled(row.refund.number, "bold"),
                "  ",
                styled(display_text(row.name), "bold $accent"),
                f"  {mask_number(display_text(row.number))}  ",
                display_text(row.village),
            ),
            width,
        )

    def _details(self, width: int) -> Content:
        row = self.current
        if row is None:
            return styled(_("There are none here."), "$quiet")
        one = row.refund
        account = one.account if self._shown_account == one.number else mask_account(one.account)
        payee = [one.payee, one.payee_relation, one.bank, account]
        lines = [
            _labelled(
                _("Payment"),
                Content.assemble(
                    f"{one.paid_at:%Y-%m-%d}  ",
                    _("{year} cover", year=one.year) + "  ",
                    styled(_("{amount} yuan back", amount=yuan(one.individual_fen)), "bold"),
                    f"   {named('ground', one.ground)}",
                ),
            ),
            *verdict_lines_of(one),
            _labelled(_("Proof"), Content(display_text(one.proof) or "—")),
            _labelled(_("Payee"), Content("  ".join(display_text(part) for part in payee if part))),
            *history_lines(one),
        ]
        if one.why or one.document_number:
            why = "  ".join(display_text(part) for part in (one.why, one.document_number) if part)
            lines.append(_labelled(_("Reason"), Content(why)))
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim the steps the refund under the cursor cannot take now."""
        if action in STEPS:
            row = self.current if self.is_mounted else None
            return True if row is not None and row.refund.state in STEPS[action] else None
        if action in ("refund_form", "show_account"):
            return True if self.is_mounted and self.current is not None else None
        return super().check_action(action, parameters)

    # -------------------------------------------------------------------------------- what it does

    def action_other_refunds(self) -> None:
        """Show the next of the three lists."""
        self.lists.action_step(1)

    def action_approve(self) -> None:
        """Approve, as another person."""
        self._decide("approve")

    def action_reject(self) -> None:
        """Reject, as another person, with a reason."""
        self._decide("reject")

    @work(exit_on_error=False)
    async def _decide(self, step: str) -> None:
        from townshipdesk.screens.refund_decision import DecisionBox

        row = self.current
        if row is None:
            return
        other = await supervisor_for_step(self, self.session, not_by=row.refund.requested_by)
        if other is not None:
            box = DecisionBox(self.session, other, row, step)
            self._told(await self.app.push_screen_wait(box))

    @work(exit_on_error=False)
    async def action_pay_out(self) -> None:
        """Record that the money has gone to the payee's account."""
        from townshipdesk.screens.confirm import ConfirmBox

        row = self.current
        if row is None or not may_change(self, self.session):
            return

        def say(_width: int) -> Content:
            account = f"{display_text(row.refund.bank)} {mask_account(row.refund.account)}"
            return Content.assemble(
                styled(display_text(row.refund.payee), "bold"),
                f"  {account.strip()}\n",
                styled(_("{amount} yuan", amount=yuan(row.refund.individual_fen)), "bold $accent"),
            )

        if await self.app.push_screen_wait(ConfirmBox(lambda: _("Has it been paid out?"), say)):
            await self._do(lambda office, who: refunds.pay_out(office, who, row.refund.number))

    @work(exit_on_error=False)
    async def action_withdraw(self) -> None:
        """Take the application back; the payment stands."""
        from townshipdesk.screens.refund_decision import WithdrawBox

        row = self.current
        if row is not None and may_change(self, self.session):
            self._told(await self.app.push_screen_wait(WithdrawBox(self.session, row)))

    async def _do(self, step: Callable[[Office, Actor], Refund]) -> None:
        who = self.session.who
        try:
            self._told(await self.session.apart(lambda office: step(office, who)))
        except DeskError as error:
            self.tell_error(error)

    def _told(self, done: Refund | None) -> None:
        if done is not None:
            self.tell(
                N_("Refund {number}: {state}"), number=done.number, state=_(STATES[done.state])
            )
            self._load(keep=True)

    @work(exit_on_error=False)
    async def action_refund_form(self) -> None:
        """Show the form, to be printed."""
        from townshipdesk.screens.refund_form import RefundFormBox

        row = self.current
        if row is not None:
            await self.app.push_screen_wait(RefundFormBox(self.session, row.refund))

    @work(exit_on_error=False)
    async def action_show_account(self) -> None:
        """Show the account in full; it is logged."""
        row, who = self.current, self.session.who
        if row is None or self._shown_account:
            self._shown_account = ""
        else:
            number = row.refund.number
            try:
                await self.session.apart(lambda office: reveal.reveal_account(office, who, number))
            except DeskError as error:
                self.tell_error(error)
                return
            self._shown_account = number
        self._say_again()


def _labelled(label: str, said: Content) -> Content:
    return Content.assemble(styled(label, "$quiet"), "  ", said)


def _waits(row: ListedRefund) -> str:
    if row.refund.state not in refund_desk.WAITING:
        return f"{row.since:%Y-%m-%d}"
    return _("{count} days", count=row.waits_days) if row.waits_days else _("today")


def _waits_tone(row: ListedRefund) -> str:
    waiting = row.refund.state in refund_desk.WAITING
    return "warning" if waiting and row.waits_days >= LATE_DAYS else "quiet"


def _columns() -> list[Column[ListedRefund]]:
    return [
        Column(lambda: _("Refund no."), 10, lambda row: row.refund.number),
        Column(lambda: _("Name"), 10, lambda row: row.name, share=2, tone=lambda _row: "strong"),
        Column(lambda: _("Village"), 10, lambda row: row.village, share=1, leave=2),
        Column(lambda: _("Ground"), 14, lambda row: named("ground", row.refund.ground), share=1),
        Column(lambda: _("Amount"), 10, lambda row: yuan(row.refund.individual_fen), right=True),
        Column(
            lambda: _("State"),
            14,
            lambda row: _(STATES[row.refund.state]),
            tone=lambda row: STATE_TONES.get(row.refund.state, ""),
        ),
        Column(lambda: _("Waits"), 10, _waits, tone=_waits_tone),
    ]
