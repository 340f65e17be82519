"""Office settings: what the policy leaves open, entered by a supervisor, with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.money import format_yuan, parse_yuan
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named, yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import open_settings, settings
from townshipdesk.services.open_settings import FLAG, OpenSetting
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.settings import SettingChange

OPEN, CLOSED = "yes", ""


def setting_name(setting: OpenSetting) -> str:
    """Name a setting in the language in force."""
    if setting.key == "extension_open":
        return _("Extension of the collection")
    if setting.key == "fiscal_standard":
        return _("Fiscal standard for each head")
    if setting.key.startswith("amount."):
        return _("Subsidy: {identity}", identity=named("identity", setting.about))
    return _("Collective support: {village}", village=display_text(setting.about))


def value_text(setting: OpenSetting, value: str) -> str:
    """Give a value of a setting for the eye."""
    if setting.kind == FLAG:
        return _("opened") if value else _("not opened")
    return yuan(parse_yuan(value)) if value else _("not set")


class SettingsPage(Page):
    """The settings this policy asks for, with the clause that leaves each open."""

    PLACE: ClassVar[Place] = Place.SETTINGS
    AUTO_FOCUS = "#settings"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SETTINGS, "screen")]

    rows = query_one("#settings", LineList)

    def compose_area(self) -> ComposeResult:
        """Set a sentence and the list."""
        yield Words(plain(lambda: " " + _("Office settings")), classes="strong page-title")
        yield Words(
            plain(
                lambda: (
                    " "
                    + _(
                        "What the policy leaves to the office. A change counts from the next "
                        "payment on; what was paid stays."
                    )
                )
            ),
            classes="quiet",
        )
        yield LineList(_columns(), key=lambda row: row.key, id="settings")

    def on_mount(self) -> None:
        """Show the settings."""
        self._load()

    def office_changed(self) -> None:
        """Show what another desk has set."""
        self._load()

    def _load(self) -> None:
        self.rows.set_rows(open_settings.open_settings(self.session.office), keep=True)
        self.refresh_keys()

    @on(LineList.Chosen)
    @work(exit_on_error=False)
    async def _change(self, event: LineList.Chosen) -> None:
        if may_change(self, self.session):
            await self.app.push_screen_wait(SettingBox(self.session, event.row))
            self._load()

    def action_change_setting(self) -> None:
        """Change the setting under the cursor."""
        self.rows.action_choose()

    @work(exit_on_error=False)
    async def action_past_values(self) -> None:
        """Show what it was before."""
        row = self.rows.current
        if row is not None:
            await self.app.push_screen_wait(HistoryBox(self.session, row))


def _columns() -> list[Column[OpenSetting]]:
    return [
        Column(lambda: _("Setting"), 24, setting_name, share=2, tone="strong"),
        Column(
            lambda: _("Value"),
            10,
            lambda row: value_text(row, row.value),
            right=True,
            tone=lambda row: "good" if row.value else "quiet",
        ),
        Column(lambda: _("Clause"), 9, lambda row: row.clause or "—", leave=1),
        Column(
            lambda: _("Document"),
            14,
            lambda row: row.last.document_number if row.last else "",
            share=1,
        ),
        Column(
            lambda: _("Set"),
            10,
            lambda row: f"{row.last.set_at:%Y-%m-%d}" if row.last else "",
            tone="quiet",
        ),
        Column(
            lambda: _("Set by"),
            8,
            lambda row: row.last.set_by if row.last else "",
            leave=2,
            tone="quiet",
        ),
    ]


class SettingBox(FormBox[bool]):
    """Enters a setting, with the document it rests on; a supervisor does, or signs in for it."""

    WIDTH: ClassVar[int] = 76

    def __init__(self, session: Session, setting: OpenSetting) -> None:
        self._session = session
        self._setting = setting
        super().__init__()

    def box_title(self) -> str:
        """Name the setting."""
        return setting_name(self._setting)

    def fields(self) -> Sequence[Field]:
        """The value, the document and the reason."""
        row = self._setting
        if row.kind == FLAG:
            value = Field(
                "value",
                N_("Value"),
                "choice",
                value=OPEN if row.value else CLOSED,
                values=(CLOSED, OPEN),
                name=lambda code: _("opened") if code else _("not opened"),
            )
        else:
            amount = parse_yuan(row.value) if row.value else ""
            value = Field("value", N_("Yuan"), "money", value=amount, hint=N_("empty: not set"))
        return (
            value,
            Field("document", N_("Document no.")),
            Field("day", N_("Of (day)"), "day"),
            Field("why", N_("Reason")),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what it is now and on which clause it rests."""
        row = self._setting
        lines = [
            Content.assemble(
                styled(_("Now"), "$quiet"), "  ", styled(value_text(row, row.value), "bold")
            )
        ]
        if row.clause:
            lines.append(Content.assemble(styled(_("Clause"), "$quiet"), f"  {row.clause}"))
        else:
            said = _("The policy in force does not ask for it.")
            lines.append(styled(said, "$text-warning"))
        return Content("\n").join(lines)

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Set it, as a supervisor."""
        value = values["value"]
        if self._setting.kind != FLAG:
            value = "" if value is None else format_yuan(value)
        if self._setting.kind == FLAG and value and not (values["document"] and values["day"]):
            raise UsageError("Opening it needs the number and the day of the decision.")
        by = await supervisor_for_step(self, self._session)
        if by is None:
            raise UsageError("A supervisor must do this.")

        def do(office: Office) -> bool:
            settings.change(
                office,
                by,
                self._setting.key,
                value,
                document_number=values["document"],
                document_date=values["day"],
                why=values["why"],
            )
            return True

        return await self._session.apart(do)


class HistoryBox(Box[None]):
    """Every value a setting has had, newest first."""

    WIDTH: ClassVar[int] = 96
    COMPLAINS = False

    def __init__(self, session: Session, setting: OpenSetting) -> None:
        super().__init__()
        self._setting = setting
        self._changes = settings.history(session.office, setting.key)

    def box_title(self) -> str:
        """Name the setting."""
        return _("History: {setting}", setting=setting_name(self._setting))

    def compose_box(self) -> ComposeResult:
        """Show the list."""
        if not self._changes:
            yield Words(plain(lambda: _("It has never been set.")), classes="quiet")
            return
        columns: list[Column[SettingChange]] = [
            Column(lambda: _("Set"), 10, lambda row: f"{row.set_at:%Y-%m-%d}"),
            Column(
                lambda: _("Value"),
                12,
                lambda row: value_text(self._setting, row.value),
                right=True,
                tone="strong",
            ),
            Column(lambda: _("Set by"), 8, lambda row: row.set_by),
            Column(lambda: _("Document"), 20, _document, share=3),
            Column(lambda: _("Reason"), 8, lambda row: row.why, share=1, tone="quiet"),
        ]
        yield LineList(columns, self._changes, id="setting-history")


def _document(row: SettingChange) -> str:
    day = f" {row.document_date}" if row.document_date else ""
    return row.document_number + day
