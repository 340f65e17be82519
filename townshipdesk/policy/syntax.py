"""What is wrong with a line that cannot be read at all, in words a clerk can act on.

The reader's own messages are English and speak of the format. A few mistakes make up nearly all of
what an office types wrong, and the line itself shows which.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final

from townshipdesk.i18n import N_
from townshipdesk.policy.problems import Problem

_TEXT: Final = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_FULL_WIDTH: Final = re.compile("[“”‘’，＝｛｝［］：；]")
_THOUSANDS: Final = re.compile(r"=\s*\d{1,3},\d{3}")
_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)$")

_REASONS: Final = {
    "Invalid date or datetime": N_("There is no such day in the calendar."),
    "Cannot": N_("This key stands here twice."),
    "Illegal character": N_("A quotation mark is missing."),
    "Unterminated": N_("A quotation mark is missing."),
    "Invalid value": N_("After = comes a text in quotation marks, a number, a day, true or false."),
}


def syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    """Give the problem of a text that is no TOML: its line, and what to do about it."""
    place = _PLACE.search(str(error))
    lines = text.split("\n")
    number = int(place[1]) if place else len(lines)
    reason = str(error).partition(" (at ")[0]
    message = _hint(reason, lines[number - 1]) if number <= len(lines) else None
    if message is not None:
        return Problem(number, "", message)
    message = N_("The line cannot be read ({reason}). Look for quotation marks and brackets.")
    return Problem(number, "", message, {"reason": reason})


def _hint(reason: str, line: str) -> str | None:
    bare = _TEXT.sub("", line)
    if _FULL_WIDTH.search(bare):
        return N_("Quotation marks, commas, brackets and = must be those of an English keyboard.")
    if _THOUSANDS.search(bare):
        return N_("An amount is written without a comma between the digits: 1130.")
    if '"' in bare:
        return N_("A quotation mark is missing.")
    return next((said for start, said in _REASONS.items() if reason.startswith(start)), None)
