"""Claims of subsidies: what each source owes, the claims made, what was paid on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.board_columns import money
from townshipdesk.screens.naming import joined, named, short_identity, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.running import RunningBox
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.sheet_why import claim_why_not
from townshipdesk.services import claims
from townshipdesk.services.claims import Claim, ClaimLine, SettlementLine
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

VIEWS: Final[Mapping[str, str]] = {
    "settlement": N_("What sources owe"),
    "claims": N_("Claims made"),
}


class ClaimsPage(Page):
    """Two lists: what each source granted and was asked for, and the numbered claims."""

    PLACE: ClassVar[Place] = Place.CLAIMS
    AUTO_FOCUS = "#claims"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CLAIMS, "screen")]

    rows = query_one("#claims", LiveList)
    views = query_one("#claim-views", Choice)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._settlement: list[SettlementLine] = []
        self._claims: list[Claim] = []

    def compose_area(self) -> ComposeResult:
        """Set the two views, the list, and what is known of the row under the cursor."""
        yield Choice(tuple(VIEWS), self._view_label, id="claim-views")
        yield LiveList[Any]((), key=_key, id="claims")
        yield Words(self._details, id="claim-details")

    def on_mount(self) -> None:
        """Show what sources owe."""
        self._show()

    def office_changed(self) -> None:
        """Show what was granted or claimed at any desk."""
        self._show()

    @on(Choice.Changed)
    @work(exclusive=True, group="reading", exit_on_error=False)
    async def _show(self) -> None:
        def read(office: Office) -> tuple[list[SettlementLine], list[Claim]]:
            with office.database.snapshot():
                return claims.settlement(office), claims.claims(office)

        self._settlement, self._claims = await self.session.apart(read)
        at_claims = self.views.value == "claims"
        self.rows.set_columns(_claim_columns() if at_claims else _settlement_columns())
        self.rows.set_rows(self._claims if at_claims else self._settlement, keep=True)
        self.views.relabel()
        self._say_again()

    @on(LineList.Moved)
    def _say_again(self) -> None:
        self.query_one("#claim-details", Words).refresh()
        self.refresh_keys()

    # -------------------------------------------------------------------------------- what it says

    def _view_label(self, view: str) -> str:
        count = len(self._claims) if view == "claims" else len(self._settlement)
        return f"{_(VIEWS[view])} {count}"

    def _details(self, width: int) -> Content:
        row = self.rows.current
        if isinstance(row, Claim):
            paid = _paid_text(row)
            lines = [
                styled(f" {row.number}  {named('source', row.source)}", "bold"),
                Content(" " + _("up to {day}, made by {staff}", day=f"{row.to_day}",
                                staff=display_text(row.made_by))),
                styled(f" {paid}{_missing(row)}",
                       "$text-success" if row.paid_on and not row.missing_fen
                       else "$text-warning"),
            ]  # fmt: skip
        elif isinstance(row, SettlementLine):
            open_fen = self._open_fen(row.source)
            said = _open_text(open_fen)
            claimed_fen = sum(
                line.claimed_fen for line in self._settlement if line.source == row.source
            )
            settled = _(
                "claimed {claimed}, paid {paid}, still owed {owed} yuan",
                claimed=yuan(claimed_fen),
                paid=yuan(row.source_paid_fen),
                owed=yuan(claimed_fen - row.source_paid_fen),
            )
            lines = [
                Content.assemble(styled(" " + named("source", row.source), "bold"), f"  {settled}"),
                styled(" " + joined([display_text(one) for one in row.departments]), "$quiet"),
                Content(f" {said}"),
            ]
        else:
            made = self.views.value == "claims"
            none = N_("No claim was made yet. Key s shows what sources owe, F3 claims it there.")
            lines = [styled(" " + _(none if made else N_("There are none here.")), "$quiet")]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _open_fen(self, source: str) -> int:
        """Give what a source has not been asked for yet."""
        return sum(line.unclaimed_fen for line in self._settlement if line.source == source)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the row under the cursor does not allow."""
        if action not in ("make_claim", "write_claim", "claim_paid", "open_claim"):
            return super().check_action(action, parameters)
        row = self.rows.current if self.is_mounted else None
        allowed = {
            "make_claim": isinstance(row, SettlementLine) and bool(self._open_fen(row.source)),
            "write_claim": isinstance(row, Claim),
            "claim_paid": isinstance(row, Claim) and (bool(row.owed_fen) or not row.payments),
            "open_claim": row is not None,
        }[action]
        return True if allowed else None

    def why_not(self, action: str) -> str:
        """Say why the row under the cursor does not allow an action."""
        return claim_why_not(action, self.rows.current)

    # -------------------------------------------------------------------------------- what it does

    def action_next_view(self) -> None:
        """Show the other list."""
        self.views.action_step(1)
        self.rows.focus()

    @work(exclusive=True, exit_on_error=False)
    async def action_make_claim(self) -> None:
        """Make a claim of everything the source under the cursor was not asked for."""
        from townshipdesk.screens.confirm import ConfirmBox

        row = self.rows.current
        if not isinstance(row, SettlementLine) or not may_change(self, self.session):
            return
        source = row.source
        lines = await self.session.apart(lambda office: claims.preview(office, source))
        amount = yuan(sum(line.amount_fen for line in lines))
        people = len({line.resident_id for line in lines})

        def say(_width: int) -> Content:
            said = _("{count} people, {amount} yuan", count=people, amount=amount)
            rule = _("What was taken back since the last claim is deducted.")
            name = styled(named("source", source) + "\n", "bold")
            return Content.assemble(name, styled(said, "bold $accent"), "\n", rule)

        yes = N_("Y: make the claim.   Esc: not yet")
        box = ConfirmBox(lambda: _("Make a numbered claim?"), say, yes=yes)
        if not await self.app.push_screen_wait(box):
            return
        claiming = ClaimingBox(self.session, source)
        await self.app.push_screen_wait(claiming)
        if claiming.made is not None and self.views.value != "claims":
            self.views.action_step(1)
        self._show()

    @work(exit_on_error=False)
    async def action_write_claim(self) -> None:
        """Write the claim under the cursor as workbook."""
        from townshipdesk.screens.exports_out import ExportBox, WritingBox

        row = self.rows.current
        if isinstance(row, Claim) and may_change(self, self.session):
            box = ExportBox(self.session, "subsidy-claim", row.number)
            wanted = await self.app.push_screen_wait(box)
            if wanted is not None:
                await self.app.push_screen_wait(WritingBox(self.session, wanted))

    @work(exit_on_error=False)
    async def action_claim_paid(self) -> None:
        """Record what the source paid on the claim under the cursor."""
        row = self.rows.current
        if isinstance(row, Claim) and may_change(self, self.session):
            await self.app.push_screen_wait(ClaimPaidBox(self.session, row))
            self._show()

    def action_open_claim(self) -> None:
        """Show everybody in the claim, or who would be in the next one."""
        self.rows.action_choose()

    @on(LineList.Chosen, "#claims")
    @work(exit_on_error=False)
    async def _open(self, event: LineList.Chosen) -> None:
        row = event.row
        if isinstance(row, Claim):
            number = row.number
            lines = await self.session.apart(lambda office: claims.claim_lines(office, number))
            title = lambda: number  # noqa: E731 - said again in another language
        else:
            source = row.source
            lines = await self.session.apart(lambda office: claims.preview(office, source))
            title = lambda: _("Next claim: {source}", source=named("source", source))  # noqa: E731 - said again in another language
        await self.app.push_screen_wait(LinesBox(title, lines))


class ClaimingBox(RunningBox[Claim]):
    """Makes a claim; stopped before its end, there is none."""

    def __init__(self, session: Session, source: str) -> None:
        super().__init__(session)
        self._source = source
        self._who: Actor = session.who
        self.made: Claim | None = None

    def box_title(self) -> str:
        """Name the source."""
        return _("Claim: {source}", source=named("source", self._source))

    def do(self, office: Office) -> Claim:
        """Make it."""
        self.report(0, 0, N_("writing"))
        self.made = claims.make(
            office,
            self._who,
            self._source,
            progress=lambda done, whole: self.report(done, whole, N_("writing")),
            cancelled=self.stopped,
        )
        return self.made

    def said(self, result: Claim) -> Content:
        """Say its number and sum, and what comes next."""
        amount = yuan(result.amount_fen)
        sums = _("{count} people, {amount} yuan", count=result.people, amount=amount)
        made = _("Claim {number} is made.", number=result.number)
        lines = [
            styled("✓ " + made, "bold $text-success"),
            styled(sums, "bold $accent"),
            Content(_("F2 writes it as a workbook.")),
        ]
        return Content("\n").join(lines)


class LinesBox(Box[None]):
    """Everybody in a claim."""

    WIDTH: ClassVar[int] = 110
    COMPLAINS = False
    AUTO_FOCUS = "#claim-lines"

    def __init__(self, title: Callable[[], str], lines: Sequence[ClaimLine]) -> None:
        super().__init__()
        self._box_title = title
        self._lines = lines

    def box_title(self) -> str:
        """Name the claim."""
        return self._box_title()

    def compose_box(self) -> ComposeResult:
        """Set the sum and the list."""
        yield Words(self._sum, classes="strong")
        yield LineList(_line_columns(), self._lines, id="claim-lines")

    def _sum(self, _width: int) -> str:
        people = len({line.resident_id for line in self._lines})
        amount = yuan(sum(line.amount_fen for line in self._lines))
        return _("{count} people, {amount} yuan", count=people, amount=amount)


class ClaimPaidBox(FormBox[bool]):
    """Asks what the source paid, when, and the bank's reference."""

    WIDTH: ClassVar[int] = 74

    def __init__(self, session: Session, claim: Claim) -> None:
        self._session = session
        self._claim = claim
        self._back = claim.amount_fen < 0  # only what was taken back: the office pays the source
        super().__init__()

    def box_title(self) -> str:
        """Name the claim."""
        if self._back:
            return _("Given back on claim {number}", number=self._claim.number)
        return _("Paid on claim {number}", number=self._claim.number)

    def fields(self) -> Sequence[Field]:
        """Sum, day, reference, and the reason of another sum."""
        today = self._session.office.today()
        return (
            Field("paid-sum", N_("Amount"), "money", value=abs(self._claim.owed_fen), needed=True),
            Field("paid-on", N_("Day"), "day", value=today, needed=True),
            Field("reference", N_("Bank's reference"), needed=True),
            Field("paid-why", N_("Reason"), hint=N_("where the sum is another one")),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what came before, and that parts are recorded one by one."""
        one = self._claim
        if one.payments:
            return styled(f"{_paid_text(one)}   {display_text(one.why)}", "$quiet")
        said = _("It may come in parts: record each as it comes, with a reason until all is there.")
        return styled(said, "$quiet")

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it. Raises UsageError for another sum without a reason."""
        who, number = self._session.who, self._claim.number
        amount_fen = -values["paid-sum"] if self._back else values["paid-sum"]
        await self._session.apart(
            lambda office: claims.record_payment(
                office,
                who,
                number,
                amount_fen,
                values["paid-on"],
                values["reference"],
                values["paid-why"],
            )
        )
        return True


def _open_text(open_fen: int) -> str:
    """Say what the next claim of a source would ask for, or give back."""
    if open_fen > 0:
        return _("F3 claims {amount} yuan from this source.", amount=yuan(open_fen))
    if open_fen < 0:
        return _("Claimed {amount} yuan too much: the next claim deducts them.",
                 amount=yuan(-open_fen))  # fmt: skip
    return _("Everything is claimed.")


def _paid_text(claim: Claim) -> str:
    """Say what the source paid on a claim and when; or what it was given back."""
    if claim.paid_on is None:
        return _("not given back yet") if claim.amount_fen < 0 else _("not paid yet")
    paid_fen = claim.paid_fen or 0
    said = (
        N_("given back {amount} yuan on {day}, {reference}")
        if paid_fen < 0
        else N_("paid {amount} yuan on {day}, {reference}")
    )
    reference = display_text(claim.reference)
    return _(said, amount=yuan(abs(paid_fen)), day=f"{claim.paid_on}", reference=reference)


def _missing(claim: Claim) -> str:
    """Say how much less, or more, a source paid than it was asked for, and why."""
    if not claim.missing_fen:
        return ""
    if claim.amount_fen < 0:
        return f"   {display_text(claim.why)}"
    text = N_("{amount} yuan less") if claim.missing_fen > 0 else N_("{amount} yuan more")
    said = _(text, amount=yuan(abs(claim.missing_fen)))
    return f"   {said}   {display_text(claim.why)}"


def _key(row: Claim | SettlementLine) -> object:
    return row.number if isinstance(row, Claim) else (row.source, row.identity)


def _settlement_columns() -> list[Column[SettlementLine]]:
    return [
        Column(lambda: _("Source"), 18, lambda row: named("source", row.source), share=1,
               tone="strong"),
        Column(lambda: _("Identity"), 21, lambda row: short_identity(row.identity) or "—",
               share=1),
        Column(lambda: _("Department"), 10, _departments, share=1, leave=3, tone="quiet"),
        Column(lambda: _("People"), 6, lambda row: f"{row.people:,}", right=True),
        Column(lambda: _("Subsidy each"), 8, _standard, right=True, leave=2, tone="quiet"),
        Column(lambda: _("Granted"), 9, lambda row: money(row.amount_fen), right=True),
        Column(lambda: _("Claimed"), 9, lambda row: money(row.claimed_fen), right=True),
        Column(
            lambda: _("To claim"),
            9,
            lambda row: money(row.unclaimed_fen),
            right=True,
            tone=lambda row: "warning" if row.unclaimed_fen else "quiet",
        ),
    ]  # fmt: skip


def _standard(row: SettlementLine) -> str:
    """Give what one person gets, or from which to which sum."""
    least, most = (money(fen) for fen in row.standard_fen)
    return most if least == most else f"{least}–{most}"


def _departments(row: SettlementLine) -> str:
    return joined(list(row.departments))


def _claim_columns() -> list[Column[Claim]]:
    return [
        Column(lambda: _("Claim no."), 12, lambda row: row.number, tone="strong"),
        Column(lambda: _("Source"), 12, lambda row: named("source", row.source), share=1),
        Column(lambda: _("Up to"), 10, lambda row: f"{row.to_day}"),
        Column(lambda: _("People"), 6, lambda row: f"{row.people:,}", right=True),
        Column(lambda: _("Amount"), 11, lambda row: yuan(row.amount_fen), right=True),
        Column(
            lambda: _("Paid by source"),
            14,
            lambda row: "—" if row.paid_fen is None else yuan(row.paid_fen),
            right=True,
            tone=lambda row: "good" if row.paid_fen == row.amount_fen else "warning",
        ),
    ]


def _line_columns() -> list[Column[ClaimLine]]:
    return [
        Column(lambda: _("Village"), 12, lambda row: row.village, share=1),
        Column(lambda: _("Name"), 10, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Number"), 18, lambda row: mask_number(row.number), leave=1),
        Column(lambda: _("Identity"), 12, lambda row: short_identity(row.identity), share=1),
        Column(
            lambda: _("Amount"),
            10,
            lambda row: yuan(row.amount_fen),
            right=True,
            tone=lambda row: "bad" if row.amount_fen < 0 else "",
        ),
        Column(lambda: _("Paid on"), 10, lambda row: f"{row.paid_on}", tone="quiet"),
    ]
