"""Money for the work itself (工作经费与奖励): each unit's rank, what it has earned, and why not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.board_columns import money, percent
from townshipdesk.screens.following_page import FollowingPage
from townshipdesk.screens.naming import short_day, yuan
from townshipdesk.services.board import tenths_of_a_percent
from townshipdesk.services.work_funds import (
    Condition,
    FundReport,
    FundSheet,
    Share,
    Standing,
    UnitLine,
    sheet,
)
from townshipdesk.widgets.cells import beside, cell_len, fit, styled, wrapped
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

STANDINGS: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.EARNED: (N_("earned"), "$text-success"),
    Standing.OPEN: (N_("open"), "$season"),
    Standing.MISSED: (N_("missed"), "$text-warning"),
    Standing.LOST: (N_("lost"), "$text-error"),
    Standing.TIED: (N_("tied: to be decided"), "$text-warning"),
    Standing.NONE: (N_("does not apply"), "$quiet"),
}
_TONES: Final = {
    Standing.MISSED: "warning",
    Standing.LOST: "bad",
    Standing.TIED: "warning",
    Standing.OPEN: "quiet",
}

SHORT: Final[Mapping[Standing, str]] = {
    **{standing: words for standing, (words, _style) in STANDINGS.items()},
    Standing.TIED: N_("tied"),
}

ORDERS: Final[tuple[tuple[str, Callable[[UnitLine], tuple[int, ...]]], ...]] = (
    (N_("by rank"), lambda line: (line.rank is None, line.rank or 0)),
    (N_("most money first"), lambda line: (-line.total_fen,)),
    (N_("by code"), lambda _line: ()),
)


class WorkMoneyPage(FollowingPage[FundSheet | None]):
    """Units by rank with the amount of each rule; below, the rules for the unit under the cursor.

    A policy without such rules is said to have none.
    """

    PLACE: ClassVar[Place] = Place.WORK_MONEY
    AUTO_FOCUS = "#units"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.WORK_MONEY, "screen")]

    units = query_one("#units", LiveList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._order = 0

    @property
    def _has_rules(self) -> bool:
        return bool(self.session.office.policy.work_funds)

    def compose_area(self) -> ComposeResult:
        """Set the title, the units and the rules."""
        yield Words(self._say_title, id="units-title")
        yield LiveList[UnitLine]([], key=lambda line: line.unit.code, id="units")
        yield Words(self._say_rules, id="unit-rules")

    def read(self, office: Office) -> FundSheet | None:
        """Read the sheet of this moment; None for a policy without such rules."""
        return sheet(office)

    def show(self) -> None:
        """Show the units and the rules."""
        self.units.display = self._has_rules
        if self.found is not None:
            self.units.set_columns(_columns(self.found))
            by_code = sorted(self.found.lines, key=lambda line: line.unit.code)
            self.units.renew(sorted(by_code, key=ORDERS[self._order][1]))
        self.query_one("#units-title", Words).relabel()
        self._say_again()

    @on(LineList.Moved)
    def _say_again(self) -> None:
        self.query_one("#unit-rules", Words).relabel()

    # -------------------------------------------------------------------------------- what it says

    def _say_title(self, width: int) -> Content:
        left = styled(" " + _("Money for the work"), "bold $accent")
        if self.found is None:
            return left
        total = sum(one.amount_fen for one in self.found.reports)
        day = short_day(self.found.ranked_on, self.found.today.year)
        said = _(
            "as it stands {amount} yuan; rank of {day}; {order} ",
            amount=yuan(total),
            day=day,
            order=_(ORDERS[self._order][0]),
        )
        return beside(left, styled(said, "$quiet"), width)

    def _say_rules(self, width: int) -> Content:
        if not self._has_rules:
            said = _("This policy has no rules on money for the work or on prizes.")
            policy = _("Policy in force: {policy}", policy=self.session.office.policy_id)
            return Content("\n").join([Content(f" {said}"), styled(f" {policy}", "$quiet")])
        line: UnitLine | None = self.units.current
        if self.found is None or line is None:
            return Content("")
        lines = [styled(fit(" " + display_text(line.unit.name), width), "bold underline")]
        conditions = [_condition(one) for one in line.conditions]
        lines += [Content.assemble(" ", said) for said in wrapped(conditions, width - 1)]
        for number, one in enumerate(self.found.reports, 1):
            lines += _rule(number, one, line.shares[number - 1], width)
        return Content("\n").join(lines)

    # ------------------------------------------------------------------------------------- its keys

    def action_sort_units(self) -> None:
        """Sort in the next way."""
        self._order = (self._order + 1) % len(ORDERS)
        self.show()


def _rule(number: int, one: FundReport, share: Share | None, width: int) -> list[Content]:
    """Give a rule on one line: its words and clause, and what it gives the unit."""
    standing = Standing.NONE if share is None else share.standing
    word, style = STANDINGS[standing]
    amount = f"{yuan(share.amount_fen)}  " if share is not None and share.amount_fen else ""
    words = display_text(one.fund.words.text(language()))
    left = Content.assemble(styled(f" {number} ({one.fund.basis.clause}) ", "$quiet"), words)
    return [beside(left, Content.assemble(amount, styled(_(word), style), " "), width)]


def _condition(one: Condition) -> Content:
    """Say what a day asks for and what there is: 31 Dec 90 % 29/30."""
    share = percent(int(one.of_task * 1000)).replace(".0%", "%")
    said = f"{short_day(one.on, one.on.year)} {share} {one.heads}/{one.needed}"
    if one.met:
        return styled(f"{said} ✓", "$text-success")
    if one.final:
        return styled(f"{said} ✗", "$text-error")
    return styled(f"{said} " + _("-{count}", count=one.needed - one.heads), "$season")


def _columns(found: FundSheet) -> list[Column[UnitLine]]:
    """Give the columns: one for each rule that pays, under the rule's number."""
    kinds = [one.fund.per for one in found.reports]
    columns: list[Column[UnitLine]] = [
        Column(lambda: _("Rank"), 4, lambda line: str(line.rank or ""), right=True),
        Column(lambda: _("Village"), 12, lambda line: line.unit.name, share=1, tone="strong"),
        Column(lambda: _("Target"), 6, lambda line: str(line.unit.target or ""), right=True),
        Column(lambda: _("Heads"), 6, lambda line: str(line.unit.heads), right=True, leave=1),
        Column(lambda: _("Reached"), 7, _rate, right=True),
    ]
    for place, kind in enumerate(kinds):
        if kind == "head":
            title = functools.partial(_, "Rule {number}", number=place + 1)
            columns.append(_amounts(found, title, [place]))
    prizes = [place for place, kind in enumerate(kinds) if kind == "prize"]
    if prizes:
        columns.append(_amounts(found, lambda: _("Prize"), prizes))
    together = max((cell_len(money(line.total_fen)) for line in found.lines), default=0)
    columns.append(
        Column(
            lambda: _("Together"), max(8, together), lambda line: money(line.total_fen), right=True
        )
    )
    return columns


def _amounts(found: FundSheet, title: Callable[[], str], places: Sequence[int]) -> Column[UnitLine]:
    """Give a column of what the first of some rules gives, as wide as its longest text."""

    def share_of(line: UnitLine) -> Share | None:
        return next((share for place in places if (share := line.shares[place])), None)

    def text(line: UnitLine) -> str:
        share = share_of(line)
        if share is None or share.standing is Standing.NONE:
            return ""
        return money(share.amount_fen) or _(SHORT[share.standing])

    width = max([cell_len(title()), *(cell_len(text(line)) for line in found.lines)])
    return Column(title, width, text, right=True, tone=lambda line: _tone(share_of(line)))


def _tone(share: Share | None) -> str:
    return "" if share is None else _TONES.get(share.standing, "good")


def _rate(line: UnitLine) -> str:
    return percent(tenths_of_a_percent(line.ranked_heads, line.unit.target))
