"""Next year's policy from this year's: the same text, dates moved, every figure to be confirmed.

Works on the text, line by line, so that comments, order and spacing stay as the office wrote them.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

from townshipdesk.policy.model import Policy

MARK: Final = "to_confirm = true"
_DATE: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?=\D|$)", re.ASCII)
_YEAR: Final = re.compile(r"20[0-9]{2}")
_FIGURE_KEYS: Final = (
    r"yuan|percent|percent_of_task|months|count|base_months|floor_months|tasks|age_from|age_below"
    r"|wife_age_from|days|days_after_birth_to|days_after_birth_over"
    r"|days_after_registration_to|days_after_registration_over"
    r"|employment_ended_within_months|within_days_of_payment|counted_from_year"
)
_FIGURE: Final = re.compile(rf"(?:^|[\s{{,])(?:{_FIGURE_KEYS})\s*=|{_DATE.pattern}", re.ASCII)
_HEADER: Final = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*$")
_NO_MARKS: Final = frozenset({"policy", "clauses", "decisions"})

HEADING: Final = """\
# 由 {origin} 复制，日期移到 {year} 年度。
# 每个金额、日期、比例都标着 {mark}（待核对）：对照新文件核对一处，删去一处。
# 全部核对以前不报价。用 townshipdesk policy check 查看还剩哪些。
#
"""
REMINDER: Final = "# 待核对：文字里有年份"


def renewed(policy: Policy, year: int) -> str:
    """Give the text of a policy for another year.

    Dates move by whole years (29 February becomes the 28th in a common year); the id, the year
    and the title change; money, shares, months and dates are marked; comments stay.
    """
    new_id = _new_id(policy, year)
    lines = [HEADING.format(origin=policy.id, year=year, mark=MARK)]
    source = policy.text.removeprefix("\ufeff").splitlines()
    tables = _tables(source)
    already = {table for table, line in zip(tables, source, strict=True) if _is_mark(line)}
    waiting = False
    for number, line in enumerate(source):
        code, comment = _split_comment(line)
        kind = tables[number][0]
        moved = _moved(code, year - policy.year)
        if kind == "policy":
            moved = _head_line(moved, policy, year, new_id)
        elif kind not in _NO_MARKS and not _HEADER.fullmatch(code):
            moved = _mark_inline(moved)
            if _needs_mark(moved) and tables[number] not in already:
                waiting = True
                already.add(tables[number])
            elif waiting and not _needs_mark(moved):
                lines.append(f"{MARK}\n")
                waiting = False
        if kind != "policy" and not comment and _names_year(moved):
            comment = f"  {REMINDER}"
        lines.append(f"{moved}{comment}\n")
    if waiting:
        lines.append(f"{MARK}\n")
    return "".join(lines)


def _tables(source: list[str]) -> list[tuple[str, int]]:
    """Give for each line the table it stands in, and the line that table begins on."""
    found: list[tuple[str, int]] = []
    here = ("", 0)
    for number, line in enumerate(source):
        header = _HEADER.fullmatch(_split_comment(line)[0])
        if header:
            here = (header[1], number)
        found.append(here)
    return found


def _is_mark(line: str) -> bool:
    return line.strip().startswith("to_confirm")


def _new_id(policy: Policy, year: int) -> str:
    old = str(policy.year)
    return policy.id.replace(old, str(year)) if old in policy.id else f"{policy.id}-{year}"


def _split_comment(line: str) -> tuple[str, str]:
    """Give the line before its comment, and the comment with the space before it."""
    quote = ""
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "#":
            code = line[:place].rstrip()
            return code, line[len(code) :]
    return line, ""


def _outside_strings(code: str) -> list[tuple[bool, str]]:
    """Cut a line into pieces, each said to be code (True) or a text in quotation marks."""
    pieces = re.split(r"(\"[^\"]*\"|'[^']*')", code)
    return [(index % 2 == 0, piece) for index, piece in enumerate(pieces)]


def _moved(code: str, delta: int) -> str:
    def move(match: re.Match[str]) -> str:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        year = day.year + delta
        if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
            return f"{year:04d}-02-28"
        return f"{year:04d}-{match[2]}-{match[3]}"

    return "".join(
        _DATE.sub(move, piece) if is_code else piece for is_code, piece in _outside_strings(code)
    )


def _head_line(code: str, policy: Policy, year: int, new_id: str) -> str:
    key = code.split("=", maxsplit=1)[0].strip()
    if key == "id":
        return f'id = "{new_id}"'
    if key == "year":
        return f"year = {year}"
    if key == "document":
        return 'document = { number = "（待填）" }'
    return code.replace(str(policy.year), str(year)) if key == "title" else code


def _mark_inline(code: str) -> str:
    """Mark every inline table that holds a figure, the innermost ones."""

    def mark(match: re.Match[str]) -> str:
        inner = match[0]
        bare = "".join(piece for is_code, piece in _outside_strings(inner) if is_code)
        if "to_confirm" in bare or not _FIGURE.search(bare):
            return inner
        return re.sub(r"\s*\}$", f", {MARK} }}", inner)

    return re.sub(r"\{[^{}]*\}", mark, code)


def _needs_mark(code: str) -> bool:
    """Say whether a figure stands in the line outside any inline table."""
    bare = "".join(piece for is_code, piece in _outside_strings(code) if is_code)
    bare = re.sub(r"\{[^{}]*\}", "", bare)
    return bool(_FIGURE.search(bare))


def _names_year(code: str) -> bool:
    texts = "".join(piece for is_code, piece in _outside_strings(code) if not is_code)
    return _YEAR.search(texts) is not None
