"""Counting cash: notes and coins by denomination with a live sum, or the sum alone."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from townshipdesk.domain.errors import UsageError
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import yuan
from townshipdesk.widgets.cells import fit, styled
from townshipdesk.widgets.inputs import LineInput, MoneyInput
from townshipdesk.widgets.words import Words, plain

NOTES_FEN: Final = (100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10)
"""Notes and coins in use, largest first, in fen."""


class NoteInput(LineInput):
    """How many notes or coins of one kind there are."""

    def __init__(self, note_fen: int) -> None:
        super().__init__(max_length=5, id=f"note-{note_fen}", classes="note")
        self.note_fen = note_fen
        self.restrict = "[0-9]*"

    @property
    def amount_fen(self) -> int:
        """What they come to, in fen."""
        return int(self.value or 0) * self.note_fen


class CashPanel(Vertical):
    """Takes a blind count. It knows nothing of what is expected."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    class Counted(Message):
        """The cash was counted; `amount_fen` is what there is."""

        def __init__(self, amount_fen: int) -> None:
            super().__init__()
            self.amount_fen = amount_fen

    class Unclear(Message):
        """What stands in the boxes is no count: say why."""

        def __init__(self, error: UsageError) -> None:
            super().__init__()
            self.error = error

    def compose(self) -> ComposeResult:
        """Set a box for each kind of note, and one for the sum."""
        with Grid(id="notes"):
            for note_fen in NOTES_FEN:
                with Horizontal(classes="note-row"):
                    yield Words(plain(partial(_note_name, note_fen)), classes="note-name")
                    yield NoteInput(note_fen)
                    yield Words(partial(self._say_amount, note_fen), classes="note-amount")
        with Horizontal(classes="note-row", id="sum-row"):
            yield Words(plain(lambda: " " + _("Sum (yuan)")), classes="note-name strong")
            yield MoneyInput(hint=lambda: _("or the sum alone"), max_length=14, id="sum")
            yield Words(self._say_sum, id="sum-said")

    def begin(self, *, has_cash: bool = True) -> None:
        """Put the caret into the first box; where no cash was taken into the sum, for one 0."""
        first = f"#note-{NOTES_FEN[0]}" if has_cash else "#sum"
        self.query_one(first, LineInput).focus()

    def action_step(self, by: int) -> None:
        """Go to the box before or after."""
        boxes = list(self.query(LineInput))
        focused = self.screen.focused
        if isinstance(focused, LineInput) and focused in boxes:
            place = boxes.index(focused) + by
            boxes[max(0, min(place, len(boxes) - 1))].focus()

    def clear(self) -> None:
        """Empty every box."""
        for box in self.query(LineInput):
            box.value = ""

    @property
    def _notes_fen(self) -> int | None:
        """What the notes come to; None when none were entered."""
        boxes = [box for box in self.query(NoteInput) if box.value]
        return sum(box.amount_fen for box in boxes) if boxes else None

    def _say_amount(self, note_fen: int, width: int) -> Content:
        box = self.query_one(f"#note-{note_fen}", NoteInput)
        said = f"= {yuan(box.amount_fen)}" if box.value else ""
        return styled(fit(said, max(1, width)), "$quiet")

    def _say_sum(self, _width: int) -> Content:
        notes_fen = self._notes_fen
        if notes_fen is None:
            return styled(_("Enter: counted"), "$quiet")
        return styled(f"= {yuan(notes_fen)}", "bold $accent")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        for words in self.query(Words):
            if words.has_class("note-amount") or words.id == "sum-said":
                words.refresh()

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = list(self.query(LineInput))
        place = boxes.index(event.input) if isinstance(event.input, LineInput) else -1
        if place < len(boxes) - 1:
            boxes[place + 1].focus()
            return
        try:
            self.post_message(self.Counted(self._counted()))
        except UsageError as error:
            self.post_message(self.Unclear(error))

    def _counted(self) -> int:
        """Give the count in fen. Raises UsageError where the boxes say nothing, or two things."""
        try:
            sum_fen = self.query_one("#sum", MoneyInput).amount_fen
        except ValueError as error:
            raise UsageError(N_("That is not a sum of money.")) from error
        notes_fen = self._notes_fen
        if sum_fen is None and notes_fen is None:
            raise UsageError(N_("Nothing is entered. Enter 0 where there is no cash."))
        if None not in (sum_fen, notes_fen) and sum_fen != notes_fen:
            raise UsageError(
                N_("The notes come to {notes} yuan, the sum says {sum}. Empty one of them."),
                notes=yuan(notes_fen or 0),
                sum=yuan(sum_fen or 0),
            )
        return notes_fen if notes_fen is not None else sum_fen or 0


def _note_name(note_fen: int) -> str:
    if note_fen >= 100:
        return " " + _("{yuan} yuan ×", yuan=note_fen // 100)
    return " " + _("{jiao} jiao ×", jiao=note_fen // 10)
