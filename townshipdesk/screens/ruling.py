"""A supervisor decides where the documents are silent: rate, subsidy, cover, reason, document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.content import Content

from townshipdesk.domain.dates import DateSpan
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.policy import Quote
from townshipdesk.policy.codes import SOURCES
from townshipdesk.screens.naming import named, span_text, yuan
from townshipdesk.screens.second_person import supervisor_for_step
from townshipdesk.services import rulings
from townshipdesk.services.rulings import Grant
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.inputs import DateInput, MoneyInput
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session

OTHERS: tuple[str, ...] = tuple(code for code in SOURCES if code != "individual")
COVERS = {"days": N_("from – to"), "none": N_("no cover this year")}


class RulingBox(FormBox[Quote]):
    """Takes a decision in; a supervisor signs in for it where a clerk works at the desk."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, session: Session, view: View) -> None:
        self._session = session
        self._view = view
        self._ordinary = rulings.ordinary(session.office)
        quote = view.quote
        self._made = quote if quote is not None and rulings.is_ruled(quote) else None
        super().__init__()

    def box_title(self) -> str:
        """Name the person."""
        return _("Ruling: {name}", name=display_text(self._view.card.person.name))

    def fields(self) -> Sequence[Field]:
        """What is granted, why, and on which document; an earlier decision stands in the fields."""
        made = self._made
        subsidy = made.subsidies[0] if made and made.subsidies else None
        coverage = made.coverage if made else None
        return (
            Field(
                "standard",
                N_("Rate (yuan)"),
                "money",
                value=made.standard_fen if made and made.standard_fen is not None else "",
                needed=True,
                hint=N_("before subsidies"),
            ),
            Field(
                "subsidy",
                N_("Subsidy (yuan)"),
                "money",
                value=subsidy.amount_fen if subsidy else "",
                hint=N_("none"),
            ),
            Field(
                "source",
                N_("Paid by"),
                "choice",
                values=OTHERS,
                name=lambda code: named("source", code),
                value=subsidy.source if subsidy else "",
            ),
            Field(
                "cover",
                N_("Cover"),
                "choice",
                values=tuple(COVERS),
                name=lambda c: _(COVERS[c]),
                value="none" if made and coverage is None else "days",
            ),
            Field("start", N_("Cover from"), "day", value=coverage.start if coverage else ""),
            Field(
                "end",
                N_("Cover to"),
                "day",
                value=coverage.end if coverage else date(self._view.year, 12, 31),
            ),
            Field("why", N_("Reason"), needed=True),
            Field("document", N_("Document no."), needed=True),
        )

    def compose_box(self) -> ComposeResult:
        """Say first why it has come to a supervisor."""
        yield Words(self._referral, id="ruling-why")
        yield from super().compose_box()

    def _referral(self, _width: int) -> Content:
        quote = self._view.quote
        lines = []
        for note in quote.notes if quote is not None else ():
            lines.append(
                Content.assemble(
                    styled(note.clause, "bold"),
                    "  ",
                    styled(display_text(note.text()), "$quiet"),
                )
            )
        usual = self._ordinary
        if usual.standard_fen is not None:
            said = _("Anybody else today: {amount} yuan", amount=yuan(usual.standard_fen))
            if usual.coverage is not None:
                said += "  " + _("cover {span}", span=span_text(usual.coverage))
            lines.append(Content(said))
        return Content("\n").join(lines)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what the person would pay and get."""
        try:
            grant = self._grant(self._so_far())
        except (UsageError, ValueError):
            return Content("")
        if grant is None:
            return Content("")
        due = yuan(grant.standard_fen - grant.subsidy_fen)
        said: list[Content | str] = [
            styled(_("Due {amount} yuan", amount=due), "bold $accent"),
            "   ",
        ]
        if grant.coverage is None:
            said.append(styled(f" {_('NO COVER')} ", "bold $badge on $badge-back"))
        else:
            span = _("cover {span}", span=span_text(grant.coverage))
            days = _("{count} days", count=grant.coverage.days)
            said.append(styled(f"{span}  {days}", "$text-success"))
        return Content.assemble(*said)

    def _so_far(self) -> dict[str, Any]:
        if not self.is_mounted or not self.query("#end"):
            return {}
        return {
            "standard": self.query_one("#standard", MoneyInput).amount_fen,
            "subsidy": self.query_one("#subsidy", MoneyInput).amount_fen,
            "source": self.chosen("source"),
            "cover": self.chosen("cover"),
            "start": self.query_one("#start", DateInput).day,
            "end": self.query_one("#end", DateInput).day,
        }

    def _grant(self, values: Mapping[str, Any]) -> Grant | None:
        """Give what is granted; None while something is still missing. Raises UsageError."""
        if values.get("standard") is None:
            return None
        coverage = None
        if values["cover"] == "days":
            start, end = values["start"], values["end"]
            if start is None or end is None:
                return None
            if end < start:
                raise UsageError("The cover ends before it begins.")
            coverage = DateSpan(start, end)
        subsidy_fen = values["subsidy"] or 0
        return Grant(values["standard"], coverage, subsidy_fen, values["source"])

    async def save(self, values: Mapping[str, Any]) -> Quote | None:
        """Decide, as a supervisor."""
        grant = self._grant(values)
        if grant is None:
            self.query_one("#start" if values["start"] is None else "#end").focus()
            raise UsageError("Say from when to when the cover runs, or that there is none.")
        by = await supervisor_for_step(self, self._session)
        if by is None:
            raise UsageError("A supervisor must do this.")
        person = self._view.card.person.resident_id
        quote = await self._session.apart(
            lambda office: rulings.rule(
                office, by, person, grant, values["why"], values["document"], self._view.year
            )
        )
        self.app.notify(_("Decided. F2 takes the payment."), markup=False)
        return quote
