"""What a roster changes in one known record: the columns it writes and what they held before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from townshipdesk.domain.names import name_key
from townshipdesk.services.imports.newcomers import Households
from townshipdesk.store.import_rows import KNOWN_FIELDS, Known


class Change(NamedTuple):
    """New values of some columns of a resident; writing the others would cost five indexes.

    `before` is what the fields held, as JSON; `old_name` is there where the name changes.
    """

    id: int
    columns: tuple[str, ...]
    values: tuple[Any, ...]
    before: str
    old_name: str


def change_of(known: Known, fields: Sequence[Any], households: Households) -> Change:
    """Work out what writing `fields` (as `KNOWN_FIELDS`) over a record takes."""
    values = dict(zip(KNOWN_FIELDS, fields, strict=True))
    before = {
        name: old
        for name, old in zip(KNOWN_FIELDS, known.fields, strict=True)
        if old != values[name]
    }
    columns = {name: values[name] for name in before if name != "household"}
    if "born" in columns:
        columns["born"] = columns["born"] or None
    if values["household"]:
        household_id = households.find(
            values["household"], values["village_id"], values["group_name"]
        )
        if household_id != known.household_id:
            before["household_id"] = known.household_id
            columns["household_id"] = household_id
    if "name" in columns:
        columns["name_key"] = name_key(columns["name"])
    return Change(
        known.id,
        tuple(columns),
        tuple(columns.values()),
        json.dumps(before, ensure_ascii=False, sort_keys=True),
        before.get("name", ""),
    )
