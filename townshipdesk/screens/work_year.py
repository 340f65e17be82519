"""For which year this desk works: the office's own, or another one it has a policy for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from townshipdesk.domain.errors import RuleError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.services import policies
from townshipdesk.services.policies import WorkYear
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session


def year_box(session: Session) -> WorkYearBox:
    """Give the box. Raises RuleError where there is one year only."""
    years = policies.years(session.office)
    if len(years) < 2:
        raise RuleError(
            N_(
                "The office has a policy for {year} only. A supervisor adopts that of another"
                " year under Supervision, Policy."
            ),
            code="one-year",
            year=session.office.year,
        )
    return WorkYearBox(session, years)


class WorkYearBox(FormBox[int]):
    """Lets this desk work for another year, and gives that year."""

    def __init__(self, session: Session, years: Sequence[WorkYear]) -> None:
        self._session = session
        self._years = {one.year: one for one in years}
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Year this desk works for")

    def fields(self) -> Sequence[Field]:
        """The years; another one than now is offered first."""
        now = self._session.office.year
        others = [year for year in self._years if year != now]
        return (
            Field(
                "year", N_("Year"), "choice", others[0], values=tuple(self._years), name=self._named
            ),
        )

    def _named(self, year: int) -> str:
        one = self._years[year]
        return f"{year} {display_text(one.policy_id)}" + (
            " " + _("(the office's year)") if one.is_own else ""
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what it means."""
        said = _(
            "Prices, payments, refunds, totals and sheets of this desk are then those of that year."
            " Other desks go on as they are. Cash and the day's closing hold all years together."
        )
        return styled(said, "$quiet")

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Work for it from now on."""
        self._session.office.work_for(values["year"])
        return self._session.office.year
