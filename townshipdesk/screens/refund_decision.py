"""Approving, rejecting and withdrawing a refund: who decides, why, on which document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.refund_text import verdict_lines_of
from townshipdesk.services import refunds
from townshipdesk.services.refunds import Refund
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.refund_desk import ListedRefund
    from townshipdesk.services.staff import Actor


class DecisionBox(FormBox[Refund]):
    """Approves or rejects a request as `by`, who need not be the one who works at the desk."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, session: Session, by: Actor, row: ListedRefund, step: str) -> None:
        """`step` is "approve" or "reject"."""
        self._session = session
        self._by = by
        self._row = row
        self._approves = step == "approve"
        self._referred = row.refund.answer.decision == "refer"
        super().__init__()

    def box_title(self) -> str:
        """Name what is done and who does it."""
        names = {
            "number": self._row.refund.number,
            "staff": display_text(self._by.shown_name),
        }
        if self._approves:
            return _("Approve {number}: {staff}", **names)
        return _("Reject {number}: {staff}", **names)

    def fields(self) -> Sequence[Field]:
        """A reason, and where the policy is silent a document number."""
        why = Field("why", N_("Reason"), needed=not self._approves or self._referred)
        if self._approves and self._referred:
            return (why, Field("document", N_("Document no."), needed=True))
        return (why,)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say once more what it is about."""
        one = self._row.refund
        return Content("\n").join(
            [
                Content.assemble(
                    styled(display_text(self._row.name), "bold $accent"),
                    f"  {named('ground', one.ground)}  ",
                    styled(_("{amount} yuan back", amount=yuan(one.individual_fen)), "bold"),
                ),
                Content.assemble(styled(_("Payee"), "$quiet"), f"  {display_text(one.payee)}"),
                *verdict_lines_of(one),
            ]
        )

    async def save(self, values: Mapping[str, Any]) -> Refund | None:
        """Decide."""
        by, number, why = self._by, self._row.refund.number, values["why"]

        def do(office: Office) -> Refund:
            if self._approves:
                return refunds.approve(office, by, number, why, values.get("document", ""))
            return refunds.reject(office, by, number, why)

        return await self._session.apart(do)


class WithdrawBox(FormBox[Refund]):
    """Takes an application back; the payment stands."""

    def __init__(self, session: Session, row: ListedRefund) -> None:
        self._session = session
        self._row = row
        super().__init__()

    def box_title(self) -> str:
        """Name the refund."""
        return _("Withdraw {number}", number=self._row.refund.number)

    def fields(self) -> Sequence[Field]:
        """A reason."""
        return (Field("why", N_("Reason"), needed=True),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what stays."""
        return Content(_("The payment and the cover stay as they are."))

    async def save(self, values: Mapping[str, Any]) -> Refund | None:
        """Withdraw."""
        who, number = self._session.who, self._row.refund.number
        if not values["why"]:
            raise UsageError("{field} is needed.", field=_("Reason"))
        return await self._session.apart(
            lambda office: refunds.withdraw(office, who, number, values["why"])
        )
