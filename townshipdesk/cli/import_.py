"""`townshipdesk import KIND FILE`: villages, residents, identities, contributions."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, add_staff, add_year, open_for_change
from townshipdesk.domain.errors import ExitStatus, RuleError, UsageError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from townshipdesk.services.imports import ImportOptions, Preview, Stage, Summary
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

KINDS: Final = ("villages", "residents", "identities", "contributions")
_TRIES: Final = 5
_SHOWN: Final = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the kind, the file and what belongs to each kind."""
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("an .xlsx, .xls or .csv file"))
    add_db(parser)
    add_year(parser)
    add_staff(parser)
    parser.add_argument("--dry-run", action="store_true", help=_("show, and change nothing"))
    parser.add_argument(
        "--report", type=Path, metavar="FILE.xlsx", help=_("write the rejected rows to a workbook")
    )
    parser.add_argument(
        "--village",
        metavar="CODE",
        default="",
        help=_("the village of rows that name none, or of a ledger"),
    )
    parser.add_argument(
        "--department", metavar="TEXT", default="", help=_("whose list of identities it is")
    )
    whole = parser.add_mutually_exclusive_group()
    whole.add_argument(
        "--full",
        action="store_true",
        help=_("the list is complete: identities of people not on it end"),
    )
    whole.add_argument("--difference", action="store_true", help=_("the list adds to the last"))
    parser.add_argument(
        "--confirm",
        action="store_true",
        help=_("payers of a ledger have agreed to payments that buy no covered day"),
    )


def run(args: argparse.Namespace) -> int:
    """Import a file, print the summary. Status 1 where nothing could be done."""
    from townshipdesk.sheets.process import begun

    with begun(args.file), open_for_change(args) as (office, actor), _progress() as report:
        options = _options(args)
        shown = _done(office, actor, args, options, report)
    summary = shown.summary(dry_run=args.dry_run)
    print_json(summary.to_json())
    _tell(shown, summary)
    refused = shown.refused and not args.dry_run
    return ExitStatus.NOT_DONE if refused else ExitStatus.DONE


def _options(args: argparse.Namespace) -> ImportOptions:
    from townshipdesk.services.imports import ImportOptions

    if args.kind != "identities" and (args.full or args.difference or args.department):
        raise UsageError(N_("--full, --difference and --department belong to identities only."))
    return ImportOptions(
        village=args.village,
        department=args.department,
        full=args.full if args.full or args.difference else None,
        confirm_no_coverage=args.confirm,
    )


def _done(
    office: Office,
    actor: Actor,
    args: argparse.Namespace,
    options: ImportOptions,
    report: _Progress | None,
) -> Preview:
    """Preview and commit; once more when another desk has changed the office in between."""
    from townshipdesk.services import imports

    kind = imports.ImportKind(args.kind)
    for left in reversed(range(_TRIES)):
        shown = imports.preview(office, kind, args.file, options, report)
        if args.report is not None:  # before anything is taken: a call that fails changes nothing
            _write_report(args.report, shown)
        if args.dry_run or shown.refused:
            return shown
        try:
            imports.commit(office, actor, shown, report)
        except RuleError as error:
            if error.code != "stale" or not left:
                raise
            continue
        return shown
    raise AssertionError("the last try either returns or raises")


def _write_report(target: Path, shown: Preview) -> None:
    from townshipdesk.sheets.rejects import write_rejects

    if target.exists() and target.samefile(shown.path):
        raise UsageError(N_("The report would replace the file itself."))
    count = write_rejects(target, shown.path, shown.rejections, shown.mappings)
    say(_("{count} rejected rows written to {name}.", count=count, name=target.name))


def _unread(shown: Preview) -> list[str]:
    """Give the headings of columns that nothing was taken from, each once, the first twenty."""
    columns = (column for mapping in shown.mappings for column in mapping.columns)
    return [*dict.fromkeys(c.heading for c in columns if c.heading and not c.field)][:_SHOWN]


def _tell(shown: Preview, summary: Summary) -> None:
    """Say on standard error what a person should know beside the counts."""
    if shown.imported_before is not None:
        at = shown.imported_before.strftime("%Y-%m-%d %H:%M")
        say(_("This very file was imported on {at} already.", at=at))
    for warning in shown.warnings:
        say(warning.text)
    if unread := _unread(shown):
        say(_("Columns that were not read: {columns}.", columns="、".join(unread)))
    for same in shown.same_persons[:_SHOWN]:
        say(
            _(
                "{sheet}, row {row}: {number} may be the person here with {known}.",
                sheet=same.sheet,
                row=same.row,
                number=mask_number(same.number),
                known=mask_number(same.known_number),
            )
        )
    if len(shown.same_persons) > _SHOWN:
        say(_("And {count} more like this.", count=len(shown.same_persons) - _SHOWN))
    if shown.paid:
        say(_("{count} of them have paid this year: nothing changes for it.", count=shown.paid))
    for late in shown.late:
        say(late.text())
    if shown.refused:
        say(_("The list is rejected as a whole because of its rejected rows. Nothing was changed."))
    elif nothing := shown.why_nothing():
        say(nothing)
    elif shown.kind == "identities" and summary.ended:
        say(_("{count} identities end: the complete list no longer has them.", count=summary.ended))


class _Progress:
    """One line on a terminal that says how far an import is."""

    def __init__(self) -> None:
        self._said_at = 0.0

    def __call__(self, stage: Stage) -> None:
        now = time.monotonic()
        if now - self._said_at < 0.1 and stage.done < stage.total:
            return
        self._said_at = now
        words = {
            "opening": N_("opening"),
            "reading": N_("reading"),
            "comparing": N_("comparing"),
            "preparing": N_("preparing"),
            "writing": N_("writing"),
        }
        part = f" {stage.done}/{stage.total}" if stage.total else ""
        sys.stderr.write(f"\r\x1b[K{_(words[stage.name])}{part}")
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._said_at:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextlib.contextmanager
def _progress() -> Iterator[_Progress | None]:
    """Give a progress line where a person is watching."""
    if not sys.stderr.isatty():
        yield None
        return
    line = _Progress()
    try:
        yield line
    finally:
        line.end()
