"""Checking the books from the desk: the chain, the sums, the receipts, the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.running import RunningBox
from townshipdesk.services.office import Office
from townshipdesk.services.problems import Problem
from townshipdesk.services.verify import verify
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.words import Words, plain


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
        return _problem_lines(result)


def _problem_lines(problems: Sequence[Problem]) -> Content:
    """Say what is wrong and where, a line each."""
    lines = [
        styled(
            _("Found wrong: {count}. Tell the county before going on.", count=len(problems)),
            "bold $text-error",
        )
    ]
    lines += [
        Content.assemble(
            styled(display_text(problem.where_words()), "bold"),
            "  ",
            display_text(problem.words()),
        )
        for problem in problems
    ]
    return Content("\n").join(lines)


class WrongBox(Box[None]):
    """What the quick check at the start of a desk found; Esc goes on at one's own risk."""

    WIDTH: ClassVar[int] = 84
    COMPLAINS = False

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self._problems = tuple(problems)
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the box."""
        return _("This office is not in order")

    def compose_box(self) -> ComposeResult:
        """Show the problems, and what to do."""
        with VerticalScroll(classes="page"):
            yield Words(lambda _width: _problem_lines(self._problems))
        yield Words(
            plain(lambda: _("Take no money here. A supervisor checks everything with ^G 8.")),
            classes="strong",
        )
