"""Steps that need a supervisor: who works here does them, or another person signs in for one step.

The clerk stays signed in; the other person is the actor of that one step and of nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from textual.screen import Screen

    from townshipdesk.screens.session import Session
    from townshipdesk.services.staff import Actor

AUDITOR = N_("An auditor reads everything and changes nothing.")


def may_change(screen: Screen[Any], session: Session) -> bool:
    """Tell whether whoever works here may change something, and say it kindly where not."""
    if session.actor is None:
        return False
    if not session.actor.may_change:
        screen.app.notify(_(AUDITOR), severity="warning", markup=False)
        return False
    return True


async def supervisor_for_step(
    screen: Screen[Any], session: Session, *, not_by: int | None = None
) -> Actor | None:
    """Give a supervisor for one step; None when nobody signed in or an auditor works here.

    `not_by` is the staff number of somebody who may not do this step, such as the one who took an
    application in. Only to be awaited in a worker.
    """
    from townshipdesk.screens.sign_in import SignInBox

    if not may_change(screen, session):
        return None
    if session.who.is_supervisor and session.who.staff_id != not_by:
        return session.who
    return await screen.app.push_screen_wait(SignInBox(session, may_go_back=True, supervisor=True))
