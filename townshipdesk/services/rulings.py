"""What a supervisor decides where the documents are silent: with a reason and a document number."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import DateSpan, parse_date
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.i18n import N_
from townshipdesk.services.work import check_year, work
from townshipdesk.store import fact_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row

RULED: Final = "ruling"
"""What stands as the window of a quote that a supervisor decided."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What is allowed: the rate before subsidies (fen), the cover, and what another source pays."""

    standard_fen: int
    coverage: DateSpan | None
    subsidy_fen: int = 0
    subsidy_source: str = "medical-assistance"
    subsidy_identity: str | None = None

    def to_json(self) -> dict[str, object]:
        """Give the grant as it is kept."""
        return {
            "standard_fen": self.standard_fen,
            "coverage": self.coverage.to_json() if self.coverage else None,
            "subsidy_fen": self.subsidy_fen,
            "subsidy_source": self.subsidy_source,
            "subsidy_identity": self.subsidy_identity,
        }


def rule(
    office: Office,
    actor: Actor,
    resident_id: int,
    grant: Grant,
    why: str,
    document_number: str,
    year: int | None = None,
) -> Quote:
    """Decide a referred case and give the quote that now holds; it is used by the next payment.

    `year` is the year the case was shown for: if the office has gone on, nothing is decided.

    Raises NotPermittedError for anybody but a supervisor, UsageError for a missing reason or
    document number or a subsidy above the rate, RuleError where the policy did not refer.
    """
    from townshipdesk.services import quotes

    if not why.strip() or not document_number.strip():
        raise UsageError("A decision needs its reason and the number of a document.")
    if not 0 <= grant.subsidy_fen <= grant.standard_fen:
        raise UsageError("A subsidy lies between zero and the rate.")
    with work(office, actor, supervisor=True) as w:
        check_year(office, year)
        question = quotes.question_for(office, resident_id, w.at)
        referred = quotes.answer(office, question, w.at, None)
        if referred.decision != "refer":
            raise RuleError(
                "The policy gives an answer here; there is nothing to decide.", code="not-referred"
            )
        uid = new_uid()
        fact_rows.insert_ruling(
            w.conn,
            uid=uid,
            resident_id=resident_id,
            year=office.year,
            ruled_at=w.moment,
            day=w.day.isoformat(),
            ruled_by=actor.staff_id,
            why=why.strip(),
            document_number=document_number.strip(),
            referred=json.dumps(referred.to_record(), ensure_ascii=False),
            granted=json.dumps(grant.to_json(), ensure_ascii=False),
        )
        w.note(
            "ruling.made",
            uid,
            {
                "reason": referred.reason,
                "why": why.strip(),
                "document_number": document_number.strip(),
                "granted": grant.to_json(),
            },
        )
        made = fact_rows.last_ruling(w.conn, resident_id, office.year)
    if made is None:
        raise AssertionError("a ruling just made must be found")
    return apply(referred, made)


def is_ruled(quote: Quote) -> bool:
    """Say whether a supervisor decided this quote; until the payment it can be decided anew."""
    return quote.window == RULED


def ordinary(office: Office) -> Quote:
    """Give what somebody without any particulars would pay now, to hold a decision against."""
    from townshipdesk import policy

    settings = office.settings()
    return policy.quote(office.policy, policy.Facts(), (), settings, office.now())


def apply(referred: Quote, ruling: Row) -> Quote:
    """Give the quote a ruling puts in the place of a referral.

    The reasons of the referral stay as notes, with the ruling's document number as another.
    """
    from townshipdesk.policy import Note, Subsidy
    from townshipdesk.policy.words import Sentence

    granted = json.loads(ruling["granted"])
    coverage = granted["coverage"]
    words = Sentence(
        N_("Decided by a supervisor, document {document}: {why}"),
        {"document": ruling["document_number"], "why": ruling["why"]},
    )
    subsidies = (
        (Subsidy(granted["subsidy_source"], granted["subsidy_identity"], granted["subsidy_fen"]),)
        if granted["subsidy_fen"]
        else ()
    )
    return replace(
        referred,
        decision="allow" if coverage else "confirm",
        reason=None if coverage else "no-coverage",
        window=RULED,
        standard_fen=granted["standard_fen"],
        subsidies=subsidies,
        due_fen=granted["standard_fen"] - granted["subsidy_fen"],
        coverage=(
            DateSpan(parse_date(coverage["from"]), parse_date(coverage["to"])) if coverage else None
        ),
        waiting=None,
        next_opening=None,
        notes=(
            Note("supervisor-decision", ruling["document_number"], True, words),
            *referred.notes,
        ),
    )
