"""What the policy leaves to the office, entered by a supervisor and kept with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from townshipdesk.domain.dates import format_moment, parse_date, parse_moment
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.domain.money import format_yuan, parse_yuan
from townshipdesk.services.work import Work, check_clock, work
from townshipdesk.store import audit, office_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One value a setting has had: who set it, when, on which document."""

    key: str
    value: str
    set_at: datetime
    set_by: str
    document_number: str
    document_date: date | None
    why: str


def change(
    office: Office,
    actor: Actor,
    key: str,
    value: str,
    *,
    document_number: str = "",
    document_date: date | None = None,
    why: str = "",
) -> None:
    """Set what the policy leaves open, for the year worked for; an empty value takes it back.

    Keys: `extension_open` (yes), `fiscal_standard` (yuan), `amount.IDENTITY` (yuan),
    `collective.VILLAGECODE` (yuan). Opening an extension needs the decision's number. Raises
    UsageError for an unknown key or a value that cannot be read, NotPermittedError for anybody but
    a supervisor.
    """
    cleaned = _cleaned(office, key, value.strip())
    if key == "extension_open" and cleaned and not document_number.strip():
        raise UsageError("Opening the extension needs the number of the decision.")
    with work(office, actor, supervisor=True) as w:
        _write(w, office.year, key, cleaned, document_number.strip(), document_date, why.strip())


def keep_own(office: Office, actor: Actor, key: str, value: str) -> None:
    """Keep a setting of the desk itself (`desk.…`), which no policy asks about, for all years.

    An empty value takes it back. Raises NotPermittedError for anybody but a supervisor.
    """
    with work(office, actor, supervisor=True) as w:
        _write(w, None, key, value, "", None, "")


def history(office: Office, key: str | None = None) -> list[SettingChange]:
    """Give every value a setting (or all of them) has had for the year, newest first."""
    return [
        SettingChange(
            key=row["key"],
            value=row["value"],
            set_at=parse_moment(row["set_at"]),
            set_by=row["shown_name"],
            document_number=row["document_number"] or "",
            document_date=parse_date(row["document_date"]) if row["document_date"] else None,
            why=row["why"] or "",
        )
        for row in office_rows.setting_history(office.conn, office.year, key)
    ]


def clock_jump(office: Office) -> RuleError | None:
    """Say how the machine's clock has jumped since the last work; None where it has not.

    A training office's clock stands, so it never jumps.
    """
    if office.is_training:
        return None
    try:
        check_clock(office.conn, office.now())
    except RuleError as error:
        return error
    return None


def confirm_clock(office: Office, actor: Actor, why: str) -> None:
    """Confirm that the machine's clock is right although it has jumped. A supervisor only."""
    from townshipdesk.domain.errors import NotPermittedError

    if not actor.is_supervisor:
        raise NotPermittedError("A supervisor must do this.", code="supervisor-needed")
    if not why.strip():
        raise UsageError("Confirming the clock needs a reason.")
    with office.database.transaction() as conn:
        audit.append(
            conn,
            at=format_moment(office.now()),
            staff_id=actor.staff_id,
            desk=actor.desk,
            action="clock.confirmed",
            subject="office",
            detail={"why": why.strip()},
        )


def _cleaned(office: Office, key: str, value: str) -> str:
    from townshipdesk.policy import Settings

    if key.startswith("collective."):
        code = key.removeprefix("collective.")
        known = office.conn.execute("SELECT 1 FROM village WHERE code = ?", (code,)).fetchone()
        if known is None:
            raise UsageError("There is no village {code}.", code=code[:20])
        if not value:
            return ""
        try:
            amount_fen = parse_yuan(value)
        except ValueError:
            amount_fen = -1
        if amount_fen < 0:
            raise UsageError("Collective support is an amount in yuan, such as 20.00.")
        return format_yuan(amount_fen)
    checked = Settings.parse([f"{key}={value}"] if value else [f"{key}={_sample(key)}"])
    return checked.to_json().get(key, "") if value else ""


def _sample(key: str) -> str:
    """Give a value that can be read, so that taking back a setting still checks its key."""
    return "no" if key == "extension_open" else "0"


def _write(
    w: Work,
    year: int | None,
    key: str,
    value: str,
    document_number: str,
    document_date: date | None,
    why: str,
) -> None:
    before = office_rows.current_settings(w.conn, year or 0).get(key, "")
    office_rows.insert_setting(
        w.conn,
        key=key,
        value=value,
        year=year,
        set_at=w.moment,
        set_by=w.actor.staff_id,
        document_number=document_number or None,
        document_date=document_date.isoformat() if document_date else None,
        why=why or None,
    )
    of_year = {} if year is None else {"year": year}
    w.note(
        "setting.changed",
        f"setting:{key}",
        {"from": before, "to": value, "document_number": document_number, "why": why, **of_year},
    )
