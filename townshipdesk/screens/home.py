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
    """Say what waits: days to close, refunds, a clock that jumped, another text of the policy."""
    from townshipdesk.services import days, people, policies, refunds, settings

    waiting = refunds.waiting(session.office)
    lines: list[Content] = []
    if not people.has_residents(session.office):
        lines.append(_waits(_("Nobody is on record yet: villages first, then the roster"), "F8"))
    unclosed = days.unclosed_days(session.office)
    if unclosed:
        said = _("Days not closed: {count}, the oldest {day}", count=len(unclosed), day=unclosed[0])
        lines.append(_waits(said, "F7"))
    if waiting:
        lines.append(_waits(_("Refunds waiting: {count}", count=len(waiting)), "F9"))
    jump = settings.clock_jump(session.office)
    if jump is not None:
        lines.append(_waits(_(jump.message, **jump.values), "^G"))
    # Reading policies takes a while the first time: the season is looked up beside the keys first.
    if session.season() and policies.differs(session.office):
        said = _("{policy}: this program brings another text", policy=session.office.policy_id)
        lines.append(_waits(said, "^G"))
    return lines


def _waits(said: str, key: str) -> Content:
    return Content.assemble(
        "  ",
        styled(said, "$text-warning"),
        styled(f"   {key}", "bold $footer-key-foreground"),
    )
