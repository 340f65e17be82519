"""Which policy text an office works by, and adopting another one.

An office works by the text it has adopted, kept in its file: a newer program never changes a price
by itself. When the program brings another text under the same name, the desk says so, and a
supervisor adopts it. Payments keep the text they were decided on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import RuleError, UsageError
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
    from townshipdesk import policy

    shipped = None
    if any(summary.id == office.policy_id for summary in policy.available()):
        shipped = policy.load(office.policy_id).hash
    return PolicyState(
        office.policy_id,
        office.policy_hash,
        shipped,
        office_rows.payments_under(office.conn, office.policy_hash),
    )


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
