"""Tasks and rates, by exact whole numbers: a rate is reached or not, never rounded."""

from __future__ import annotations

from fractions import Fraction


def required_heads(base: int, rate: Fraction) -> int:
    """Give how many heads a rate of a base takes, rounded up. Raises ValueError below zero."""
    if base < 0 or rate < 0:
        raise ValueError("neither a base nor a rate can be negative")
    return -(-base * rate.numerator // rate.denominator)


def reached(enrolled: int, base: int, rate: Fraction) -> bool:
    """Say whether a rate of a base is reached: 1,203 of 1,204 is not 100 %."""
    return enrolled * rate.denominator >= base * rate.numerator


def tenths_of_percent(enrolled: int, base: int) -> int | None:
    """Give a rate in tenths of a percent for a person's eye, rounded down; None without a base.

    Rounded down, so that 100.0 is never shown before everybody is enrolled.
    """
    return enrolled * 1000 // base if base > 0 else None
