"""Changing the record of a resident: correct, move, death, moving away, papers, insurance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from townshipdesk.domain.errors import RuleError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.confirm import ConfirmBox
from townshipdesk.screens.naming import named, registered_name, sex_name
from townshipdesk.screens.register import REGISTERED
from townshipdesk.services import places
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session

PAYER_GROUPS = (
    "walk-in",
    "village-household",
    "school",
    "civil-affairs-list",
    "family-planning-list",
)


class RecordBox(FormBox[int]):
    """A form over the resident on the desk; gives the resident's number when something changed."""

    TITLE_KEY = ""

    def __init__(self, session: Session, view: View) -> None:
        self._session = session
        self._view = view
        super().__init__()

    def box_title(self) -> str:
        """Name the change and the person."""
        return f"{_(self.TITLE_KEY)}  {display_text(self._view.card.person.name)}"

    @property
    def resident_id(self) -> int:
        """The resident's number in the office."""
        return self._view.card.person.resident_id


class CorrectBox(RecordBox):
    """Corrects what was written wrongly."""

    TITLE_KEY = N_("Correct the record")

    def fields(self) -> Sequence[Field]:
        """Give what may be corrected here; what a number tells is not among it."""
        person = self._view.card.person
        told = person.document_kind in ("resident-id", "hk-mo-tw-residence")
        return [
            Field("name", N_("Name"), value=person.name, needed=True),
            Field(
                "sex",
                N_("Sex"),
                "choice",
                values=("male", "female", "unknown"),
                name=sex_name,
                value=person.sex,
                fixed=told,
            ),
            Field("born", N_("Born"), "day", value=person.born or "", fixed=told),
            Field("relation", N_("Relation"), value=person.relation),
            Field("phone", N_("Phone"), value=person.phone),
            Field("address", N_("Address"), value=person.address),
            Field(
                "registered",
                N_("Registered"),
                "choice",
                values=REGISTERED,
                name=registered_name,
                value=person.registered,
            ),
            Field(
                "payer_group",
                N_("Pays"),
                "choice",
                values=PAYER_GROUPS,
                name=lambda code: named("group", code),
                value=person.payer_group,
            ),
        ]

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Write what changed."""
        from townshipdesk.services.register import correct

        person = self._view.card.person
        changes: dict[str, str | None] = {}
        for item in self.fields():
            if item.fixed:
                continue
            new = values[item.id]
            text = new.isoformat() if hasattr(new, "isoformat") else (new or "")
            old = getattr(person, item.id)
            if text != (old.isoformat() if hasattr(old, "isoformat") else (old or "")):
                changes[item.id] = text
        if changes:
            who = self._session.who
            await self._session.apart(
                lambda office: correct(office, who, self.resident_id, changes)
            )
        return self.resident_id


class MoveBox(RecordBox):
    """Moves somebody to another village, group or household."""

    TITLE_KEY = N_("Move")

    def __init__(self, session: Session, view: View) -> None:
        self._villages = places.villages(session.office)
        super().__init__(session, view)

    def fields(self) -> Sequence[Field]:
        """Ask where to."""
        person = self._view.card.person
        return [
            Field(
                "village",
                N_("Village"),
                value=person.village_name,
                suggest=[display_text(one.name) for one in self._villages],
                needed=True,
            ),
            Field("group", N_("Group"), value=person.group_name),
            Field("household", N_("Household number"), value=person.household_number),
            Field("relation", N_("Relation"), value=person.relation),
        ]

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """Say what stays."""
        return styled(_("What was paid stays with the village it was paid in."), "$quiet")

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Move the person."""
        from townshipdesk.services.register import move

        village = places.village_meant(self._villages, values["village"])
        who = self._session.who
        await self._session.apart(
            lambda office: move(
                office,
                who,
                self.resident_id,
                village.village_id,
                values["group"],
                values["household"],
                values["relation"],
            )
        )
        return self.resident_id


class LeaveBox(RecordBox):
    """Records a death or that somebody moved away."""

    SERVICE = ""

    def fields(self) -> Sequence[Field]:
        """Ask for the day and the paper shown."""
        return [
            Field("on", N_("On"), "day", value=self._view.today, needed=True),
            Field("proof", N_("Proof"), hint=N_("certificate and its number")),
        ]

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """Say what follows."""
        return styled(_("Nothing can be paid for this person afterwards."), "$text-warning")

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Write it down."""
        from townshipdesk.services import register

        do = getattr(register, self.SERVICE)
        who = self._session.who
        await self._session.apart(
            lambda office: do(office, who, self.resident_id, values["on"], values["proof"])
        )
        return self.resident_id


class DeathBox(LeaveBox):
    """Records a death."""

    TITLE_KEY = N_("Record a death")
    SERVICE = "record_death"


class MovedAwayBox(LeaveBox):
    """Records that somebody moved away."""

    TITLE_KEY = N_("Record moving away")
    SERVICE = "record_moved_away"


class PaperBox(RecordBox):
    """Records another document number; two records of one person become one."""

    TITLE_KEY = N_("New paper")
    ASKS = frozenset({"born-differs", "number-of-another"})

    def fields(self) -> Sequence[Field]:
        """Ask for the number."""
        return [Field("number", N_("Number"), hint=N_("scan or type"), needed=True)]

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Record the number; ask once more where it tells of another birth date or person."""
        from townshipdesk.services.documents import add_document

        who = self._session.who

        def add(confirmed: bool) -> Any:
            return self._session.apart(
                lambda office: add_document(
                    office, who, self.resident_id, values["number"], confirmed=confirmed
                )
            )

        try:
            found: int = await add(False)
        except RuleError as error:
            if error.code not in self.ASKS:
                raise
            message, filled = error.message, error.values
            box = ConfirmBox(
                lambda: _("Is it the same person?"), lambda _width: Content(_(message, **filled))
            )
            if not await self.app.push_screen_wait(box):
                return None
            found = await add(True)
        return found


class InsuredBox(RecordBox):
    """Records time under employee insurance, or its end."""

    TITLE_KEY = N_("Employee insurance")

    def fields(self) -> Sequence[Field]:
        """Ask for the first and the last day; a spell that lasts is offered with its first day."""
        lasting = next((s for s in self._view.card.employee_insurance if s.to_on is None), None)
        return [
            Field(
                "from_on",
                N_("First day"),
                "day",
                value=lasting.from_on if lasting else "",
                needed=True,
                fixed=lasting is not None,
            ),
            Field("to_on", N_("Last day"), "day", needed=lasting is not None),
            Field("place", N_("Place"), value=lasting.place if lasting else ""),
        ]

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """List the times on record."""
        spells = [
            f"{spell.from_on} → {spell.to_on or _('still')}  {display_text(spell.place)}"
            for spell in self._view.card.employee_insurance
        ]
        return styled("\n".join(spells) or _("No employee insurance on record."), "$quiet")

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Write the time, or end the one that lasts."""
        from townshipdesk.services import register

        who = self._session.who
        lasting = next((s for s in self._view.card.employee_insurance if s.to_on is None), None)
        if lasting is not None:
            await self._session.apart(
                lambda office: register.end_employee_insurance(
                    office, who, lasting.uid, values["to_on"]
                )
            )
        else:
            await self._session.apart(
                lambda office: register.record_employee_insurance(
                    office,
                    who,
                    self.resident_id,
                    values["from_on"],
                    values["to_on"],
                    values["place"],
                )
            )
        return self.resident_id
