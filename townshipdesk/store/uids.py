"""UUIDs of version 7 (RFC 9562): unique everywhere, ordered by the time they were made."""

from __future__ import annotations

import contextlib
import functools
import os
import random
import time
from collections.abc import Iterator


class _Source:
    """Where ids take their bytes and their time from: the machine, or a seed."""

    def __init__(self) -> None:
        self.dice: random.Random | None = None
        self.ticks = 0

    def bytes(self, count: int) -> bytes:
        return os.urandom(count) if self.dice is None else self.dice.randbytes(count)

    def milliseconds(self) -> int:
        if self.dice is None:
            return time.time_ns() // 1_000_000
        self.ticks += 1
        return self.ticks


_source = _Source()


def chance(count: int) -> bytes:
    """Give so many bytes nobody can guess; inside `seeded` they follow from the seed."""
    return _source.bytes(count)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let ids and salts follow from a seed, so that a training office comes out the same again.

    For making training offices only: it holds for the whole program while it lasts.
    """
    _source.dice = random.Random(f"{seed} uids")  # noqa: S311 - training offices hold no secret
    _source.ticks = 0
    try:
        yield
    finally:
        _source.dice = None


def new_uid() -> str:
    """Give a new time-ordered unique id as text."""
    milliseconds = _source.milliseconds()
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(_source.bytes(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_uids(count: int) -> list[str]:
    """Give many new ids in order, at once: several times faster than one by one.

    The bits behind the version count on (RFC 9562, 6.2, method 1), 48 bits of chance follow.
    """
    milliseconds = _source.milliseconds()
    start = f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7"
    bits = _source.bytes(count * 6).hex()
    counts = _counts() if count <= _COUNTED else map(_count, range(count))
    # strict=False: there are more counts at hand than asked for
    return [
        f"{start}{number}-{bits[place : place + 12]}"
        for number, place in zip(counts, range(0, count * 12, 12), strict=False)
    ]


_COUNTED = 4_096


def _count(i: int) -> str:
    return f"{i >> 14:03x}-{0x8000 | i & 0x3FFF:04x}"


@functools.cache
def _counts() -> list[str]:
    return [_count(i) for i in range(_COUNTED)]
