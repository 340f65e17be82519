"""Showing what screens mask: full numbers and phones, each time with a row in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import NotFoundError
from townshipdesk.store import audit, people_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor


def reveal_numbers(office: Office, actor: Actor, resident_id: int) -> None:
    """Record that somebody looks at a resident's full numbers; only then a screen shows them.

    An auditor may look too, and is recorded like everybody. Raises NotFoundError.
    """
    with office.database.transaction() as conn:
        row = people_rows.person(conn, resident_id)
        if row is None:
            raise NotFoundError("There is no such resident in this office.")
        audit.append(
            conn,
            at=format_moment(office.now()),
            staff_id=actor.staff_id,
            desk=actor.desk,
            action="resident.numbers-shown",
            subject=row["uid"],
            detail={},
        )
