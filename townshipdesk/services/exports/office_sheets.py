"""Sheets of the office's own books: a closed day, the audit log, receipt books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from townshipdesk.services import books as receipt_books
from townshipdesk.services.days import day_sheet
from townshipdesk.services.exports.frame import Options, date_line, printed, unit_line
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec, Value
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.services.day_sheets import DaySheet
    from townshipdesk.services.office import Office

_DAILY: Final = (
    Column("日期", CellKind.DAY),
    Column("经办人"),
    Column("缴费方式"),
    Column("笔数", CellKind.COUNT, total=True),
    Column("金额", CellKind.MONEY, total=True),
    Column("冲正笔数", CellKind.COUNT, total=True),
    Column("冲正金额", CellKind.MONEY, total=True),
    Column("退费笔数", CellKind.COUNT, total=True),
    Column("退费金额", CellKind.MONEY, total=True),
    Column("票据起止号", CellKind.ID, width=18),
    Column("作废份数", CellKind.COUNT, total=True),
    Column("应缴存", CellKind.MONEY),
    Column("实点", CellKind.MONEY),
    Column("差额", CellKind.MONEY),
)


def daily(office: Office, options: Options) -> list[SheetSpec]:
    """Give the sheet of a closed day (日结单) with the chain's head. Raises NotFoundError."""
    sheet = day_sheet(office, options.day)
    return [
        SheetSpec(
            name="日结单",
            title=f"{sheet.office_name}日结单",
            columns=_DAILY,
            rows=_daily_rows(sheet),
            unit=unit_line(office),
            dated=date_line(options.day),
            total_label="合计",
            signatures=("经办人：", "复核人："),
            notes=(
                *((f"差额原因：{sheet.why}",) if sheet.why else ()),
                f"审计链长度：{sheet.chain_length}　链头：{sheet.chain_head}",
            ),
        )
    ]


def _daily_rows(sheet: DaySheet) -> list[tuple[Value, ...]]:
    story = sheet.story
    receipts = {item.clerk: item for item in story.receipts}
    rows: list[tuple[Value, ...]] = []
    shown: set[str] = set()
    for part in story.parts:
        issued = receipts.get(part.clerk) if part.clerk not in shown else None
        shown.add(part.clerk)
        rows.append(
            (
                story.day,
                part.clerk,
                printed("channel", part.channel),
                part.taken,
                part.taken_fen,
                part.reversals,
                part.reversed_fen,
                part.refunds,
                part.refunded_fen,
                "、".join(f"{first}—{last}" for first, last in issued.runs) if issued else "",
                issued.void if issued else None,
                None,
                None,
                None,
            )
        )
    expected_fen = story.expected_cash_fen
    rows.append(
        (
            story.day,
            "全部",
            "现金",
            None,
            None,
            None,
            None,
            None,
            None,
            "",
            None,
            expected_fen,
            sheet.counted_fen,
            sheet.counted_fen - expected_fen,
        )
    )
    return rows


_AUDIT: Final = (
    Column("序号", CellKind.COUNT),
    Column("时间", width=26),
    Column("人员"),
    Column("窗口"),
    Column("事项"),
    Column("对象", width=38),
    Column("内容", width=60),
    Column("封印", width=66),
)


def audit(office: Office, options: Options) -> list[SheetSpec]:
    """Give the whole audit log, oldest first."""
    return [
        SheetSpec(
            name="审计日志",
            title=f"{office.name}审计日志",
            columns=_AUDIT,
            rows=(tuple(row) for row in export_rows.audit(office.conn)),
            unit=unit_line(office),
            dated=date_line(options.day, ""),
        )
    ]


_BOOKS: Final = (
    Column("票据名称"),
    Column("领用日期", CellKind.DAY),
    Column("起止号", CellKind.ID, width=24),
    Column("份数", CellKind.COUNT, total=True),
    Column("领用单位"),
    Column("已用", CellKind.COUNT, total=True),
    Column("作废", CellKind.COUNT, total=True),
    Column("结存", CellKind.COUNT, total=True),
    Column("核销日期", CellKind.DAY),
    Column("核销人"),
)


def books(office: Office, options: Options) -> list[SheetSpec]:
    """Give the register of receipt books (票据领用核销登记)."""
    return [
        SheetSpec(
            name="票据领用核销登记",
            title="票据领用核销登记",
            columns=_BOOKS,
            rows=[
                (
                    issue.name,
                    issue.issued_at.date(),
                    f"{issue.first}—{issue.last}",
                    issue.size,
                    issue.holder,
                    issue.used,
                    issue.void,
                    issue.outstanding,
                    issue.written_off_at.date() if issue.written_off_at else None,
                    issue.checker,
                )
                for issue in reversed(receipt_books.issues(office))
                if options.village in (None, issue.village_code)
            ],
            unit=unit_line(office),
            dated=date_line(options.day, "份"),
            total_label="合计",
            signatures=("登记人：", "核销人："),
        )
    ]
