"""Registering somebody: from a number that nobody has yet, by hand, or a newborn of a household."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.idnumber import (
    DocumentKind,
    DocumentNumber,
    NumberProblem,
    Sex,
    identify,
)
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import age_text, document_name, registered_name, sex_name
from townshipdesk.services import places
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.people_records import Person

REGISTERED = ("here", "county", "city", "elsewhere")


class RegisterBox(FormBox[int]):
    """Registers a person and gives the resident's number in the office."""

    WIDTH = 80

    def __init__(
        self,
        session: Session,
        number: str = "",
        *,
        beside: Person | None = None,
        newborn: bool = False,
        converted: bool = False,
    ) -> None:
        """Ask for what the number does not tell. `beside` is somebody of the same household.

        `converted` says that `number` was made from 15 digits, which is worth a second look.
        """
        self._session = session
        self._number = number
        self._beside = beside
        self._newborn = newborn
        self._converted = converted
        self._villages = places.villages(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Say who is registered."""
        return _("Newborn") if self._newborn else _("New resident")

    def fields(self) -> Sequence[Field]:
        """Give the fields; those the number tells are not asked for again."""
        near = self._beside
        told = self._told("born") is not None and self._told("sex") is not None
        hint = (
            N_("birth certificate: a letter and 9 digits") if self._newborn else N_("scan or type")
        )
        return [
            Field("number", N_("Number"), value=self._number, hint=hint, fixed=told),
            Field("name", N_("Name"), needed=True),
            Field(
                "sex",
                N_("Sex"),
                "choice",
                values=("male", "female"),
                name=sex_name,
                value=self._told("sex") or "male",
                fixed=told,
            ),
            Field(
                "born",
                N_("Born"),
                "day",
                value=self._told("born") or "",
                needed=self._newborn,
                fixed=told,
            ),
            Field(
                "village",
                N_("Village"),
                value=display_text(near.village_name) if near else "",
                suggest=[display_text(one.name) for one in self._villages],
                hint=N_("name or a part; right arrow completes"),
                needed=True,
            ),
            Field("group", N_("Group"), value=display_text(near.group_name) if near else ""),
            Field(
                "household",
                N_("Household number"),
                value=display_text(near.household_number) if near else "",
            ),
            Field("relation", N_("Relation"), value=_("child") if self._newborn else ""),
            Field("phone", N_("Phone"), value=display_text(near.phone) if near else ""),
            Field(
                "registered",
                N_("Registered"),
                "choice",
                values=REGISTERED,
                name=registered_name,
                value="here",
            ),
        ]

    def _told(self, what: str) -> Any:
        number = self._read(self._number)
        return getattr(number, what) if number else None

    def _read(self, text: str) -> DocumentNumber | None:
        try:
            return identify(text, today=self._session.office.today()) if text else None
        except NumberProblem:
            return None

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """Say what the number tells, or which character of it is wrong."""
        text = self.text_of("number") if self.is_mounted else self._number
        if not text:
            return styled(_("Without a number the office gives a local one."), "$quiet")
        try:
            number = identify(text, today=self._session.office.today())
        except NumberProblem as problem:
            return styled(_(problem.message, **problem.values), "$text-warning")
        told = [document_name(str(number.kind))]
        if number.sex is not None:
            told.append(sex_name(str(number.sex)))
        if number.born is not None:
            today = self._session.office.today()
            told.append(f"{number.born} ({age_text(number.born, today)})")
        if number.county is not None:
            told.append(_("division {code}", code=number.county))
        said = styled(_("The number tells: {told}", told="  ".join(told)), "$text-success")
        if self._converted and text == self._number:
            warned = styled(_("Converted from 15 digits: check it."), "$text-warning")
            return Content("\n").join([said, warned])
        return said

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Register the person."""
        from townshipdesk.services.register import NewResident, register

        village = places.village_meant(self._villages, values["village"])
        number = self._read(values["number"])
        if self._newborn and number is not None and number.kind is DocumentKind.RESIDENT_ID:
            age = number.born and self._session.office.today().year - number.born.year
            if age and age > 1:
                raise UsageError(N_("This number is not of a newborn."), code="not-newborn")
        new = NewResident(
            name=values["name"],
            village_id=village.village_id,
            number=values["number"],
            sex=None if number and number.sex else Sex(values["sex"]),
            born=None if number and number.born else values["born"],
            group_name=values["group"],
            household_number=values["household"],
            relation=values["relation"],
            phone=values["phone"],
            registered=values["registered"],
        )
        who = self._session.who
        return await self._session.apart(lambda office: register(office, who, new))
