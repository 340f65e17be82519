"""What the resident's screen says, as lines of text: pure, from the card and the quote.

The order of weight is that of the desk: is it the right person, what do they pay, from when are
they covered. Lines keep their places, whatever the answer is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.domain.phone import mask_phone
from townshipdesk.i18n import N_, _
from townshipdesk.screens.call_text import call_text
from townshipdesk.screens.naming import (
    age_text,
    document_name,
    joined,
    named,
    registered_name,
    sex_name,
    short_identity,
)
from townshipdesk.widgets.cells import beside, cell_len, clip, fit, styled

if TYPE_CHECKING:
    from townshipdesk.policy import OutlookDay, Quote
    from townshipdesk.services.calls import Call
    from townshipdesk.services.people_records import Card, HeldIdentity, Member
    from townshipdesk.services.refund_desk import UnderWay

RIGHT_COLUMN: Final = 38
NARROW_RIGHT_COLUMN: Final = 30
WIDE: Final = 78
_MARKS: Final = {
    "enrolled": ("■", "$text-success"),
    "ended": ("▣", "$text-warning"),
    "missed": ("□", "$text-warning"),
    "unborn": (" ", "$quiet"),
    "gone": (" ", "$quiet"),
    "open": ("·", "bold"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A resident as the desk shows them now. `quote` is None where nothing can be quoted."""

    card: Card
    quote: Quote | None
    outlook: tuple[OutlookDay, ...]
    today: date
    year: int
    revealed: bool = False
    refund: UnderWay | None = None
    call: Call | None = None
    """What the last call about this year gave, for somebody who is not enrolled."""

    @property
    def number(self) -> str:
        """The document number, masked unless it was asked for."""
        number = display_text(self.card.person.number)
        return number if self.revealed else mask_number(number)

    @property
    def can_pay(self) -> bool:
        """Whether money can be taken now, with or without a second yes."""
        return (
            self.card.enrolment is None
            and self.card.person.status == "living"
            and self.quote is not None
            and self.quote.can_be_paid
        )

    @property
    def can_be_ruled(self) -> bool:
        """Whether a supervisor may decide: the policy refers, or it was decided and not paid."""
        from townshipdesk.services import rulings

        return (
            self.card.enrolment is None
            and self.quote is not None
            and (self.quote.decision == "refer" or rulings.is_ruled(self.quote))
        )


def who_lines(view: View, width: int) -> list[Content]:
    """Say who it is, in two lines."""
    person = view.card.person
    born = f"{person.born}" if person.born else _("birth date unknown")
    phone = display_text(person.phone)
    shown_phone = phone if view.revealed else mask_phone(phone) if phone else _("no phone")
    name_room = width - RIGHT_COLUMN - 26
    first = Content.assemble(
        " ",
        styled(clip(display_text(person.name), max(8, name_room)), "bold $accent"),
        f"   {sex_name(person.sex)}  ",
        _age_or_end(view),
        f"  {born}",
    )
    place = [display_text(person.village_name), display_text(person.group_name)]
    if person.household_number:
        place.append(_("hh {number}", number=display_text(person.household_number)))
    place.append(display_text(person.relation))
    second = Content(" " + "  ".join(part for part in place if part))
    return [
        _two(first, Content(f"{view.number}  {document_name(person.document_kind)}"), width),
        _two(second, Content(f"{shown_phone}  {registered_name(person.registered)}"), width),
    ]


def _age_or_end(view: View) -> Content:
    """Say the age, or in its place that somebody has died or moved away."""
    status = view.card.person.status
    if status in MEMBER_STATES:
        return styled(f" {_(MEMBER_STATES[status])} ", "bold $badge on $badge-back")
    return styled(age_text(view.card.person.born, view.today), "bold")


def _two(left: Content, right: Content, width: int) -> Content:
    """Set the right part at the same column in every line."""
    room = width - (RIGHT_COLUMN if width >= WIDE else NARROW_RIGHT_COLUMN)
    left = left.truncate(room - 1, ellipsis=True)
    right = right.truncate(width - room, ellipsis=True)
    return Content.assemble(left, " " * (room - left.cell_length), right)


def identity_lines(view: View, width: int, height: int = 1) -> list[Content]:
    """Say which identities count today and since when, with the list each came from.

    Where a line is left it tells what the last call gave.
    """
    lines = _held_lines(view, width, height)
    if view.call is not None and len(lines) < height:
        lines.append(_call_line(view.call, width))
    return lines


def _call_line(call: Call, width: int) -> Content:
    """Say what somebody who is not enrolled told when they were called, and when that was."""
    label = styled(_("Last call"), "$quiet")
    when = styled(f"  {call.called_at:%Y-%m-%d}", "$quiet")
    said = Content(display_text(call_text(call)))
    room = max(1, width - label.cell_length - when.cell_length - 3)
    return Content.assemble(" ", label, "  ", said.truncate(room, ellipsis=True), when)


def _held_lines(view: View, width: int, height: int) -> list[Content]:
    held = [item for item in view.card.identities if item.in_force]
    label = Content.assemble(" ", styled(_("Identity"), "$quiet"), "  ")
    if not held:
        said = _("none on record")
        late = [item for item in view.card.identities if item.late]
        if late:
            said += "  " + _("({count} came on a list after the payment)", count=len(late))
        return [Content.assemble(label, styled(said, "$quiet"))]
    room = width - label.cell_length
    parts = [_identity(item) for item in held]
    lines: list[Content] = []
    for index, part in enumerate(parts):
        left = len(parts) - index
        more = styled(_("+{count} (F3)", count=left), "$quiet")
        if lines and lines[-1].cell_length + 4 + part.cell_length <= room:
            lines[-1] = Content.assemble(lines[-1], "    ", part)
        elif len(lines) < height:
            lines.append(part.truncate(room, ellipsis=True))
        else:
            lines[-1] = beside(lines[-1], more, min(room, lines[-1].cell_length + 12))
            break
    indent = " " * label.cell_length
    return [Content.assemble(indent if i else label, line) for i, line in enumerate(lines)]


def _identity(item: HeldIdentity) -> Content:
    name = short_identity(item.code)
    if item.disability_grade is not None:
        kind = named("disability", item.disability_kind) if item.disability_kind else ""
        name += _(" ({kind} grade {grade})", kind=kind, grade=item.disability_grade)
    since = item.from_on if item.listed_on is None else max(item.from_on, item.listed_on)
    parts = [styled(name, "bold"), styled("  " + _("since {day}", day=since), "")]
    if item.department:
        parts.append(
            styled(_(" (list of {department})", department=display_text(item.department)), "$quiet")
        )
    return Content.assemble(*parts)


def year_lines(view: View, width: int) -> list[Content]:
    """Show ten years as a strip in which gaps are seen, and say the gaps."""
    years = view.card.years
    label = styled(_("Years"), "$quiet")
    indent = label.cell_length + 3
    heads = " ".join(f"{year.year % 100:02d}" for year in years)
    marks = []
    for year in years:
        mark, style = _MARKS.get(year.state, ("?", ""))
        marks.append(styled(f"{mark}  ", style))
    strip = Content.assemble(" " * indent, *marks)
    missed = view.card.missed_years
    if not any(year.state in ("enrolled", "ended") for year in years[:-1]):
        # Nothing is known of the years before: they may have been covered elsewhere.
        said = styled(_("no earlier cover on record"), "$quiet")
    elif missed:
        said = styled(
            _(
                "{count} years without cover ({years})",
                count=len(missed),
                years=_years_text(missed),
            ),
            "$text-warning",
        )
    else:
        said = styled(_("no gap"), "$quiet")
    first = Content.assemble(" ", label, "  ", styled(heads, "$quiet"))
    return [
        first.truncate(width),
        Content.assemble(strip, "  ", said).truncate(width, ellipsis=True),
    ]


def _years_text(years: Sequence[int]) -> str:
    """Give years with runs joined: 2016–2019, 2023."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    texts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return ", ".join(texts)


def rule_line(title: Content | str, width: int, right: Content | str = "") -> Content:
    """Give a thin line with a title in it."""
    head = Content(title) if isinstance(title, str) else title
    tail = Content(right) if isinstance(right, str) else right
    used = head.cell_length + tail.cell_length + 4 + (2 if tail else 0)
    line = styled("─" * max(1, width - used - 1), "$panel-lighten-2")
    parts: list[Content | str] = [styled(" ─ ", "$panel-lighten-2"), head, " ", line]
    if tail:
        parts += [" ", tail, " "]
    return Content.assemble(*parts)


def household_title(view: View) -> str:
    """Say how many the household has, and how many of them are enrolled."""
    members = [item for item in view.card.members if item.status == "living"]
    if not members:
        return _("No household on record")
    enrolled = sum(item.enrolment is not None for item in members)
    return _("Household of {count}: {enrolled} enrolled", count=len(members), enrolled=enrolled)


MEMBER_STATES: Final = {"deceased": N_("deceased"), "moved": N_("moved away")}


def member_state(member: Member, quote: Quote | None) -> tuple[str, str]:
    """Say how it stands with a member this year, and in which tone."""
    if member.status in MEMBER_STATES:
        return _(MEMBER_STATES[member.status]), "quiet"
    if member.enrolment is not None:
        return _("paid {day}", day=f"{member.enrolment:%y-%m-%d}"), "good"
    if quote is None:
        return _("not enrolled"), "warning"
    if quote.due_fen is None:
        return _("not now"), "warning"
    from townshipdesk.screens.naming import yuan

    return _("due {amount}", amount=yuan(quote.due_fen)), "strong"


def more_lines(view: View, width: int) -> list[Content]:
    """Say what else is on record, where the screen has room for it."""
    person, card = view.card.person, view.card
    papers = [
        f"{document_name(paper.kind)} "
        f"{paper.number if view.revealed else mask_number(display_text(paper.number))}"
        for paper in card.documents
        if not paper.is_current
    ]
    insured = [
        f"{spell.from_on} → {spell.to_on or _('still')} {display_text(spell.place)}".rstrip()
        for spell in card.employee_insurance
    ]
    ended = [
        _("{identity} until {day}", identity=short_identity(item.code), day=item.ended_on)
        for item in card.identities
        if item.ended_on is not None
    ]
    kind = "  ".join(
        part for part in (person.ethnicity, person.hukou_kind, person.category) if part
    )
    rows = (
        (_("Address"), display_text(person.address)),
        (_("Kind"), display_text(kind)),
        (_("Pays"), named("group", person.payer_group)),
        (_("Employee insurance"), joined(insured)),
        (_("Earlier papers"), joined(papers)),
        (_("Ended identities"), joined(ended)),
    )
    return [
        Content.assemble(" ", styled(fit(label, 20), "$quiet"), text).truncate(width, ellipsis=True)
        for label, text in rows
        if text
    ]


def padded(lines: list[Content], count: int) -> list[Content]:
    """Give exactly `count` lines, so that what stands below keeps its place."""
    return [*lines, *[Content("")] * count][:count]


__all__ = [
    "MEMBER_STATES",
    "RIGHT_COLUMN",
    "View",
    "cell_len",
    "fit",
    "household_title",
    "identity_lines",
    "member_state",
    "padded",
    "rule_line",
    "who_lines",
    "year_lines",
]
