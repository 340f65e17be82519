"""Reads the money of a policy file: figures, identities, how subsidies combine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.conditions import read_who
from townshipdesk.policy.context import Context
from townshipdesk.policy.model import Basis, Department, Figure, IdentityRow, Part
from townshipdesk.policy.reader import Table

INDIVIDUAL: Final = "individual"
COMBINATIONS: Final = ("highest", "highest-of-each-source", "add")
SETTINGS: Final = ("fiscal_standard",)
_PAYING: Final = tuple(code for code in codes.SOURCES if code not in {"individual", "collective"})


def figures(root: Table, context: Context) -> dict[str, Figure]:
    """Read [figures]: every amount of money that ways refer to."""
    found: dict[str, Figure] = {}
    table = root.table("figures", required=True)
    if table is None:
        return found
    for key in table.rest():
        part = table.table(key)
        if part is None:
            continue
        setting = part.choice("setting", SETTINGS) or None
        amount_fen = part.money("yuan", required=setting is None)
        if setting is not None and part.has("yuan"):
            part.complain("yuan", N_("Give either an amount or the setting it comes from."))
        found[key] = Figure(key, part.named(), amount_fen, setting, context.basis(part))
        part.finish()
    if INDIVIDUAL not in found:
        context.log.add(table.path, N_("{key} is missing."), key=INDIVIDUAL)
    return found


def identities(
    root: Table, context: Context, departments: Mapping[str, Department]
) -> tuple[IdentityRow, ...]:
    """Read [[identities]], in the order that decides between equal amounts."""
    rows: list[IdentityRow] = []
    for table in root.tables("identities"):
        row_id = table.text("id", required=True)
        if any(row.id == row_id for row in rows):
            table.complain("id", N_("{id} is used twice."), id=row_id)
        department = table.choice("department", tuple(departments)) or None
        rows.append(
            IdentityRow(
                row_id,
                table.named(),
                table.choices("codes", codes.IDENTITY_CODES, required=True),
                read_who(table.table("who")),
                _pays(table, context),
                context.basis(table),
                department,
            )
        )
        table.finish()
    return tuple(rows)


def _pays(table: Table, context: Context) -> tuple[Part, ...]:
    parts: list[Part] = []
    if not table.has("pays"):
        table.take("pays", required=True)
    for inner in table.tables("pays"):
        source = inner.choice("source", _PAYING, required=True)
        as_provided = inner.flag("as_provided")
        amount_fen = inner.money("yuan")
        percent = context.percent(inner, "percent")
        given = sum((as_provided, inner.has("yuan"), inner.has("percent")))
        if given != 1:
            context.log.add(
                inner.path, N_("Give exactly one of yuan, percent and as_provided = true.")
            )
        parts.append(Part(source, amount_fen, percent, as_provided))
        inner.finish()
    if len(parts) > 1 and any(part.as_provided for part in parts):
        table.complain("pays", N_("An amount as provided cannot be split over several sources."))
    _check_size(table, context, parts)
    return tuple(parts)


def _check_size(table: Table, context: Context, parts: list[Part]) -> None:
    individual = context.figures.get(INDIVIDUAL)
    standard_fen = individual.amount_fen if individual else None
    total_fen = sum(part.amount_fen or 0 for part in parts)
    if standard_fen is None:
        return
    if total_fen > standard_fen:
        table.complain(
            "pays",
            N_("The subsidy of {amount_fen} yuan is larger than the contribution of {own_fen}."),
            amount_fen=total_fen,
            own_fen=standard_fen,
        )
    for part in parts:
        if part.percent is not None and (part.percent * standard_fen).denominator != 1:
            table.complain("pays", N_("This percentage is no whole number of fen: give yuan."))


def subsidy_rules(root: Table, context: Context) -> dict[str, Any]:
    """Read [subsidies]: how identities combine, who must be on record, collective support."""
    table = root.table("subsidies")
    if table is None:
        has_rows = root.has("identities")
        if has_rows:
            root.take("subsidies", required=True)
        return dict.fromkeys(("collective", "on_record_only", "held_at_payment")) | {
            "highest": Basis(""),
            "combine": COMBINATIONS[0],
        }
    rules = {
        "combine": table.choice("combine", COMBINATIONS, default=COMBINATIONS[0]),
        "highest": context.basis(table),
        "collective": context.basis_at(table, "collective"),
        "on_record_only": context.basis_at(table, "on_record_only"),
        "held_at_payment": context.basis_at(table, "held_at_payment"),
    }
    table.finish()
    return rules
