"""The villages of an office, for choosing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.store import people_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from townshipdesk.services.office import Office

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community of the township."""

    village_id: int
    code: str
    name: str


def villages(office: Office) -> list[Village]:
    """Give all villages in the order of their codes."""
    return [
        Village(row["id"], row["code"], row["name"]) for row in people_rows.villages(office.conn)
    ]


def village_meant(known: Sequence[Village], text: str) -> Village:
    """Give the village that a typed name, part of a name or code can only mean.

    Raises UsageError for none or several, naming a few.
    """
    wanted = name_key(text)
    for exact in known:
        if wanted in (name_key(exact.name), exact.code):
            return exact
    found = [
        one
        for one in known
        if wanted and (wanted in name_key(one.name) or one.code.endswith(wanted))
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(N_("No village is called so."), code="unknown-village")
    raise UsageError(
        N_("Several villages are called so: {names}."),
        code="several-villages",
        names=", ".join(one.name for one in found[:MOST_NAMED]),
    )
