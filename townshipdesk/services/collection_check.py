"""What is compared before a village's ledger is entered: people, prices, paper, file and cash."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from townshipdesk import i18n
from townshipdesk.domain.dates import SHANGHAI, day_of, format_moment, parse_date, parse_moment
from townshipdesk.domain.errors import RuleError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.services import quotes
from townshipdesk.services.imports.residents import same_name
from townshipdesk.store import fact_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

NOON: Final = time(12)
"""The time of day of a ledger that writes days only."""
REPORT_EVERY: Final = 50

TEXTS: Final = {
    "unknown": N_("Nobody in this office has this number."),
    "name": N_("The register names {known} under this number."),
    "elsewhere": N_("Registered in another village: {village}."),
    "day": N_("The day of payment lies in the future."),
    "twice": N_("Stands in the ledger more than once."),
    "refused": N_("{reason}"),
    "amount": N_("The ledger has {listed} yuan, the policy asks for {due} yuan."),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that cannot be entered as it stands. `row_id` is what `set_aside` takes."""

    row_id: int
    sheet: str
    row: int
    document_number: str
    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted by hand: the paper's pages, households, heads, sum, and the cash (fen)."""

    pages: int
    households: int
    heads: int
    paper_fen: int
    cash_fen: int

    def to_json(self) -> dict[str, object]:
        """Give the counts as they are kept."""
        return {
            "pages": self.pages,
            "households": self.households,
            "heads": self.heads,
            "paper_fen": self.paper_fen,
            "cash_fen": self.cash_fen,
        }


def paid_at(day: str, at: str, now: datetime) -> str:
    """Give the moment a ledger's row was paid; now where the ledger tells no day.

    A day without a time is its noon, and of today no later than now.
    """
    if not day:
        return format_moment(now)
    clock = time.fromisoformat(at) if at else NOON
    moment = datetime.combine(parse_date(day), clock, SHANGHAI)
    if not at and moment.date() == day_of(now):
        moment = min(moment, now)
    return format_moment(moment)


def receipt_key(row: Row) -> tuple[object, ...]:
    """Give what rows on one receipt share: its number and day, else each row stands alone."""
    if row["receipt"]:
        return (row["receipt"], row["paid_at"])
    return (row["id"],)


def amount_fen(rows: Iterable[Row]) -> int:
    """Give what the rows that are not set aside collected."""
    return sum(row["own_fen"] for row in rows if row["aside_why"] is None)


def differences(
    office: Office,
    rows: list[Row],
    village_id: int | None,
    payer_group: str | None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Difference]:
    """Give every row that differs from the register or from the policy on the day it was paid.

    Where it is stopped it gives what it has found so far.
    """
    standing = [row for row in rows if row["aside_why"] is None]
    times = Counter(row["resident_id"] for row in standing if row["resident_id"] is not None)
    by_receipt: dict[tuple[object, ...], list[int]] = {}
    for row in standing:
        if row["resident_id"] is not None:
            by_receipt.setdefault(receipt_key(row), []).append(row["resident_id"])
    found = []
    for done, row in enumerate(standing):
        if done % REPORT_EVERY == 0:
            if cancelled is not None and cancelled():
                break
            if progress is not None:
                progress(done, len(standing))
        together = by_receipt.get(receipt_key(row), [])
        kind, text = _difference(office, row, village_id, payer_group, times, together)
        if kind:
            found.append(
                Difference(
                    row["id"],
                    row["sheet"],
                    row["row"],
                    row["document_number"],
                    row["name"],
                    kind,
                    text,
                )
            )
    return found


def disagreements(rows: list[Row], counted: Counted, pages: int = 0) -> list[str]:
    """Give every count that does not agree, in words; none when all do.

    `pages` is what the file tells of its pages; 0 where it tells nothing of them.
    """
    standing = [row for row in rows if row["aside_why"] is None]
    sum_fen = amount_fen(rows)
    households = len({row["household"] or f"#{row['id']}" for row in standing})
    wrong = []
    if pages and counted.pages != pages:
        wrong.append(_("pages: paper {paper}, file {file}", paper=counted.pages, file=pages))
    if counted.heads != len(standing):
        wrong.append(
            _("heads: paper {paper}, file {file}", paper=counted.heads, file=len(standing))
        )
    by_household = any(row["household"] for row in standing)  # a school's list has none
    if by_household and counted.households != households:
        wrong.append(
            _("households: paper {paper}, file {file}", paper=counted.households, file=households)
        )
    for name, fen in ((N_("paper"), counted.paper_fen), (N_("cash"), counted.cash_fen)):
        if fen != sum_fen:
            wrong.append(
                _(
                    "money: {what} {counted} yuan, file {file} yuan",
                    what=_(name),
                    counted=format_yuan(fen),
                    file=format_yuan(sum_fen),
                )
            )
    return wrong


def _difference(
    office: Office,
    row: Row,
    village_id: int | None,
    payer_group: str | None,
    times: Counter[int],
    together: list[int],
) -> tuple[str, str]:
    """Give kind and words of what is wrong with a row; two empty texts for a good one."""
    found = _of_person(office, row, village_id, times)
    return found if found[0] else _of_price(office, row, payer_group, together)


def _of_person(
    office: Office, row: Row, village_id: int | None, times: Counter[int]
) -> tuple[str, str]:
    person = row["resident_id"]
    known = None if person is None else fact_rows.resident(office.conn, person)
    if known is None:
        return "unknown", _said("unknown")
    if times[person] > 1:
        return "twice", _said("twice")
    if row["name"] and same_name(known["name"], row["name"]) is None:
        return "name", _said("name", known=known["name"])
    if village_id is not None and known["village_id"] != village_id:
        return "elsewhere", _said("elsewhere", village=known["village_name"])
    try:
        quotes.check_living(known)
    except RuleError as error:
        return "refused", _(error.message, **error.values)
    return "", ""


def _of_price(
    office: Office, row: Row, payer_group: str | None, together: list[int]
) -> tuple[str, str]:
    at = parse_moment(row["paid_at"])
    if at > office.now():
        return "day", _said("day")
    person = row["resident_id"]
    question = quotes.question_for(office, person, at, together, payer_group=payer_group)
    quote = quotes.answer(office, question, at, None)
    if quote.decision != "allow":
        from townshipdesk.policy import reason_text

        return "refused", reason_text(quote.reason or quote.decision, quote, i18n.language())
    if quote.due_fen != row["own_fen"]:
        listed, due = format_yuan(row["own_fen"]), format_yuan(quote.due_fen or 0)
        return "amount", _said("amount", listed=listed, due=due)
    return "", ""


def _said(kind: str, /, **values: object) -> str:
    message = TEXTS[kind]
    return _(message, **values)
