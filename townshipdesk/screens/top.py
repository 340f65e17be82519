"""The two lines at the head of every screen: which office, which moment, who; season and today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from townshipdesk.domain.money import format_yuan_grouped
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.widgets.cells import beside, styled

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session

WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday(day: date) -> str:
    """Give the short name of a day of the week."""
    return _(WEEKDAYS[day.weekday()])


class Top(Widget):
    """Office, year, policy, training or not, moment, staff; below them season and today's work."""

    DEFAULT_CSS = "Top { height: 2; width: 1fr; }"

    def __init__(self, session: Session) -> None:
        super().__init__(classes="training" if session.office.is_training else "")
        self._session = session
        self._today = ""

    def relabel(self) -> None:
        """Say everything again."""
        self.refresh()

    def set_today(self, payments: int, amount_fen: int) -> None:
        """Show what has been done today."""
        said = (
            _(
                "Today {count}: {amount} yuan",
                count=payments,
                amount=format_yuan_grouped(amount_fen),
            )
            if payments
            else _("Nothing paid yet today")
        )
        if said != self._today:
            self._today = said
            self.refresh()

    def render(self) -> RenderResult:
        """Give the two lines."""
        width = self.size.width
        session, office = self._session, self._session.office
        now = office.now()
        moment = f"{now:%Y-%m-%d} {weekday(now.date())} {now:%H:%M}"
        year = Content(_("{year} cover", year=office.year))
        if office.chosen_year is not None:  # not the office's own: nobody may overlook it
            year = styled(f" {year} ", "bold $badge on $badge-back")
        left = Content.assemble(
            " ",
            styled(display_text(office.name), "bold"),
            "  ",
            year,
            " " + display_text(office.policy_id),
        )
        staff = "" if session.actor is None else display_text(session.actor.shown_name)
        badge = (
            styled(f" {_('TRAINING')} ", "bold $badge on $badge-back") if office.is_training else ""
        )
        first = beside(left, Content.assemble(badge, f"  {moment}  {staff} "), width)
        first = first.pad_right(max(0, width - first.cell_length))
        if office.is_training:
            first = first.stylize_before("$training on $training-back")
        else:
            first = first.stylize_before("$head on $head-back")
        second = beside(
            styled(f" {session.season()}", "$season"), styled(f"{self._today} ", "$quiet"), width
        )
        return Content("\n").join([first, second])
