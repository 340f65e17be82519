"""Resident ID numbers by the ten thousand: what `idnumber` says of a right one, many times faster.

A number is three parts whose weighted sums add up modulo 11: county, birth date, and sequence with
check character. Each part is worked out once for the whole file; of a number only three look-ups
remain. Whatever is not plainly right is left to `idnumber.identify`, which explains it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Final, Generic, NamedTuple, TypeVar

from townshipdesk.domain.idnumber import LONG_AGO, PROVINCES

_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, -1, -1))
_COUNTY: Final = re.compile(r"[0-9]{6}", re.ASCII)
_TAIL: Final = re.compile(r"[0-9]{3}[0-9X]", re.ASCII)
_KEPT: Final = 100_000
_OLDEST_AGE: Final = 105
_ONE_DAY: Final = timedelta(days=1)

Part = TypeVar("Part")


class Told(NamedTuple):
    """What a number tells: `male` or `female`, and the birth date as ISO text."""

    sex: str
    born: str


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
        self._oldest, self._newest = f"{LONG_AGO:%Y%m%d}", f"{today:%Y%m%d}"
        self._counties = _Parts(self._county)
        self._days = _Parts(self._day)
        self._years = _Parts(partial(_sum, first=6))
        self._days_of_year = _Parts(partial(_sum, first=10))
        self._tails = _Parts(self._tail)

    def tell(self, cells: Sequence[object]) -> list[Told | None]:
        """Give what each cell tells, None where it is no resident ID number right as it stands.

        A number that ends in 000 may be one that a spreadsheet has ruined: None as well.
        """
        counties, days, tails = self._counties, self._days, self._tails
        told: list[Told | None] = []
        for cell in cells:
            found = None
            if type(cell) is str:
                try:
                    left, (middle, of_sexes), (right, is_man) = (
                        counties[cell[:6]],
                        days[cell[6:14]],
                        tails[cell[14:]],
                    )
                    if (left + middle + right) % 11 == 1:
                        found = of_sexes[is_man]
                except KeyError:
                    pass
            told.append(found)
        return told

    def prepare(self) -> Iterator[None]:
        """Work out beforehand what the numbers of living people are made of, some at each step.

        Whoever has nothing to do takes as many steps as there is time for; none is needed.
        """
        newest = date(int(self._newest[:4]), 1, 1)
        for year in range(newest.year, max(newest.year - _OLDEST_AGE, LONG_AGO.year), -1):
            day = date(year, 1, 1)
            while day.year == year:
                text = f"{day:%Y%m%d}"
                if text <= self._newest:
                    self._days[text]
                day += _ONE_DAY
            yield
        for sequence in range(1_000):
            for check in "0123456789X":
                with suppress(KeyError):
                    self._tails[f"{sequence:03d}{check}"]
            if sequence % 50 == 0:
                yield

    def _county(self, text: str) -> int:
        if not _COUNTY.fullmatch(text) or text[:2] not in PROVINCES or text[0] == "8":
            raise KeyError(text)
        return _sum(text, 0)

    def _day(self, text: str) -> tuple[int, tuple[Told, Told]]:
        plain = len(text) == 8 and text.isascii() and text.isdigit()
        if not plain or not self._oldest < text <= self._newest:
            raise KeyError(text)
        try:
            day = date.fromisoformat(text).isoformat()
        except ValueError:
            raise KeyError(text) from None
        total = self._years[text[:4]] + self._days_of_year[text[4:]]
        return total, (Told("female", day), Told("male", day))

    def _tail(self, text: str) -> tuple[int, bool]:
        if not _TAIL.fullmatch(text) or text[1:] == "000":
            raise KeyError(text)
        return _sum(text, 14), text[2] in "13579"
