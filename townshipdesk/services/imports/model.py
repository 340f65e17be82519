"""What an import shows before anything is written, and what it says afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_, _
from townshipdesk.services.identities import LateList
from townshipdesk.sheets.given import file_name
from townshipdesk.sheets.result import Rejection, SheetMapping, SheetWarning


class ImportKind(StrEnum):
    """Kinds of files that can be imported."""

    VILLAGES = "villages"
    RESIDENTS = "residents"
    IDENTITIES = "identities"
    CONTRIBUTIONS = "contributions"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person who imports says beside the file.

    `village` (a code or name) stands for rows that name none, and is the village of a ledger.
    `full`: a department's list is complete, whoever it no longer names ends; None for other kinds.
    `listed_on` is the list's day, today when not given. `columns` is a remembered or corrected
    mapping, heading -> field. `confirm_no_coverage`: payers of a ledger agreed to no covered day.
    """

    village: str = ""
    department: str = ""
    full: bool | None = None
    identity: str = ""
    columns: Mapping[str, str] | None = None
    confirm_no_coverage: bool = False


class FieldChange(NamedTuple):
    """One field of a known record that the file says otherwise."""

    field: str
    old: str
    new: str


class RowChange(NamedTuple):
    """A row that changes a known record. `uid` is the record's, `name` for the screen only.

    `has_paid`: this year is paid, so nothing changes for it.
    """

    sheet: str
    row: int
    uid: str
    name: str
    fields: tuple[FieldChange, ...]
    has_paid: bool = False


class SamePerson(NamedTuple):
    """A row with a new number that may be somebody who is here already.

    `why` is `birth-certificate` (the known record has one, the row an ID number) or
    `same-name-and-birth`.
    """

    sheet: str
    row: int
    name: str
    number: str
    resident_id: int
    known_number: str
    why: str


class Leaver(NamedTuple):
    """Somebody whose identity ends, because a full list no longer names them."""

    resident_id: int
    uid: str
    name: str
    code: str
    has_paid: bool


class Stage(NamedTuple):
    """How far an import is; total 0: not known yet.

    `name` is opening, reading, comparing, preparing or writing.
    """

    name: str
    done: int
    total: int


Report = Callable[[Stage], None]
Cancelled = Callable[[], bool]


class CancelledError(DeskError):
    """The person who started an import stopped it; nothing was changed."""

    code = "cancelled"


def check_not(cancelled: Cancelled | None) -> None:
    """Raise CancelledError when the person has stopped the import."""
    if cancelled is not None and cancelled():
        raise CancelledError(N_("Stopped. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of an import: every data row was added, updated, unchanged or rejected.

    `ended` counts identities that a full list took away; they are no rows of the file.
    """

    file: str
    kind: ImportKind
    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    rejections: tuple[Rejection, ...]
    dry_run: bool
    ended: int = 0

    def __post_init__(self) -> None:
        if self.rows != self.added + self.updated + self.unchanged + self.rejected:
            raise AssertionError("every data row is added, updated, unchanged or rejected")

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the office is as it was before."""
        return self.added == self.updated == self.ended == 0

    @property
    def counts(self) -> dict[str, int]:
        """What came of the rows, by the names of the contract; together they are all rows."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }

    def to_json(self) -> dict[str, object]:
        """Give the summary as the command-line contract writes it."""
        document: dict[str, object] = {
            "file": self.file,
            "kind": str(self.kind),
            "rows": self.rows,
            **self.counts,
            "rejections": [rejection.to_json() for rejection in self.rejections],
            "dry_run": self.dry_run,
        }
        if self.kind is ImportKind.IDENTITIES:
            document["ended"] = self.ended
        return document


@dataclass(slots=True)
class Preview:
    """What an import would do, worked out without changing anything.

    `basis` is the length of the audit chain it was worked out on. `plan` is what `commit` writes.
    `refused`: the list is rejected as a whole. `paid` are rows about people who have paid this
    year, for whom nothing changes. `late` are the departments whose list comes after its last day.
    """

    kind: ImportKind
    path: Path
    sha256: str
    options: ImportOptions
    basis: int
    rows: int
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    same_persons: list[SamePerson] = field(default_factory=list)
    leavers: list[Leaver] = field(default_factory=list)
    paid: int = 0
    late: tuple[LateList, ...] = ()
    refused: bool = False
    warnings: Sequence[SheetWarning] = ()
    mappings: Sequence[SheetMapping] = ()
    imported_before: datetime | None = None
    plan: Any = None
    is_used: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Tell whether a commit would leave the office as it is."""
        return self.summary(dry_run=True).changes_nothing

    def why_nothing(self) -> str:
        """Say why a commit would leave the office as it is; "" where it changes or is refused."""
        if self.refused or not self.rows or not self.changes_nothing:
            return ""
        if not self.rejections:
            return _(KNOWN)
        if not self.unchanged:
            return _(ALL_REJECTED)
        rejected = self.rows - self.unchanged
        return _(KNOWN_BESIDE, rejected=f"{rejected:,}", known=f"{self.unchanged:,}")

    def summary(self, *, dry_run: bool) -> Summary:
        """Give the counts as the contract has them."""
        ended = 0 if self.refused else len(self.leavers)
        taken = 0 if self.refused else self.added + self.updated + self.unchanged
        return Summary(
            file=file_name(self.path),
            kind=self.kind,
            rows=self.rows,
            added=0 if self.refused else self.added,
            updated=0 if self.refused else self.updated,
            unchanged=0 if self.refused else self.unchanged,
            rejected=self.rows - taken,
            rejections=tuple(self.rejections),
            dry_run=dry_run,
            ended=ended,
        )


KNOWN = N_("The office knows all of this already. Nothing was changed.")
KNOWN_BESIDE = N_(
    "Rejected rows: {rejected}. The office knows the other {known} already. Nothing was changed."
)
ALL_REJECTED = N_("Every row was rejected. Nothing was changed.")


class RowRefused(Exception):
    """A row that was read well and cannot be taken: the field, its value, why, in which words."""

    def __init__(
        self, field_name: str, value: str, why: str, message: str, /, **values: object
    ) -> None:
        super().__init__(message)
        self.field = field_name
        self.value = value
        self.why = why
        self.message = message
        self.values = values


class Headings:
    """The printed headings of a file's sheets, for rejections made after it was read."""

    def __init__(self, mappings: Sequence[SheetMapping]) -> None:
        self._printed = {
            (mapping.sheet, column.field): column.heading
            for mapping in mappings
            for column in mapping.columns
            if column.field
        }

    def reject(self, row: Any, refused: RowRefused) -> Rejection:
        """Make the rejection of a row, with the heading as it is printed in the file."""
        heading = self._printed.get((row.sheet, refused.field), "")
        return Rejection(
            row.sheet,
            row.row,
            heading,
            refused.value,
            refused.why,
            refused.message,
            refused.values,
            row.name,
        )
