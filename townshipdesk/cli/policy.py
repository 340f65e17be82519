"""`townshipdesk policy`: list, show, check and write policies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from townshipdesk import i18n
from townshipdesk.cli import print_json, say
from townshipdesk.domain.errors import DeskError, ExitStatus, UsageError
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="list|show|check|new")
    listing = parts.add_parser("list", help=_("the policies that come with the program"))
    listing.add_argument("--json", action="store_true", help=_("as JSON"))
    show = parts.add_parser("show", help=_("one policy as a page"))
    show.add_argument("id", metavar="ID", help=_("a built-in policy, or a policy file"))
    show.add_argument("--json", action="store_true", help=_("as JSON"))
    _add_language(show)
    check = parts.add_parser("check", help=_("everything wrong with a policy file, and its cases"))
    check.add_argument("file", metavar="FILE", help=_("a policy file"))
    check.add_argument("--cases", metavar="FILE", help=_("cases that do not stand beside the file"))
    check.add_argument("--json", action="store_true", help=_("as JSON"))
    _add_language(check)
    new = parts.add_parser("new", help=_("next year's policy from another one"))
    new.add_argument("--from", dest="origin", required=True, metavar="ID", help=_("what to copy"))
    new.add_argument("--year", required=True, type=int, metavar="Y", help=_("the coverage year"))
    new.add_argument("-o", dest="output", required=True, metavar="FILE", help=_("the new file"))


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=i18n.LANGUAGES, help=_("the language of the page"))


def run(args: argparse.Namespace) -> int:
    """Do one of the four."""
    if getattr(args, "language", None):
        i18n.set_language(args.language)
    return {"list": _list, "show": _show, "check": _check, "new": _new}[args.part](args)


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.flush()


def _list(args: argparse.Namespace) -> int:
    from townshipdesk.policy import available
    from townshipdesk.policy.document import summary_json

    found = available()
    if args.json:
        print_json([summary_json(summary) for summary in found])
        return ExitStatus.DONE
    for summary in found:
        state = "" if summary.ready else "  " + _("(figures to be set or confirmed)")
        name = summary.title.text(i18n.language())
        _print(f"{summary.id:<20}{summary.year}  {name}{state}\n")
    return ExitStatus.DONE


def _show(args: argparse.Namespace) -> int:
    from townshipdesk.policy import load
    from townshipdesk.policy.document import policy_json
    from townshipdesk.policy.page import page

    policy = load(args.id)
    if args.json:
        print_json(policy_json(policy))
    else:
        _print(page(policy, i18n.language()))
    return ExitStatus.DONE


def _check(args: argparse.Namespace) -> int:
    from townshipdesk.policy.check import check_file
    from townshipdesk.policy.loader import PACKS, built_in

    path = Path(args.file)
    if not path.is_file() and args.file in built_in():
        path = PACKS / f"{args.file}.toml"
    _must_be_file(path)
    policy, problems = check_file(path)
    cases, failed, note = _run_cases(args, path, policy)
    faults = [problem for problem in problems if not problem.warning]
    ok = policy is not None and not faults and not failed
    if args.json:
        print_json(
            {
                "file": path.name,
                "ok": ok,
                "problems": [problem.to_json() for problem in problems],
                "cases": {
                    "run": cases,
                    "failed": [{"title": title, "differences": parts} for title, parts in failed],
                },
            }
        )
        return ExitStatus.DONE if ok else ExitStatus.NOT_DONE
    for problem in problems:
        place = _("line {line}", line=problem.line) if problem.line else path.name
        mark = _("look") if problem.warning else _("wrong")
        _print(f"{place}  {problem.place}  {mark}: {problem.text()}\n")
    for title, parts in failed:
        for part in parts:
            _print(_("case {title}: {text}", title=title, text=part) + "\n")
    say(note)
    if ok:
        say(_("{file} can be used.", file=path.name))
    else:
        say(_("{file}: {count} things to put right.", file=path.name, count=len(faults + failed)))
    return ExitStatus.DONE if ok else ExitStatus.NOT_DONE


def _must_be_file(path: Path) -> None:
    if not path.is_file():
        raise UsageError(N_("There is no file {file}."), file=str(path))


def _run_cases(
    args: argparse.Namespace, path: Path, policy: object
) -> tuple[int, list[tuple[str, list[str]]], str]:
    """Give how many cases ran, those that fail with what differs, and a sentence about it."""
    from townshipdesk.policy.cases import cases_beside, read_cases, run_cases
    from townshipdesk.policy.model import Policy

    beside = Path(args.cases) if args.cases else cases_beside(path)
    if beside is None:
        return 0, [], _("No cases file stands beside it.")
    _must_be_file(beside)
    if not isinstance(policy, Policy) or not policy.ready:
        return 0, [], _("The cases in {file} were not run: the policy is not ready.", file=beside)
    results = run_cases(policy, read_cases(beside))
    failed = [
        (result.title, [part.text(i18n.language()) for part in result.differences])
        for result in results
        if result.differences
    ]
    note = _(
        "{count} cases in {file}: {failed} fail.",
        count=len(results),
        file=beside.name,
        failed=len(failed),
    )
    return len(results), failed, note


def _new(args: argparse.Namespace) -> int:
    from townshipdesk.policy import load
    from townshipdesk.policy.renew import renewed

    policy = load(args.origin)
    first, last = 1990, 2100
    if not first <= args.year <= last:
        raise UsageError(
            N_("The year must lie between {first} and {last}."), first=first, last=last
        )
    path = Path(args.output)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(renewed(policy, args.year))
    except FileExistsError:
        raise DeskError(N_("{file} is there already and is not overwritten."), file=path) from None
    except OSError as error:
        message = N_("{file} cannot be written: {error}")
        raise DeskError(message, file=path, error=error.strerror or "") from None
    say(
        _(
            "{file} written. Every figure in it is marked to_confirm = true: check each against "
            "the new document, remove the mark, then run townshipdesk policy check {file}.",
            file=path,
        )
    )
    return ExitStatus.DONE
