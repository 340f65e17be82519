"""Checking the books from the desk: the chain, the sums, the receipts, the file."""

from __future__ import annotations

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.running import RunningBox
from townshipdesk.services.office import Office
from townshipdesk.services.problems import Problem
from townshipdesk.services.verify import verify
from townshipdesk.widgets.cells import styled


class VerifyBox(RunningBox[list[Problem]]):
    """Runs the whole check while the desks go on working, and says in words what is wrong."""

    def box_title(self) -> str:
        """Name the box."""
        return _("Check the books")

    def do(self, office: Office) -> list[Problem]:
        """Check everything."""
        return verify(office, progress=self.report, cancelled=self.stopped)

    def said(self, result: list[Problem]) -> Content:
        """Say what is wrong and where, or that nothing is."""
        if not result:
            return styled(
                "✓ " + _("Everything is in order: the log, the ledger, receipts, refunds, days."),
                "bold $text-success",
            )
        lines = [
            styled(
                _("{count} things are wrong. Tell the county before going on.", count=len(result)),
                "bold $text-error",
            )
        ]
        lines += [
            Content.assemble(
                styled(display_text(problem.where_words()), "bold"),
                "  ",
                display_text(problem.words()),
            )
            for problem in result
        ]
        return Content("\n").join(lines)
