"""Figures three lines high, for the one sum a clerk must see first."""

from __future__ import annotations

from typing import Final

ROWS: Final = 3

# Three strokes for each figure, top to bottom.
_FIGURES: Final = {
    "0": ("┏━┓", "┃ ┃", "┗━┛"),
    "1": (" ╺┓", "  ┃", "  ╹"),
    "2": ("╺━┓", "┏━┛", "┗━╸"),
    "3": ("╺━┓", " ━┫", "╺━┛"),
    "4": ("╻ ╻", "┗━┫", "  ╹"),
    "5": ("┏━╸", "┗━┓", "╺━┛"),
    "6": ("┏━╸", "┣━┓", "┗━┛"),
    "7": ("╺━┓", "  ┃", "  ╹"),
    "8": ("┏━┓", "┣━┫", "┗━┛"),
    "9": ("┏━┓", "┗━┫", "╺━┛"),
    ".": (" ", " ", "."),
    "-": ("   ", "╺━╸", "   "),
    " ": (" ", " ", " "),
}


def big(text: str) -> tuple[str, str, str]:
    """Give the three lines of a figure such as "220.00". Raises KeyError for anything else."""
    parts = [_FIGURES[character] for character in text]
    first, second, third = ("".join(part[row] for part in parts) for row in range(ROWS))
    return first, second, third
