"""Entering a ledger's people: receipt by receipt, and who has to stay out and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import _
from townshipdesk.services import collection_check as check
from townshipdesk.services.payments import PaymentOrder, pay, refusals
from townshipdesk.store import collection_rows, deposit_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.services.work import Work
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class Entered:
    """What entering gave: people enrolled, and rows that could not be any more, with why.

    `waiting` are those who only share a receipt with somebody left out: they are entered without
    them when the ledger is closed so.
    """

    enrolled: int
    left_out: tuple[tuple[str, str], ...]
    complete: bool
    waiting: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Count:
    enrolled: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)

    def entered(self, *, complete: bool) -> Entered:
        """Give it as it is told."""
        return Entered(self.enrolled, tuple(self.left_out), complete, tuple(self.waiting))


def enter_rows(
    office: Office,
    actor: Actor,
    found: Row,
    rows: list[Row],
    payer_group: str | None,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
    *,
    leave_out: bool,
) -> Entered:
    """Enter the rows that are not set aside, each receipt for itself; complete unless stopped.

    `found` is the ledger they are of. With `leave_out` those who share a receipt with somebody who
    cannot be entered are entered without that person; else the whole receipt waits.
    """
    standing = [row for row in rows if row["aside_why"] is None]
    groups = [list(group) for _key, group in groupby(standing, key=check.receipt_key)]
    count = _Count()
    for number, group in enumerate(groups):
        if cancelled is not None and cancelled():
            return count.entered(complete=False)
        order = _order(found, group, payer_group)
        _enter_receipt(office, actor, order, group, count, leave_out=leave_out)
        if progress is not None:
            progress(number + 1, len(groups))
    return count.entered(complete=True)


def _enter_receipt(
    office: Office,
    actor: Actor,
    order: PaymentOrder,
    group: list[Row],
    count: _Count,
    *,
    leave_out: bool,
) -> None:
    """Enter a receipt's people; those left after somebody is left out under the same key.

    So a receipt that was entered is known again, whoever of it stood first.
    """
    try:
        payment = pay(office, actor, order)
    except DeskError as error:
        refused = refusals(office, order)
        rest = [row for row in group if row["resident_id"] not in refused]
        if not refused:  # nobody alone: the receipt as it stands
            count.left_out += [(row["document_number"], _say(error)) for row in group]
            return
        count.left_out += [
            (row["document_number"], _say(refused[row["resident_id"]]))
            for row in group
            if row["resident_id"] in refused
        ]
        if leave_out and rest:
            _enter_receipt(office, actor, _without(order, rest), rest, count, leave_out=True)
        elif rest:
            name = next(row["name"] for row in group if row["resident_id"] in refused)
            said = _("On one receipt with {name}.", name=name)
            count.waiting += [(row["document_number"], said) for row in rest]
        return
    paid = {line.resident_id for line in payment.lines}
    count.enrolled += len(paid)
    # Closed without somebody, stopped, and taken up again: the receipt stands without that person.
    count.left_out += [
        (row["document_number"], _("Left out when the ledger was entered before."))
        for row in group
        if row["resident_id"] not in paid
    ]


def _say(error: DeskError) -> str:
    return _(error.message, **error.values)


def _order(found: Row, group: list[Row], payer_group: str | None) -> PaymentOrder:
    return PaymentOrder(
        resident_ids=tuple(row["resident_id"] for row in group),
        channel="village",
        voucher=group[0]["receipt"],
        expected_due_fen=sum(row["own_fen"] for row in group),
        year=found["year"],
        confirmed_no_coverage=False,
        paid_at=parse_moment(group[0]["paid_at"]),
        payer_group=payer_group,
        operation_key=collection_rows.operation_key(found["uid"], group[0]["id"]),
    )


def _without(order: PaymentOrder, rest: list[Row]) -> PaymentOrder:
    """Give the order for those who are left."""
    return replace(
        order,
        resident_ids=tuple(row["resident_id"] for row in rest),
        expected_due_fen=sum(row["own_fen"] for row in rest),
    )


def settle_deposit(w: Work, found: Row) -> None:
    """Let the deposit that came before stand against the cash that is entered now.

    What a school or a department collected counts as its people's villages' cash, as they pay it;
    the one deposit stands in parts, one for each village.
    """
    stands = collection_rows.deposited(w.conn, found["id"])
    if stands is None:
        raise AssertionError("a ledger is entered when its money is at the bank")
    taken = collection_rows.cash_entered(w.conn, found["uid"])
    for village_id, group in groupby(taken, key=lambda row: row["village_id"]):
        days = [(row["day"], row["fen"]) for row in group]
        deposit_rows.insert(
            w.conn,
            uid=new_uid(),
            village_id=village_id,
            amount_fen=sum(fen for _day, fen in days),
            bank_reference=stands.bank_reference,
            deposited_on=stands.deposited_on,
            at=w.moment,
            staff_id=w.actor.staff_id,
            days=days,
        )
