"""What can be done with the resident on the desk: each step opens its boxes one after the other."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_

if TYPE_CHECKING:
    from townshipdesk.screens.desk import DeskScreen
    from townshipdesk.screens.resident_text import View

Flow = Callable[["DeskScreen", "View"], Coroutine[Any, Any, None]]


def _begin(flow: Flow) -> Callable[[DeskScreen], None]:
    """Make a step of a flow: it runs beside the keys, for the resident shown when it began."""

    def step(screen: DeskScreen) -> None:
        view = screen.view
        if view is not None:
            screen.run_worker(flow(screen, view), name=f"step{flow.__name__}", exit_on_error=False)

    return step


async def _pay(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.pay import PayBox, payers
    from townshipdesk.screens.receipt import ReceiptBox

    marked = screen.pane.marked_ids() or (view.card.person.resident_id,)
    lines = payers(screen.session.office, view.card, marked)
    if not lines:
        screen.tell(N_("Nobody who is marked can pay now."))
        return
    payment = await screen.app.push_screen_wait(PayBox(screen.session, lines))
    if payment is not None:
        screen.pane.members.marked.clear()
    screen.reload()
    if payment is None:
        return
    screen.back_to_lookup()  # before the receipt: what is scanned over it stays in the box
    await screen.app.push_screen_wait(ReceiptBox(screen.session, payment.receipt))
    await screen.mark_seen(payment.operation_key)


async def _reveal(screen: DeskScreen, view: View) -> None:
    from townshipdesk.services import reveal

    if not view.revealed:
        try:
            await screen.session.apart(
                lambda office: reveal.reveal_numbers(
                    office, screen.session.who, view.card.person.resident_id
                )
            )
        except DeskError as error:
            screen.tell_error(error)
            return
    if screen.view is not None:
        screen.pane.show(
            replace(screen.view, revealed=not view.revealed),
            screen.pane.quotes,
            keep=True,
        )


def _box_step(module: str, name: str) -> Flow:
    """Make the flow of a box over the resident, who is read again after it."""

    async def flow(screen: DeskScreen, view: View) -> None:
        made = getattr(importlib.import_module(module), name)(screen.session, view)
        await screen.app.push_screen_wait(made)
        screen.reload()

    flow.__name__ = name
    return flow


async def _why(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.why import WhyBox

    await screen.app.push_screen_wait(WhyBox(view))


async def _when(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.why import WhyBox

    await screen.app.push_screen_wait(WhyBox(view, when=True))


def register(screen: DeskScreen, number: str = "", *, converted: bool = False) -> None:
    """Register somebody, with what the number tells already filled in, and open the resident."""

    async def flow() -> None:
        from townshipdesk.screens.register import RegisterBox

        box = RegisterBox(screen.session, number, converted=converted)
        made = await screen.app.push_screen_wait(box)
        if made is not None:
            screen.open_resident(made)

    screen.run_worker(flow(), name="register", exit_on_error=False)


async def _newborn(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.register import RegisterBox

    box = RegisterBox(screen.session, beside=view.card.person, newborn=True)
    made = await screen.app.push_screen_wait(box)
    if made is not None:
        screen.open_resident(made)


async def _facts(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.facts import FactsBox

    box = FactsBox(screen.session, view)
    if not box.fields():
        screen.tell(N_("This policy asks nothing more about a person."))
        return
    await screen.app.push_screen_wait(box)
    screen.reload()


async def _paper(screen: DeskScreen, view: View) -> None:
    from townshipdesk.screens.record import PaperBox

    found = await screen.app.push_screen_wait(PaperBox(screen.session, view))
    if found is not None:
        screen.open_resident(found)


def _step(module: str, name: str) -> Callable[[DeskScreen], None]:
    return _begin(_box_step(f"townshipdesk.screens.{module}", name))


READING: Final = frozenset({"why", "when", "what-if", "reveal", "receipts", "identities"})
"""What an auditor does too; every other step changes something and is refused kindly."""

STEPS: Final[Mapping[str, Callable[[DeskScreen], None]]] = {
    "pay": _begin(_pay),
    "identities": _step("identities", "IdentitiesBox"),
    "refund": _step("refund_request", "RefundBox"),
    "receipts": _step("receipts", "ReceiptsBox"),
    "undo": _step("undo", "UndoBox"),
    "register": register,
    "why": _begin(_why),
    "when": _begin(_when),
    "what-if": _step("what_if", "WhatIfBox"),
    "reveal": _begin(_reveal),
    "ruling": _step("ruling", "RulingBox"),
    "correct": _step("record", "CorrectBox"),
    "move": _step("record", "MoveBox"),
    "paper": _begin(_paper),
    "newborn": _begin(_newborn),
    "insured": _step("record", "InsuredBox"),
    "facts": _begin(_facts),
    "death": _step("record", "DeathBox"),
    "moved-away": _step("record", "MovedAwayBox"),
}
