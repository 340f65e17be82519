"""What a resident would pay and get: the facts come from the record, the answer from the policy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from townshipdesk.domain.dates import day_of
from townshipdesk.domain.errors import NotFoundError, RuleError
from townshipdesk.domain.money import parse_yuan
from townshipdesk.services.office import policy_settings
from townshipdesk.store import fact_rows, office_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Facts, OutlookDay, Quote, Settings
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection, Row


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a quote is decided on: kept with the payment."""

    facts: Facts
    identities: tuple[str, ...]
    settings: Settings

    def to_json(self) -> dict[str, Any]:
        """Give the question as it is kept."""
        return {
            "facts": self.facts.to_json(),
            "identities": list(self.identities),
            "settings": self.settings.to_json(),
        }


def question_for(
    office: Office,
    resident_id: int,
    at: datetime,
    with_members: Iterable[int] = (),
    settings: Settings | None = None,
    payer_group: str | None = None,
    row: Row | None = None,
) -> Question:
    """Collect from the record what the policy asks about a resident at a moment.

    `with_members` are the residents who pay together with this one; `payer_group` is the way it
    is collected where that differs from the person's own. `row` is the resident's where it has been
    read. Raises NotFoundError.
    """
    from townshipdesk import policy

    conn = office.conn
    row = row or fact_rows.resident(conn, resident_id)
    if row is None:
        raise NotFoundError("This resident is not in the office any more.")
    day = day_of(at)
    pairs = office_rows.current_settings(conn, office.year)
    held = fact_rows.identities_on(conn, resident_id, day.isoformat())
    recorded = fact_rows.recorded(conn, resident_id)
    facts = policy.Facts.parse(f"{key}={value}" for key, value in recorded.items())
    insured, ended = fact_rows.employee_insurance(conn, resident_id, day.isoformat())
    facts = replace(
        facts,
        born=date.fromisoformat(row["born"]) if row["born"] else facts.born,
        payer_group=payer_group or _payer_group(row),
        registered=row["registered"],
        employee_insured=insured or facts.employee_insured,
        employee_insurance_ended=(
            date.fromisoformat(ended) if ended else facts.employee_insurance_ended
        ),
        already_enrolled=fact_rows.is_enrolled(conn, resident_id, office.year),
        whole_household=_whole_household(conn, row, office.year, day, with_members),
        collective_support_fen=facts.collective_support_fen
        or _yuan(pairs.get(f"collective.{row['village_code']}")),
        **_disability(held),
        **_history(office, conn, resident_id, facts),
    )
    return Question(
        facts,
        tuple(dict.fromkeys(item["code"] for item in held)),
        policy_settings(pairs) if settings is None else settings,
    )


def quote_for(
    office: Office,
    resident_id: int,
    *,
    at: datetime | None = None,
    with_members: Iterable[int] = (),
    identities: Sequence[str] | None = None,
    changes: Mapping[str, str] | None = None,
) -> Quote:
    """Quote for a resident as recorded, now or at `at`.

    What-if: `identities` instead of those held, `changes` of facts ("whole_household": "yes");
    nothing is saved. Raises NotFoundError, RuleError for somebody who has died or moved away.
    """
    from townshipdesk import policy

    moment = at or office.now()
    with office.database.snapshot():
        question = question_for(office, resident_id, moment, with_members)
        ruling = fact_rows.last_ruling(office.conn, resident_id, office.year)
    if identities is not None:
        question = replace(question, identities=tuple(identities))
    if changes:
        merged = {**question.facts.to_json(), **changes}
        question = replace(question, facts=policy.Facts.from_json(merged))
    return answer(office, question, moment, ruling)


def answer(office: Office, question: Question, at: datetime, ruling: Row | None) -> Quote:
    """Ask the policy, and let a supervisor's ruling stand where the policy refers."""
    from townshipdesk import policy
    from townshipdesk.services import rulings

    quote = policy.quote(office.policy, question.facts, question.identities, question.settings, at)
    if ruling is None or quote.decision != "refer":
        return quote
    return rulings.apply(quote, ruling)


def outlook_for(office: Office, resident_id: int) -> tuple[OutlookDay, ...]:
    """Give today and the next days on which this resident's price or cover changes."""
    from townshipdesk import policy

    at = office.now()
    with office.database.snapshot():
        question = question_for(office, resident_id, at)
    return policy.outlook(office.policy, question.facts, question.identities, question.settings, at)


def quotes_together(office: Office, resident_ids: Sequence[int]) -> dict[int, Quote]:
    """Quote for people who would pay together, each with own identities and dates."""
    return {
        resident_id: quote_for(office, resident_id, with_members=resident_ids)
        for resident_id in resident_ids
    }


def check_living(row: Row) -> None:
    """Raise RuleError for somebody for whom nothing can be paid any more."""
    if row["status"] == "deceased":
        raise RuleError(
            "This person is recorded as deceased; nothing can be paid.", code="deceased"
        )
    if row["status"] == "moved":
        raise RuleError(
            "This person is recorded as moved away; correct the record before taking money.",
            code="moved",
        )


def _whole_household(
    conn: Connection, row: Row, year: int, day: date, with_members: Iterable[int]
) -> bool | None:
    if row["household_id"] is None:
        return None
    paying = json.dumps(sorted({*with_members, row["id"]}))
    left_out = fact_rows.members_left_out(conn, row["household_id"], year, day.isoformat(), paying)
    return left_out == 0


def _payer_group(row: Row) -> str:
    """Give the group a person pays with: as recorded, and households of villages by their hukou.

    Rural and 农转城 residents of the county are collected household by household by their village.
    """
    if row["payer_group"] == "walk-in" and row["registered"] in ("here", "county"):
        hukou = row["hukou_kind"]
        if "农转城" in hukou or ("农" in hukou and not hukou.startswith("非农")):
            return "village-household"
    return str(row["payer_group"])


def _yuan(text: str | None) -> int:
    return parse_yuan(text) if text else 0


def _disability(held: Sequence[Row]) -> dict[str, Any]:
    """Take kind and grade from the disability identity; they belong together, so both or none."""
    for item in held:
        if item["code"] == "disability" and item["disability_grade"] is not None:
            return {
                "disability_grade": item["disability_grade"],
                "disability_kind": item["disability_kind"],
            }
    return {}


def _history(office: Office, conn: Connection, resident_id: int, facts: Facts) -> dict[str, Any]:
    """Take missed years and first enrolment from the person's own history, where it is known.

    Years before the one from which the policy counts are not missed.
    """
    year = office.year
    known = fact_rows.years_enrolled(conn, resident_id, year)
    if not known:
        return {}
    found: dict[str, Any] = {"first_enrolment_here": False}
    if facts.missed_years is None:
        rule = office.policy.waiting_rule
        found["missed_years"] = (
            rule.missed_before(year, set(known)) if rule else year - 1 - max(known)
        )
    return found
