"""A village's ledger of what it collected: everybody on it is enrolled at one go.

Each row is decided by the policy as of the moment the village took the money, noon where the ledger
gives a day only. What the person paid must be what the policy asks for, to the fen. Rows with one
receipt number and day are one payment, as the village wrote one receipt for a household. Money that
came in cash to the village is of the channel `village`: it never lay in the desk's drawer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final, NamedTuple

from townshipdesk.domain.dates import SHANGHAI, format_moment, parse_date
from townshipdesk.domain.errors import RuleError
from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, _
from townshipdesk.services import payments, quotes
from townshipdesk.services.imports.identities import NOT_HERE
from townshipdesk.services.imports.model import (
    Cancelled,
    Headings,
    Preview,
    Report,
    RowRefused,
    Stage,
    check_not,
)
from townshipdesk.services.imports.places import Villages
from townshipdesk.services.imports.residents import OTHER_NAME, check_living, same_name
from townshipdesk.services.office import Office
from townshipdesk.services.payments import PaymentOrder
from townshipdesk.services.work import Work
from townshipdesk.sheets.ledger import LedgerRow
from townshipdesk.store import import_rows, people_rows
from townshipdesk.store.import_rows import Known
from townshipdesk.store.uids import new_uid

OTHER_VILLAGE: Final = N_("The office has this person in another village: {village}.")
AMOUNT_DIFFERS: Final = N_("The ledger says {paid} yuan, the policy {due} yuan on that day.")
IN_FUTURE: Final = N_("The day of payment lies in the future.")
NO_DAY: Final = N_("The row does not say when it was paid.")
ALREADY: Final = N_("Already enrolled for this year by another payment.")
NOT_ALLOWED: Final = N_("The policy does not take this payment: {reason}")

_NOON: Final = time(12)
_REPORT_EVERY: Final = 50


class _Candidate(NamedTuple):
    """A row whose person was found; its price is not known yet."""

    row: LedgerRow
    person: Known
    paid_at: datetime


@dataclass(slots=True)
class LedgerPlan:
    """The payments the commit of a ledger makes, with what each must come to, in fen."""

    orders: list[PaymentOrder] = field(default_factory=list)


class Comparison:
    """One ledger compared with one office and its policy."""

    def __init__(self, office: Office, rows: list[LedgerRow], shown: Preview) -> None:
        conn = office.conn
        self._office = office
        self._now = office.now()
        self._shown = shown
        self._headings = Headings(shown.mappings)
        self._villages = Villages(conn)
        self._village = self._villages.required(shown.options.village)
        numbers = [row.number for row in rows]
        self._holders = import_rows.holders(conn, numbers)
        self._people = {one.id: one for one in import_rows.known_by_numbers(conn, numbers)}

    def run(
        self, rows: list[LedgerRow], report: Report | None, cancelled: Cancelled | None
    ) -> LedgerPlan:
        """Fill the preview with what the ledger would do."""
        groups: dict[tuple[str, ...], list[_Candidate]] = {}
        for row in rows:
            try:
                candidate = self._candidate(row)
            except RowRefused as refused:
                self._reject(row, refused)
                continue
            if candidate is None:
                self._shown.unchanged += 1
            else:
                groups.setdefault(_receipt_key(candidate), []).append(candidate)
        plan = LedgerPlan()
        done = 0
        for together in groups.values():
            check_not(cancelled)
            self._decide(together, plan)
            done += len(together)
            if report is not None and done % _REPORT_EVERY < len(together):
                report(Stage("comparing", done, len(rows)))
        return plan

    def _candidate(self, row: LedgerRow) -> _Candidate | None:
        """Find the person of a row and when it was paid; None where it is here. Raises RowRefused.

        What is here stays here, also when the person has died or moved since.
        """
        holder = self._holders.get(row.number)
        if holder is None:
            raise RowRefused("number", row.number, "not-found", NOT_HERE)
        person = self._people[holder]
        if same_name(person.fields[0], row.name) is None:
            raise RowRefused("name", row.name, "conflict", OTHER_NAME)
        if row.paid_on:
            candidate = _Candidate(row, person, _moment(row, self._now))
            if self._is_done(candidate):
                return None
        check_living(person, row.number)
        lives_in = person.fields[3]
        if lives_in != self._village:
            village = self._villages.names[lives_in]
            raise RowRefused("village", row.village, "conflict", OTHER_VILLAGE, village=village)
        if not row.paid_on:
            raise RowRefused("paid_on", "", "missing", NO_DAY)
        if candidate.paid_at > self._now:
            raise RowRefused("paid_on", row.paid_on, "refused", IN_FUTURE)
        return candidate

    def _is_done(self, one: _Candidate) -> bool:
        """Tell whether this very payment is in the ledger already.

        The ledger of the whole town, as it goes out, has a sheet for each village: what a sheet
        says of its own village is here, whichever village the file was brought in for.
        """
        live = people_rows.live_enrolment(self._office.conn, one.person.id, self._office.year)
        row = one.row
        if live is None or live["village_id"] not in (
            self._village,
            self._villages.find(row.village),
        ):
            return False
        if live["individual_fen"] != row.own_fen or not _same_moment(row, one, live["paid_at"]):
            return False
        if live["channel"] == "village":
            ours = (live["voucher"], "" if live["voucher"] else _printed(live["receipt"]))
            return _channel(row) == "village" and _voucher(row) in ours
        # A payment at the counter stands in the ledger this program writes by its own receipt, one
        # that a village's ledger brought by the village's.
        ours = (live["voucher"], _printed(live["receipt"]))
        return row.channel == live["channel"] and _voucher(row) in ours

    def _decide(self, together: list[_Candidate], plan: LedgerPlan) -> None:
        """Price the people of one receipt as paying together; who cannot pay drops out."""
        left = list(together)
        while left:
            members = [one.person.id for one in left]
            kept = [one for one in left if self._can_pay(one, members)]
            if len(kept) == len(left):
                break
            left = kept  # one fewer may change the price of a whole household
        if not left:
            return
        first = left[0]
        self._shown.added += len(left)
        plan.orders.append(
            PaymentOrder(
                resident_ids=tuple(one.person.id for one in left),
                channel=_channel(first.row),
                voucher=_voucher(first.row),
                confirmed_no_coverage=self._shown.options.confirm_no_coverage,
                expected_due_fen=sum(one.row.own_fen for one in left),
                paid_at=first.paid_at,
                operation_key=f"import:{new_uid()}",
            )
        )

    def _can_pay(self, one: _Candidate, members: list[int]) -> bool:
        try:
            self._check_price(one, members)
        except RowRefused as refused:
            self._reject(one.row, refused)
            return False
        return True

    def _check_price(self, one: _Candidate, members: list[int]) -> None:
        """Raise RowRefused unless the policy takes exactly this sum at the moment it was paid."""
        row = one.row
        quote = quotes.quote_for(self._office, one.person.id, at=one.paid_at, with_members=members)
        confirmed = self._shown.options.confirm_no_coverage
        if quote.reason == "already-enrolled":
            raise RowRefused("number", row.number, "already-enrolled", ALREADY)
        if quote.decision != "allow" and not (quote.decision == "confirm" and confirmed):
            code = quote.reason or quote.decision
            raise RowRefused(
                "number", row.number, "refused", NOT_ALLOWED, code=code, reason=_Reason(code)
            )
        if quote.due_fen != row.own_fen:
            paid, due = format_yuan(row.own_fen), format_yuan(quote.due_fen or 0)
            raise RowRefused("own", paid, "amount", AMOUNT_DIFFERS, paid=paid, due=due)

    def _reject(self, row: LedgerRow, refused: RowRefused) -> None:
        self._shown.rejections.append(self._headings.reject(row, refused))


class _Reason(str):
    """A code of the policy that is put into words when a rejection is shown."""

    __slots__ = ()

    def __format__(self, spec: str, /) -> str:
        from townshipdesk.policy.codes import REASONS, code_message

        return format(_(code_message("reason", self)) if self in REASONS else str(self), spec)


def write(w: Work, office: Office, shown: Preview, file_id: int, report: Report | None) -> None:
    """Make the payments the preview showed, all of them or none."""
    plan: LedgerPlan = shown.plan
    for number, order in enumerate(plan.orders):
        try:
            paid = payments.record(w, office, order)
        except RuleError as error:
            if error.code == "day-closed":
                raise
            raise RuleError(
                N_("The office has changed since this preview. Nothing was written; look again."),
                code="stale",
            ) from error
        uids = [line.entry_uid for line in paid.lines]
        import_rows.insert_enrolment_changes(w.conn, file_id, uids)
        if report is not None and number % _REPORT_EVERY == 0:
            report(Stage("writing", number, len(plan.orders)))


def _moment(row: LedgerRow, now: datetime) -> datetime:
    """Give when a row was paid. A day alone is its noon, and of today no later than now."""
    day = parse_date(row.paid_on)
    if row.paid_time:
        return datetime.combine(day, time.fromisoformat(row.paid_time), SHANGHAI)
    noon = datetime.combine(day, _NOON, SHANGHAI)
    return min(noon, now) if day == now.date() else noon


def _same_moment(row: LedgerRow, one: _Candidate, paid_at: str) -> bool:
    """Tell whether a payment was made when a row says: to the second, or on its day."""
    return paid_at == format_moment(one.paid_at) if row.paid_time else paid_at[:10] == row.paid_on


def _printed(receipt: str | None) -> str:
    """Give a receipt's number as it is printed: series and six digits."""
    series, _slash, number = (receipt or "").rpartition("/")
    return f"{series}{int(number):06d}" if number else ""


def _receipt_key(one: _Candidate) -> tuple[str, ...]:
    row = one.row
    if not row.receipt:
        return (row.sheet, str(row.row))
    return (row.sheet, row.receipt, format_moment(one.paid_at), _channel(row))


def _channel(row: LedgerRow) -> str:
    return "village" if row.channel in ("", "cash") else row.channel


def _voucher(row: LedgerRow) -> str:
    return row.receipt[: payments.LONGEST_VOUCHER]
