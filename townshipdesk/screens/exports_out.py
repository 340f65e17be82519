"""Sheets to write: choose one, say village, day or claim, and where; written beside the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.file_choice import path_from
from townshipdesk.screens.page import Page
from townshipdesk.screens.running import RunningBox
from townshipdesk.screens.second_person import supervisor_for_step
from townshipdesk.services import claims, days, exports, file_history, places
from townshipdesk.services.exports import SHEETS, Exported
from townshipdesk.services.last_folders import last_folder, remember_folder
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.inputs import DateInput, LineInput
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

WRITTEN: Final = "out"
"""Under this name the last folder sheets were written to is remembered."""

OF_A_VILLAGE: Final = frozenset(
    {"ledger", "village-summary", "town-summary", "weekly", "unpaid", "books", "roster"}
)
OF_A_DAY: Final = frozenset({"daily", "weekly", "town-summary"})
PERSONAL: Final = frozenset({"ledger", "unpaid", "subsidy-claim", "refunds", "audit", "roster"})
SUPERVISED: Final = frozenset({"audit"})
"""Sheets a clerk asks a supervisor for, as the audit log on the screen."""
PRINTED_NAMES: Final[Mapping[str, str]] = {
    "ledger": "筹资台账",
    "village-summary": "村级汇总表",
    "town-summary": "参保筹资统计汇总表",
    "daily": "日结单",
    "weekly": "每周进度表",
    "unpaid": "未参保人员名单",
    "subsidy-claim": "资助资金申请明细",
    "refunds": "退费明细",
    "audit": "审计日志",
    "books": "票据领用核销登记",
    "roster": "参保登记花名册",
}
"""Names of the files, as the sheets are called in print."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sheet to be written, and where."""

    sheet: str
    path: Path
    village: str | None = None
    day: date | None = None
    claim: str | None = None


class ExportsPage(Page):
    """The list of sheets."""

    PLACE: ClassVar[Place] = Place.EXPORTS
    AUTO_FOCUS = "#sheets"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.EXPORTS, "screen")]

    sheets = query_one("#sheets", LineList)

    def compose_area(self) -> ComposeResult:
        """Set a line and the list."""
        yield Words(plain(lambda: " " + _("Sheets to write")), classes="strong page-title")
        yield LineList(_columns(), tuple(SHEETS), key=str, digits=True, id="sheets")

    def action_write_sheet(self) -> None:
        """Write the sheet under the cursor."""
        self.sheets.action_choose()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _write(self, event: LineList.Chosen) -> None:
        sheet: str = event.row
        if not await self._may_write(sheet):
            return
        wanted = await self.app.push_screen_wait(ExportBox(self.session, sheet))
        if wanted is not None:
            await self.app.push_screen_wait(WritingBox(self.session, wanted))

    async def _may_write(self, sheet: str) -> bool:
        """Let whoever works here write a sheet; an auditor all, a clerk the log with a second."""
        who = self.session.actor
        if who is None or sheet not in SUPERVISED or who.role == "auditor":
            return who is not None
        return await supervisor_for_step(self, self.session) is not None


class ExportBox(FormBox[Wanted]):
    """Asks what a sheet is limited to, and for its folder and name."""

    WIDTH: ClassVar[int] = 90

    def __init__(self, session: Session, sheet: str, claim: str = "") -> None:
        self._session = session
        self._sheet = sheet
        self._claim = claim
        self._made = ""
        self._villages = places.villages(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Name the sheet."""
        return _(SHEETS[self._sheet][0])

    def fields(self) -> Sequence[Field]:
        """Only what this sheet can be limited to."""
        today = self._session.office.today()
        found: list[Field] = []
        if self._sheet in OF_A_VILLAGE:
            names = [village.name for village in self._villages]
            hint = N_("all villages where it is empty")
            found.append(Field("of-village", N_("Village"), suggest=names, hint=hint))
        if self._sheet in OF_A_DAY:
            found.append(Field("day", N_("Day"), "day", value=self._usual_day(today)))
        if self._sheet == "subsidy-claim":
            numbers = [one.number for one in claims.claims(self._session.office)]
            hint = N_("everybody subsidised this year where it is empty")
            found.append(
                Field("claim", N_("Claim no."), value=self._claim, suggest=numbers, hint=hint)
            )
        name = self._made = self._name_of(self._usual_day(today))
        found.append(Field("folder", N_("Folder"), value=str(last_folder(WRITTEN)), needed=True))
        found.append(Field("name", N_("File name"), value=name, needed=True))
        return found

    def _name_of(self, day: date) -> str:
        return f"{PRINTED_NAMES[self._sheet]}{self._claim}-{day:%Y%m%d}.xlsx"

    @on(Input.Changed, "#day")
    def _follow_the_day(self) -> None:
        """Let the file's name tell the day of the sheet, as long as nobody gave it another name."""
        try:
            day = self.query_one("#day", DateInput).day
        except ValueError:
            return  # not typed to its end
        name = self.query_one("#name", LineInput)
        if day is not None and name.value == self._made:
            name.value = self._made = self._name_of(day)

    def _usual_day(self, today: date) -> date:
        """Give the day most asked for: of a closed day's sheet the last one that was closed."""
        closed = days.closed_days(self._session.office, 1) if self._sheet == "daily" else ()
        return closed[0] if closed else today

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say where it goes, and what is there already."""
        if not self.is_mounted:
            return Content("")
        path = self._path()
        if not path.parent.is_dir():
            return styled(_("This folder does not exist."), "$text-warning")
        if path.exists():
            return styled(_("A file of this name is there; it will be replaced."), "$text-warning")
        if self._sheet in PERSONAL:
            said = _("It holds personal data; that it was written is logged.")
            return styled(said, "$text-warning")
        return styled(_("That it was written is logged."), "$quiet")

    def _path(self) -> Path:
        name = self.text_of("name")
        if not name.lower().endswith(".xlsx"):
            name += ".xlsx"
        return path_from(self.text_of("folder")) / name

    async def save(self, values: Mapping[str, Any]) -> Wanted:
        """Give what is wanted. Raises UsageError."""
        path = self._path()
        if not path.parent.is_dir():
            raise UsageError(N_("Make that folder first, or name one that is there."))
        village = values.get("of-village")
        code = places.village_meant(self._villages, village).code if village else None
        return Wanted(self._sheet, path, code, values.get("day"), values.get("claim") or None)


class WritingBox(RunningBox[Exported]):
    """Writes a sheet and says where it is."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        super().__init__(session)
        self._wanted = wanted
        self._who = session.who

    def box_title(self) -> str:
        """Name the sheet."""
        return _(SHEETS[self._wanted.sheet][0])

    def do(self, office: Office) -> Exported:
        """Write it; keep that it went out."""
        one = self._wanted
        self.report(0, 0, N_("writing"))
        done = exports.export(
            office,
            one.sheet,
            one.path,
            village=one.village,
            day=one.day,
            claim=one.claim,
            progress=lambda done, rows: self.report(done, rows, N_("writing")),
            cancelled=self.stopped,
        )
        file_history.record_written(office, self._who, one.sheet, done.path, done.rows)
        remember_folder(WRITTEN, one.path.parent)  # not one that could not be written
        return done

    def said(self, result: Exported) -> Content:
        """Say how many rows it has and where it is."""
        return Content("\n").join(
            [
                styled("✓ " + _("{count} rows written", count=f"{result.rows:,}"), "bold"),
                styled(display_text(result.path.name), "bold $accent"),
                Content(_("Folder: {path}", path=display_text(str(result.path.parent)))),
            ]
        )


def _columns() -> list[Column[str]]:
    return [
        Column(lambda: _("Sheet"), 34, lambda sheet: _(SHEETS[sheet][0]), share=1, tone="strong"),
        Column(lambda: _("Printed as"), 20, lambda sheet: PRINTED_NAMES[sheet]),
        Column(lambda: _("Limited to"), 14, _limits, tone="quiet"),
    ]


def _limits(sheet: str) -> str:
    parts = [_("village")] if sheet in OF_A_VILLAGE else []
    if sheet in OF_A_DAY:
        parts.append(_("day"))
    if sheet == "subsidy-claim":
        parts.append(_("claim"))
    return "  ".join(parts)
