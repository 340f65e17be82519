"""Asking for a refund: the ground, the rule's answer at once, the proof, and who gets the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from townshipdesk.domain.errors import DeskError, RuleError, UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named
from townshipdesk.screens.refund_text import PROOFS, payment_line, verdict_lines
from townshipdesk.services import refund_desk, refunds
from townshipdesk.services.refunds import GROUNDS, Refund, RefundRequest
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.refund_desk import RefundCase

COMMON_GROUND = "employee-insurance"


class RefundBox(FormBox[Refund]):
    """Takes an application in and gives the refund; None when nothing was asked for."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, session: Session, view: View) -> None:
        self._session = session
        self._person = view.card.person
        self._year = view.year
        self._cases: dict[str, RefundCase | DeskError] = {}
        super().__init__()

    def box_title(self) -> str:
        """Name the person."""
        return _("Refund: {name}", name=display_text(self._person.name))

    def fields(self) -> Sequence[Field]:
        """Ground, proof, and to whom the money goes."""
        alive = self._person.status != "deceased"
        return (
            Field(
                "ground",
                N_("Ground"),
                "choice",
                value=COMMON_GROUND if alive else "death",
                values=GROUNDS,
                name=lambda code: f"{GROUNDS.index(code) + 1} {named('ground', code)}",
            ),
            Field("proof", N_("Proof"), hint=N_("which paper was shown")),
            Field("payee", N_("Payee"), value=self._person.name if alive else "", needed=True),
            Field(
                "relation",
                N_("Related as"),
                hint=N_("for a death: the heir, such as spouse or child"),
            ),
            Field("bank", N_("Bank")),
            Field("account", N_("Account"), needed=True),
        )

    def compose_box(self) -> ComposeResult:
        """Set the payment and the ground first, the answer under it, then the fields."""
        yield Words(self._payment, id="refund-payment")
        ground, *others = self._fields
        with Vertical(classes="form"):
            yield from self._rows([ground])
            yield Words(self.effect, id="effect")
            yield from self._rows(others)

    def _rows(self, fields: Sequence[Field]) -> ComposeResult:
        for item in fields:
            with Horizontal(classes="row"):
                yield Words(partial(_label, item), classes="label")
                yield self._widget(item)

    def on_mount(self) -> None:
        """Begin with the ground: everything else follows from it."""
        self.call_after_refresh(self.query_one("#ground").focus)
        self._hint_at_proof()

    # --------------------------------------------------------------------------------- what it says

    def _case(self, ground: str) -> RefundCase | DeskError:
        if ground not in self._cases:
            try:
                self._cases[ground] = refund_desk.case(
                    self._session.office, self._person.resident_id, ground
                )
            except DeskError as error:
                self._cases[ground] = error
        return self._cases[ground]

    def _ground(self) -> str:
        found = self.query("#ground")
        return str(found.first(Choice).value) if found else COMMON_GROUND

    def _payment(self, _width: int) -> Content:
        case = self._case(self._ground())
        return Content("") if isinstance(case, DeskError) else payment_line(case)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Give the rule's answer to the ground that is chosen."""
        case = self._case(self._ground())
        if isinstance(case, DeskError):
            return styled(f" ✕ {_(case.message, **case.values)}", "bold $text-warning")
        return Content("\n").join(verdict_lines(case))

    @on(Choice.Changed, "#ground")
    def _other_ground(self) -> None:
        payee = self.query_one("#payee", Input)
        if self._ground() == "death" and payee.value.strip() == self._person.name:
            payee.value = ""
        elif self._ground() != "death" and not payee.value.strip():
            payee.value = self._person.name
        self._hint_at_proof()
        self.query_one("#refund-payment", Words).relabel()

    def _hint_at_proof(self) -> None:
        self.query_one("#proof", Input).placeholder = _(PROOFS[self._ground()])

    def relabel(self) -> None:
        """Say the title and the hint again."""
        super().relabel()
        self._hint_at_proof()

    def on_key(self, event: events.Key) -> None:
        """Let 1 to 5 choose the ground while the caret is on it."""
        ground = self.query_one("#ground", Choice)
        number = event.character or ""
        if self.focused is ground and number.isdigit() and 1 <= int(number) <= len(GROUNDS):
            ground.index = int(number) - 1
            event.stop()

    # ------------------------------------------------------------------------------------- doing it

    async def save(self, values: Mapping[str, Any]) -> Refund | None:
        """Hand the application in, then show its number and the form to print."""
        from townshipdesk.screens.refund_form import RefundFormBox

        wanted = self._request(values)
        who = self._session.who

        def do(office: Office) -> Refund:
            return refunds.request(office, who, wanted)

        made = await self._session.apart(do)
        await self.app.push_screen_wait(RefundFormBox(self._session, made))
        return made

    def _request(self, values: Mapping[str, Any]) -> RefundRequest:
        ground = values["ground"]
        case = self._case(ground)
        if isinstance(case, DeskError):
            raise case
        if case.answer.decision == "refuse":
            raise RuleError("The policy does not allow this refund.", code="refused")
        if not values["proof"]:
            self.query_one("#proof").focus()
            raise UsageError("Which paper proves it? {paper}", paper=_(PROOFS[ground]))
        if ground == "death" and not values["relation"]:
            self.query_one("#relation").focus()
            raise UsageError("For a death the heir applies: say how the payee is related.")
        return RefundRequest(
            resident_id=self._person.resident_id,
            ground=ground,
            payee=values["payee"],
            payee_relation=values["relation"],
            bank=values["bank"],
            account="".join(values["account"].split()),
            proof=values["proof"],
            year=self._year,
        )


def _label(item: Field, _width: int) -> str:
    return _(item.label) + (" *" if item.needed else "")
