"""Forms: labelled fields one below the other; Enter goes on, on the last one it saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError, UsageError
from townshipdesk.i18n import N_, _
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.inputs import DateInput, LineInput, MoneyInput
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from datetime import date

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form.

    `kind`: text, secret (not shown), day, money, or choice (of `values`, named by `name`).
    """

    id: str
    label: str
    kind: str = "text"
    value: object = ""
    values: Sequence[Any] = ()
    name: Callable[[Any], str] = str
    hint: str = ""
    needed: bool = False
    suggest: Sequence[str] = field(default=())
    fixed: bool = False


class FieldChoice(Choice[Any], inherit_bindings=False):
    """A choice among other fields: left and right choose, up and down lead to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
    ]


class FormBox(Box[T], Generic[T]):
    """A box with fields. A subclass gives `fields`, `save`, and `effect` for a line that follows.

    `save` runs in a worker; what it raises as DeskError is shown and the form stays open.
    """

    PLACE: ClassVar[Place] = Place.FORM
    WIDTH: ClassVar[int] = 76
    START: ClassVar[str] = ""
    """The field the caret begins in though it is filled; "" for the usual one (`on_mount`)."""
    SAVES: ClassVar[str] = N_("Save")
    """What saving does, in the word its keys have: a box that only asks goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FORM, "screen")]

    def __init__(self) -> None:
        super().__init__()
        self._fields = tuple(self.fields())
        self._busy = False

    def fields(self) -> Sequence[Field]:
        """Give the fields, in order."""
        return ()

    async def save(self, values: Mapping[str, Any]) -> T | None:
        """Do what the form is for and give its answer. Raises DeskError."""
        raise NotImplementedError

    def effect(self, width: int) -> Content:  # noqa: ARG002 - for subclasses
        """Say what the form would do as it is filled in now; asked again at every change."""
        return Content("")

    # ----------------------------------------------------------------------------------- its parts

    def compose_box(self) -> ComposeResult:
        """Set the fields below each other, and the effect below them."""
        with Vertical(classes="form"):
            for item in self._fields:
                with Horizontal(classes="row"):
                    yield Words(plain(partial(_label, item)), classes="label")
                    yield self._widget(item)
        yield Words(self.effect, id="effect")

    def _widget(self, item: Field) -> Widget:
        if item.kind == "choice":
            made_of = FieldChoice if len(self._fields) > 1 else Choice
            return made_of(item.values, item.name, chosen=item.value or None, id=item.id)
        made: LineInput
        hint = (lambda: _(item.hint)) if item.hint else None
        if item.kind == "day":
            made = DateInput(
                hint=hint or (lambda: _("year-month-day")), id=item.id, classes="field"
            )
            made.set_day(cast("date | None", item.value or None))
        elif item.kind == "money":
            made = MoneyInput(hint=hint, id=item.id, classes="field")
            if item.value != "":
                made.set_amount(cast("int", item.value))
        elif item.kind == "secret":
            made = LineInput(hint=hint, password=True, id=item.id, classes="field")
        else:
            made = LineInput(str(item.value), hint=hint, id=item.id, classes="field long")
            if item.suggest:
                made.suggester = SuggestFromList(item.suggest, case_sensitive=False)
        made.select_on_focus = True
        made.disabled = item.fixed
        return made

    def key_word(self, action: str) -> str | None:
        """Give the word of a key that does not do here what it does elsewhere.

        With one field Enter saves, so that the key beside it need not be shown.
        """
        alone = sum(not item.fixed for item in self._fields) == 1
        return {"save": "" if alone else self.SAVES, "go-on": self.SAVES if alone else None}.get(
            action
        )

    def on_mount(self) -> None:
        """Put the caret into the first field, or past filled ones into the first that is needed."""
        open_fields = [item for item in self._fields if not item.fixed]
        if not open_fields:
            return
        first = open_fields[0]
        if first.value:
            missing = (item for item in open_fields if item.needed and not item.value)
            first = next(missing, first)
        self.query_one(f"#{self.START or first.id}").focus()

    # ------------------------------------------------------------------------------------- filling

    def text_of(self, field_id: str) -> str:
        """Give what stands in a field as text."""
        return self.query_one(f"#{field_id}", LineInput).value.strip()

    def chosen(self, field_id: str) -> Any:
        """Give what is chosen in a field."""
        return self.query_one(f"#{field_id}", Choice).value

    def values(self) -> dict[str, Any]:
        """Give everything that was filled in. Raises UsageError naming the field that is wrong."""
        found: dict[str, Any] = {}
        for item in self._fields:
            widget = self.query_one(f"#{item.id}")
            try:
                if isinstance(widget, Choice):
                    found[item.id] = widget.value
                elif isinstance(widget, DateInput):
                    found[item.id] = widget.day
                elif isinstance(widget, MoneyInput):
                    found[item.id] = widget.amount_fen
                elif isinstance(widget, LineInput):
                    found[item.id] = widget.value.strip()
            except ValueError as error:
                widget.focus()
                raise UsageError(
                    N_("{field}: this cannot be read."), code="unreadable", field=_(item.label)
                ) from error
            if item.needed and found[item.id] in ("", None):
                widget.focus()
                raise UsageError(N_("{field} is needed."), code="missing", field=_(item.label))
        return found

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self._go_on(event.input)

    def action_go_on(self) -> None:
        """Go to the next field, from the last one save."""
        if self.focused is not None:
            self._go_on(self.focused)

    def action_field_before(self) -> None:
        """Go back to the field before, to mend it; nothing is saved."""
        self._step(-1)

    def action_field_after(self) -> None:
        """Go to the next field; nothing is saved."""
        self._step(1)

    def _step(self, by: int) -> None:
        open_ids = [item.id for item in self._fields if not item.fixed]
        if self.focused is not None and self.focused.id in open_ids:
            to = open_ids.index(self.focused.id) + by
            if 0 <= to < len(open_ids):
                self.query_one(f"#{open_ids[to]}").focus()

    def _go_on(self, widget: Widget) -> None:
        open_ids = [item.id for item in self._fields if not item.fixed]
        if widget.id == open_ids[-1]:
            self.action_save()
        elif widget.id in open_ids:
            self.query_one(f"#{open_ids[open_ids.index(widget.id) + 1]}").focus()

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.complain()
        self.query_one("#effect", Words).relabel()

    def action_save(self) -> None:
        """Save, once."""
        if not self._busy:
            self._busy = True
            self._save()

    @work(exit_on_error=False)
    async def _save(self) -> None:
        try:
            with self.writing():
                answer = await self.save(self.values())
            self.dismiss(answer)
        except DeskError as error:
            self.complain(error.message, **error.values)
        finally:
            self._busy = False


def _label(item: Field) -> str:
    return _(item.label) + (" *" if item.needed else "")
