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
