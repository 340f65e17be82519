"""Cash in hand by age, and deposits: record what the bank took, take a wrong one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import joined, short_day, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import deposits
from townshipdesk.services.deadlines import LONGEST_CASH_DAYS
from townshipdesk.services.deposits import CashInHand, Deposit
from townshipdesk.widgets.cells import beside, styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from datetime import date

    from townshipdesk.screens.session import Session
    from townshipdesk.services.staff import Actor

DEPOSITS_SHOWN = 200


class DepositsPage(Page):
    """Who holds how much cash and since when; below, what was carried to the bank."""

    PLACE: ClassVar[Place] = Place.DEPOSITS
    AUTO_FOCUS = "#in-hand"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.DEPOSITS, "screen")]

    in_hand = query_one("#in-hand", LineList)
    carried = query_one("#carried", LineList)

    def compose_area(self) -> ComposeResult:
        """Set the cash in hand over the deposits."""
        yield Words(self._say_in_hand, classes="page-title", id="in-hand-title")
        yield LineList[CashInHand](
            self._holder_columns(), key=lambda row: row.village_code, id="in-hand"
        )
        yield Words(self._say_days, id="in-hand-days")
        yield Words(self._say_carried, classes="page-title", id="carried-title")
        yield LineList[Deposit](_deposit_columns(), key=lambda row: row.uid, id="carried")

    def on_mount(self) -> None:
        """Show how things stand."""
        self._load()

    def on_screen_resume(self) -> None:
        """Catch up."""
        self._load()

    def office_changed(self) -> None:
        """Show what another desk has taken or carried."""
        self._load()

    def _load(self) -> None:
        office = self.session.office
        self.in_hand.set_rows(deposits.cash_in_hand(office), keep=True)
        self.carried.set_rows(deposits.deposits(office, DEPOSITS_SHOWN), keep=True)
        for name in ("#in-hand-title", "#in-hand-days", "#carried-title"):
            self.query_one(name, Words).relabel()
        self.refresh_keys()

    # ---------------------------------------------------------------------------------------- words

    def _holder_columns(self) -> list[Column[CashInHand]]:
        def age(row: CashInHand) -> int:
            return row.age_days(self.session.office.today())

        def tone(row: CashInHand) -> str:
            return "warning" if age(row) > LONGEST_CASH_DAYS else ""

        return [
            Column(lambda: _("Cash of"), 14, _holder, share=1, tone="strong"),
            Column(lambda: _("In hand (yuan)"), 14, lambda row: yuan(row.amount_fen), right=True),
            Column(lambda: _("Since"), 11, lambda row: f"{row.days[0][0]}", right=True),
            Column(lambda: _("Out for"), 9, lambda row: _days(age(row)), right=True, tone=tone),
            Column(
                lambda: _("Days taken"), 11, lambda row: str(len(row.days)), right=True, leave=1
            ),
        ]

    def _say_in_hand(self, width: int) -> Content:
        rows = self.in_hand.rows
        said = styled(" " + _("Cash not at the bank"), "bold $accent")
        if not rows:
            return Content.assemble(said, "  ", styled(_("none"), "$text-success"))
        whole = _("{amount} yuan together", amount=yuan(sum(row.amount_fen for row in rows)))
        return beside(said, styled(f"{whole} ", "bold"), width)

    def _say_days(self, width: int) -> Content:
        """Say from which days the cash of the line under the cursor is."""
        row: CashInHand | None = self.in_hand.current
        if row is None:
            return Content("")
        year = self.session.office.today().year
        days = [f"{short_day(day, year)} {yuan(fen)}" for day, fen in row.days]
        return styled(" " + joined(days), "$quiet").truncate(width, ellipsis=True)

    def _say_carried(self, _width: int) -> Content:
        return styled(" " + _("Deposits"), "bold $accent")

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.query_one("#in-hand-days", Words).relabel()
        self.refresh_keys()

    # ------------------------------------------------------------------------------------- its keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the lines under the cursors do not allow."""
        if action == "deposit" and self.is_mounted:
            return True if self.in_hand.current is not None else None
        if action == "take_deposit_back" and self.is_mounted:
            row: Deposit | None = self.carried.current
            can = row is not None and not row.taken_back and not row.is_taking_back
            return True if can else None
        return super().check_action(action, parameters)

    def action_deposit(self) -> None:
        """Record a deposit of whoever is under the cursor."""
        self._deposit()

    @on(LineList.Chosen, "#in-hand")
    def _holder_chosen(self) -> None:
        self._deposit()

    @work(exit_on_error=False)
    async def _deposit(self) -> None:
        held: CashInHand | None = self.in_hand.current
        if held is not None and may_change(self, self.session):
            await self.app.push_screen_wait(DepositBox(self.session, held))
            self._load()

    @work(exit_on_error=False)
    async def action_take_deposit_back(self) -> None:
        """Take the deposit under the cursor back, as a supervisor, with a reason."""
        row: Deposit | None = self.carried.current
        if row is None or row.taken_back or row.is_taking_back:
            return
        by = await supervisor_for_step(self, self.session)
        if by is not None:
            await self.app.push_screen_wait(DepositBackBox(self.session, row, by))
            self._load()

    def action_books(self) -> None:
        """Open the receipt books."""
        from townshipdesk.screens.books import BooksPage

        self.app.push_screen(BooksPage(self.session))


class DepositBox(FormBox[Deposit]):
    """Records cash that went to the bank; it counts against the oldest days first."""

    def __init__(self, session: Session, held: CashInHand) -> None:
        self._session = session
        self._held = held
        super().__init__()

    def box_title(self) -> str:
        """Name whose cash it is."""
        return _("Deposit: {holder}", holder=_holder(self._held))

    def fields(self) -> Sequence[Field]:
        """How much, when, and the bank's reference."""
        return (
            Field("amount", N_("Amount (yuan)"), kind="money", value=self._held.amount_fen),
            Field("day", N_("Day at the bank"), kind="day", value=self._session.office.today()),
            Field(
                "reference",
                N_("Bank reference"),
                needed=True,
                hint=N_("the number on the deposit slip"),
            ),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what stays in hand."""
        held = _("In hand: {amount} yuan", amount=yuan(self._held.amount_fen))
        try:
            amount_fen = self._amount_fen()
        except ValueError:
            return styled(held, "$quiet")
        left_fen = self._held.amount_fen - amount_fen
        style = "$text-warning" if left_fen else "$text-success"
        stays = _("stays in hand: {amount} yuan", amount=yuan(left_fen))
        return Content.assemble(styled(held, "$quiet"), "   ", styled(stays, style))

    def _amount_fen(self) -> int:
        from townshipdesk.domain.money import parse_yuan

        return parse_yuan(self.text_of("amount"))

    async def save(self, values: Mapping[str, Any]) -> Deposit:
        """Record it. Raises DeskError for more than is in hand."""
        who, code = self._session.who, self._held.village_code
        day: date | None = values["day"]
        return await self._session.apart(
            lambda office: deposits.deposit(
                office,
                who,
                values["amount"] or 0,
                values["reference"],
                village_code=code,
                deposited_on=day,
            )
        )


class DepositBackBox(FormBox[bool]):
    """Takes a deposit back that was recorded wrongly: the cash is in hand again."""

    def __init__(self, session: Session, deposit: Deposit, by: Actor) -> None:
        self._session = session
        self._deposit = deposit
        self._by = by
        super().__init__()
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the deposit."""
        return _(
            "Take a deposit back: {reference}", reference=display_text(self._deposit.bank_reference)
        )

    def fields(self) -> Sequence[Field]:
        """The reason, which stays with it."""
        return (Field("why", N_("Reason"), needed=True),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what comes back."""
        amount = yuan(self._deposit.amount_fen)
        return Content(_("{amount} yuan count as cash in hand again.", amount=amount))

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Take it back."""
        uid, by = self._deposit.uid, self._by
        await self._session.apart(lambda office: deposits.take_back(office, by, uid, values["why"]))
        return True


def _holder(held: CashInHand) -> str:
    return _("This desk") if held.village_name is None else display_text(held.village_name)


def _days(count: int) -> str:
    return _("{days} days", days=count)


def _deposit_columns() -> list[Column[Deposit]]:
    def state(row: Deposit) -> str:
        if row.is_taking_back:
            return _("takes one back")
        return _("taken back") if row.taken_back else ""

    def tone(row: Deposit) -> str:
        return "quiet" if row.taken_back or row.is_taking_back else ""

    return [
        Column(lambda: _("At the bank"), 11, lambda row: f"{row.deposited_on}", tone=tone),
        Column(lambda: _("Cash of"), 12, lambda row: row.village_name or _("This desk"), share=1),
        Column(lambda: _("Amount"), 13, lambda row: yuan(row.amount_fen), right=True, tone=tone),
        Column(lambda: _("Bank reference"), 16, lambda row: row.bank_reference, share=1, tone=tone),
        Column(lambda: _("Recorded by"), 11, lambda row: row.recorded_by, leave=1, tone="quiet"),
        Column(lambda: "", 14, state, tone="warning"),
    ]
