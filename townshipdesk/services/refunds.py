"""Refunds (退费): asked for by one, approved by another, paid out, with everything in the ledger.

The policy answers when the application comes in; what it answered is kept with the request. Money
leaves the ledger when the refund is paid out: the person's own part to the payee, each subsidy
back to its source.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import NotFoundError, NotPermittedError, RuleError, UsageError
from townshipdesk.i18n import N_, _
from townshipdesk.services.work import Work, check_year, work
from townshipdesk.store import ledger_digest, money_rows, refund_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.policy import RefundAnswer
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row

GROUNDS: Final = ("death", "duplicate", "employee-insurance", "changed-mind", "moved-away")
STATE_WORDS: Final = {
    "requested": N_("requested"),
    "approved": N_("approved"),
    "paid": N_("paid out"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
}
PAYOUT_CHANNEL: Final = "bank"
"""Refunds go to an account (开户行、账号 on the form), so they never touch the cash drawer."""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """An application: the ground, the proof shown, and to whom the money goes.

    `year` is the year whose payment the clerk saw: if the office has gone on, nothing is written.
    """

    resident_id: int
    ground: str
    payee: str
    account: str
    proof: str = ""
    payee_relation: str = ""
    bank: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund and where it stands. Amounts in fen; `year` is that of the cover paid for."""

    uid: str
    number: str
    state: str
    resident_id: int
    entry_uid: str
    year: int
    paid_at: datetime
    ground: str
    proof: str
    payee: str
    payee_relation: str
    bank: str
    account: str
    individual_fen: int
    subsidy_fen: int
    ends_enrolment: bool
    answer: RefundAnswer
    requested_at: datetime
    requested_name: str
    requested_by: int
    decided_at: datetime | None
    decided_name: str | None
    settled_at: datetime | None
    settled_name: str | None
    why: str
    document_number: str


class RefundRefusedError(RuleError):
    """The policy does not allow the refund. Carries its answer."""

    def __init__(self, answer: RefundAnswer) -> None:
        super().__init__(
            "The policy does not allow this refund: {reason} Nothing was changed.",
            code=answer.reason or "refused",
            reason=" ".join(note.text() for note in answer.notes if note.code == answer.reason),
        )
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Case:
    """The payment an application is about (its ledger row), and what the policy answers."""

    entry: Row
    answer: RefundAnswer
    subsidies: tuple[tuple[str, str, int], ...] = field(default=())


def check(
    office: Office, resident_id: int, ground: str, at: datetime | None = None
) -> RefundAnswer:
    """Say whether a resident's payment may be refunded on a ground; nothing is changed.

    Raises RuleError when there is no payment that stands, UsageError for an unknown ground.
    """
    with office.database.snapshot():
        return case_for(office, resident_id, ground, at or office.now()).answer


def request(office: Office, actor: Actor, new: RefundRequest) -> Refund:
    """Take an application in. The rule's answer is decided as of now and kept.

    A refund the policy refers (`refer`) can be asked for; its approval then needs a document
    number. Raises RefundRefusedError with the answer, RuleError when nothing was paid or a refund
    is under way, UsageError for a missing payee or account.
    """
    if not new.payee.strip() or not new.account.strip():
        raise UsageError("A refund needs the payee and the account it goes to.")
    with work(office, actor) as w:
        check_year(office, new.year)
        case = case_for(office, new.resident_id, new.ground, w.at)
        if case.answer.decision == "refuse":
            raise RefundRefusedError(case.answer)
        live = refund_rows.live_refund_of(w.conn, case.entry["id"])
        if live is not None:
            raise RuleError(
                "Refund {number} is under way for this payment.",
                code="refund-under-way",
                number=live["number"],
            )
        uid, number = new_uid(), f"TF{refund_rows.next_number(w.conn):06d}"
        individual_fen, subsidy_fen = _amounts(case)
        refund_rows.insert(
            w.conn,
            refund_rows.NewRefund(
                uid=uid,
                number=number,
                enrolment_id=case.entry["enrolment_id"],
                entry_id=case.entry["id"],
                ground=new.ground,
                proof=new.proof.strip(),
                payee=new.payee.strip(),
                payee_relation=new.payee_relation.strip(),
                bank=new.bank.strip(),
                account=new.account.strip(),
                answer=json.dumps(case.answer.to_record(), ensure_ascii=False),
                individual_fen=individual_fen,
                subsidy_fen=subsidy_fen,
                ends_enrolment=_ends(case),
                requested_at=w.moment,
                requested_by=actor.staff_id,
            ),
        )
        w.note(
            "refund.requested",
            uid,
            {
                "number": number,
                "entry": case.entry["uid"],
                "ground": new.ground,
                "individual_fen": individual_fen,
                "subsidy_fen": subsidy_fen,
                "answer": case.answer.decision,
            },
        )
        return from_row(_row(w, number))


def approve(
    office: Office, actor: Actor, number: str, why: str = "", document_number: str = ""
) -> Refund:
    """Approve a request; only a supervisor who is not the one who took the application in.

    Where the policy referred, the approval needs the reason and a document number.
    """
    with work(office, actor, supervisor=True) as w:
        row = _step(w, number, "requested")
        _check_other_person(row, actor)
        if json.loads(row["answer"])["decision"] == "refer" and not (
            why.strip() and document_number.strip()
        ):
            raise UsageError(
                "The documents are silent here: approving needs a reason and a document number."
            )
        refund_rows.decide(
            w.conn,
            row["id"],
            "approved",
            w.moment,
            actor.staff_id,
            why.strip(),
            document_number.strip(),
        )
        w.note(
            "refund.approved",
            row["uid"],
            {"number": number, "why": why.strip(), "document_number": document_number.strip()},
        )
        return from_row(_row(w, number))


def reject(office: Office, actor: Actor, number: str, why: str) -> Refund:
    """Reject a request, with a reason; only a supervisor who did not take it in."""
    if not why.strip():
        raise UsageError("Rejecting a refund needs a reason.")
    with work(office, actor, supervisor=True) as w:
        row = _step(w, number, "requested")
        _check_other_person(row, actor)
        refund_rows.decide(w.conn, row["id"], "rejected", w.moment, actor.staff_id, why.strip(), "")
        w.note("refund.rejected", row["uid"], {"number": number, "why": why.strip()})
        return from_row(_row(w, number))


def withdraw(office: Office, actor: Actor, number: str, why: str = "") -> Refund:
    """Withdraw a refund that has not been paid out; the payment stands."""
    with work(office, actor) as w:
        row = _step(w, number, "requested", "approved")
        refund_rows.settle(w.conn, row["id"], "withdrawn", w.moment, actor.staff_id, why.strip())
        w.note("refund.withdrawn", row["uid"], {"number": number, "why": why.strip()})
        return from_row(_row(w, number))


def pay_out(office: Office, actor: Actor, number: str) -> Refund:
    """Pay out an approved refund: the ledger shows it, and the enrolment ends where it must.

    Raises RuleError for a refund in another state or on a closed day.
    """
    with work(office, actor) as w:
        row = _step(w, number, "approved")
        day = w.open_day()
        key, uid = new_uid(), new_uid()
        _write_entry(w, row, key, uid, day)
        if row["ends_enrolment"]:
            money_rows.end_enrolment(w.conn, row["enrolment_id"], w.moment, day, "refund")
        refund_rows.settle(w.conn, row["id"], "paid", w.moment, actor.staff_id, "")
        money_rows.insert_operation(
            w.conn,
            key,
            "refund",
            actor.desk,
            actor.staff_id,
            w.moment,
            json.dumps({"refund": number, "entry": uid}),
        )
        w.note(
            "refund.paid",
            row["uid"],
            {
                "number": number,
                "operation": key,
                "entry": uid,
                "individual_fen": row["individual_fen"],
                "subsidy_fen": row["subsidy_fen"],
                "digest": ledger_digest.digest(w.conn, key),
            },
        )
        return from_row(_row(w, number))


def refund(office: Office, number: str) -> Refund:
    """Give a refund by its number. Raises NotFoundError."""
    row = refund_rows.by_number(office.conn, number)
    if row is None:
        raise NotFoundError("There is no refund {number}.", number=number[:40])
    return from_row(row)


def waiting(office: Office) -> list[Refund]:
    """Give what waits for approval or payout, longest first."""
    return [from_row(row) for row in refund_rows.in_states(office.conn, ("requested", "approved"))]


def of_resident(office: Office, resident_id: int) -> list[Refund]:
    """Give all refunds of a resident, newest first."""
    return [from_row(row) for row in refund_rows.of_resident(office.conn, resident_id)]


def case_for(office: Office, resident_id: int, ground: str, at: datetime) -> Case:
    """Give the payment a ground is about, and the policy's answer. Errors as with `check`."""
    from townshipdesk import policy

    if ground not in GROUNDS:
        raise UsageError(
            "There is no ground {ground}. Allowed: {allowed}.",
            ground=ground,
            allowed=", ".join(GROUNDS),
        )
    standing = money_rows.payments_of(office.conn, resident_id, office.year)
    if ground != "duplicate":
        standing = [row for row in standing if row["kind"] == "contribution"]
    if not standing:
        raise RuleError(
            "There is no payment of this year that could be refunded.", code="nothing-paid"
        )
    entry = standing[0]
    parts = money_rows.parts(office.conn, entry["id"])
    subsidies = tuple(part for part in parts if part[0] != "individual")
    by_source: dict[str, int] = {}
    for source, _code, amount_fen in subsidies:
        by_source[source] = by_source.get(source, 0) + amount_fen
    answer = policy.refund_check(
        office.policy,
        policy.RefundQuestion(
            paid_at=parse_moment(entry["paid_at"]),
            at=at,
            ground=ground,
            paid_fen=entry["individual_fen"],
            subsidies_fen=by_source,
        ),
    )
    return Case(entry, answer, subsidies)


def _amounts(case: Case) -> tuple[int, int]:
    """Give what goes back: as the policy says, or all of it where a supervisor is to decide."""
    if case.answer.decision == "refer":
        return case.entry["individual_fen"], case.entry["subsidy_fen"]
    subsidy_fen = sum(part.amount_fen for part in case.answer.subsidies)
    return case.answer.individual_fen or 0, subsidy_fen


def _ends(case: Case) -> bool:
    if case.answer.decision == "refer":
        return bool(case.entry["kind"] == "contribution")
    return bool(case.answer.ends_enrolment)


def _step(w: Work, number: str, *allowed: str) -> Row:
    row = _row(w, number)
    if row["state"] not in allowed:
        shown = STATE_WORDS[row["state"]]
        raise RuleError(
            "Refund {number} is {state}; this step is not possible any more.",
            code="refund-state",
            number=number,
            state=_(shown),
        )
    return row


def _check_other_person(row: Row, actor: Actor) -> None:
    if row["requested_by"] == actor.staff_id:
        raise NotPermittedError(
            "Another person than the one who took the application in must decide.",
            code="same-person",
        )


def _write_entry(w: Work, row: Row, key: str, uid: str, day: str) -> None:
    paid = money_rows.entry(w.conn, row["entry_id"])
    returned = [("individual", "", -row["individual_fen"])]
    if row["subsidy_fen"]:
        returned += [
            (source, identity, -amount_fen)
            for source, identity, amount_fen in money_rows.parts(w.conn, paid["id"])
            if source != "individual"
        ]
    money_rows.insert_entry(
        w.conn,
        money_rows.NewEntry(
            uid=uid,
            kind="refund",
            enrolment_id=row["enrolment_id"],
            resident_id=paid["resident_id"],
            village_id=paid["village_id"],
            year=paid["year"],
            day=day,
            paid_at=w.moment,
            entered_at=w.moment,
            channel=PAYOUT_CHANNEL,
            voucher="",
            staff_id=w.actor.staff_id,
            operation_key=key,
            parts=tuple(returned),
            refund_id=row["id"],
        ),
    )


def _row(w: Work, number: str) -> Row:
    row = refund_rows.by_number(w.conn, number)
    if row is None:
        raise NotFoundError("There is no refund {number}.", number=number[:40])
    return row


def from_row(row: Row) -> Refund:
    """Give a refund from its row in the store."""
    from townshipdesk.policy import RefundAnswer

    return Refund(
        uid=row["uid"],
        number=row["number"],
        state=row["state"],
        resident_id=row["resident_id"],
        entry_uid=row["entry_uid"],
        year=row["year"],
        paid_at=parse_moment(row["entry_paid_at"]),
        ground=row["ground"],
        proof=row["proof"],
        payee=row["payee"],
        payee_relation=row["payee_relation"],
        bank=row["bank"],
        account=row["account"],
        individual_fen=row["individual_fen"],
        subsidy_fen=row["subsidy_fen"],
        ends_enrolment=bool(row["ends_enrolment"]),
        answer=RefundAnswer.from_json(json.loads(row["answer"])),
        requested_at=parse_moment(row["requested_at"]),
        requested_name=row["requested_name"],
        requested_by=row["requested_by"],
        decided_at=parse_moment(row["decided_at"]) if row["decided_at"] else None,
        decided_name=row["decided_name"],
        settled_at=parse_moment(row["settled_at"]) if row["settled_at"] else None,
        settled_name=row["settled_name"],
        why=row["why"],
        document_number=row["document_number"],
    )
