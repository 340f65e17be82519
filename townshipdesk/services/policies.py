"""Which policy text an office works by, and adopting another one.

An office works by the text it has adopted, kept in its file: a newer program never changes a price
by itself. When the program brings another text under the same name, the desk says so, and a
supervisor adopts it. Payments keep the text they were decided on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

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
    """What would be another in the policy's text: changed lines, as `diff` writes them."""

    policy_id: str
    year: int
    hash: str
    unconfirmed: int
    lines: tuple[str, ...]


def texts(office: Office) -> list[KeptText]:
    """Give every text this office has adopted, the newest first, each with its last adoption."""
    question = audit_search.AuditQuestion(action="policy.adopted")
    adopted: dict[str, audit_search.AuditRow] = {}
    for row in audit_search.search(office, question):
        adopted.setdefault(str(row.detail["to"]), row)
    found = []
    for kept in office_rows.policy_texts(office.conn):
        entry = adopted.get(kept["hash"])
        found.append(
            KeptText(
                policy_id=kept["policy_id"],
                year=kept["year"],
                hash=kept["hash"],
                in_force=kept["hash"] == office.policy_hash,
                payments=kept["payments"],
                adopted_at=entry.at if entry else parse_moment(kept["kept_at"]),
                adopted_by=entry.staff if entry else "",
                why=str(entry.detail["why"]) if entry else "",
            )
        )
    return found


def difference(office: Office, id_or_path: str) -> TextChange:
    """Hold another policy text against the one in force. Raises PackError, UnknownPolicyError."""
    from difflib import unified_diff

    from townshipdesk import policy

    chosen = policy.load(id_or_path)
    before, after = office.policy.text.splitlines(), chosen.text.splitlines()
    lines = list(unified_diff(before, after, lineterm="", n=0))[2:]
    return TextChange(chosen.id, chosen.year, chosen.hash, len(chosen.to_confirm), tuple(lines))


def adopt(office: Office, actor: Actor, id_or_path: str, why: str) -> Policy:
    """Let another policy text decide from now on; what was paid keeps its own.

    A supervisor only. Raises PackError for a text with problems, RuleError for the text that is
    adopted already, UsageError without a reason.
    """
    from townshipdesk import policy as policies

    if not why.strip():
        raise UsageError("Adopting a policy needs a reason.")
    chosen = policies.load(id_or_path)
    if chosen.hash == office.policy_hash:
        raise RuleError("This text is the one in force already.", code="adopted-already")
    with work(office, actor, supervisor=True) as w:
        office_rows.keep_policy_text(
            w.conn, chosen.hash, chosen.id, chosen.year, chosen.text, w.moment
        )
        office_rows.adopt_policy(w.conn, chosen.id, chosen.year, chosen.hash)
        w.note(
            "policy.adopted",
            "office",
            {
                "from": office.policy_hash,
                "to": chosen.hash,
                "policy": chosen.id,
                "year": chosen.year,
                "why": why.strip(),
            },
        )
    office.take_over_policy(chosen)
    return chosen
