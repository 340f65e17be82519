"""Everything that can go wrong in a way a person must be told about.

An error carries a stable code, a message in English that is also the key of its translation, and
the values that fill it. Personal data never goes into an error: name what is wrong, not who.
"""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line, as the contract gives them."""

    DONE = 0
    NOT_DONE = 1
    USAGE = 2


class DeskError(Exception):
    """Something a person must be told; nothing was changed.

    `message` is an English sentence with {named} places, translated when shown; `values` fills it.
    """

    code: str = "error"
    exit_status: ExitStatus = ExitStatus.NOT_DONE

    def __init__(self, message: str, /, *, code: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self.message.format(**self.values) if self.values else self.message


class UsageError(DeskError):
    """The call itself is wrong: an unknown option, a value that cannot be read."""

    code = "usage"
    exit_status = ExitStatus.USAGE


class RuleError(DeskError):
    """The rules of the office or of the policy do not allow what was asked."""

    code = "rule"


class NotFoundError(DeskError):
    """What was asked for is not in this office."""

    code = "not-found"


class OfficeFileError(DeskError):
    """The office file cannot be used: missing, damaged, of another program, too new, locked."""

    code = "office-file"


class NotPermittedError(DeskError):
    """The member of staff may not do this."""

    code = "not-permitted"


class BadFileError(DeskError):
    """A workbook or text file cannot be read, or is not what it should be."""

    code = "bad-file"
