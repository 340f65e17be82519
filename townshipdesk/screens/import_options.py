"""What a person says about a file beside the file: whose list it is, complete or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
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

    def __init__(self, session: Session, kind: SheetKind, file: str) -> None:
        self._session = session
        self._kind = kind
        self._file = file
        self._villages = places.villages(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Name the file."""
        return display_text(self._file)

    def fields(self) -> Sequence[Field]:
        """Department and completeness, or the village."""
        if self._kind is SheetKind.IDENTITIES:
            known = file_history.departments(self._session.office)
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
        return styled(said, "$text-warning")

    async def save(self, values: Mapping[str, Any]) -> ImportOptions:
        """Give the options. Raises UsageError."""
        if self._kind is SheetKind.IDENTITIES:
            return ImportOptions(department=values["department"], full=values["full"])
        village = values["of-village"]
        if village:
            village = places.village_meant(self._villages, village).code
        return ImportOptions(village=village)


def _full_name(full: bool | None) -> str:
    if full is None:
        return _("please choose")
    return _("complete") if full else _("additions only")
