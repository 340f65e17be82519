"""How things stand in supervision, in a few words for each section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.money import format_yuan_grouped
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


def _deposits(office: Office) -> State:
    from townshipdesk.services import deposits

    held = [one for one in deposits.cash_in_hand(office) if one.amount_fen > 0]
    if not held:
        return State(lambda: _("all cash is at the bank"))
    today = office.today()
    oldest = max(one.age_days(today) for one in held)
    amount = format_yuan_grouped(sum(one.amount_fen for one in held))
    return State(
        lambda: _(
            "{amount} yuan not at the bank, the oldest for {days} days", amount=amount, days=oldest
        ),
        "warning" if oldest else "quiet",
    )


def _books(office: Office) -> State:
    from townshipdesk.services import books

    out = [one for one in books.issues(office) if one.written_off_at is None]
    if not out:
        return State(lambda: _("No range is out."))
    left = sum(one.outstanding for one in out)
    done = sum(1 for one in out if not one.outstanding)
    return State(
        lambda: _(
            "{count} ranges out, {left} numbers left, {done} to be written off",
            count=len(out),
            left=left,
            done=done,
        )
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
    "deposits": _deposits,
    "books": _books,
    "settings": _settings,
    "policy": _policy,
    "staff": _staff,
    "clock": _clock,
    "backup": _backup,
    "verify": _verify,
    "log": _log,
}
