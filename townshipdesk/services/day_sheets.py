"""A day's story and the sheet of a closed day (日结单), as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from townshipdesk.domain.dates import format_moment, parse_date, parse_moment
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import DEFAULT_LANGUAGE
from townshipdesk.policy.codes import CHANNELS
from townshipdesk.printing.model import (
    PrintedClerkReceipts,
    PrintedDayRow,
    PrintedDaySheet,
)
from townshipdesk.services.oddities import Oddity

CASH: Final = "cash"


@dataclass(frozen=True, slots=True)
class DayPart:
    """What one clerk did through one channel; amounts in fen, none of them negative.

    `taken` are all payments, also those reversed later in the day.
    """

    clerk: str
    channel: str
    taken: int
    taken_fen: int
    reversals: int
    reversed_fen: int
    refunds: int
    refunded_fen: int

    @property
    def standing(self) -> int:
        """How many payments stand."""
        return self.taken - self.reversals

    @property
    def standing_fen(self) -> int:
        """What the payments that stand came to."""
        return self.taken_fen - self.reversed_fen


@dataclass(frozen=True, slots=True)
class ClerkReceipts:
    """The receipts a clerk issued: runs of numbers from–to, how many, how many void."""

    clerk: str
    runs: tuple[tuple[str, str], ...]
    count: int
    void: int


@dataclass(frozen=True, slots=True)
class DayStory:
    """What a day held. `expected_cash_fen` is not to be shown before the cash is counted.

    Expected are the cash payments that stand. A refund lowers it by nothing: refunds go to a bank
    account, never out of the drawer.
    """

    day: date
    parts: tuple[DayPart, ...]
    receipts: tuple[ClerkReceipts, ...]
    first_receipt: str | None
    last_receipt: str | None
    void_receipts: int
    oddities: tuple[Oddity, ...]
    unclosed_before: tuple[date, ...]

    @property
    def took_cash(self) -> bool:
        """Whether any cash was paid in, taken back since or not."""
        return any(part.channel == CASH for part in self.parts)

    @property
    def expected_cash_fen(self) -> int:
        """The cash that should lie in the drawer."""
        return sum(part.standing_fen for part in self.parts if part.channel == CASH)

    def channels(self) -> tuple[tuple[str, int, int], ...]:
        """Give channel, payments that stand and their fen, for every channel that was used."""
        return tuple(
            (
                channel,
                sum(part.standing for part in self.parts if part.channel == channel),
                sum(part.standing_fen for part in self.parts if part.channel == channel),
            )
            for channel in CHANNELS
            if any(part.channel == channel and part.taken for part in self.parts)
        )

    def reversals(self) -> tuple[int, int]:
        """Give how many payments were reversed, and their fen."""
        return (
            sum(part.reversals for part in self.parts),
            sum(part.reversed_fen for part in self.parts),
        )

    def refunds(self) -> tuple[int, int]:
        """Give how many refunds were paid out, and what people got back, in fen."""
        return (
            sum(part.refunds for part in self.parts),
            sum(part.refunded_fen for part in self.parts),
        )


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A closed day: its story, the count, and the anchor of the audit chain.

    The anchor is the chain as it stood when the day's closing was its last row.
    """

    story: DayStory
    office_name: str
    training: bool
    year: int
    counted_fen: int
    why: str
    closed_at: datetime
    closed_by: str
    chain_length: int
    chain_head: str

    @property
    def difference_fen(self) -> int:
        """How much more was counted than expected; negative when cash is missing."""
        return self.counted_fen - self.story.expected_cash_fen

    def to_json(self) -> dict[str, object]:
        """Give the document of the contract's `close-day`. Channels hold payments that stand."""
        story = self.story
        return {
            "date": story.day.isoformat(),
            "channels": [
                {"channel": channel, "count": count, "amount": format_yuan(fen)}
                for channel, count, fen in story.channels()
            ],
            "reversals": _counted(story.reversals()),
            "refunds": _counted(story.refunds()),
            "receipts": {
                "from": story.first_receipt,
                "to": story.last_receipt,
                "void": story.void_receipts,
            },
            "cash_expected": format_yuan(story.expected_cash_fen),
            "counted": format_yuan(self.counted_fen),
            "difference": format_yuan(self.difference_fen),
            "closed": True,
            "chain": {"length": self.chain_length, "head": self.chain_head},
        }


def _counted(pair: tuple[int, int]) -> dict[str, object]:
    return {"count": pair[0], "amount": format_yuan(pair[1])}


def frozen(
    story: DayStory,
    *,
    office_name: str,
    training: bool,
    year: int,
    counted_fen: int,
    why: str,
    closed_at: datetime,
    closed_by: str,
) -> str:
    """Give a sheet as the text that is kept and sealed; the anchor stands beside it."""
    document = {
        "day": story.day.isoformat(),
        "parts": [
            [
                part.clerk,
                part.channel,
                part.taken,
                part.taken_fen,
                part.reversals,
                part.reversed_fen,
                part.refunds,
                part.refunded_fen,
            ]
            for part in story.parts
        ],
        "receipts": [[one.clerk, one.runs, one.count, one.void] for one in story.receipts],
        "first_receipt": story.first_receipt,
        "last_receipt": story.last_receipt,
        "void_receipts": story.void_receipts,
        "oddities": [oddity.to_json() for oddity in story.oddities],
        "unclosed_before": [day.isoformat() for day in story.unclosed_before],
        "office": office_name,
        "training": training,
        "year": year,
        "expected_cash_fen": story.expected_cash_fen,
        "counted_cash_fen": counted_fen,
        "why": why,
        "closed_at": format_moment(closed_at),
        "closed_by": closed_by,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(text: str, chain_length: int, chain_head: str) -> DaySheet:
    """Give a sheet back from the text that was kept."""
    document: Mapping[str, Any] = json.loads(text)
    return DaySheet(
        story=DayStory(
            day=parse_date(document["day"]),
            parts=tuple(DayPart(*part) for part in document["parts"]),
            receipts=tuple(
                ClerkReceipts(clerk, _runs(runs), count, void)
                for clerk, runs, count, void in document["receipts"]
            ),
            first_receipt=document["first_receipt"],
            last_receipt=document["last_receipt"],
            void_receipts=document["void_receipts"],
            oddities=tuple(
                Oddity(code, message, tuple((name, value) for name, value in values))
                for code, message, values in document["oddities"]
            ),
            unclosed_before=tuple(parse_date(day) for day in document["unclosed_before"]),
        ),
        office_name=document["office"],
        training=document["training"],
        year=document["year"],
        counted_fen=document["counted_cash_fen"],
        why=document["why"],
        closed_at=parse_moment(document["closed_at"]),
        closed_by=document["closed_by"],
        chain_length=chain_length,
        chain_head=chain_head,
    )


def on_paper(sheet: DaySheet, language: str = DEFAULT_LANGUAGE) -> PrintedDaySheet:
    """Give a sheet as it is printed."""
    story = sheet.story
    return PrintedDaySheet(
        office_name=sheet.office_name,
        training=sheet.training,
        year=sheet.year,
        day=story.day,
        closed_at=sheet.closed_at,
        closed_by=sheet.closed_by,
        rows=tuple(
            PrintedDayRow(
                clerk=part.clerk,
                channel=part.channel,
                count=part.taken,
                amount_fen=part.taken_fen,
                reversal_count=part.reversals,
                reversal_fen=part.reversed_fen,
                refund_count=part.refunds,
                refund_fen=part.refunded_fen,
            )
            for part in story.parts
        ),
        receipts=tuple(
            PrintedClerkReceipts(one.clerk, one.runs, one.count, one.void) for one in story.receipts
        ),
        expected_cash_fen=story.expected_cash_fen,
        counted_cash_fen=sheet.counted_fen,
        why=sheet.why,
        notices=tuple(oddity.text(language) for oddity in story.oddities),
        chain_length=sheet.chain_length,
        chain_head=sheet.chain_head,
    )


def _runs(runs: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, last) for first, last in runs)
