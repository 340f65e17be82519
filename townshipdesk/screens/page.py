"""The base of full screens that open over an area: lists of refunds, receipts, supervision."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from townshipdesk.actions import Place, bindings
from townshipdesk.screens.area import Area
from townshipdesk.screens.top import Top


class Page(Area):
    """A full screen over an area; Esc goes back to what was open before."""

    PLACE: ClassVar[Place] = Place.PAGE
    is_page: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAGE, "screen")]

    def on_screen_resume(self) -> None:
        """Show on top what has been done today, without waiting for the next payment."""
        from townshipdesk.services import totals

        line = totals.today(self.session.office)
        self.query_one(Top).set_today(line.payments, line.amount_fen)

    def action_close_page(self) -> None:
        """Go back."""
        self.dismiss(None)
