"""What the empty desk says: how to begin, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.i18n import N_, _
from townshipdesk.widgets.cells import fit, styled

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session

WAYS: Final = (
    (N_("scan the card"), N_("the person opens at once")),
    (N_("last 4 to 6 digits"), "0017"),
    (N_("name"), N_("a part is enough; then 1–9 picks")),
    (N_("pinyin"), "yfg, yangfagui"),
    (N_("household or phone"), "DL9001"),
)


def home_content(waiting: Sequence[Content], width: int) -> Content:
    """Give the lines of the empty desk, with what waits at the end."""
    lines: list[Content] = [
        Content(""),
        styled("  " + _("Who is at the desk?"), "bold"),
        Content(""),
    ]
    for way, example in WAYS:
        lines.append(
            Content.assemble("    ", fit(_(way), 24), styled(_(example), "$quiet")).truncate(width)
        )
    lines.append(Content(""))
    lines += waiting
    return Content("\n").join(lines)


def waiting_lines(session: Session) -> list[Content]:
    """Say what waits for somebody: refunds, days that were never closed."""
    from townshipdesk.services import refunds

    waiting = refunds.waiting(session.office)
    lines: list[Content] = []
    if waiting:
        lines.append(
            Content.assemble(
                "  ",
                styled(_("Refunds waiting: {count}", count=len(waiting)), "$text-warning"),
                styled("   F9", "bold $footer-key-foreground"),
            )
        )
    return lines
