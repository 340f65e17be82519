"""Sheets with a line for each person: ledger, call list, claims, refunds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.i18n import in_language
from townshipdesk.services import claims
from townshipdesk.services.exports.frame import (
    ORDINARY,
    PRINTED,
    Options,
    by_group,
    date_line,
    printed,
    printed_all,
    unit_line,
)
from townshipdesk.services.refunds import STATE_WORDS
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec, Value
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

CALL_REASONS: Final = {
    "death": "死亡",
    "prison": "服刑",
    "military": "服役",
    "employee-insurance": "职工医保",
    "elsewhere": "外地参保",
    "lost": "失联",
    "refused": "拒参",
    "moved-out": "户口迁出",
    "other": "其他",
    "": "",
}

_LEDGER: Final = (
    Column("户号"),
    Column("户主"),
    Column("姓名"),
    Column("与户主关系"),
    Column("证件号码", CellKind.ID),
    Column("身份类别"),
    Column("应缴", CellKind.MONEY, total=True),
    Column("资助金额", CellKind.MONEY, total=True),
    Column("资助来源"),
    Column("自缴金额", CellKind.MONEY, total=True),
    Column("缴费方式"),
    Column("收据号", CellKind.ID),
    Column("缴费日期", CellKind.DAY),
    Column("经手人"),
    Column("签字", width=10),
)


def ledger(office: Office, options: Options) -> list[SheetSpec]:
    """Give the ledger (筹资台账): everybody enrolled, a sheet a village."""
    return [
        _ledger_sheet(
            office, options, village["name"], _ledger_rows(office, village["id"]), village["name"]
        )
        for village in export_rows.villages(office.conn, options.village)
    ] or [_ledger_sheet(office, options, office.name, iter(()), "筹资台账")]


def _ledger_sheet(
    office: Office, options: Options, whose: str, rows: Iterator[tuple[Value, ...]], name: str
) -> SheetSpec:
    return SheetSpec(
        name=name,
        title=f"{whose}{office.year}年城乡居民基本医疗保险筹资台账",
        columns=_LEDGER,
        rows=rows,
        unit=unit_line(office),
        dated=date_line(options.day),
        total_label="合计",
        signatures=("经办人：", "复核人：", "村（社区）负责人："),
    )


def _ledger_rows(office: Office, village_id: int) -> Iterator[tuple[Value, ...]]:
    for row in by_group(export_rows.ledger(office.conn, office.year, village_id)):
        yield (
            row["household"],
            row["head"],
            row["name"],
            row["relation"],
            row["number"],
            printed_all("identity", row["identities"]) or ORDINARY,
            row["standard_fen"],
            row["subsidy_fen"],
            printed_all("source", row["sources"]),
            row["individual_fen"],
            printed("channel", row["channel"]),
            (row["channel"] == "village" and row["voucher"]) or row["receipt"],
            row["paid_at"][:10],
            row["shown_name"],
            "",
        )


def unpaid(office: Office, options: Options) -> list[SheetSpec]:
    """Give the call list (未参保人员名单): numbers masked, phones in full, room for results."""
    columns = (
        Column("村"),
        Column("组"),
        Column("户主"),
        Column("姓名"),
        Column("证件号码", CellKind.ID, width=21),
        Column("电话", CellKind.ID),
        Column("上年是否参保"),
        Column("未参保原因", width=14),
        Column("回访结果", width=24),
    )
    return [
        SheetSpec(
            name="未参保人员名单",
            title=f"{office.year}年度未参保人员名单",
            columns=columns,
            rows=_unpaid(office, options),
            unit=unit_line(office),
            dated=date_line(options.day, "人"),
            signatures=("回访人：", "填报日期："),
            notes=(
                "注：未参保原因填写死亡、服刑、服役、职工医保、外地参保、失联、拒参、户口迁出或其他",
            ),
        )
    ]


def _unpaid(office: Office, options: Options) -> Iterator[tuple[Value, ...]]:
    for village in export_rows.villages(office.conn, options.village):
        for row in by_group(export_rows.unpaid(office.conn, office.year, village["id"])):
            yield (
                village["name"],
                row["group_name"],
                row["head"],
                row["name"],
                mask_number(row["number"] or ""),
                row["phone"],
                "是" if row["last_year"] else "否",
                CALL_REASONS[row["reason"] or ""],
                row["result"] or "",
            )


_CLAIM: Final = (
    Column("序号", CellKind.COUNT),
    Column("村(社区)"),
    Column("姓名"),
    Column("身份证号码", CellKind.ID),
    Column("身份类别"),
    Column("资助标准", CellKind.MONEY),
    Column("资助金额", CellKind.MONEY, total=True),
    Column("个人缴费", CellKind.MONEY, total=True),
    Column("参保日期", CellKind.DAY),
)


def subsidy_claim(office: Office, options: Options) -> list[SheetSpec]:
    """Give the claim (资助资金申请明细): a numbered one, or everybody subsidised by each source."""
    if options.claim is not None:
        return [_numbered_claim(office, options)]
    sources = export_rows.sources(office.conn, office.year)
    return [_claim_of_source(office, options, source) for source in sources] or [
        _claim_of_source(office, options, "medical-assistance")
    ]


def _claim_of_source(office: Office, options: Options, source: str) -> SheetSpec:
    rows = export_rows.subsidised(office.conn, office.year, source)
    return _claim_sheet(
        office,
        options,
        source,
        "",
        (
            (
                number,
                row["village"],
                row["name"],
                row["number"],
                printed("identity", row["identity"]),
                row["amount_fen"],
                row["amount_fen"],
                row["individual_fen"],
                row["paid_at"][:10],
            )
            for number, row in enumerate(rows, 1)
        ),
    )


def _numbered_claim(office: Office, options: Options) -> SheetSpec:
    made = claims.claim(office, options.claim or "")
    lines = claims.claim_lines(office, made.number)
    return _claim_sheet(
        office,
        options,
        made.source,
        made.number,
        (
            (
                number,
                line.village,
                line.name,
                line.number,
                printed("identity", line.identity),
                abs(line.amount_fen),
                line.amount_fen,
                line.individual_fen,
                line.paid_on,
            )
            for number, line in enumerate(lines, 1)
        ),
    )


def _claim_sheet(
    office: Office,
    options: Options,
    source: str,
    number: str,
    rows: Iterator[tuple[Value, ...]],
) -> SheetSpec:
    name = printed("source", source)
    return SheetSpec(
        name=name,
        title=f"{office.year}年度城乡居民医保资助参保资金申请明细（{name}）",
        columns=_CLAIM,
        rows=rows,
        unit=unit_line(office) + (f"　申请编号：{number}" if number else ""),
        dated=date_line(options.day),
        total_label="合计",
        signatures=("经办人：", "复核人：", "单位负责人："),
    )


_REFUNDS: Final = (
    Column("退费单号", CellKind.ID),
    Column("村(社区)"),
    Column("姓名"),
    Column("证件号码", CellKind.ID),
    Column("缴费日期", CellKind.DAY),
    Column("缴费金额", CellKind.MONEY, total=True),
    Column("退费金额", CellKind.MONEY, total=True),
    Column("退回资助", CellKind.MONEY, total=True),
    Column("退费原因", width=14),
    Column("证明材料", width=16),
    Column("收款人"),
    Column("与本人关系"),
    Column("开户行", width=12),
    Column("账号", CellKind.ID),
    Column("状态"),
    Column("已付金额", CellKind.MONEY, total=True),
    Column("受理", CellKind.DAY),
    Column("经办"),
    Column("复核"),
)


def refunds(office: Office, options: Options) -> list[SheetSpec]:
    """Give the year's refunds in whatever state (退费明细), with the sums that stand."""
    return [
        SheetSpec(
            name="退费明细",
            title=f"{office.year}年度城乡居民医保退费明细",
            columns=_REFUNDS,
            rows=(_refund(row) for row in export_rows.refunds(office.conn, office.year)),
            unit=unit_line(office),
            dated=date_line(options.day),
            total_label="合计",
            signatures=("经办人：", "复核人：", "单位负责人："),
        )
    ]


def _refund(row: Row) -> tuple[Value, ...]:
    state = STATE_WORDS[row["state"]]
    stands = row["state"] not in ("rejected", "withdrawn")
    return (
        row["number"],
        row["village"],
        row["name"],
        row["document"],
        row["paid_at"][:10],
        row["paid_fen"],
        row["individual_fen"] if stands else None,
        row["subsidy_fen"] if stands else None,
        printed("ground", row["ground"]),
        row["proof"],
        row["payee"],
        row["payee_relation"],
        row["bank"],
        row["account"],
        in_language(PRINTED, state),
        row["individual_fen"] if row["state"] == "paid" else None,
        row["requested_at"][:10],
        row["requester"],
        row["decider"],
    )
