"""UUIDs of version 7 (RFC 9562): unique everywhere, ordered by the time they were made."""

from __future__ import annotations

import os
import time
import uuid


def new_uid() -> str:
    """Give a new time-ordered unique id as text."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def new_uids(count: int) -> list[str]:
    """Give many new ids in order, at once: several times faster than one by one.

    The bits behind the version count on (RFC 9562, 6.2, method 1), 48 bits of chance follow.
    """
    milliseconds = time.time_ns() // 1_000_000
    start = f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7"
    chance = os.urandom(count * 6).hex()
    return [
        f"{start}{i >> 14:03x}-{0x8000 | i & 0x3FFF:04x}-{chance[i * 12 : i * 12 + 12]}"
        for i in range(count)
    ]
