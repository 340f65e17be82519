"""The command line: parse, call one service, print one JSON document.

Each command lives in a module of its own that is imported only when the command is called, so that
`townshipdesk quote` does not pay for the desk. A command module offers

    configure(parser)   adds its arguments
    run(args) -> int    does the work and gives the exit status (`domain.errors.ExitStatus`)

Standard output carries the JSON answer, standard error every message.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Final, Protocol, cast

from townshipdesk import i18n
from townshipdesk.cli.parser import Parser
from townshipdesk.domain.errors import DeskError, ExitStatus
from townshipdesk.i18n import N_, _

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_NO_TEXT: Final = re.compile("[\ud800-\udfff]")

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "desk": ("townshipdesk.cli.desk", N_("Open the desk (also without any command)")),
    "demo": ("townshipdesk.cli.demo", N_("Make a training office and open the desk on it")),
    "init": ("townshipdesk.cli.init", N_("Make an empty office")),
    "policy": ("townshipdesk.cli.policy", N_("List, show, check and write policies")),
    "quote": ("townshipdesk.cli.quote", N_("Say what a person would pay and get")),
    "refund-check": ("townshipdesk.cli.refund_check", N_("Say whether a payment may be refunded")),
    "import": ("townshipdesk.cli.import_", N_("Read a workbook or text file into the office")),
    "staff": ("townshipdesk.cli.staff", N_("List, add and change staff")),
    "find": ("townshipdesk.cli.find", N_("Look a person up")),
    "contribute": ("townshipdesk.cli.contribute", N_("Take one payment")),
    "refund": ("townshipdesk.cli.refund", N_("Request, approve, reject, pay or withdraw a refund")),
    "reverse": ("townshipdesk.cli.reverse", N_("Take back a mistaken payment of today")),
    "reconcile": ("townshipdesk.cli.reconcile", N_("Compare a tax-bureau list with the desk")),
    "calls": ("townshipdesk.cli.calls", N_("Read a call list that came back")),
    "claim": ("townshipdesk.cli.claim", N_("Claim subsidies from their sources")),
    "totals": ("townshipdesk.cli.totals", N_("Give live totals, or totals of a past moment")),
    "board": ("townshipdesk.cli.board", N_("Give the board's figures, or serve them for the wall")),
    "close-day": ("townshipdesk.cli.close_day", N_("Close the day")),
    "export": ("townshipdesk.cli.export", N_("Write a sheet as a workbook")),
    "verify": ("townshipdesk.cli.verify", N_("Check every invariant and the audit chain")),
    "backup": ("townshipdesk.cli.backup", N_("Write a consistent copy while desks work")),
    "restore": ("townshipdesk.cli.restore", N_("Put a backup back")),
}


class Command(Protocol):
    """What a command module offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def say(message: str) -> None:
    """Print a message for a person to standard error; a file's words never control a terminal."""
    print(_CONTROLS.sub("", message), file=sys.stderr)


def print_json(document: object) -> None:
    """Print the one JSON document of a command: UTF-8, not escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # A path may hold bytes that are no text; as an escape they are still JSON.
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()


def explain(error: DeskError) -> str:
    """Give an error in the language in force."""
    return _(error.message, **error.values)


def _usage() -> str:
    lines = [_("usage: townshipdesk [--db FILE]   or   townshipdesk COMMAND …"), ""]
    lines += [f"  {name:<14}{_(text)}" for name, (_module, text) in COMMANDS.items()]
    return "\n".join(lines)


def _existing(name: str) -> Command | None:
    if name not in COMMANDS:
        return None
    return cast("Command", importlib.import_module(COMMANDS[name][0]))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    i18n.set_language(i18n.language_from_environment())
    if arguments[:1] in (["-h"], ["--help"]):
        print(_usage())
        return ExitStatus.DONE
    if arguments[:1] == ["--version"]:
        from townshipdesk import __version__

        print(f"townshipdesk {__version__}")
        return ExitStatus.DONE
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        say(_("Stopped."))
        return ExitStatus.NOT_DONE


def _run(arguments: list[str]) -> int:
    name = arguments.pop(0) if arguments and not arguments[0].startswith("-") else "desk"
    command = _existing(name)
    if command is None:
        say(_("There is no command {name}.", name=name) + "\n\n" + _usage())
        return ExitStatus.USAGE
    parser = Parser(prog=f"townshipdesk {name}", description=_(COMMANDS[name][1]))
    command.configure(parser)
    args = parser.parse_args(arguments)
    if any(isinstance(value, str) and _NO_TEXT.search(value) for value in vars(args).values()):
        say(_("A word of the call holds bytes that are no text."))
        return ExitStatus.USAGE
    try:
        return command.run(args)
    except DeskError as error:
        say(explain(error))
        return error.exit_status
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.NOT_DONE
