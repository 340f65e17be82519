"""The comparison with the tax bureau (对账): what differs and is open, taken over or settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.area import OpenResident
from townshipdesk.screens.import_columns import remember
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.running import RunningBox
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.sheet_why import finding_why_not
from townshipdesk.screens.sheet_words import COUNTS
from townshipdesk.services import reconcile
from townshipdesk.services.reconcile import (
    OTHER_NAMES,
    Acceptance,
    OpenFinding,
    Reconciliation,
)
from townshipdesk.services.tax_compare import KINDS, TEXTS
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.result import SheetResult
    from townshipdesk.sheets.taxlist import TaxRow

NAMES: Final[Mapping[str, str]] = {
    "matched": N_("matched"),
    "only_there": N_("only there"),
    "only_here": N_("only here"),
    "amount_differs": N_("amount differs"),
    "twice": N_("twice"),
    "unknown_person": N_("unknown"),
    "other_year": N_("other year"),
}
OPEN_KINDS: Final = ("only_there", "amount_differs", "only_here", "twice", "unknown_person",
                     "other_year")  # fmt: skip
TONES: Final = {"only_there": "good", "amount_differs": "bad", "only_here": "warning"}
NAMED: Final = 8


class ReconcilePage(Page):
    """Every difference that is open, of whichever list it came from, by kind."""

    PLACE: ClassVar[Place] = Place.RECONCILE
    AUTO_FOCUS = "#findings"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECONCILE, "screen")]

    findings = query_one("#findings", LineList)
    kinds = query_one("#finding-kinds", Choice)

    def __init__(self, session: Session, path: Path | None = None) -> None:
        super().__init__(session)
        self._path = path
        self._open: list[OpenFinding] = []
        self._counts: Counter[str] = Counter()

    def compose_area(self) -> ComposeResult:
        """Set the kinds with their numbers, the list, and the difference under the cursor."""
        yield Words(self._title, classes="page-title")
        yield Choice(("", *OPEN_KINDS), self._kind_label, id="finding-kinds")
        yield LineList(_columns(), key=lambda row: row.uid, id="findings")
        yield Words(self._details, id="finding-details")

    def on_mount(self) -> None:
        """Show what is open; compare at once where a file was chosen already."""
        self._load()
        if self._path is not None:
            self._compare(self._path)

    def office_changed(self) -> None:
        """Show what another desk has settled."""
        self._load()

    def _load(self) -> None:
        self._open = reconcile.open_findings(self.session.office)
        self._counts = Counter(row.kind for row in self._open)
        kind = self.kinds.value
        rows = [row for row in self._open if kind in ("", row.kind)]
        self.findings.set_rows(rows, keep=True)
        self.kinds.relabel()
        self._say_again()

    @on(LineList.Moved)
    def _say_again(self) -> None:
        for words in self.query(Words):
            words.refresh()
        self.refresh_keys()

    @on(Choice.Changed)
    def _other_kind(self) -> None:
        self._load()
        self.findings.focus()

    # -------------------------------------------------------------------------------- what it says

    def _title(self, _width: int) -> Content:
        said = _("{count} differences are open", count=f"{len(self._open):,}")
        return Content.assemble(
            styled(" " + _("Comparison with the tax bureau"), "bold"),
            styled("   " + said, "$text-warning" if self._open else "$text-success"),
        )

    def _kind_label(self, kind: str) -> str:
        if not kind:
            return _("all") + f" {len(self._open):,}"
        return f"{_(NAMES[kind])} {self._counts[kind]:,}"

    def _details(self, width: int) -> Content:
        row: OpenFinding | None = self.findings.current
        if row is None:
            return styled(" " + _("Nothing is open. F2 compares the next list."), "$quiet")
        parts = [
            named("channel", row.channel) if row.channel else "",
            _("voucher {number}", number=display_text(row.voucher)) if row.voucher else "",
            f"{row.paid_at:%Y-%m-%d %H:%M}" if row.paid_at else _("no day of payment"),
        ]
        where = display_text(row.file) + (f"  {_row_word()} {row.row}" if row.row else "")
        lines = [
            Content.assemble(" ", styled(finding_text(row), "bold")),
            Content(" " + "   ".join(part for part in parts if part)),
            *([styled(" " + _other_name(row), "$text-warning")] if row.known_name else []),
            styled(f" {where}   " + _("found {day}", day=f"{row.found_at:%Y-%m-%d}"), "$quiet"),
        ]
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the difference under the cursor does not allow."""
        if action not in ("accept_one", "settle", "surplus", "open_person", "accept_all"):
            return super().check_action(action, parameters)
        if action == "accept_all":
            return True if self._counts["only_there"] else None
        row: OpenFinding | None = self.findings.current if self.is_mounted else None
        allowed = row is not None and {
            "accept_one": row.kind == "only_there",
            "surplus": row.kind == "twice",
            "open_person": row.resident_id is not None,
            "settle": True,
        }.get(action, False)
        return True if allowed else None

    def why_not(self, action: str) -> str:
        """Say why the difference under the cursor does not allow an action."""
        row: OpenFinding | None = self.findings.current
        return finding_why_not(action, row.kind if row is not None else None)

    # -------------------------------------------------------------------------------- what it does

    def action_next_kind(self) -> None:
        """Show the differences of the next kind."""
        self.kinds.action_step(1)

    @work(exclusive=True, exit_on_error=False)
    async def action_choose_list(self) -> None:
        """Choose a list and compare it."""
        from townshipdesk.screens.file_choice import ChooseFileBox

        if may_change(self, self.session):
            box = ChooseFileBox(
                self.session, lambda: _("The tax bureau's list"), (SheetKind.TAX_LIST,)
            )
            chosen = await self.app.push_screen_wait(box)
            if chosen is not None:
                self._compare(chosen.path)

    @work(exit_on_error=False)
    async def _compare(self, path: Path) -> None:
        from townshipdesk.screens.import_columns import ColumnsBox

        if not may_change(self, self.session):
            return
        columns = ColumnsBox(self.session, path, SheetKind.TAX_LIST)
        read = await self.app.push_screen_wait(columns)
        if read is not None:
            await self.app.push_screen_wait(ComparingBox(self.session, path, read))
            self._load()

    @work(exit_on_error=False)
    async def action_accept_one(self) -> None:
        """Take the payment under the cursor over, by the policy of its own moment."""
        row: OpenFinding | None = self.findings.current
        if row is None or row.kind != "only_there" or not may_change(self, self.session):
            return
        who, uid = self.session.who, row.uid
        try:
            number = await self.session.apart(lambda office: reconcile.accept(office, who, uid))
        except DeskError as error:
            self.tell_error(error)
            return
        self.tell(N_("Taken over: receipt {number}"), number=number)
        self._load()

    @work(exit_on_error=False)
    async def action_accept_all(self) -> None:
        """Take over everything that was allowed, after a second yes."""
        from townshipdesk.screens.confirm import ConfirmBox

        wanted = [row for row in self._open if row.kind == "only_there"]
        if not wanted or not may_change(self, self.session):
            return
        amount = yuan(sum(row.listed_fen or 0 for row in wanted))

        def say(_width: int) -> Content:
            said = _("{count} payments, {amount} yuan", count=len(wanted), amount=amount)
            rule = _("Each is decided by the policy of its own moment; the others stay open.")
            return Content.assemble(styled(said, "bold $accent"), "\n", rule)

        yes = N_("Y: take them over.   Esc: not yet")
        title = lambda: _("Take all of them over?")  # noqa: E731 - said again in another language
        if await self.app.push_screen_wait(ConfirmBox(title, say, yes=yes)):
            await self.app.push_screen_wait(AcceptingBox(self.session))
            self._load()

    @work(exit_on_error=False)
    async def action_settle(self) -> None:
        """Settle the difference under the cursor with a reason."""
        from townshipdesk.screens.reason import ReasonBox

        row: OpenFinding | None = self.findings.current
        if row is None or not may_change(self, self.session):
            return
        who, uid = self.session.who, row.uid

        async def settle(why: str) -> bool:
            await self.session.apart(lambda office: reconcile.settle(office, who, uid, why))
            return True

        title = lambda: _("Settle: {name}", name=display_text(row.name))  # noqa: E731 - as above
        box = ReasonBox(title, settle, lambda: finding_text(row))
        if await self.app.push_screen_wait(box):
            self._load()

    @work(exit_on_error=False)
    async def action_surplus(self) -> None:
        """Record the second payment under the cursor, so that it can be refunded."""
        row: OpenFinding | None = self.findings.current
        if row is None or row.kind != "twice" or not may_change(self, self.session):
            return
        who, uid = self.session.who, row.uid
        try:
            await self.session.apart(lambda office: reconcile.record_duplicate(office, who, uid))
        except DeskError as error:
            self.tell_error(error)
            return
        self.tell(N_("Recorded as surplus. It can be refunded to the person with F4."))
        self._load()

    def action_open_person(self) -> None:
        """Bring the resident to the desk."""
        self.findings.action_choose()

    @on(LineList.Chosen)
    def _open_person(self, event: LineList.Chosen) -> None:
        if event.row.resident_id is not None:
            self.post_message(OpenResident(event.row.resident_id))


class ComparingBox(RunningBox[Reconciliation]):
    """Compares a list that was read, and says how many rows there are of each kind."""

    def __init__(self, session: Session, path: Path, read: SheetResult[TaxRow]) -> None:
        super().__init__(session)
        self._path = path
        self._read = read
        self._who: Actor = session.who
        self._open = 0

    def box_title(self) -> str:
        """Name the list."""
        return display_text(self._path.name)

    def do(self, office: Office) -> Reconciliation:
        """Compare, keep what differs, and how the columns were read."""
        self.report(0, 0, N_("comparing"))
        done = reconcile.reconcile(
            office,
            self._who,
            self._path,
            read=self._read,
            compared=lambda done, rows: self.report(done, rows, N_("comparing")),
            cancelled=self.stopped,
        )
        remember(office, self._who, self._read)
        self._open = len(reconcile.open_findings(office))
        return done

    def said(self, result: Reconciliation) -> Content:
        """Say how many rows there are of each kind, and what is open of this and earlier lists."""
        whole = styled(_("{count} rows", count=f"{result.rows:,}"), "bold")
        still = _("{count} differences are open", count=f"{self._open:,}")
        lines = [Content.assemble(whole, f"   {still}")]
        for kind in KINDS:
            count = result.counts[kind]
            tone = "$text-success" if kind == "matched" else "$text-warning" if count else "$quiet"
            lines.append(styled("  " + _(COUNTS[kind], count=f"{count:,}"), tone))
        if result.rejections:
            count = len(result.rejections)
            said = _("{count} rows cannot be read:", count=count)
            lines.append(styled(said, "$text-error"))
            lines += [Content(f"  {one.row}  {one.text}") for one in result.rejections[:NAMED]]
        if result.other_names:
            said = _(OTHER_NAMES, count=len(result.other_names))
            rows = ", ".join(str(row) for row, _number in result.other_names[:NAMED])
            lines.append(styled(f"{said} {rows}", "$text-warning"))
        return Content("\n").join(lines)


class AcceptingBox(RunningBox[Acceptance]):
    """Takes over payment after payment; each is done once, however often it is begun."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._who: Actor = session.who

    def box_title(self) -> str:
        """Name the work."""
        return _("Taking payments over")

    def do(self, office: Office) -> Acceptance:
        """Take them over."""
        return reconcile.accept_open(office, self._who, self._tell, self.stopped)

    def _tell(self, done: int, whole: int) -> None:
        self.report(done, whole, N_("writing"))

    def said(self, result: Acceptance) -> Content:
        """Say how many were taken over, and why others were not."""
        lines = [
            styled("✓ " + _("{count} payments taken over", count=result.accepted),
                   "bold $text-success")
        ]  # fmt: skip
        if result.refused:
            said = _("{count} stay open:", count=len(result.refused))
            lines.append(styled(said, "$text-warning"))
            lines += reasons(result.refused)
        return Content("\n").join(lines)


def reasons(refused: Sequence[tuple[Any, str]]) -> list[Content]:
    """Give each reason once, with how many it holds back."""
    counted = Counter(why for _found, why in refused)
    return [Content(f"  {count} × {why}") for why, count in counted.most_common()]


def finding_text(row: OpenFinding) -> str:
    """Say a difference in a sentence."""
    message = TEXTS[row.kind]
    listed, here = yuan(row.listed_fen or 0), yuan(row.here_fen or 0)
    return _(message, listed=listed, here=here, year=_("another year"))


def _other_name(row: OpenFinding) -> str:
    known = display_text(row.known_name)
    return _("The list names somebody else: here this number is {name}.", name=known)


def _row_word() -> str:
    return _("row")


def _columns() -> list[Column[OpenFinding]]:
    return [
        Column(
            lambda: _("Kind"),
            14,
            lambda row: _(NAMES[row.kind]),
            share=1,
            tone=lambda row: TONES.get(row.kind, ""),
        ),
        Column(lambda: _("Name"), 8, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Number"), 18, lambda row: mask_number(row.document_number)),
        Column(lambda: _("There"), 9, lambda row: _sum(row.listed_fen), right=True),
        Column(lambda: _("Here"), 9, lambda row: _sum(row.here_fen), right=True),
        Column(lambda: _("day"), 5, lambda row: f"{row.paid_at:%m-%d}" if row.paid_at else "—"),
        Column(lambda: _("Found"), 5, lambda row: f"{row.found_at:%m-%d}", tone="quiet", leave=1),
    ]


def _sum(amount_fen: int | None) -> str:
    return "—" if amount_fen is None else yuan(amount_fen)
