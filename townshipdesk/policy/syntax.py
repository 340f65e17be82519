"""What is wrong with a line that cannot be read at all, in words a clerk can act on.

The reader's own messages are English and speak of the format. A few mistakes make up nearly all of
what an office types wrong, and the line itself shows which.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from townshipdesk.i18n import N_
from townshipdesk.policy.problems import Problem

_TEXT: Final = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_FULL_WIDTH: Final = re.compile("[“”‘’，＝｛｝［］：；]")
_THOUSANDS: Final = re.compile(r"=\s*\d{1,3},\d{3}")
_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)$")

_KEY: Final = re.compile(r"""\s*("[^"]*"|'[^']*'|[^\s=\[{#"']+)\s*=""")
_AT_MOST: Final = 40
"""Lines told at once; more of them mean that this is no policy file."""

_REASONS: Final = {
    "Invalid date or datetime": N_("There is no such day in the calendar."),
    "Cannot": N_("This key stands here twice."),
    "Illegal character": N_("A quotation mark is missing."),
    "Unterminated": N_("A quotation mark is missing."),
    "Invalid value": N_("After = comes a text in quotation marks, a number, a day, true or false."),
    "Expected": N_(
        "A bracket or = is missing: [[ways]] begins a part, [ ] holds a list, { } a group."
    ),
    "Unclosed": N_("A bracket is not closed: [ ] holds a list, { } a group."),
}


def parse(text: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read a text as TOML; without data where lines cannot be read, and then each of them.

    A value that cannot be read is left out and the rest read again, so that all such lines are told
    at once. Raises RecursionError for brackets nested too deeply.
    """
    problems: list[Problem] = []
    lines = text.split("\n")
    while len(problems) < _AT_MOST:
        try:
            data = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            problem = syntax_problem(error, "\n".join(lines))
            problems.append(problem)
            line = problem.line or 0
            if not (0 < line <= len(lines) and _KEY.match(lines[line - 1])):
                break
            lines[line - 1] = ""
        else:
            return (None if problems else data), problems
    return None, problems


def syntax_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    """Give the problem of a text that is no TOML: its line, and what to do about it."""
    place = _PLACE.search(str(error))
    lines = text.split("\n")
    number = int(place[1]) if place else len(lines)
    reason = str(error).partition(" (at ")[0]
    line = lines[number - 1] if number <= len(lines) else ""
    key = _KEY.match(line)
    message = _hint(reason, line) or N_(
        "The line cannot be read. Look for quotation marks and brackets."
    )
    return Problem(number, key[1] if key else "", message)


def _hint(reason: str, line: str) -> str | None:
    bare = _TEXT.sub("", line)
    if _FULL_WIDTH.search(bare):
        return N_("Quotation marks, commas, brackets and = must be those of an English keyboard.")
    if _THOUSANDS.search(bare):
        return N_("An amount is written without a comma between the digits: 1130.")
    if '"' in bare:
        return N_("A quotation mark is missing.")
    return next((said for start, said in _REASONS.items() if reason.startswith(start)), None)
