"""What the policy in force leaves to the office: each with its clause, value and history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from townshipdesk.services import settings
from townshipdesk.store import office_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from townshipdesk.policy import Policy
    from townshipdesk.services.office import Office
    from townshipdesk.services.settings import SettingChange

FLAG: Final = "flag"
MONEY: Final = "money"


@dataclass(frozen=True, slots=True)
class OpenSetting:
    """A setting a supervisor may enter. `value` is empty where it is not set.

    `about` is an identity's code or a village's name for settings of one of them. `asked` says
    whether the policy in force asks for it, under `clause`.
    """

    key: str
    kind: str
    about: str
    value: str
    asked: bool
    clause: str
    last: SettingChange | None


def open_settings(office: Office) -> list[OpenSetting]:
    """Give every setting the policy in force asks for, and those that were made without need."""
    values = office_rows.current_settings(office.conn, office.year)
    last: dict[str, SettingChange] = {}
    for change in settings.history(office):
        last.setdefault(change.key, change)
    asked = dict(_asked(office.policy))
    found = []
    for key, kind, about in _known(office):
        clause = asked.get("collective" if key.startswith("collective.") else key)
        value = values.get(key, "")
        if clause is not None or value:
            found.append(
                OpenSetting(
                    key, kind, about, value, clause is not None, clause or "", last.get(key)
                )
            )
    return found


def _asked(policy: Policy) -> Iterator[tuple[str, str]]:
    """Give the settings a policy asks for, with the clause of each."""
    for way in policy.ways:
        if way.setting is not None:
            yield way.setting, way.basis.clause
    for figure in policy.figures.values():
        if figure.setting is not None:
            yield figure.setting, figure.basis.clause
    for row in policy.identities:
        if any(part.as_provided for part in row.pays):
            for code in row.codes:
                yield f"amount.{code}", row.basis.clause
    if policy.collective is not None:
        yield "collective", policy.collective.clause


def _known(office: Office) -> Iterator[tuple[str, str, str]]:
    from townshipdesk.policy import IDENTITY_CODES

    yield "extension_open", FLAG, ""
    yield "fiscal_standard", MONEY, ""
    for code in IDENTITY_CODES:
        yield f"amount.{code}", MONEY, code
    for row in office.conn.execute("SELECT code, name FROM village ORDER BY code"):
        yield f"collective.{row['code']}", MONEY, row["name"]
