"""Showing what screens mask: full numbers and phones, each time with a row in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.store import audit, people_rows, refund_rows, village_state_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Connection


def reveal_numbers(office: Office, actor: Actor, resident_id: int) -> None:
    """Record that somebody looks at a resident's full numbers; only then a screen shows them.

    An auditor may look too, and is recorded like everybody. Raises NotFoundError.
    """
    with office.database.transaction() as conn:
        row = people_rows.person(conn, resident_id)
        if row is None:
            raise NotFoundError("There is no such resident in this office.")
        _record(office, conn, actor, "resident.numbers-shown", row["uid"])


def reveal_phones(office: Office, actor: Actor, village_code: str) -> None:
    """Record that somebody looks at the phone numbers of a village's call list.

    Raises NotFoundError.
    """
    with office.database.transaction() as conn:
        row = village_state_rows.village(conn, village_code)
        if row is None:
            raise NotFoundError("There is no such village in this office.")
        _record(office, conn, actor, "village.phones-shown", row["uid"])


def reveal_account(office: Office, actor: Actor, refund_number: str) -> str:
    """Give the account a refund goes to in full, and record that somebody looked at it.

    Raises NotFoundError.
    """
    with office.database.transaction() as conn:
        row = refund_rows.by_number(conn, refund_number)
        if row is None:
            raise NotFoundError("There is no refund {number}.", number=refund_number[:40])
        _record(office, conn, actor, "refund.account-shown", row["uid"])
        return str(row["account"])


def reveal_on_form(office: Office, actor: Actor, refund_uid: str, form: str) -> None:
    """Record that a refund's application goes out with number and account in full.

    `form` is "pdf", "text" or "printer". An auditor may take it out, and is recorded too.
    """
    with office.database.transaction() as conn:
        _record(office, conn, actor, "refund.account-shown", refund_uid, {"form": form})


def _record(
    office: Office,
    conn: Connection,
    actor: Actor,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    audit.append(
        conn,
        at=format_moment(office.now()),
        staff_id=actor.staff_id,
        desk=actor.desk,
        action=action,
        subject=subject,
        detail=detail or {},
    )
