"""argparse in the language in force: usage, headings and complaints as a clerk reads them."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, Final, NoReturn

from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import N_, _

_ENGLISH_USAGE: Final = "usage: "
_COMPLAINTS: Final = tuple(
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        (r"the following arguments are required: (?P<names>.+)", N_("Missing: {names}")),
        (r"one of the arguments (?P<names>.+) is required", N_("One of these is needed: {names}")),
        (r"unrecognized arguments: (?P<names>.+)", N_("Not understood: {names}")),
        (r"argument (?P<name>[^:]+): expected .*argument.*", N_("{name} needs a value.")),
        (
            r"argument (?P<name>[^:]+): invalid choice: (?P<text>.+?)"
            r" \(choose from (?P<those>.+)\)",
            N_("{name} cannot be {text}. Allowed: {those}."),
        ),
        (
            r"argument (?P<name>[^:]+): invalid \w+ value: (?P<text>.+)",
            N_("{name} cannot be {text}."),
        ),
        (
            r"argument (?P<name>[^:]+): not allowed with argument (?P<other>.+)",
            N_("{name} and {other} exclude each other."),
        ),
        (r"argument (?P<name>[^:]+): (?P<said>.+)", "{name}: {said}"),
    )
)
"""What argparse says, and the message that says it here; what none fits is passed on as it is."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints end with the contract's exit status and without a traceback."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self._positionals.title = _("what it needs")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and stop"))

    def format_usage(self) -> str:
        """Give the line of usage with its first word in the language in force."""
        return super().format_usage().replace(_ENGLISH_USAGE, _("usage: "), 1)

    def format_help(self) -> str:
        """Give the help with its first word in the language in force."""
        return super().format_help().replace(_ENGLISH_USAGE, _("usage: "), 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and end with status 2."""
        self.print_usage(sys.stderr)
        print(f"{self.prog}: {complaint(message)}", file=sys.stderr)
        raise SystemExit(int(ExitStatus.USAGE))


def complaint(message: str) -> str:
    """Give what argparse complains of in the language in force."""
    for pattern, known in _COMPLAINTS:
        found = pattern.fullmatch(message)
        if found is not None:
            return _(known, **found.groupdict())
    return message
