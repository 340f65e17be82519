"""Whose turn it is to write, among all desks of an office on this machine.

SQLite alone lets one busy desk starve another for seconds (measured: p99 2.6 s). Advisory locks on
a small file beside the office keep the queue short and fair. It is a courtesy: if the turn does
not come, the write goes on to SQLite's own lock, which is the guarantee.

On Linux desks draw numbers, as people do at a counter: each locks the byte of its own number and
waits until the byte before it is free. A desk that dies lets go of its byte, and the next goes on.
Elsewhere they try for one lock, and who tries at the right moment has it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 10
MOST_DESKS: Final = 32
"""So many desks of one office have places of their own; more of them share the last one."""

_PAUSE_SECONDS: Final = 0.0005
_LONGEST_PAUSE_SECONDS: Final = 0.004


class _Handle:
    """The small file, open; a lock of it belongs to this handle and goes with it."""

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.ticket = 0

    def close(self) -> None:
        os.close(self.number)


if sys.platform == "linux":
    import errno
    import fcntl
    import struct

    # The file: a lock for drawing numbers on byte 0, the number to be drawn next, the number that
    # is served; a byte for each desk; then a byte for each number, locked and never written.
    _DRAWING: Final = 0
    _NEXT: Final = 8
    _SERVED: Final = 16
    _DESKS: Final = 24
    _FIRST: Final = 64

    def _locked(handle: _Handle, byte: int) -> bool:
        try:
            _set(handle, fcntl.F_WRLCK, byte)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        return True

    def _set(handle: _Handle, kind: int, byte: int) -> None:
        # Locks of the open file, not of the process: a desk writes from several threads.
        wanted = struct.pack("hhqqi", kind, os.SEEK_SET, byte, 1, 0)
        fcntl.fcntl(handle.number, fcntl.F_OFD_SETLK, wanted)

    def _read(handle: _Handle, place: int) -> int:
        return int.from_bytes(os.pread(handle.number, 8, place), "little")

    def _write(handle: _Handle, place: int, number: int) -> None:
        os.pwrite(handle.number, number.to_bytes(8, "little"), place)

    def _wait(handle: _Handle, give_up_at: float) -> bool:
        while not _locked(handle, _DRAWING):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(_PAUSE_SECONDS)
        try:
            own = _read(handle, _NEXT) + 1
            _write(handle, _NEXT, own)
            _set(handle, fcntl.F_WRLCK, _FIRST + own)
        finally:
            _set(handle, fcntl.F_UNLCK, _DRAWING)
        handle.ticket = own
        while not _locked(handle, _FIRST + own - 1):
            if time.monotonic() > give_up_at:
                _leave(handle)
                return False
            before = max(1, own - _read(handle, _SERVED))
            time.sleep(min(before * _PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS))
        _set(handle, fcntl.F_UNLCK, _FIRST + own - 1)
        _write(handle, _SERVED, own)
        return True

    def _leave(handle: _Handle) -> None:
        _set(handle, fcntl.F_UNLCK, _FIRST + handle.ticket)

    def _takes(handle: _Handle, place: int) -> bool:
        return _locked(handle, _DESKS + place)

else:
    if sys.platform == "win32":
        import msvcrt

        def _try_lock(handle: _Handle) -> bool:
            try:
                msvcrt.locking(handle.number, msvcrt.LK_NBLCK, 1)
            except OSError:
                return False
            return True

        def _leave(handle: _Handle) -> None:
            os.lseek(handle.number, 0, os.SEEK_SET)
            msvcrt.locking(handle.number, msvcrt.LK_UNLCK, 1)

        def _takes(handle: _Handle, place: int) -> bool:
            os.lseek(handle.number, place, os.SEEK_SET)  # its handle locks nothing else
            return _try_lock(handle)

    else:
        import fcntl

        def _try_lock(handle: _Handle) -> bool:
            try:
                fcntl.flock(handle.number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            return True

        def _leave(handle: _Handle) -> None:
            fcntl.flock(handle.number, fcntl.LOCK_UN)

        def _takes(_handle: _Handle, _place: int) -> bool:
            return True  # whole files only: here desks are not told apart

    def _wait(handle: _Handle, give_up_at: float) -> bool:
        while not _try_lock(handle):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(2 * _PAUSE_SECONDS)
        return True


class DeskPlace:
    """The place of a running desk among those of an office on this machine: the first that is free.

    A desk that dies leaves its place, and the next one that starts takes it: so it is told what
    became of the work of the one before.
    """

    def __init__(self, office: Path) -> None:
        self.number = 1
        self._handle: _Handle | None = None
        with contextlib.suppress(OSError):
            self._handle = _Handle(_beside(office))
            while self.number < MOST_DESKS and not _takes(self._handle, self.number):
                self.number += 1

    def close(self) -> None:
        """Leave the place to another desk."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _beside(office: Path) -> Path:
    return office.with_name(office.name + ".turn")


class Turn:
    """The queue of one office file. Each connection has a Turn of its own."""

    def __init__(self, office: Path) -> None:
        self._path = _beside(office)
        self._handle: _Handle | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn, at most `PATIENCE_SECONDS`, and give it back at the end."""
        handle = self._taken()
        try:
            yield
        finally:
            if handle is not None:
                _leave(handle)

    def close(self) -> None:
        """Let go of the small file."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _taken(self) -> _Handle | None:
        """Give the file once it is our turn; None where there is none: the database says no."""
        try:
            if self._handle is None:
                self._handle = _Handle(self._path)
            came = _wait(self._handle, time.monotonic() + PATIENCE_SECONDS)
        except OSError:  # a folder we may not write to, a disk that is full
            return None
        return self._handle if came else None
