"""Paper for tests: made-up people, some with names that few fonts can write."""

from __future__ import annotations

from datetime import date, datetime

from townshipdesk.domain.dates import SHANGHAI, DateSpan
from townshipdesk.printing.model import (
    PrintedClerkReceipts,
    PrintedDayRow,
    PrintedDaySheet,
    PrintedLine,
    PrintedReceipt,
    PrintedRefund,
    PrintedSubsidy,
)

RARE = "䶮㛃𬱖𠅤𠮷"
LONG_NAME = "阿卜杜热合曼·买买提艾力江·吐尔逊"
UNKNOWN = "𪚥"
"""A character that none of the fonts has."""

MONITORED = PrintedSubsidy("medical-assistance", "unstable-out-of-poverty", 18_000)


def line(name: str = "杨发贵", **changes: object) -> PrintedLine:
    values: dict[str, object] = {
        "name": name,
        "document_kind": "resident-id",
        "number": "532399198005060016",
        "village": "青杠村委会",
        "standard_fen": 40_000,
        "subsidies": (MONITORED,),
        "individual_fen": 22_000,
        "coverage": DateSpan(date(2025, 6, 1), date(2025, 12, 31)),
        "waiting": DateSpan(date(2025, 3, 1), date(2025, 5, 31)),
        "clauses": ("三(二)", "二(二)3"),
    }
    return PrintedLine(**(values | changes))


def receipt(*lines: PrintedLine, **changes: object) -> PrintedReceipt:
    lines = lines or (line(),)
    values: dict[str, object] = {
        "office_name": "青石镇医保窗口",
        "training": False,
        "year": 2025,
        "policy_id": "made-up-2025",
        "number": "000123",
        "issued_at": datetime(2025, 3, 17, 9, 12, tzinfo=SHANGHAI),
        "clerk": "李春",
        "reviewer": "周敏",
        "channel": "cash",
        "voucher": "",
        "amount_fen": sum(one.individual_fen for one in lines),
        "lines": lines,
    }
    return PrintedReceipt(**(values | changes))


def family() -> tuple[PrintedLine, ...]:
    """A household of nine with everything that is awkward to print."""
    return (
        line(),
        line(RARE),
        line(LONG_NAME, document_kind="birth-certificate", number="P530012345"),
        line(UNKNOWN + "小明", subsidies=(), individual_fen=40_000),
        line(
            "杨磊",
            subsidies=(
                PrintedSubsidy("medical-assistance", "safety-net-poor", 14_000),
                PrintedSubsidy("fiscal", "safety-net-poor", 14_000),
            ),
            standard_fen=28_000,
            individual_fen=0,
            coverage=None,
        ),
        *(line(f"杨{name}") for name in "一二三四"),
    )


def day_sheet(**changes: object) -> PrintedDaySheet:
    values: dict[str, object] = {
        "office_name": "青石镇医保窗口",
        "training": False,
        "year": 2025,
        "day": date(2025, 3, 17),
        "closed_at": datetime(2025, 3, 17, 17, 31, tzinfo=SHANGHAI),
        "closed_by": "李春",
        "rows": (
            PrintedDayRow("李春", "cash", 9, 358_000, 1, 40_000, 0, 0),
            PrintedDayRow("周敏", "pos", 2, 80_000, 0, 0, 0, 0),
        ),
        "receipts": (
            PrintedClerkReceipts("李春", (("000115", "000121"), ("000123", "000126")), 11, 1),
        ),
        "expected_cash_fen": 318_000,
        "counted_cash_fen": 317_500,
        "why": "找零差错",
        "notices": ("非现金缴费未登记凭证号：2 笔。",),
        "chain_length": 10_231,
        "chain_head": "9f86d081884c7d65" * 4,
    }
    return PrintedDaySheet(**(values | changes))


def refund(**changes: object) -> PrintedRefund:
    values: dict[str, object] = {
        "office_name": "青石镇医保窗口",
        "training": False,
        "year": 2025,
        "policy_id": "made-up-2025",
        "number": "2025-0003",
        "state": "approved",
        "name": "杨发贵",
        "document_kind": "resident-id",
        "document_number": "532399198005060016",
        "village": "青杠村委会",
        "paid_on": date(2024, 11, 2),
        "receipt_number": "000098",
        "paid_fen": 28_000,
        "refund_fen": 28_000,
        "subsidies": (PrintedSubsidy("medical-assistance", "subsistence-allowance", 12_000),),
        "ends_enrolment": True,
        "ground": "death",
        "proof": "死亡医学证明书",
        "payee": "杨磊",
        "payee_relation": "子",
        "bank": "农村信用社",
        "account": "6200000000000000001",
        "requested_by": "李春",
        "requested_at": datetime(2024, 11, 20, 9, 3, tzinfo=SHANGHAI),
        "decided_by": "周敏",
        "decided_at": datetime(2024, 11, 21, 10, 0, tzinfo=SHANGHAI),
    }
    return PrintedRefund(**(values | changes))
