"""What a person says about a file beside the file: whose list it is, complete or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.import_lists import fields_for
from townshipdesk.screens.naming import joined
from townshipdesk.screens.sheet_words import field_name
from townshipdesk.services import file_history, places
from townshipdesk.services.imports import ImportOptions
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session


class OptionsBox(FormBox[ImportOptions]):
    """Asks whose list it is and whether it is complete, or for the village of a roster."""

    WIDTH: ClassVar[int] = 78
    SAVES: ClassVar[str] = N_("Go on")

    def __init__(self, session: Session, kind: SheetKind, file: str) -> None:
        self._session = session
        self._kind = kind
        self._file = file
        self._villages = places.villages(session.office)
        self._known = file_history.departments(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Name the file."""
        return display_text(self._file)

    def fields(self) -> Sequence[Field]:
        """Department and completeness, or the village."""
        if self._kind is SheetKind.IDENTITIES:
            known = self._known
            return (
                Field(
                    "department",
                    N_("Department"),
                    value=known[0] if len(known) == 1 else "",
                    suggest=known,
                    needed=True,
                    hint=N_("whose list it is"),
                ),
                Field(
                    "full",
                    N_("The list is"),
                    "choice",
                    values=(None, True, False),
                    name=_full_name,
                    needed=True,
                ),
            )
        names = [village.name for village in self._villages]
        hint = N_("for rows that name none; else leave it empty")
        return (Field("of-village", N_("Village"), suggest=names, hint=hint),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what a complete list does."""
        if self._kind is not SheetKind.IDENTITIES:
            return Content("")
        said = _("A complete list ends the identity of everybody it no longer names.")
        known = joined([display_text(name) for name in self._known])
        before = _("Lists have come from: {names}", names=known) if known else ""
        return Content.assemble(styled(said, "$text-warning"), "\n", styled(before, "$quiet"))

    async def save(self, values: Mapping[str, Any]) -> ImportOptions:
        """Give the options. Raises UsageError."""
        if self._kind is SheetKind.IDENTITIES:
            return ImportOptions(department=values["department"], full=values["full"])
        village = values["of-village"]
        if village:
            village = places.village_meant(self._villages, village).code
        return ImportOptions(village=village)


class ColumnBox(FormBox[str]):
    """Asks what a column holds."""

    WIDTH: ClassVar[int] = 78
    SAVES: ClassVar[str] = N_("Go on")

    def __init__(self, kind: SheetKind, heading: str, field: str) -> None:
        self._kind = kind
        self._heading = heading
        self._field = field
        super().__init__()

    def box_title(self) -> str:
        """Name the column."""
        return _("Column {heading}", heading=display_text(self._heading))

    def fields(self) -> Sequence[Field]:
        """Everything a column of this kind may hold."""
        label: Callable[[str], str] = lambda field: field_name(field) if field else _("not read")  # noqa: E731 - it is a value of the field
        values = fields_for(self._kind)
        return (
            Field("field", N_("Holds"), "choice", value=self._field, values=values, name=label),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say that it is remembered."""
        said = _("Remembered for the next file of this kind once this one is taken over.")
        return styled(said, "$quiet")

    async def save(self, values: Mapping[str, Any]) -> str:
        """Give the field."""
        return str(values["field"])


def _full_name(full: bool | None) -> str:
    if full is None:
        return _("please choose")
    return _("complete") if full else _("additions only")
