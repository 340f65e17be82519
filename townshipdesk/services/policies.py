"""Which policy text an office works by, and adopting another one.

An office works by the text it has adopted, kept in its file: a newer program never changes a price
by itself. When the program brings another text under the same name, the desk says so, and a
supervisor adopts it. Payments keep the text they were decided on.

For each year the text adopted last decides. The office works for one year, in autumn from the day
the next year's text is adopted for that one; a desk may choose to work for another for a while,
since people are still enrolled late for the year that ends (`Office.work_for`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.services import audit_search
from townshipdesk.services.work import work
from townshipdesk.store import office_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor


@dataclass(frozen=True, slots=True)
class PolicyState:
    """The adopted text, and whether the program now brings another one under the same name."""

    policy_id: str
    adopted_hash: str
    shipped_hash: str | None
    payments: int

    @property
    def differs(self) -> bool:
        """Tell whether the program's own text is not the one this office works by."""
        return self.shipped_hash is not None and self.shipped_hash != self.adopted_hash


def state(office: Office) -> PolicyState:
    """Compare the adopted text with the one this program brings."""
    from townshipdesk.policy.loader import shipped_hash

    return PolicyState(
        office.policy_id,
        office.policy_hash,
        shipped_hash(office.policy_id),
        office_rows.payments_under(office.conn, office.policy_hash),
    )


def differs(office: Office) -> bool:
    """Tell whether the program now brings another text of the adopted policy; quick."""
    from townshipdesk.policy.loader import shipped_hash

    shipped = shipped_hash(office.policy_id)
    return shipped is not None and shipped != office.policy_hash


@dataclass(frozen=True, slots=True)
class KeptText:
    """A policy text the office works by or has worked by, and how it came to be adopted."""

    policy_id: str
    year: int
    hash: str
    in_force: bool
    payments: int
    adopted_at: datetime
    adopted_by: str
    why: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """What would be another in the policy's text: changed lines, as `diff` writes them.

    `works_for` is the year the office works for once it is adopted.
    """

    policy_id: str
    year: int
    hash: str
    works_for: int
    unconfirmed: int
    lines: tuple[str, ...]


class WorkYear(NamedTuple):
    """A year that can be worked for, the policy that decides for it, whether it is the office's."""

    year: int
    policy_id: str
    is_own: bool


def years(office: Office) -> list[WorkYear]:
    """Give the years the office has adopted a policy for, the newest first."""
    own = office.own_year()
    return [
        WorkYear(row["year"], row["policy_id"], row["year"] == own)
        for row in office_rows.policies_of_years(office.conn)
    ]


def texts(office: Office) -> list[KeptText]:
    """Give every text this office has adopted, the newest first, each with its last adoption."""
    question = audit_search.AuditQuestion(action="policy.adopted")
    adopted: dict[str, audit_search.AuditRow] = {}
    for row in audit_search.search(office, question):
        adopted.setdefault(str(row.detail["to"]), row)
    found = []
    in_force = {row["policy_hash"] for row in office_rows.policies_of_years(office.conn)}
    for kept in office_rows.policy_texts(office.conn):
        entry = adopted.get(kept["hash"])
        found.append(
            KeptText(
                policy_id=kept["policy_id"],
                year=kept["year"],
                hash=kept["hash"],
                in_force=kept["hash"] in in_force,
                payments=kept["payments"],
                adopted_at=entry.at if entry else parse_moment(kept["kept_at"]),
                adopted_by=entry.staff if entry else "",
                why=str(entry.detail["why"]) if entry else "",
            )
        )
    return found


def difference(office: Office, id_or_path: str) -> TextChange:
    """Hold another policy text against the one in force for its year, else against the office's.

    Raises PackError, UnknownPolicyError.
    """
    from difflib import unified_diff

    from townshipdesk import policy

    chosen = policy.load(id_or_path)
    held = office_rows.policy_of_year(office.conn, chosen.year)
    known = office_rows.policy_text(office.conn, held["policy_hash"]) if held else None
    before = (known if known is not None else office.policy.text).splitlines()
    lines = list(unified_diff(before, chosen.text.splitlines(), lineterm="", n=0))[2:]
    works_for = _works_for(office, chosen, held["policy_hash"] if held else None)
    return TextChange(
        chosen.id, chosen.year, chosen.hash, works_for, len(chosen.to_confirm), tuple(lines)
    )


def _works_for(office: Office, chosen: Policy, held: str | None) -> int:
    """Give the year the office works for once a text is adopted; `held` decides for its year now.

    It goes on with a later year's text, and back with one that is in force for an earlier year.
    """
    own = office.own_year()
    return chosen.year if chosen.year >= own or chosen.hash == held else own


def adopt(office: Office, actor: Actor, id_or_path: str, why: str) -> Policy:
    """Let another policy text decide for its year from now on; what was paid keeps its own.

    With the text of a later year the office goes on to that year. Another text for an earlier year
    leaves it where it is; adopting the one in force there once more takes the office back to it.
    A supervisor only. Raises PackError for a text with problems, RuleError for the text that is
    adopted already, UsageError without a reason.
    """
    from townshipdesk import policy as policies

    if not why.strip():
        raise UsageError("Adopting a policy needs a reason.")
    chosen = policies.load(id_or_path)
    with work(office, actor, supervisor=True) as w:
        own = office.own_year()
        held = office_rows.policy_of_year(w.conn, chosen.year)
        before = None if held is None else held["policy_hash"]
        if chosen.hash == before and chosen.year == own:
            raise RuleError("This text is the one in force already.", code="adopted-already")
        works_for = _works_for(office, chosen, before)
        if chosen.hash != before:
            office_rows.keep_policy_text(
                w.conn, chosen.hash, chosen.id, chosen.year, chosen.text, w.moment
            )
            office_rows.record_adoption(w.conn, chosen.year, chosen.hash, w.moment)
        if works_for == chosen.year:
            office_rows.work_by_policy(w.conn, chosen.id, chosen.year, chosen.hash)
        w.note(
            "policy.adopted",
            "office",
            {
                "from": before or office.policy_hash,
                "to": chosen.hash,
                "policy": chosen.id,
                "year": chosen.year,
                "works_for": works_for,
                "why": why.strip(),
            },
        )
    if works_for == chosen.year:
        office.chosen_year = None
    office.follow_policy()
    return chosen
