"""Sheets with a line for each group or village: village summary, township summary, the week."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment
from townshipdesk.domain.groups import group_order
from townshipdesk.services.course import course
from townshipdesk.services.exports.frame import Options, date_line, unit_line
from townshipdesk.services.totals import totals
from townshipdesk.sheets.spec import (
    CellKind,
    Chart,
    ChartKind,
    Column,
    RateOf,
    SheetSpec,
    Value,
)
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.services.course import Course
    from townshipdesk.services.office import Office
    from townshipdesk.services.totals import Totals
    from townshipdesk.store.driver import Row

_END_OF_DAY: Final = time(23, 59, 59)

COLUMN_OF: Final = {
    "": "普通",
    "extreme-hardship": "特困",
    "wubao": "特困",
    "three-nos": "特困",
    "orphan": "特困",
    "subsistence-allowance": "低保",
    "disability": "残疾",
    "unstable-out-of-poverty": "监测对象",
    "marginal": "监测对象",
    "sudden-hardship": "监测对象",
    "out-of-poverty": "脱贫户",
    "registered-poor": "脱贫户",
    "safety-net-poor": "脱贫户",
}
"""In which printed column somebody is counted, by the identity that subsidised the payment."""

_PRINTED_COLUMNS: Final = ("普通", "特困", "低保", "残疾", "监测对象", "脱贫户", "其他")

_VILLAGE: Final = (
    Column("村民小组"),
    Column("户数", CellKind.COUNT, total=True),
    Column("应参保人数", CellKind.COUNT, total=True),
    Column("已参保人数", CellKind.COUNT, total=True),
    Column("参保率", CellKind.RATE, rate_of=RateOf("已参保人数", "应参保人数")),
    Column("自缴金额", CellKind.MONEY, total=True),
    Column("资助金额", CellKind.MONEY, total=True),
    Column("收据起止号", CellKind.ID, width=18),
    Column("作废份数", CellKind.COUNT, total=True),
    Column("缴存金额", CellKind.MONEY, total=True),
)


def village_summary(office: Office, options: Options) -> list[SheetSpec]:
    """Give the summary of each village by group (村级汇总表)."""
    specs = []
    for village in export_rows.villages(office.conn, options.village):
        void = export_rows.void_receipts(office.conn, office.year, village["id"])
        groups = sorted(
            export_rows.groups(office.conn, office.year, village["id"]),
            key=lambda row: (row["group_name"] is None, group_order(row["group_name"] or "")),
        )
        rows = [_group(row, void.get(row["group_name"], 0)) for row in groups]
        specs.append(_village_sheet(office, options, village["name"], rows, village["name"]))
    return specs or [_village_sheet(office, options, office.name, [], "村级汇总表")]


def _village_sheet(
    office: Office, options: Options, whose: str, rows: list[tuple[Value, ...]], name: str
) -> SheetSpec:
    return SheetSpec(
        name=name,
        title=f"{whose}{office.year}年度城乡居民医保筹资汇总表",
        columns=_VILLAGE,
        rows=rows,
        unit=unit_line(office),
        dated=date_line(options.day),
        total_label="合计",
        signatures=("填表人：", "村（社区）负责人：", "驻村干部："),
    )


MOVED_AWAY: Final = "（已迁出）"
"""People who paid in a village and live elsewhere now; their payment stays with the village."""


def _group(row: Row, void: int) -> tuple[Value, ...]:
    first, last = row["first_receipt"], row["last_receipt"]
    return (
        MOVED_AWAY if row["group_name"] is None else row["group_name"] or "（未分组）",
        row["households"],
        row["residents"],
        row["enrolled"],
        (row["enrolled"], row["residents"]),
        row["individual_fen"],
        row["subsidy_fen"],
        f"{first}—{last}" if first else "",
        void,
        row["village_fen"],
    )


def town_summary(office: Office, options: Options) -> list[SheetSpec]:
    """Give the township's summary (参保筹资统计汇总表), as it stood at the end of the day."""
    at = _end_of(options, office)
    today = options.day >= office.today()
    found = totals(office, at=None if today else at, village=options.village)
    heads = _heads(office, at)
    ids = {row["code"]: row["id"] for row in export_rows.villages(office.conn)}
    columns = (
        Column("村(社区)"),
        Column("任务数", CellKind.COUNT, total=True),
        Column("应参保人数", CellKind.COUNT, total=True),
        Column("已参保人数", CellKind.COUNT, total=True),
        Column("完成率", CellKind.RATE, rate_of=_of_targets(found, "已参保人数")),
        *(Column(name, CellKind.COUNT, total=True, group="其中") for name in _PRINTED_COLUMNS),
        Column("自缴金额", CellKind.MONEY, total=True),
        Column("资助金额", CellKind.MONEY, total=True),
        Column("退费金额", CellKind.MONEY, total=True),
    )
    return [
        SheetSpec(
            name="统计汇总表",
            title=f"{office.name}{office.year}年度城乡居民医保参保筹资统计汇总表",
            columns=columns,
            rows=[
                (
                    village.name,
                    village.target,
                    village.residents,
                    village.enrolled,
                    (village.enrolled, village.target) if village.target else None,
                    *(heads.get((ids[village.code], name), 0) for name in _PRINTED_COLUMNS),
                    village.individual_fen,
                    sum(village.subsidies_fen.values()),
                    village.refunded_fen,
                )
                for village in found.villages
            ],
            unit=unit_line(office),
            dated=date_line(options.day),
            total_label="合计",
            signatures=("制表人：", "复核人：", "单位负责人："),
            charts=_rates(found, options),
        )
    ]


def _heads(office: Office, at: datetime) -> dict[tuple[int, str], int]:
    heads: dict[tuple[int, str], int] = {}
    for row in export_rows.heads_by_identity(office.conn, office.year, format_moment(at)):
        key = (row["village_id"], COLUMN_OF.get(row["identity"], "其他"))
        heads[key] = heads.get(key, 0) + row["heads"]
    return heads


def _of_targets(found: Totals, part: str, less: str = "") -> RateOf | None:
    """Give what the total rate is made of; None where a village without a task would bend it."""
    whole = all(village.target for village in found.villages)
    return RateOf(part, "任务数", less) if whole else None


def _weekly_columns(found: Totals) -> tuple[Column, ...]:
    now, before = _of_targets(found, "累计参保"), _of_targets(found, "累计参保", "本周新增")
    return (
        Column("村(社区)"),
        Column("任务数", CellKind.COUNT, total=True),
        Column("本周新增", CellKind.COUNT, total=True),
        Column("累计参保", CellKind.COUNT, total=True),
        Column("完成率", CellKind.RATE, rate_of=now),
        Column("上周完成率", CellKind.RATE, rate_of=before),
        Column("累计金额", CellKind.MONEY, total=True),
        Column("排名", CellKind.COUNT),
    )


def weekly(office: Office, options: Options) -> list[SheetSpec]:
    """Give the week's progress (每周进度表): the week of the day, Monday to that day.

    Villages are ranked by the share of their task, compared exactly; equal shares share a rank.
    """
    monday = options.day - timedelta(days=options.day.weekday())
    before = (monday - timedelta(days=1)).isoformat()
    day = options.day.isoformat()
    now_heads = export_rows.heads_on(office.conn, office.year, day)
    old_heads = export_rows.heads_on(office.conn, office.year, before)
    money = export_rows.money_on(office.conn, office.year, day)
    found = totals(office)
    ids = {row["code"]: row["id"] for row in export_rows.villages(office.conn)}
    ranks = _ranks(found, {code: now_heads.get(number, 0) for code, number in ids.items()})
    return [
        SheetSpec(
            name="每周进度表",
            title=f"{office.name}{office.year}年度城乡居民医保参保缴费进度表",
            columns=_weekly_columns(found),
            rows=[
                (
                    village.name,
                    village.target,
                    now_heads.get(ids[village.code], 0) - old_heads.get(ids[village.code], 0),
                    now_heads.get(ids[village.code], 0),
                    _share(now_heads.get(ids[village.code], 0), village.target),
                    _share(old_heads.get(ids[village.code], 0), village.target),
                    money.get(ids[village.code], 0),
                    ranks.get(village.code),
                )
                for village in found.villages
                if options.village in (None, village.code)
            ],
            unit=unit_line(office),
            dated=f"{monday.isoformat()} 至 {day}　单位：元、人",
            total_label="合计",
            signatures=("制表人：", "复核人：", "单位负责人："),
            charts=_rates(found, options),
        ),
        _weeks(office, options, found),
    ]


_COURSE: Final = (
    Column("截止日期", CellKind.DAY, width=12),
    Column("本周新增", CellKind.COUNT),
    Column("累计参保", CellKind.COUNT),
    Column("匀速应达", CellKind.COUNT),
    Column("任务数", CellKind.COUNT),
    Column("完成率", CellKind.RATE),
)


def _weeks(office: Office, options: Options, found: Totals) -> SheetSpec:
    """Give the course of the year up to the sheet's day, of the township or the village asked for.

    What an even pace asks for is set beside it where there is a task.
    """
    ids = {row["code"]: row["id"] for row in export_rows.villages(office.conn)}
    whole = next((one for one in found.villages if one.code == options.village), found.township)
    past = course(office, whole.target, day=options.day, village_id=ids.get(options.village or ""))
    rows: list[tuple[Value, ...]] = []
    before = 0
    for week in past.weeks:
        due = past.due(week.ends_on)
        share = _share(week.heads, whole.target)
        rows.append((week.ends_on, week.heads - before, week.heads, due, whole.target, share))
        before = week.heads
    drawn = ("累计参保", "匀速应达", "任务数") if whole.target else ("累计参保",)
    return SheetSpec(
        name="历周进度",
        title=f"{whole.name}{office.year}年度城乡居民医保历周参保进度",
        columns=_COURSE,
        rows=rows,
        unit=unit_line(office),
        dated=f"截至 {options.day.isoformat()}　单位：人",
        notes=_line_note(past),
        landscape=False,
        charts=(Chart(ChartKind.LINE, "历周累计参保与任务", "截止日期", drawn),),
    )


def _line_note(past: Course) -> tuple[str, ...]:
    if past.line is None or past.target is None:
        return ()
    return (
        f"注：匀速应达按 {past.line.begins_on} 至 {past.line.due_on} 每日等量推算，不足一人进一。",
    )


def _rates(found: Totals, options: Options) -> tuple[Chart, ...]:
    """Give the picture of the villages side by side, where any of them has a task."""
    if options.village or not any(village.target for village in found.villages):
        return ()
    return (Chart(ChartKind.BAR, "各村（社区）完成率", "村(社区)", ("完成率",)),)


def _share(heads: int, target: int | None) -> tuple[int, int] | None:
    return (heads, target) if target else None


def _ranks(found: Totals, heads: dict[str, int]) -> dict[str, int]:
    from fractions import Fraction

    shares = {
        village.code: Fraction(heads[village.code], village.target)
        for village in found.villages
        if village.target
    }
    return {
        code: 1 + sum(other > share for other in shares.values()) for code, share in shares.items()
    }


def _end_of(options: Options, office: Office) -> datetime:
    """Give the end of the sheet's day, or now where it is today."""
    if options.day >= office.today():
        return office.now()
    return datetime.combine(options.day, _END_OF_DAY, SHANGHAI)
