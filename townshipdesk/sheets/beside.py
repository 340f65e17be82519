"""Tables printed twice or more beside each other, to save paper: 姓名 证件号码 | 姓名 证件号码.

Read as one table they would lose everybody on the right without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from townshipdesk.sheets.recognise import Heading
from townshipdesk.sheets.workbook import Sheet


def repeats_after(heading: Heading) -> int:
    """Give the number of columns after which a heading begins again; 0 where it does not."""
    texts = [column.heading for column in heading.columns]
    while texts and not texts[-1]:
        texts.pop()
    places = heading.places
    needed = max((places[name] for name in ("name", "number") if name in places), default=0)
    for width in range(needed + 1, len(texts) - needed):
        if texts[width:] == texts[: len(texts) - width]:
            return width
    return 0


def tables_beside(sheet: Sheet, heading: Heading) -> Iterator[Sheet]:
    """Give a sheet as the tables that stand beside each other in it; nearly always it is one.

    Rows above the heading belong to each of them; cells keep their columns.
    """
    width = repeats_after(heading)
    if not width:
        yield sheet
        return
    rows = [row for _first, batch in sheet.batches(1, 1000) for row in batch]
    for start in range(0, len(heading.columns), width):
        cut = [
            row if number < heading.first else [""] * start + row[start : start + width]
            for number, row in enumerate(rows)
        ]
        head, rest = cut[: len(sheet.head)], iter(cut[len(sheet.head) :])
        yield Sheet(sheet.name, sheet.hidden, sheet.height, sheet.merges, head, rest)
