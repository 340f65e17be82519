"""How things stand in supervision, in a few words for each section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from townshipdesk.services.office import Office


@dataclass(frozen=True, slots=True)
class State:
    """A sentence (asked for again in another language) and how urgent it is."""

    words: Callable[[], str]
    tone: str = "quiet"


UNKNOWN: Final = State(lambda: "…")


def states(office: Office) -> dict[str, State]:
    """Find out how each section stands. Takes a moment: the shipped policy text is read too."""
    found = {}
    for name, look in _LOOKS.items():
        try:
            found[name] = look(office)
        except DeskError as error:
            found[name] = _error(error)
    return found


def _error(error: DeskError) -> State:
    return State(lambda: _(error.message, **error.values), "warning")


def _refunds(office: Office) -> State:
    from townshipdesk.services import refund_desk

    rows = refund_desk.listed(office, refund_desk.WAITING)
    if not rows:
        return State(lambda: _("none waits"))
    oldest = max(row.waits_days for row in rows)
    return State(
        lambda: _("{count} wait, the oldest for {days} days", count=len(rows), days=oldest), "good"
    )


def _settings(office: Office) -> State:
    from townshipdesk.services import open_settings

    rows = open_settings.open_settings(office)
    missing = [row for row in rows if row.kind == open_settings.MONEY and row.asked]
    unset = [row for row in missing if not row.value]
    extension = any(row.key == "extension_open" and row.value for row in rows)

    def words() -> str:
        said = _("{done} of {all} amounts set", done=len(missing) - len(unset), all=len(missing))
        return said + "   " + _("extension open") if extension else said

    return State(words, "good" if extension else "quiet")


def _policy(office: Office) -> State:
    from townshipdesk.services import policies

    state = policies.state(office)
    if state.differs:
        return State(
            lambda: _("{policy}: this program brings another text", policy=state.policy_id),
            "warning",
        )
    return State(
        lambda: _(
            "{policy}: {count} payments decided on it",
            policy=display_text(state.policy_id),
            count=state.payments,
        )
    )


def _staff(office: Office) -> State:
    from townshipdesk.services import staffing

    people = [person for person in staffing.colleagues(office) if person.active]
    supervisors = sum(person.role == "supervisor" for person in people)
    said = N_("{count} at work, {supervisors} of them supervisors")
    tone = "warning" if supervisors < _ENOUGH_SUPERVISORS else "quiet"
    return State(lambda: _(said, count=len(people), supervisors=supervisors), tone)


_ENOUGH_SUPERVISORS: Final = 1


def _clock(office: Office) -> State:
    from townshipdesk.services import settings

    now = office.now()
    if office.is_training:
        return State(lambda: _("stands at {moment}", moment=f"{now:%Y-%m-%d %H:%M}"))
    jump = settings.clock_jump(office)
    if jump is not None:
        return State(lambda: _("it has jumped: confirm it or set it right"), "bad")
    return State(lambda: _("goes on from the last work"))


def _backup(office: Office) -> State:
    from townshipdesk.services import backup

    folder = backup.backup_folder(office)
    if folder is None:
        return State(lambda: _("no folder chosen: there are no automatic backups"), "warning")
    if not folder.is_dir():
        return State(lambda: _("the folder is not there: is the stick in?"), "warning")
    made = backup.generations(office, folder)
    if not made:
        return State(lambda: _("none made yet"), "warning")
    newest = max(made.values())
    count = len(made)
    return State(
        lambda: _("last {moment}, {count} kept", moment=f"{newest:%Y-%m-%d %H:%M}", count=count)
    )


def _verify(office: Office) -> State:
    from townshipdesk.services import audit_search

    rows = audit_search.count(office)
    return State(lambda: _("{count} entries to be held against everything else", count=rows))


def _log(office: Office) -> State:
    from townshipdesk.services import audit_search

    rows = audit_search.search(office, audit_search.AuditQuestion(), limit=1)
    if not rows:
        return State(lambda: _("empty"))
    last = rows[0]
    return State(
        lambda: _(
            "last entry no. {number}, {moment}",
            number=last.number,
            moment=f"{last.at:%Y-%m-%d %H:%M}",
        )
    )


_LOOKS: Final = {
    "refunds": _refunds,
    "settings": _settings,
    "policy": _policy,
    "staff": _staff,
    "clock": _clock,
    "backup": _backup,
    "verify": _verify,
    "log": _log,
}
