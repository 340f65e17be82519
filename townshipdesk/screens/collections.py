"""Collection by ledger (村组代收): every ledger, how far it is, how long its cash is out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.import_columns import ColumnsBox, remember
from townshipdesk.screens.naming import yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.running import RunningBox
from townshipdesk.screens.second_person import may_change
from townshipdesk.services import collection_view, collections, places
from townshipdesk.services.collection_view import Absent
from townshipdesk.services.collections import Collection, Received
from townshipdesk.services.imports.places import short_name
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.ledger import LedgerRow
    from townshipdesk.sheets.result import SheetResult

STATES: Final[Mapping[str, str]] = {
    "received": N_("received"),
    "counted": N_("counted"),
    "reviewed": N_("reviewed"),
    "deposited": N_("deposited"),
    "entered": N_("entered"),
    "withdrawn": N_("given back"),
}
STATE_TONES: Final = {"entered": "good", "withdrawn": "quiet"}
BODIES: Final[Mapping[str, str]] = {
    "village": N_("village"),
    "school": N_("school"),
    "department": N_("department"),
}
LONG_OUT: Final = 3
"""Days after which cash that is out is shown in the warning colour."""
NAMED: Final = 8


def next_gate(one: Collection) -> str:
    """Name the gate a ledger stands before; "" for none."""
    if one.state == "received":
        return "count"
    if one.state == "counted":
        return "review" if one.needs_review else "deposit"
    return {"reviewed": "deposit", "deposited": "enter"}.get(one.state, "")


GATES: Final[Mapping[str, str]] = {
    "count": N_("count by hand"),
    "review": N_("county's review"),
    "deposit": N_("deposit"),
    "enter": N_("enter all"),
    "": "",
}


Row = Collection | Absent


class CollectionsPage(Page):
    """The ledgers of the year: open ones first, then villages without any, then what is done."""

    PLACE: ClassVar[Place] = Place.COLLECTIONS
    AUTO_FOCUS = "#ledgers"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.COLLECTIONS, "screen")]

    ledgers = query_one("#ledgers", LineList)

    def __init__(self, session: Session, path: Path | None = None) -> None:
        super().__init__(session)
        self._path = path

    def compose_area(self) -> ComposeResult:
        """Set a line and the list."""
        yield Words(self._title, classes="page-title")
        yield LineList(_columns(self._days), key=_key, id="ledgers")

    def on_mount(self) -> None:
        """Show them; take a ledger in at once where its file was chosen already."""
        self._load()
        if self._path is not None:
            self._receive(self._path)

    def office_changed(self) -> None:
        """Show what another desk has done."""
        self._load()

    def on_screen_resume(self) -> None:
        """Show what has been done with the ledger that was open."""
        self._load()

    def _load(self) -> None:
        office = self.session.office
        ledgers = collections.collections(office)
        waiting = [one for one in ledgers if next_gate(one)]
        rows: list[Row] = [*sorted(waiting, key=self._days, reverse=True)]
        rows += collection_view.absent(office)
        rows += [one for one in ledgers if not next_gate(one)]
        self.ledgers.set_rows(rows, keep=True)
        self.query_one(".page-title", Words).refresh()
        self.refresh_keys()

    def _days(self, one: Collection) -> int:
        return one.days_out(self.session.office.today())

    def _title(self, _width: int) -> Content:
        rows = self.ledgers.rows
        ledgers = [one for one in rows if isinstance(one, Collection)]
        amount = sum(one.amount_fen for one in ledgers if next_gate(one) not in ("", "enter"))
        said = _("{amount} yuan not at the bank yet", amount=yuan(amount))
        missing = len(rows) - len(ledgers)
        without = _("no ledger yet: {count}", count=missing)
        return Content.assemble(
            styled(" " + _("Collection by ledger"), "bold"),
            styled("   " + said, "$text-warning") if amount else "",
            styled("   " + without, "$quiet") if missing else "",
        )

    def action_receive(self) -> None:
        """Choose a ledger and take it in."""
        self._choose()

    @work(exclusive=True, exit_on_error=False)
    async def _choose(self, village: str = "") -> None:
        """Choose a ledger, of a certain village where somebody pointed at one, and take it in."""
        from townshipdesk.screens.file_choice import ChooseFileBox

        if may_change(self, self.session):
            kinds = (SheetKind.CONTRIBUTIONS,)
            box = ChooseFileBox(self.session, lambda: _("A ledger to take in"), kinds)
            chosen = await self.app.push_screen_wait(box)
            if chosen is not None:
                self._receive(chosen.path, village)

    @work(exit_on_error=False)
    async def _receive(self, path: Path, village: str = "") -> None:
        from townshipdesk.screens.collection import CollectionPage

        if not may_change(self, self.session):
            return
        wanted = await self.app.push_screen_wait(ReceiveBox(self.session, path, village))
        if wanted is None:
            return
        if wanted.pop("at_once"):
            self._enter_at_once(path, wanted["village_code"])
            return
        columns = ColumnsBox(self.session, path, SheetKind.CONTRIBUTIONS)
        read = await self.app.push_screen_wait(columns)
        if read is None:
            return
        box = ReceivingBox(self.session, path, wanted, read)
        await self.app.push_screen_wait(box)
        self._load()
        if box.received is not None and box.received.collection.uid:
            uid = box.received.collection.uid
            self.ledgers.cursor = [_key(row) for row in self.ledgers.rows].index(uid)
            self.app.push_screen(CollectionPage(self.session, uid))

    def _enter_at_once(self, path: Path, village: str) -> None:
        """Show what a ledger would enter that was counted and deposited elsewhere."""
        from townshipdesk.screens.import_preview import ImportPage
        from townshipdesk.services.imports import ImportKind, ImportOptions

        options = ImportOptions(village=village)
        page = ImportPage(self.session, path, ImportKind.CONTRIBUTIONS, options)
        self.app.push_screen(page)

    def action_open_ledger(self) -> None:
        """Open the ledger under the cursor, or take that of the village in."""
        self.ledgers.action_choose()

    @on(LineList.Chosen)
    def _open(self, event: LineList.Chosen) -> None:
        from townshipdesk.screens.collection import CollectionPage

        if isinstance(event.row, Absent):
            self._choose(event.row.body)
        else:
            self.app.push_screen(CollectionPage(self.session, event.row.uid))


class ReceiveBox(FormBox["dict[str, Any]"]):
    """Asks whose ledger it is."""

    WIDTH: ClassVar[int] = 78
    SAVES: ClassVar[str] = N_("Go on")

    def __init__(self, session: Session, path: Path, village: str = "") -> None:
        """`village` is whose ledger is expected, "" for whose name the file has."""
        self._villages = places.villages(session.office)
        self._path = path
        self._village = village
        super().__init__()

    def box_title(self) -> str:
        """Name the file."""
        return display_text(self._path.name)

    def fields(self) -> Sequence[Field]:
        """Who collected: a village of the township, a school, a department."""
        names = [village.name for village in self._villages]
        found = _village_in(self._path.stem, names) or self._village  # pointed at on the list
        return (
            Field(
                "collector",
                N_("Kind"),
                "choice",
                values=tuple(BODIES),
                name=lambda kind: _(BODIES[kind]),
            ),
            Field("of-body", N_("Its name"), value=found, suggest=names,
                  needed=True, hint=N_("village, school or department")),
            Field("how", N_("It is entered"), "choice", values=(False, True), name=_how_name),
        )  # fmt: skip

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what entering at once leaves out."""
        if not (self.is_mounted and self.chosen("how")):
            return Content("")
        said = _("Nothing is counted or deposited here: only for ledgers settled elsewhere.")
        return styled(said, "$text-warning")

    async def save(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give what `receive` asks for. Raises UsageError."""
        kind, name, at_once = values["collector"], values["of-body"], values["how"]
        if kind == "village":
            village = places.village_meant(self._villages, name)
            return {"kind": kind, "village_code": village.code, "at_once": at_once}
        if at_once:
            raise UsageError(N_("Only a village's ledger can be entered at once."))
        if not name.strip():
            raise UsageError(N_("A ledger is a village's, or a school's or department's with its "
                                "name."))  # fmt: skip
        return {"kind": kind, "body": name, "at_once": False}


def _village_in(stem: str, names: Sequence[str]) -> str:
    """Give the village a file is named after, written short or in full; "" where it is unsure."""
    keys = {name: short_name(name) for name in names}
    found = [name for name in names if keys[name] in stem]
    longest = max((len(keys[name]) for name in found), default=0)
    named = [name for name in found if len(keys[name]) == longest]
    return named[0] if len(named) == 1 else ""


class ReceivingBox(RunningBox[Received]):
    """Takes a ledger in and compares every row; a ledger comes whole or not at all."""

    def __init__(
        self,
        session: Session,
        path: Path,
        wanted: Mapping[str, Any],
        read: SheetResult[LedgerRow],
    ) -> None:
        super().__init__(session)
        self._path = path
        self._read = read
        self._wanted = wanted
        self._who: Actor = session.who
        self.received: Received | None = None

    def box_title(self) -> str:
        """Name the file."""
        return display_text(self._path.name)

    def do(self, office: Office) -> Received:
        """Take it in, and keep how its columns were read."""
        self.report(0, 0, N_("writing"))
        self.received = collections.receive(
            office,
            self._who,
            self._path,
            read=self._read,
            compared=lambda done, rows: self.report(done, rows, N_("comparing")),
            cancelled=self.stopped,
            **self._wanted,
        )
        if not self.received.rejections:
            remember(office, self._who, self._read)
        return self.received

    def said(self, result: Received) -> Content:
        """Say what came in, or why it did not."""
        if result.rejections:
            count = len(result.rejections)
            lines = [
                styled(_("The ledger was not taken in."), "bold $text-error"),
                Content(_("{count} rows cannot be read:", count=count)),
            ]
            lines += [Content(f"  {one.row}  {one.text}") for one in result.rejections[:NAMED]]
            return Content("\n").join(lines)
        one = result.collection
        lines = [
            styled("✓ " + display_text(one.body), "bold $text-success"),
            Content(
                _("{count} people, {amount} yuan", count=one.heads, amount=yuan(one.amount_fen))
            ),
        ]
        if result.differences:
            count = len(result.differences)
            lines.append(styled(_("{count} people differ", count=count), "$text-warning"))
        return Content("\n").join(lines)


def _how_name(at_once: bool) -> str:
    return _("at once, without gates") if at_once else _("gate after gate")


def _key(row: Row) -> object:
    return row.code if isinstance(row, Absent) else row.uid


def _of(say: Callable[[Collection], str]) -> Callable[[Row], str]:
    """Give what says something of a ledger, and nothing of a village that has none."""
    return lambda row: "" if isinstance(row, Absent) else say(row)


def _state(row: Row) -> str:
    return _("no ledger") if isinstance(row, Absent) else _(STATES[row.state])


def _tone(row: Row) -> str:
    return "quiet" if isinstance(row, Absent) else STATE_TONES.get(row.state, "")


def _columns(days: Callable[[Collection], int]) -> list[Column[Row]]:
    return [
        Column(lambda: _("Collected by"), 13, lambda row: row.body, share=2, tone="strong"),
        Column(lambda: _("Received"), 8, _of(lambda row: f"{row.received_at:%m-%d}"), tone="quiet"),
        Column(lambda: _("People"), 6, _of(lambda row: f"{row.heads:,}"), right=True),
        Column(lambda: _("Amount"), 11, _of(lambda row: yuan(row.amount_fen)), right=True),
        Column(
            lambda: _("Days out"),
            8,
            _of(lambda row: str(days(row) or "")),
            right=True,
            tone=_of(lambda row: "warning" if days(row) >= LONG_OUT else ""),
        ),
        Column(
            lambda: _("State"),
            10,
            _state,
            tone=_tone,
        ),
        Column(
            lambda: _("Next gate"),
            16,
            _of(lambda row: _(GATES[next_gate(row)]) if next_gate(row) else ""),
            share=1,
        ),
        Column(lambda: _("File"), 12, _of(lambda row: row.file), share=1, leave=1, tone="quiet"),
    ]
