"""The keys for what is done with the resident on the desk; each begins a step of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from townshipdesk.screens.desk import DeskScreen


class ResidentActions:
    """Begins the steps of `screens.resident_steps`, for the desk's screen."""

    def step(self, name: str) -> None:
        """Begin one of the things that can be done with a resident, each a flow of its own."""
        from townshipdesk.screens import resident_steps
        from townshipdesk.screens.second_person import may_change

        desk = cast("DeskScreen", self)
        if name in resident_steps.READING or may_change(desk, desk.session):
            resident_steps.STEPS[name](desk)

    def action_pay(self) -> None:
        """Take the payment."""
        self.step("pay")

    def action_identities(self) -> None:
        """Open the identities."""
        self.step("identities")

    def action_refund(self) -> None:
        """Ask for a refund."""
        self.step("refund")

    def action_register(self) -> None:
        """Register somebody."""
        self.step("register")

    def action_receipts(self) -> None:
        """Show this resident's receipts."""
        self.step("receipts")

    def action_undo(self) -> None:
        """Take back a payment of today."""
        self.step("undo")

    def action_why(self) -> None:
        """Show the calculation."""
        self.step("why")

    def action_when(self) -> None:
        """Show the days that matter."""
        self.step("when")

    def action_what_if(self) -> None:
        """Ask what would be."""
        self.step("what-if")

    def action_reveal(self) -> None:
        """Show numbers in full; it is logged."""
        self.step("reveal")

    def action_ruling(self) -> None:
        """Let a supervisor decide."""
        self.step("ruling")

    def action_correct(self) -> None:
        """Correct the record."""
        self.step("correct")

    def action_move(self) -> None:
        """Move to another village or household."""
        self.step("move")

    def action_paper(self) -> None:
        """Record another number."""
        self.step("paper")

    def action_newborn(self) -> None:
        """Register a newborn of this household."""
        self.step("newborn")

    def action_facts(self) -> None:
        """Record what else the policy asks about."""
        self.step("facts")

    def action_insured(self) -> None:
        """Record employee insurance."""
        self.step("insured")

    def action_death(self) -> None:
        """Record a death."""
        self.step("death")

    def action_moved_away(self) -> None:
        """Record that somebody moved away."""
        self.step("moved-away")
