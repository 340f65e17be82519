"""What the screen of one village says: its columns, its title, the reasons people give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.domain.phone import mask_phone
from townshipdesk.i18n import _
from townshipdesk.screens.board_columns import percent
from townshipdesk.screens.call_text import call_text
from townshipdesk.screens.naming import age_text, joined, sex_name, short_identity
from townshipdesk.services.board import tenths_of_a_percent
from townshipdesk.widgets.cells import bar, beside, styled
from townshipdesk.widgets.line_list import Column

if TYPE_CHECKING:
    from townshipdesk.services.calls import Call
    from townshipdesk.services.villages import (
        GroupTotals,
        HouseholdTotals,
        UnpaidPerson,
        VillageDetail,
    )


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who is not enrolled, with what the last call gave."""

    person: UnpaidPerson
    call: Call | None


def person_columns(
    today: Callable[[], date], year: int, phones_shown: Callable[[], bool]
) -> list[Column[PersonLine]]:
    """Give the columns of the call list for a year of cover; phones in full once they are shown."""

    def phone(row: PersonLine) -> str:
        if not row.person.phone:
            return _("no phone")
        return row.person.phone if phones_shown() else mask_phone(row.person.phone)

    def last_year(row: PersonLine) -> str:
        if row.person.last_year:
            return _("enrolled")
        born = row.person.born
        return "" if born is not None and born.year >= year else _("gap")

    return [
        Column(lambda: _("Name"), 8, lambda row: row.person.name, share=1, tone="strong"),
        Column(lambda: _("Sex"), 6, lambda row: sex_name(row.person.sex), leave=7),
        Column(lambda: _("Age"), 5, lambda row: age_text(row.person.born, today()), right=True),
        Column(lambda: _("Group"), 8, lambda row: row.person.group_name),
        Column(lambda: _("Household no."), 9, lambda row: row.person.household_number, leave=5),
        Column(lambda: _("Relation"), 8, lambda row: row.person.relation, leave=6, tone="quiet"),
        Column(lambda: _("Number"), 18, lambda row: row.person.masked_number, leave=1),
        Column(lambda: _("Phone"), 11, phone, tone=_phone_tone),
        Column(lambda: _("Last year"), 9, last_year, tone=_last_year_tone),
        Column(
            lambda: _("Identities"),
            12,
            lambda row: joined([short_identity(code) for code in row.person.identities]),
            share=1,
            leave=4,
            tone="heading",
        ),
        Column(lambda: _("Reason"), 10, lambda row: call_text(row.call), share=3, tone="quiet"),
    ]


def _phone_tone(row: PersonLine) -> str:
    return "" if row.person.phone else "quiet"


def _last_year_tone(row: PersonLine) -> str:
    return "" if row.person.last_year else "warning"


def household_columns() -> list[Column[HouseholdTotals]]:
    """Give the columns of the list of households."""
    return [
        Column(lambda: _("Household no."), 13, lambda row: row.number, tone="strong"),
        Column(lambda: _("Head"), 12, lambda row: row.head, share=1),
        Column(lambda: _("Group"), 8, lambda row: row.group_name),
        Column(lambda: _("Members"), 8, lambda row: str(row.members), right=True),
        Column(lambda: _("Enrolled"), 9, lambda row: str(row.enrolled), right=True),
        Column(
            lambda: _("Missing"),
            8,
            lambda row: str(row.members - row.enrolled),
            right=True,
            tone="warning",
        ),
        Column(
            lambda: "", 12, lambda row: bar(row.enrolled, row.members, 12), leave=1, tone="quiet"
        ),
    ]


def group_columns() -> list[Column[GroupTotals]]:
    """Give the columns of the list of groups."""
    return [
        Column(lambda: _("Group"), 8, lambda row: row.name or _("no group"), share=1),
        Column(lambda: _("People"), 6, lambda row: str(row.residents), right=True),
        Column(
            lambda: _("Missing"),
            7,
            lambda row: str(row.residents - row.enrolled),
            right=True,
            tone=lambda row: "good" if row.enrolled >= row.residents else "warning",
        ),
        Column(lambda: _("Reached"), 7, _group_rate, right=True),
    ]


def _group_rate(row: GroupTotals) -> str:
    return percent(tenths_of_a_percent(row.enrolled, row.residents))


def village_title(detail: VillageDetail, group: str | None, width: int) -> Content:
    """Name the village and say how many of its people and households are still missing."""
    groups = [one for one in detail.groups if group is None or one.name == group]
    people = sum(one.residents for one in groups)
    enrolled = sum(one.enrolled for one in groups)
    open_households = sum(
        not one.complete for one in detail.households if group is None or one.group_name == group
    )
    name = display_text(detail.name)
    if group is not None:
        name += "  " + (display_text(group) or _("no group"))
    said = _(
        "{enrolled} of {people} enrolled ({rate}), missing {missing} in {households} households",
        enrolled=enrolled,
        people=people,
        rate=percent(tenths_of_a_percent(enrolled, people)) or "-",
        missing=people - enrolled,
        households=open_households,
    )
    return beside(styled(f" {name}", "bold $accent"), f"{said} ", width)
