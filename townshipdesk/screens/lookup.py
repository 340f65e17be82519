"""The lookup box and the list of people it finds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.content import Content
from textual.message import Message

from townshipdesk.domain.idnumber import NumberNote, mask_number
from townshipdesk.domain.names import display_text, is_han
from townshipdesk.domain.query import Query, QueryKind, classify_query
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import (
    age_text,
    document_name,
    joined,
    sex_name,
    short_identity,
)
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.inputs import LineInput
from townshipdesk.widgets.line_list import Column

if TYPE_CHECKING:
    from datetime import date

    from townshipdesk.services.people_records import Match

BURST_SECONDS: Final = 0.04
"""Keys closer together than this come from a card reader: nobody types so fast."""

HINT: Final = N_("number, last digits, name, pinyin, household, phone — or scan the card")
MATCH_STATES: Final = {"deceased": N_("deceased"), "moved": N_("moved away")}


class LookupInput(LineInput):
    """One box for everything. Searches while one types; a card reader's burst only once."""

    burst_seconds: ClassVar[float] = BURST_SECONDS

    class Asked(Message):
        """Look for this. `entered` says that Enter was pressed."""

        def __init__(self, text: str, *, entered: bool) -> None:
            super().__init__()
            self.text = text
            self.entered = entered

    class Went(Message):
        """An arrow, or a digit after a name: something for the list of people."""

        def __init__(self, *, lines: int = 0, pick: int = 0) -> None:
            super().__init__()
            self.lines = lines
            self.pick = pick

    def __init__(self) -> None:
        super().__init__(hint=lambda: _(HINT), max_length=60, id="lookup")
        self._typed_at = 0.0
        self._asks = 0
        self.has_matches = False

    def put(self, text: str) -> None:
        """Write a text into the box without searching."""
        with self.prevent(LineInput.Changed):
            self.value = text
        self._asks += 1
        self.cursor_position = len(text)

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Search at once for a person's typing, after the last key of a burst."""
        event.stop()
        now = time.monotonic()
        hurried = now - self._typed_at < self.burst_seconds
        self._typed_at = now
        self._asks += 1
        if hurried:
            asked = self._asks
            self.set_timer(self.burst_seconds, lambda: self._ask_if_latest(asked))
        else:
            self.post_message(self.Asked(event.value, entered=False))

    def _ask_if_latest(self, asked: int) -> None:
        if asked == self._asks:
            self.post_message(self.Asked(self.value, entered=False))

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Search now, whatever is waiting."""
        event.stop()
        self._asks += 1
        self.post_message(self.Asked(event.value, entered=True))

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            self.post_message(self.Went(lines=-1 if event.key == "up" else 1))
        elif (
            event.key.isdigit()
            and event.key != "0"
            and self.has_matches
            and is_han(self.value)
            and self.cursor_position == len(self.value)
        ):
            self.post_message(self.Went(pick=int(event.key)))
        else:
            await super()._on_key(event)
            return
        event.prevent_default()
        event.stop()


def match_columns(today: Callable[[], date]) -> list[Column[Match]]:
    """Give the columns of the list of people: what tells namesakes apart comes first."""

    def state(row: Match) -> str:
        if row.status in MATCH_STATES:
            return _(MATCH_STATES[row.status])
        return _("enrolled") if row.enrolled else _("not enrolled")

    def state_tone(row: Match) -> str:
        if row.status in MATCH_STATES:
            return "quiet"
        return "good" if row.enrolled else "warning"

    def place(row: Match) -> str:
        return f"{row.village_name} {row.group_name}".strip()

    def identities(row: Match) -> str:
        return joined([short_identity(code) for code in row.identities])

    return [
        Column(lambda: _("Name"), 12, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Sex"), 6, lambda row: sex_name(row.sex), leave=2),
        Column(lambda: _("Age"), 5, lambda row: age_text(row.born, today()), right=True),
        Column(lambda: _("Village and group"), 17, place, share=2),
        Column(lambda: _("Hh no."), 9, lambda row: row.household_number, leave=3),
        Column(lambda: _("Number"), 18, lambda row: mask_number(display_text(row.number))),
        Column(lambda: _("This year"), 12, state, tone=state_tone),
        Column(lambda: _("Identities"), 14, identities, share=2, leave=4, tone="quiet"),
    ]


def nobody_message(query: Query, today: date) -> Content:
    """Say what to do when nobody was found: register, mend the number, or type something else."""
    if query.kind is QueryKind.ILL_FORMED and query.problem is not None:
        problem = query.problem
        at = problem.position or len(query.text) or 1
        text = query.text
        return Content("\n").join(
            [
                Content(""),
                styled("  " + _("This number cannot be right."), "bold $text-warning"),
                Content(""),
                Content.assemble(
                    "      ",
                    text[: at - 1],
                    styled(text[at - 1 : at] or "_", "bold $badge on $badge-back"),
                    text[at:],
                ),
                Content(""),
                Content("  " + _(problem.message, **problem.values)),
                styled("  " + _("Correct it here, or search by name."), "$quiet"),
            ]
        )
    if query.kind is QueryKind.NUMBER and query.number is not None:
        number = query.number
        told = [document_name(str(number.kind))]
        if number.sex is not None:
            told.append(sex_name(str(number.sex)))
        if number.born is not None:
            told.append(f"{number.born} ({age_text(number.born, today)})")
        if number.county is not None:
            told.append(_("division {code}", code=number.county))
        lines = [
            Content(""),
            styled("  " + _("Nobody here has this number; it is well formed."), "bold"),
            Content(""),
            styled(f"      {number.number}", "bold $accent"),
            Content("      " + "   ".join(told)),
            Content(""),
            Content("  " + _("Enter (or ^N) registers this person with what the number tells.")),
        ]
        if number.note is NumberNote.CONVERTED_15:
            lines.insert(
                5, styled("      " + _("Converted from 15 digits: check it."), "$text-warning")
            )
        return Content("\n").join(lines)
    if query.kind is QueryKind.NUMBER_START:
        return styled("\n  " + _("{count} of 18 characters …", count=len(query.text)), "$quiet")
    return Content("\n").join(
        [
            Content(""),
            styled("  " + _("Nobody found."), "bold"),
            styled("  " + _("Try fewer characters, another spelling, or the number."), "$quiet"),
        ]
    )


def read_query(text: str, today: date) -> Query:
    """Tell what was typed."""
    return classify_query(text, today=today)
