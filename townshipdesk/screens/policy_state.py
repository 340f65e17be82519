"""The policy in force: its text, what was decided on it, and adopting another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError, UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.policy import PackError
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import policies
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.services.policies import KeptText, PolicyState, TextChange

MOST_SHOWN: Final = 400
PROBLEMS_SHOWN: Final = 6


class PolicyPage(Page):
    """The text this office works by, the ones before, and whether the program brings another."""

    PLACE: ClassVar[Place] = Place.POLICY
    AUTO_FOCUS = "#policy-texts"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.POLICY, "screen")]

    texts = query_one("#policy-texts", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: PolicyState | None = None

    def compose_area(self) -> ComposeResult:
        """Set what is in force over the list of texts."""
        yield Words(self._in_force, id="policy-in-force")
        yield LineList(_columns(), key=lambda row: row.hash, id="policy-texts")

    def on_mount(self) -> None:
        """Read the texts; counting their payments takes a moment in a large office."""
        self._load()

    def office_changed(self) -> None:
        """Show what has been adopted, here or at another desk."""
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        def read(office: Office) -> tuple[PolicyState, list[KeptText]]:
            return policies.state(office), policies.texts(office)

        self._state, rows = await self.session.apart(read)
        self.texts.set_rows(rows, keep=True)
        self.query_one("#policy-in-force", Words).relabel()
        self.refresh_keys()

    def _in_force(self, _width: int) -> Content:
        policy = self.session.office.policy
        lines = [
            Content.assemble(
                " ",
                styled(display_text(policy.id), "bold $accent"),
                f"  {policy.title.text(language())}",
            ),
            Content(f" {display_text(policy.document)}"),
        ]
        state = self._state
        if state is None:
            lines.append(Content(" …"))
        elif state.differs:
            said = _(
                "This program brings another text of it. Prices change only when it is adopted."
            )
            lines.append(styled(f" ! {said}", "bold $text-warning"))
        elif state.shipped_hash is None:
            lines.append(
                styled(" " + _("A text of the office's own: the program has none."), "$quiet")
            )
        else:
            lines.append(
                styled(" " + _("The same text that this program brings."), "$text-success")
            )
        return Content("\n").join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim adopting the program's text where it is the one in force."""
        if action == "adopt_shipped":
            return True if self._state is not None and self._state.differs else None
        return super().check_action(action, parameters)

    @work(exit_on_error=False)
    async def action_adopt_shipped(self) -> None:
        """Adopt the text this program brings."""
        if may_change(self, self.session):
            await self._adopt(self.session.office.policy_id)

    @work(exit_on_error=False)
    async def action_adopt_file(self) -> None:
        """Adopt a text from a file, or another policy by its name."""
        if may_change(self, self.session):
            chosen = await self.app.push_screen_wait(PolicyFileBox(self.session))
            if chosen is not None:
                await self._adopt(chosen)

    async def _adopt(self, chosen: str) -> None:
        try:
            change = await self.session.apart(lambda office: policies.difference(office, chosen))
        except DeskError as error:
            self.tell_error(error)
            return
        await self.app.push_screen_wait(AdoptBox(self.session, chosen, change))


def _columns() -> list[Column[KeptText]]:
    return [
        Column(lambda: _("Policy"), 14, lambda row: row.policy_id, share=1, tone="strong"),
        Column(lambda: _("Year"), 5, lambda row: str(row.year)),
        Column(
            lambda: _("Fingerprint"),
            11,
            lambda row: row.hash[:10],
            tone=lambda row: "good" if row.in_force else "quiet",
        ),
        Column(
            lambda: _("Decided on it"),
            13,
            lambda row: str(row.payments),
            right=True,
        ),
        Column(lambda: _("State"), 8, lambda row: _("in force") if row.in_force else ""),
        Column(lambda: _("Adopted"), 10, lambda row: f"{row.adopted_at:%Y-%m-%d}"),
        Column(lambda: _("Set by"), 8, lambda row: row.adopted_by, leave=2),
        Column(
            lambda: _("Reason"),
            10,
            lambda row: row.why,
            share=2,
            tone="quiet",
        ),
    ]


class PolicyFileBox(FormBox[str]):
    """Asks for the file, and says what is wrong with it."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, session: Session) -> None:
        self._session = session
        self._problems: tuple[str, ...] = ()
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Adopt a policy from a file")

    def fields(self) -> Sequence[Field]:
        """The file's path, or the name of a policy that comes with the program."""
        from townshipdesk.policy.loader import built_in

        hint = N_("path of the .toml file, or the name of one the program has")
        return (Field("path", N_("File"), needed=True, hint=hint, suggest=built_in()),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what is wrong with the file that was chosen last."""
        return Content("\n".join(self._problems))

    async def save(self, values: Mapping[str, Any]) -> str | None:
        """Read the file; only one without problems goes on."""
        path = values["path"]
        try:
            await self._session.apart(lambda office: policies.difference(office, path))
        except PackError as error:
            self._problems = tuple(
                (_("line {line}: ", line=problem.line) if problem.line else "")
                + display_text(problem.text())
                for problem in error.problems[:PROBLEMS_SHOWN]
            )
            self.query_one("#effect", Words).relabel()
            raise
        return str(path)


class AdoptBox(FormBox[bool]):
    """Shows what changes in the text, and adopts it with a reason."""

    WIDTH: ClassVar[int] = 100

    def __init__(self, session: Session, chosen: str, change: TextChange) -> None:
        self._session = session
        self._chosen = chosen
        self._change = change
        super().__init__()
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the policy."""
        return _("Adopt {policy}, {year}", policy=self._change.policy_id, year=self._change.year)

    def fields(self) -> Sequence[Field]:
        """The reason."""
        hint = N_("such as the document that changed it")
        return (Field("why", N_("Reason"), needed=True, hint=hint),)

    def compose_box(self) -> ComposeResult:
        """Show the changed lines under the reason."""
        yield from super().compose_box()
        with VerticalScroll(classes="page", id="policy-lines"):
            yield Words(self._lines)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say how much changes and what does not."""
        change = self._change
        count = sum(line[:1] in "+-" for line in change.lines)
        lines = [
            Content(_("{count} lines are another. What was paid keeps its text.", count=count))
        ]
        own = self._session.office.own_year()
        if change.works_for != own:
            said = _(
                "The office then works for {year}, no more for {own}. ^B goes back for a while.",
                year=change.works_for,
                own=own,
            )
            lines.append(styled(said, "bold $text-warning"))
        elif change.year != own:
            said = _(
                "It decides for {year} only; the office goes on with {own}.",
                year=change.year,
                own=own,
            )
            lines.append(Content(said))
        if change.unconfirmed:
            said = _(
                "{count} figures are not confirmed: no price is given!", count=change.unconfirmed
            )
            lines.append(styled(said, "bold $text-error"))
        return Content("\n").join(lines)

    def _lines(self, _width: int) -> Content:
        styles = {"+": "$text-success", "-": "$text-error", "@": "$quiet"}
        shown = self._change.lines[:MOST_SHOWN]
        lines = [styled(display_text(line) or " ", styles.get(line[:1], "")) for line in shown]
        if len(self._change.lines) > MOST_SHOWN:
            lines.append(styled("…", "$quiet"))
        return Content("\n").join(lines)

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Adopt, as a supervisor."""
        by = await supervisor_for_step(self, self._session)
        if by is None:
            raise UsageError("A supervisor must do this.")
        await self._session.apart(
            lambda office: policies.adopt(office, by, self._chosen, values["why"])
        )
        return True
