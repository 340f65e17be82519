"""A file layer under the database that writes down, and can refuse, what reaches the disk.

SQLite lets a program put its own file layer (VFS) under the library. This one hands everything on
to the system's, and keeps a list of writes, truncations, syncs and deletions in their order, for a
power cut to be played through afterwards; it can also let the disk be full or broken from a given
step on. It becomes the default of the whole process: use it in a process of its own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlcipher3._sqlite3 as driver

OK, FULL, IOERR_WRITE, IOERR_SYNC = 0, 13, 10 | 3 << 8, 10 | 4 << 8

_File = ctypes.c_void_p
_Simple = ctypes.CFUNCTYPE(ctypes.c_int, _File)
_Write = ctypes.CFUNCTYPE(ctypes.c_int, _File, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, _File, ctypes.c_int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, _File, ctypes.c_int)
_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, _File, ctypes.c_int, ctypes.c_void_p
)
_Delete = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`: only the first ones are looked at, the others just copied."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("close", _Simple),
        ("read", ctypes.c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("rest", ctypes.c_void_p * 13),
    )


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, up to the last member of its third version."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", _Open),
        ("delete", _Delete),
        ("rest", ctypes.c_void_p * 16),
    )


class _Handle(ctypes.Structure):
    """`sqlite3_file`: a pointer to the methods, and what the system's layer keeps behind it."""

    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


@dataclass
class Event:
    """One thing that happened to a file: write, truncate, sync or delete; or an acknowledgement."""

    what: str
    name: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Recorder:
    """The list of events, and the fault to cause: `refuse` says what to answer to a step."""

    folder: Path
    events: list[Event] = field(default_factory=list)
    refuse: Callable[[Event], int] | None = None
    _kept: list[Any] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _original: dict[int, _Methods] = field(default_factory=dict)
    _tables: dict[int, _Methods] = field(default_factory=dict)

    def acknowledge(self, key: str) -> None:
        """Note that a payment was said to be taken."""
        self.events.append(Event("acknowledged", key))

    def install(self) -> None:
        """Put this layer under every database the process opens from now on."""
        library = ctypes.CDLL(driver.__file__)
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        library.sqlite3_vfs_find.argtypes = (ctypes.c_char_p,)
        library.sqlite3_vfs_register.argtypes = (ctypes.POINTER(_Vfs), ctypes.c_int)
        system = library.sqlite3_vfs_find(None)
        own = _Vfs()
        ctypes.memmove(ctypes.byref(own), system, ctypes.sizeof(_Vfs))
        own.name = b"recorder"
        own.open = _Open(self._opener(system.contents))
        own.delete = _Delete(self._deleter(system.contents))
        self._kept += [library, own]
        if library.sqlite3_vfs_register(ctypes.byref(own), 1) != OK:
            raise OSError("the file layer could not be put in place")

    def _opener(self, system: _Vfs) -> Callable[..., int]:
        def opened(vfs: int, name: int, handle: int, flags: int, out: int) -> int:
            status = int(system.open(vfs, name, handle, flags, out))
            methods = ctypes.cast(handle, ctypes.POINTER(_Handle)).contents.methods
            if status == OK and methods and name:
                path = Path(ctypes.string_at(name).decode())
                if path.parent == self.folder:
                    self._names[handle] = path.name
                    self._take_over(handle)
            return status

        return opened

    def _deleter(self, system: _Vfs) -> Callable[..., int]:
        def deleted(vfs: int, name: bytes, sync_folder: int) -> int:
            status = int(system.delete(vfs, name, sync_folder))
            path = Path(name.decode())
            if status == OK and path.parent == self.folder:
                self.events.append(Event("delete", path.name))
            return status

        return deleted

    def _take_over(self, handle: int) -> None:
        """Give an open file our methods; all files of a kind share one table of them."""
        file = ctypes.cast(handle, ctypes.POINTER(_Handle)).contents
        address = ctypes.addressof(file.methods.contents)
        if address not in self._tables:
            system = _Methods.from_address(address)
            own = _Methods()
            ctypes.memmove(ctypes.byref(own), ctypes.byref(system), ctypes.sizeof(_Methods))
            own.write = _Write(self._writer(system))
            own.truncate = _Truncate(self._truncater(system))
            own.sync = _Sync(self._syncer(system))
            self._tables[address] = own
            self._tables[ctypes.addressof(own)] = own
        file.methods = ctypes.pointer(self._tables[address])

    def _writer(self, system: _Methods) -> Callable[..., int]:
        def written(handle: int, data: int, count: int, offset: int) -> int:
            event = Event("write", self._names[handle], offset, ctypes.string_at(data, count))
            return self._answer(event, lambda: system.write(handle, data, count, offset))

        return written

    def _truncater(self, system: _Methods) -> Callable[..., int]:
        def truncated(handle: int, size: int) -> int:
            event = Event("truncate", self._names[handle], size)
            return self._answer(event, lambda: system.truncate(handle, size))

        return truncated

    def _syncer(self, system: _Methods) -> Callable[..., int]:
        def synced(handle: int, flags: int) -> int:
            event = Event("sync", self._names[handle])
            return self._answer(event, lambda: system.sync(handle, flags))

        return synced

    def _answer(self, event: Event, do: Callable[[], int]) -> int:
        if self.refuse is not None:
            refused = self.refuse(event)
            if refused != OK:
                return refused
        status = int(do())
        if status == OK:
            self.events.append(event)
        return status
