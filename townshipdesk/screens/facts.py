"""What a policy asks about a person and nothing else tells: situations, a newborn's parents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from townshipdesk.domain.dates import parse_date
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named
from townshipdesk.screens.record import RecordBox
from townshipdesk.widgets.form import Field

_FLAGS = (
    ("new_employment", N_("New form of employment")),
    ("both_parents_enrolled", N_("Both parents enrolled")),
    ("birth_compliant", N_("Birth in line with policy")),
    ("work_incapacity", N_("Lost working capacity")),
)
_DAYS = (
    ("household_registered_on", N_("Household registration on")),
    ("wife_born", N_("Wife born")),
)
_YEARS = (
    ("missed_years", N_("Years missed"), N_("empty: as the record here tells")),
    ("repaired_years", N_("Years paid back"), N_("each shortens the wait")),
)
_WORDS = {"yes": N_("yes"), "no": N_("no"), "": N_("not known")}


def _flag_name(value: str) -> str:
    message = _WORDS[value]
    return _(message)


class FactsBox(RecordBox):
    """Records the facts that have no place of their own; empty takes one back."""

    TITLE_KEY = N_("What the policy asks")

    def fields(self) -> Sequence[Field]:
        """Ask for each fact a rule of this policy rests on, with what is on record."""
        known = self._view.card.person.facts
        asked = self._session.office.policy.asked
        found: list[Field] = []
        if situations := asked.get("special_situation"):
            found.append(
                Field(
                    "special_situation",
                    N_("Special situation"),
                    "choice",
                    values=("", *situations),
                    name=lambda code: named("situation", code) if code else _("none of them"),
                    value=known.get("special_situation", ""),
                )
            )
        found += [
            Field(
                key,
                label,
                "choice",
                values=("", "yes", "no"),
                name=_flag_name,
                value=known.get(key, ""),
            )
            for key, label in _FLAGS
            if key in asked
        ]
        found += [
            Field(key, label, "day", value=parse_date(known[key]) if known.get(key) else "")
            for key, label in _DAYS
            if key in asked
        ]
        found += [
            Field(key, label, value=known.get(key, ""), hint=hint)
            for key, label, hint in _YEARS
            if key in asked
        ]
        if "assessed_at" in asked:
            found.append(
                Field(
                    "assessed_at",
                    N_("Assessed at"),
                    value=known.get("assessed_at", "")[:16],
                    hint=N_("year-month-dayThour:minute"),
                )
            )
        return found

    async def save(self, values: Mapping[str, Any]) -> int | None:
        """Write what changed; a fact that cannot be is named and nothing after it is written."""
        known = self._view.card.person.facts
        for item in self.fields():
            new = values[item.id]
            text = new.isoformat() if isinstance(new, date) else str(new or "").strip()
            before = known.get(item.id, "")
            if text == (before[:16] if item.id == "assessed_at" else before):
                continue
            await self._set(item.id, text or None)
        return self.resident_id

    async def _set(self, key: str, value: str | None) -> None:
        from townshipdesk.services.register import set_fact

        who = self._session.who
        await self._session.apart(
            lambda office: set_fact(office, who, self.resident_id, key, value)
        )
