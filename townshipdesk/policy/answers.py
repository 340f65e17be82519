"""What a policy answers: quotes and refund answers, as the contract writes them.

`to_json` gives exactly the contract's document, in one language. `to_record` gives more: both
languages and the steps, so that a payment shows in three years what it was decided on.
`from_json` reads either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from townshipdesk import i18n
from townshipdesk.domain.dates import DateSpan, format_moment, parse_moment
from townshipdesk.domain.money import format_yuan, parse_yuan
from townshipdesk.i18n import N_
from townshipdesk.policy.words import Named, Sentence, Words


class Subsidy(NamedTuple):
    """One part of the standard that somebody else pays, in fen."""

    source: str
    identity: str | None
    amount_fen: int


class NextOpening(NamedTuple):
    """The next day the policy takes this person's money, and the rate before subsidies in fen."""

    on: date
    standard_fen: int

    def text(self, language: str) -> str:
        """Say it in a sentence."""
        message = N_("From {on} it is possible, at {standard_fen} yuan.")
        values = {"on": self.on, "standard_fen": self.standard_fen}
        return Sentence(message, values).text(language)


class Note(NamedTuple):
    """Something the clerk must know beside the figures, with its clause.

    `decision` says that it rests on a reading and not on the text.
    """

    code: str
    clause: str
    decision: bool
    words: Words

    def text(self, language: str | None = None) -> str:
        """Give the sentence, in the language in force unless one is named."""
        return self.words.text(language or i18n.language())


class Step(NamedTuple):
    """One step of the calculation, to be read aloud, with its clause."""

    clause: str
    decision: bool
    words: Words

    def text(self, language: str | None = None) -> str:
        """Give the sentence, in the language in force unless one is named."""
        return self.words.text(language or i18n.language())


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person would pay and get at a moment. Amounts in fen."""

    policy_id: str
    at: datetime
    decision: str
    reason: str | None = None
    window: str | None = None
    standard_fen: int | None = None
    subsidies: tuple[Subsidy, ...] = ()
    due_fen: int | None = None
    coverage: DateSpan | None = None
    waiting: DateSpan | None = None
    next_opening: NextOpening | None = None
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def can_be_paid(self) -> bool:
        """Whether money may be taken, with or without a second yes."""
        return self.decision in {"allow", "confirm"}

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses the answer rests on, each once, in the order of the calculation."""
        found = [step.clause for step in self.steps] + [note.clause for note in self.notes]
        return tuple(dict.fromkeys(clause for clause in found if clause))

    @property
    def reason_clause(self) -> str | None:
        """The clause the reason rests on; None without a reason."""
        for note in self.notes:
            if note.code == self.reason:
                return note.clause
        return None

    def to_json(self, language: str | None = None) -> dict[str, Any]:
        """Give the contract's document; notes in the language in force unless one is named."""
        opening = self.next_opening
        return {
            "policy": self.policy_id,
            "at": format_moment(self.at),
            "decision": self.decision,
            "reason": self.reason,
            "window": self.window,
            "standard": _yuan(self.standard_fen),
            "subsidies": [
                {"source": part.source, "identity": part.identity, "amount": _yuan(part.amount_fen)}
                for part in self.subsidies
            ],
            "due": _yuan(self.due_fen),
            "coverage": self.coverage.to_json() if self.coverage else None,
            "waiting": self.waiting.to_json() if self.waiting else None,
            "next_opening": {"on": opening.on.isoformat(), "standard": _yuan(opening.standard_fen)}
            if opening
            else None,
            "notes": [_note_json(note, language) for note in self.notes],
        }

    def to_record(self) -> dict[str, Any]:
        """Give what is kept with a payment: the contract's document, both languages, the steps."""
        document = self.to_json("zh_CN")
        document["notes"] = [
            {**_note_json(note, "zh_CN"), "texts": note.words.to_json()} for note in self.notes
        ]
        document["steps"] = [
            {"clause": step.clause, "decision": step.decision, "texts": step.words.to_json()}
            for step in self.steps
        ]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Quote:
        """Read what `to_json` or `to_record` gave."""
        opening = document["next_opening"]
        return cls(
            policy_id=document["policy"],
            at=parse_moment(document["at"]),
            decision=document["decision"],
            reason=document["reason"],
            window=document["window"],
            standard_fen=_fen(document["standard"]),
            subsidies=tuple(
                Subsidy(part["source"], part["identity"], parse_yuan(part["amount"]))
                for part in document["subsidies"]
            ),
            due_fen=_fen(document["due"]),
            coverage=_span(document["coverage"]),
            waiting=_span(document["waiting"]),
            next_opening=NextOpening(
                date.fromisoformat(opening["on"]), parse_yuan(opening["standard"])
            )
            if opening
            else None,
            notes=tuple(_note_from(note) for note in document["notes"]),
            steps=tuple(
                Step(step["clause"], step["decision"], _words_from(step))
                for step in document.get("steps", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class RefundQuestion:
    """May this payment be given back? Amounts in fen, `subsidies_fen` by source."""

    paid_at: datetime
    at: datetime
    ground: str
    paid_fen: int
    subsidies_fen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """Whether and what is given back: the person's own part, and what goes back to its source."""

    policy_id: str
    decision: str
    reason: str | None = None
    individual_fen: int | None = None
    subsidies: tuple[Subsidy, ...] = ()
    ends_enrolment: bool = False
    notes: tuple[Note, ...] = ()

    def to_json(self, language: str | None = None) -> dict[str, Any]:
        """Give the contract's document; notes in the language in force unless one is named."""
        return {
            "policy": self.policy_id,
            "decision": self.decision,
            "reason": self.reason,
            "individual": _yuan(self.individual_fen),
            "subsidies": [
                {"source": part.source, "amount": _yuan(part.amount_fen)} for part in self.subsidies
            ],
            "ends_enrolment": self.ends_enrolment,
            "notes": [_note_json(note, language) for note in self.notes],
        }

    def to_record(self) -> dict[str, Any]:
        """Give what is kept with a refund: the contract's document with both languages."""
        document = self.to_json("zh_CN")
        document["notes"] = [
            {**_note_json(note, "zh_CN"), "texts": note.words.to_json()} for note in self.notes
        ]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RefundAnswer:
        """Read what `to_json` or `to_record` gave."""
        return cls(
            policy_id=document["policy"],
            decision=document["decision"],
            reason=document["reason"],
            individual_fen=_fen(document["individual"]),
            subsidies=tuple(
                Subsidy(part["source"], None, parse_yuan(part["amount"]))
                for part in document["subsidies"]
            ),
            ends_enrolment=document["ends_enrolment"],
            notes=tuple(_note_from(note) for note in document["notes"]),
        )


def _yuan(amount_fen: int | None) -> str | None:
    return None if amount_fen is None else format_yuan(amount_fen)


def _fen(text: str | None) -> int | None:
    return None if text is None else parse_yuan(text)


def _span(document: Mapping[str, str] | None) -> DateSpan | None:
    if document is None:
        return None
    return DateSpan(date.fromisoformat(document["from"]), date.fromisoformat(document["to"]))


def _note_json(note: Note, language: str | None) -> dict[str, Any]:
    return {
        "code": note.code,
        "clause": note.clause,
        "decision": note.decision,
        "text": note.text(language),
    }


def _words_from(document: Mapping[str, Any]) -> Words:
    texts = document.get("texts")
    if texts is not None:
        return Named(texts["zh_CN"], texts["en"])
    return Named(document["text"], document["text"])


def _note_from(document: Mapping[str, Any]) -> Note:
    return Note(document["code"], document["clause"], document["decision"], _words_from(document))
