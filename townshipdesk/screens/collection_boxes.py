"""The boxes at the gates of a ledger: counted by hand, reviewed, deposited, entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.running import RunningBox
from townshipdesk.services import collections
from townshipdesk.services.collection_check import Counted
from townshipdesk.services.collection_entering import Entered
from townshipdesk.services.collections import Collection
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from datetime import date

    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

NAMED: Final = 10
WHOLE: Final = 20


class CountBox(FormBox[bool]):
    """Asks what was counted by hand; nothing of the file is filled in before."""

    WIDTH: ClassVar[int] = 70

    def __init__(self, session: Session, ledger: Collection, *, by_household: bool = True) -> None:
        """`by_household` is False for a list without households: schools have none to count."""
        self._session = session
        self._ledger = ledger
        self._by_household = by_household
        super().__init__()

    def box_title(self) -> str:
        """Name the ledger."""
        return _("Counted by hand: {name}", name=display_text(self._ledger.body))

    def fields(self) -> Sequence[Field]:
        """Pages, households, heads, the paper's sum, the cash."""
        households = Field("count-households", N_("Households on paper"), needed=True)
        return (
            Field("pages", N_("Pages of the paper"), needed=True),
            *((households,) if self._by_household else ()),
            Field("heads", N_("Heads on paper"), needed=True),
            Field("paper", N_("Sum of the paper"), "money", needed=True),
            Field("counted-cash", N_("Cash handed over"), "money", needed=True),
        )

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Pass the gate. Raises RuleError naming every count that differs."""
        pages, heads = whole(values["pages"]), whole(values["heads"])
        # Without households each person of the list counts as one of their own.
        households = whole(values["count-households"]) if self._by_household else heads
        counted = Counted(pages, households, heads, values["paper"], values["counted-cash"])
        who, uid = self._session.who, self._ledger.uid
        await self._session.apart(lambda office: collections.count(office, who, uid, counted))
        return True


class ReviewBox(FormBox[bool]):
    """Asks for the number of the county's paper."""

    def __init__(self, session: Session, reviewer: Actor, ledger: Collection) -> None:
        self._session = session
        self._reviewer = reviewer
        self._ledger = ledger
        super().__init__()

    def box_title(self) -> str:
        """Name the ledger."""
        return _("County's review: {name}", name=display_text(self._ledger.body))

    def fields(self) -> Sequence[Field]:
        """The paper's number."""
        return (Field("document", N_("Paper no."), needed=True),)

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it, as the supervisor."""
        by, uid, document = self._reviewer, self._ledger.uid, values["document"]
        await self._session.apart(lambda office: collections.review(office, by, uid, document))
        return True


class DepositBox(FormBox[bool]):
    """Asks for the bank's reference, the sum and the day."""

    WIDTH: ClassVar[int] = 70

    def __init__(self, session: Session, ledger: Collection) -> None:
        self._session = session
        self._ledger = ledger
        super().__init__()

    def box_title(self) -> str:
        """Name the ledger."""
        return _("Deposit: {name}", name=display_text(self._ledger.body))

    def fields(self) -> Sequence[Field]:
        """Sum, reference, day."""
        return (
            Field("paid-in", N_("Amount"), "money", value=self._ledger.amount_fen, needed=True),
            Field("reference", N_("Bank's reference"), needed=True),
            Field("paid-in-on", N_("Day"), "day", value=self._session.office.today(), needed=True),
        )

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it. Raises RuleError for another sum than was counted."""
        who, uid = self._session.who, self._ledger.uid
        amount_fen, on_day = values["paid-in"], values["paid-in-on"]
        reference = values["reference"]
        await self._session.apart(
            lambda office: collections.record_deposit(
                office, who, uid, amount_fen, reference, on_day
            )
        )
        return True


class CorrectDepositBox(FormBox[bool]):
    """Asks what is right of a deposit that was typed wrongly, and why."""

    WIDTH: ClassVar[int] = 70
    START: ClassVar[str] = "right-reference"

    def __init__(
        self, session: Session, by: Actor, ledger: Collection, stands: tuple[str, date]
    ) -> None:
        """`stands` are reference and day as they are recorded now."""
        self._session = session
        self._by = by
        self._ledger = ledger
        self._stands = stands
        super().__init__()

    def box_title(self) -> str:
        """Name the ledger."""
        return _("Correct the deposit: {name}", name=display_text(self._ledger.body))

    def fields(self) -> Sequence[Field]:
        """Reference and day as they stand, the reason."""
        reference, day = self._stands
        return (
            Field("right-reference", N_("Bank's reference"), value=reference, needed=True),
            Field("right-day", N_("Day"), "day", value=day, needed=True),
            Field("why", N_("Reason"), needed=True),
        )

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it, as the supervisor. Raises RuleError where nothing would change."""
        by, uid, why = self._by, self._ledger.uid, values["why"]
        reference, on_day = values["right-reference"], values["right-day"]
        await self._session.apart(
            lambda office: collections.correct_deposit(office, by, uid, reference, on_day, why)
        )
        return True


class EnteringBox(RunningBox[Entered]):
    """Enters receipt after receipt; what was stopped is taken up again where it was left."""

    def __init__(
        self,
        session: Session,
        ledger: Collection,
        names: Mapping[str, str],
        *,
        leave_out: bool = False,
    ) -> None:
        """`names` are those of the ledger by document number, for who could not be entered."""
        super().__init__(session)
        self._ledger = ledger
        self._names = names
        self._leave_out = leave_out
        self._who: Actor = session.who
        self.left_out: tuple[tuple[str, str], ...] = ()
        self.waiting: tuple[tuple[str, str], ...] = ()

    def box_title(self) -> str:
        """Name the ledger."""
        return _("Entering: {name}", name=display_text(self._ledger.body))

    def do(self, office: Office) -> Entered:
        """Enrol everybody."""
        done = collections.enter(
            office,
            self._who,
            self._ledger.uid,
            self._tell,
            self.stopped,
            leave_out=self._leave_out,
        )
        if not self.stopped() and not done.complete:
            self.left_out, self.waiting = done.left_out, done.waiting
        return done

    def _tell(self, done: int, all_of_them: int) -> None:
        self.report(done, all_of_them, N_("writing"))

    def said(self, result: Entered) -> Content:
        """Say who was enrolled and who was left out."""
        lines = [
            styled("✓ " + _("{count} people enrolled", count=result.enrolled), "bold $text-success")
        ]
        if not result.complete and not result.left_out:
            said = _("Stopped. F3 goes on where it was left.")
            lines.append(styled(said, "$text-warning"))
        if result.left_out:
            said = _("{count} could not be entered:", count=len(result.left_out))
            lines.append(styled(said, "$text-warning"))
            lines += [
                Content(
                    f"  {display_text(self._names.get(number, ''))} {mask_number(number)}  {why}"
                )
                for number, why in result.left_out[:NAMED]
            ]
        if result.waiting:
            said = _("{count} more share a receipt with them and wait:", count=len(result.waiting))
            lines.append(styled(said, "$text-warning"))
            names = (self._names.get(number, "") for number, _why in result.waiting[:NAMED])
            lines.append(Content("  " + _("; ").join(map(display_text, names))))
        return Content("\n").join(lines)


def whole(text: str) -> int:
    """Read a count. Raises UsageError for anything but a whole number."""
    cleaned = text.strip()
    if not (cleaned.isascii() and cleaned.isdigit()):
        raise UsageError(N_("This is not a whole number: {text}"), text=cleaned[:WHOLE])
    return int(cleaned)
