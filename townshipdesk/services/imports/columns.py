"""Columns of an office's sheets as somebody has confirmed them, for the next file of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import UsageError
from townshipdesk.i18n import N_
from townshipdesk.services.work import work
from townshipdesk.sheets.first_rows import first_rows
from townshipdesk.sheets.headings import KINDS
from townshipdesk.sheets.recognise import recognise
from townshipdesk.sheets.result import SheetKind, SheetMapping
from townshipdesk.store import file_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor


def remembered(office: Office, kind: SheetKind) -> dict[str, str]:
    """Give what was confirmed for a kind of sheet: heading -> field, "" for one left out."""
    return file_rows.columns(office.conn, kind.value)


def kind_of(office: Office, path: Path) -> SheetKind | None:
    """Give the one kind whose remembered columns make a heading of a file that tells no kind.

    None where there is none, or several. Raises BadFileError.
    """
    memories = {kind: remembered(office, kind) for kind in SheetKind}
    if not any(memories.values()):
        return None
    sheets = first_rows(path)
    found = [
        kind
        for kind, known in memories.items()
        if known and any(recognise(sheet.rows, (), kind, known) for sheet in sheets)
    ]
    return found[0] if len(found) == 1 else None


def doubtful(mappings: Sequence[SheetMapping]) -> dict[str, str]:
    """Give the columns worth remembering once a person has seen them: guessed or corrected ones.

    What a heading says by itself is not kept, so that a newer program may read it better.
    """
    return {
        column.heading: column.field
        for mapping in mappings
        for column in mapping.columns
        if column.heading and column.how in ("likely", "given")
    }


def remember(office: Office, actor: Actor, kind: SheetKind, columns: Mapping[str, str]) -> int:
    """Keep confirmed columns and give how many of them are new or other than before.

    Raises UsageError for a field this kind of sheet does not have.
    """
    known = KINDS[kind].fields
    for field in columns.values():
        if field and field not in known:
            raise UsageError(N_("This kind of sheet has no field {field}."), field=field[:40])
    before = remembered(office, kind)
    new = [(heading, field) for heading, field in columns.items() if before.get(heading) != field]
    if new:
        with work(office, actor) as w:
            file_rows.insert_columns(w.conn, kind.value, new, w.moment, actor.staff_id)
            w.note("sheet.columns", kind.value, {"columns": dict(new)})
    return len(new)
