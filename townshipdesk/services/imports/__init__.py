"""Files that come in: a preview that changes nothing, then one short transaction, or nothing.

    shown = preview(office, ImportKind.RESIDENTS, path, ImportOptions())
    done = commit(office, actor, shown)

What was read and compared is kept in the preview. If residents, documents or identities were
changed at another desk in between, `commit` refuses (`stale`) and the file is looked at again. The
same file twice changes nothing: then nothing at all is written.
"""

from __future__ import annotations

from townshipdesk.services.imports.model import (
    CancelledError,
    FieldChange,
    ImportKind,
    ImportOptions,
    Leaver,
    Preview,
    RowChange,
    SamePerson,
    Stage,
    Summary,
)
from townshipdesk.services.imports.run import commit, preview

__all__ = [
    "CancelledError",
    "FieldChange",
    "ImportKind",
    "ImportOptions",
    "Leaver",
    "Preview",
    "RowChange",
    "SamePerson",
    "Stage",
    "Summary",
    "commit",
    "preview",
]
