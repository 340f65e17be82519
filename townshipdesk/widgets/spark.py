"""Small pictures made of text: a sparkline of a few days, a line of progress over weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_STEPS: Final = "▁▂▃▄▅▆▇█"
_PARTS: Final = " ▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[int]) -> str:
    """Give one character a value, the highest full; nothing moved is a dot, a loss a minus."""
    top = max(values, default=0)
    return "".join(_step(value, top) for value in values)


def _step(value: int, top: int) -> str:
    if value < 0:
        return "-"
    if value == 0:
        return "."
    return _STEPS[-(-value * len(_STEPS) // top) - 1]


def columns(values: Sequence[int], top: int, height: int) -> list[str]:
    """Give lines of upright bars, the highest line first; `top` is what fills the height."""
    whole = max(1, top)
    eighths = [min(height * 8, max(0, value) * height * 8 // whole) for value in values]
    return [
        "".join(_PARTS[min(8, max(0, part - row * 8))] for part in eighths)
        for row in range(height - 1, -1, -1)
    ]
