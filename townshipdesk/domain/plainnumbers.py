"""Resident ID numbers by the ten thousand: what `idnumber` says of a right one, many times faster.

A number is three parts whose weighted sums add up modulo 11: county, birth date, and sequence with
check character. Each part is worked out once for the whole file; of a number only three look-ups
remain. Whatever is not plainly right is left to `idnumber.identify`, which explains it.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final, Generic, TypeVar

from townshipdesk.domain.idnumber import LONG_AGO, PROVINCES

_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, -1, -1))
_COUNTY: Final = re.compile(r"[0-9]{6}", re.ASCII)
_TAIL: Final = re.compile(r"[0-9]{3}[0-9X]", re.ASCII)
_KEPT: Final = 100_000
_LEAP_DAY: Final = "-02-29"

Part = TypeVar("Part")


class _Parts(dict[str, Part], Generic[Part]):
    """Parts that were worked out before; a text that is no such part raises KeyError."""

    def __init__(self, work_out: Callable[[str], Part]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: str) -> Part:
        found = self._work_out(text)
        if len(self) < _KEPT:
            self[text] = found
        return found


def _sum(digits: str, first: int) -> int:
    """Give the weighted sum of digits that stand from position `first` on, counted from 0."""
    values = (10 if digit == "X" else int(digit) for digit in digits)
    return sum(value * _WEIGHTS[first + place] for place, value in enumerate(values))


class PlainNumbers:
    """Reads numbers of one file on one day."""

    def __init__(self, today: date) -> None:
        self._newest = f"{today:%Y%m%d}"
        self._counties = _Parts(self._county)
        self._years = {
            text: (_sum(text, 6), text)
            for text in (f"{year}" for year in range(LONG_AGO.year + 1, today.year + 1))
        }
        days = (date(2000, 1, 1) + timedelta(days=place) for place in range(366))
        self._days = {f"{day:%m%d}": (_sum(f"{day:%m%d}", 10), f"-{day:%m-%d}") for day in days}
        self._tails = _Parts(self._tail)

    def tell(self, cells: Sequence[object]) -> tuple[list[str], list[str]]:
        """Give the sex (`male`, `female`) and birth date (ISO) each cell tells.

        Both are "" where it is no resident ID number right as it stands, or one that ends in 000:
        a spreadsheet may have ruined it.
        """
        counties, years, days, tails = self._counties, self._years, self._days, self._tails
        newest = self._newest
        sexes, born = [], []
        for cell in cells:
            sex = birth = ""
            if type(cell) is str:
                try:
                    county, (year, year_text), (day, day_text), (tail, told) = (
                        counties[cell[:6]],
                        years[cell[6:10]],
                        days[cell[10:14]],
                        tails[cell[14:]],
                    )
                except KeyError:
                    pass
                else:
                    fits = (county + year + day + tail) % 11 == 1 and cell[6:14] <= newest
                    if fits and (day_text != _LEAP_DAY or isleap(int(year_text))):
                        sex, birth = told, year_text + day_text
            sexes.append(sex)
            born.append(birth)
        return sexes, born

    def _county(self, text: str) -> int:
        if not _COUNTY.fullmatch(text) or text[:2] not in PROVINCES or text[0] == "8":
            raise KeyError(text)
        return _sum(text, 0)

    def _tail(self, text: str) -> tuple[int, str]:
        if not _TAIL.fullmatch(text) or text[1:] == "000":
            raise KeyError(text)
        return _sum(text, 14), "male" if text[2] in "13579" else "female"
