"""Subsidy identities: adding, ending, their history, and what they would change today.

An identity counts from the day a list or the desk brought it, and never before: what was paid
earlier stays as it was decided (003 二(二): as held at payment, paid is paid; the same decision for
the other policies). A department stands behind every identity, since none of the policies lets the
desk grant one on what somebody says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.services import people, quotes
from townshipdesk.services.office import Office
from townshipdesk.services.people_records import HeldIdentity
from townshipdesk.services.register import living
from townshipdesk.services.staff import Actor
from townshipdesk.services.work import work
from townshipdesk.store import identity_rows, people_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.policy.words import Named

DISABILITY: Final = "disability"


class WouldHold(NamedTuple):
    """An identity somebody would hold, with what a disability certificate says (grade 1 to 4)."""

    code: str
    disability_kind: str | None = None
    disability_grade: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of identities would do to today's price.

    `frozen`: this year is paid, so nothing changes for it, whatever the two quotes say.
    """

    now: Quote
    then: Quote
    frozen: bool

    @property
    def difference_fen(self) -> int | None:
        """How much more the person would owe; None where one of the two has no price."""
        if self.now.due_fen is None or self.then.due_fen is None:
            return None
        return self.then.due_fen - self.now.due_fen


class LateList(NamedTuple):
    """A department whose list came after the policy's last day for it, with the clause."""

    department: Named
    deadline: date
    clause: str

    def text(self) -> str:
        """Say it in a sentence, in the language in force."""
        return _(
            "The list of {department} was due by {deadline} ({clause}); it is late.",
            department=self.department.text(language()),
            deadline=self.deadline,
            clause=self.clause,
        )


def late_lists(office: Office, codes: Iterable[str], listed_on: date) -> tuple[LateList, ...]:
    """Give the departments whose lists of these identities are late when they come on that day."""
    wanted = set(codes)
    return tuple(
        LateList(department.name, department.deadline, department.basis.clause)
        for department in office.policy.departments.values()
        if department.deadline is not None
        and department.late(listed_on)
        and not wanted.isdisjoint(department.codes)
    )


def add_identity(
    office: Office,
    actor: Actor,
    resident_id: int,
    code: str,
    from_on: date,
    department: str,
    *,
    disability_kind: str | None = None,
    disability_grade: int | None = None,
    note: str = "",
) -> str:
    """Enter an identity and give its uid; it counts from today on, or from a later `from_on`.

    Raises UsageError for an unknown code, a missing department, a disability without its grade,
    RuleError (`identity-held`) when the person holds it already.
    """
    check_identity(code, disability_kind, disability_grade)
    if not clean_text(department):
        raise UsageError(
            N_("Which department's list names this person? An identity needs one."),
            code="department-missing",
        )
    with work(office, actor) as w:
        row = living(w.conn, resident_id)
        if identity_rows.still_open(w.conn, resident_id, code):
            raise RuleError(
                N_("This person holds this identity already. End it first to enter it anew."),
                code="identity-held",
            )
        uid = identity_rows.insert(
            w.conn,
            resident_id=resident_id,
            code=code,
            from_on=from_on.isoformat(),
            listed_on=w.day.isoformat(),
            department=clean_text(department),
            at=w.moment,
            staff_id=w.actor.staff_id,
            disability_kind=disability_kind,
            disability_grade=disability_grade,
            note=clean_text(note),
        )
        w.note("identity.added", row["uid"], {"identity": uid, "code": code})
        return uid


def end_identity(
    office: Office, actor: Actor, identity_uid: str, on: date, reason: str = ""
) -> None:
    """End an identity; `on` is the first day it no longer counts. It is never deleted.

    Raises NotFoundError, RuleError (`identity-ended`), UsageError for a day before it began.
    """
    with work(office, actor) as w:
        row = identity_rows.by_uid(w.conn, identity_uid)
        if row is None:
            raise NotFoundError(N_("There is no such identity in this office."))
        if row["ended_on"] is not None:
            raise RuleError(N_("This identity has ended already."), code="identity-ended")
        if on.isoformat() < row["from_on"]:
            raise UsageError(N_("An identity cannot end before it begins."), code="days-swapped")
        identity_rows.end(
            w.conn,
            row["id"],
            ended_on=on.isoformat(),
            at=w.moment,
            staff_id=w.actor.staff_id,
            reason=clean_text(reason),
        )
        w.note(
            "identity.ended",
            row["resident_uid"],
            {"identity": identity_uid, "code": row["code"], "on": on.isoformat()},
        )


def history(office: Office, resident_id: int) -> tuple[HeldIdentity, ...]:
    """Give every identity somebody holds or held, those without an end first."""
    with office.database.snapshot() as conn:
        live = people_rows.live_enrolment(conn, resident_id, office.year)
        paid_on = None if live is None else date.fromisoformat(live["paid_at"][:10])
        return tuple(
            people.held_identity(row, office.today(), paid_on)
            for row in identity_rows.history(conn, resident_id)
        )


def effect(
    office: Office,
    resident_id: int,
    add: Iterable[WouldHold | str] = (),
    end: Iterable[str] = (),
) -> Effect:
    """Give today's quote as things are and as they would be with identities added and ended.

    Nothing is saved. `end` holds codes. For somebody who has paid this year both quotes tell what
    would have been due, and the effect is `frozen`.
    """
    added = [one if isinstance(one, WouldHold) else WouldHold(one) for one in add]
    gone = set(end)
    today = office.today().isoformat()
    with office.database.snapshot() as conn:
        held = identity_rows.held_on(conn, resident_id, today)
        frozen = people_rows.live_enrolment(conn, resident_id, office.year) is not None
        unpaid = {"already_enrolled": "no"} if frozen else {}
        codes = [row["code"] for row in held if row["code"] not in gone]
        codes += [one.code for one in added if one.code not in codes]
        now = quotes.quote_for(office, resident_id, changes=unpaid or None)
        then = quotes.quote_for(
            office,
            resident_id,
            identities=codes,
            changes=unpaid | _disability_facts(added),
        )
    return Effect(now, then, frozen)


def check_identity(code: str, disability_kind: str | None, disability_grade: int | None) -> None:
    """Raise UsageError unless an identity is one of the contract's and complete."""
    from townshipdesk.policy import codes

    if code not in codes.IDENTITY_CODES:
        raise UsageError(
            N_("There is no identity {identity}. Allowed: {allowed}."),
            code="unknown-identity",
            identity=code,
            allowed=", ".join(codes.IDENTITY_CODES),
        )
    if code != DISABILITY:
        if disability_kind is not None or disability_grade is not None:
            raise UsageError(N_("Only a disability has a kind and a grade."), code="disability")
        return
    if disability_grade not in (1, 2, 3, 4):
        raise UsageError(N_("A disability needs its grade, 1 to 4."), code="disability-grade")
    if disability_kind is not None and disability_kind not in codes.DISABILITY_KINDS:
        raise UsageError(
            N_("There is no kind of disability {kind}. Allowed: {allowed}."),
            code="disability-kind",
            kind=disability_kind,
            allowed=", ".join(codes.DISABILITY_KINDS),
        )


def _disability_facts(added: list[WouldHold]) -> dict[str, str]:
    """Give the grade and kind to ask with when a disability comes.

    When one goes its identity goes, and a grade alone means nothing to a policy.
    """
    for one in added:
        if one.code == DISABILITY and one.disability_grade is not None:
            facts = {"disability_grade": str(one.disability_grade)}
            if one.disability_kind is not None:
                facts["disability_kind"] = one.disability_kind
            return facts
    return {}
