"""What the preview of an import says above its lists: the sum, and what one should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from townshipdesk.i18n import _
from townshipdesk.screens.naming import short_identity
from townshipdesk.screens.sheet_words import counts_text
from townshipdesk.services.imports import ImportKind

if TYPE_CHECKING:
    from townshipdesk.services.imports import Preview, Summary

ALWAYS: Final = ("added", "updated", "unchanged", "rejected")


def counts_of(summary: Summary) -> dict[str, int]:
    """Give what came of a file, by name, what ended with it too."""
    return {**summary.counts, "ended": summary.ended}


def status_text(shown: Preview) -> str:
    """Give the sum of a preview: it adds up with the lists below it, of a refused list too."""
    rows = _("{count} rows", count=f"{shown.rows:,}")
    wrong = len({(one.sheet, one.row) for one in shown.rejections})
    if shown.refused and wrong < shown.rows:
        others = f"{shown.rows - wrong:,}"
        said = _("refused whole: {wrong} wrong, the other {others} not taken either",
                 wrong=f"{wrong:,}", others=others)  # fmt: skip
    else:
        said = counts_text(counts_of(shown.summary(dry_run=True)), always=ALWAYS)
    return f"{rows}   {said}"


def noted(shown: Preview, *, written: bool) -> list[tuple[str, str]]:
    """Give what a person should know beside the counts, what matters most first, with its look."""
    lines: list[tuple[str, str]] = []
    if shown.refused:
        said = _("Nothing was changed. Mend the rows and press r, or send them back with e.")
        lines.append((said, "bold $text-error"))
    elif nothing := shown.why_nothing():
        lines.append((nothing, "bold $text-warning" if shown.rejections else "bold $text-success"))
    if shown.imported_before is not None and not written:
        at = f"{shown.imported_before:%Y-%m-%d %H:%M}"
        said = _("This very file was imported on {at} already.", at=at)
        lines.append((said, "$text-warning"))
    lines += _unnamed(shown)
    if shown.paid and not shown.refused:
        said = _("{count} of them have paid this year: nothing changes for it.", count=shown.paid)
        lines.append((said, "$text-warning"))
    lines += [(late.text(), "$text-warning") for late in shown.late]
    if any(not mapping.confident for mapping in shown.mappings):
        said = _("Some columns were recognised by a part of their heading: please check them.")
        lines.append((said, "$text-warning"))
    lines += [(warning.text, "$quiet") for warning in shown.warnings]
    return lines


def _unnamed(shown: Preview) -> list[tuple[str, str]]:
    """Warn of a complete list that names nobody of an identity its department has given."""
    if shown.kind is not ImportKind.IDENTITIES or shown.plan is None:
        return []
    told = [
        _("The list names nobody of {identity}: {count} people lose it. Is it complete?",
          identity=short_identity(code), count=count)
        for code, count in shown.plan.unnamed.items()
    ]  # fmt: skip
    return [(said, "bold $text-error") for said in told]
