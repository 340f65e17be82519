"""Talking with the reading process: started for one file, watched, ended when it must be."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn, cast

import townshipdesk
from townshipdesk.domain.errors import BadFileError, DeskError
from townshipdesk.sheets.given import Given, given
from townshipdesk.sheets.limits import FAR_AWAY

LONGEST_SECONDS: Final = 240
"""No file of a township takes a tenth of this; what takes longer was made to."""

_READER: Final = "townshipdesk.sheets.child"
_OF_FIRST_ROWS: Final = ("sniff", "first")
"""Requests for which nobody unpacks a large sheet to its end."""

_LISTEN_SECONDS: Final = 0.05
_GIVEN_BACK: Final = str(1024 * 1024)
"""Blocks from this size on go back to the system when they are free (glibc): a twentieth less."""

_LARGEST_MESSAGE: Final = 256 * 1024 * 1024

_FLAGS: Final = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW

Message = tuple[object, ...]


class ReadingStopped(DeskError):
    """The person stopped the reading; nothing was changed."""

    code = "stopped"


class _PlainUnpickler(pickle.Unpickler):
    """Takes plain values only: whatever a broken child sends, no class is ever looked up."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:
        raise pickle.UnpicklingError(f"no {module_name}.{global_name} in a message")


def _command(module: str) -> list[str]:
    # -P: a library's name must never be found in the folder the desk happens to be started from.
    return [sys.executable, "-P", "-m", module]


def _environment() -> dict[str, str]:
    root = str(Path(townshipdesk.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "RUST_BACKTRACE": "0",
        "MALLOC_MMAP_THRESHOLD_": _GIVEN_BACK,
    }


def _listen(out: BinaryIO, messages: queue.SimpleQueue[Message | None]) -> None:
    """Hand messages on until the child closes its side; None says that it has."""
    try:
        while len(head := out.read(4)) == 4:
            (length,) = struct.unpack(">I", head)
            if length > _LARGEST_MESSAGE:
                break
            content = out.read(length)
            if len(content) < length:
                break
            message = _PlainUnpickler(io.BytesIO(content)).load()
            if not isinstance(message, tuple):
                break
            messages.put(message)
    except (pickle.UnpicklingError, EOFError, ValueError, OSError):
        pass  # a broken message ends the reading; `ask` says so
    finally:
        messages.put(None)


_begun: dict[Path, tuple[Given, subprocess.Popen[bytes]]] = {}


@contextlib.contextmanager
def begun(path: Path) -> Iterator[None]:
    """Let a file be unpacked from now on, before anybody can say what is asked about it.

    For a program that must still load itself. The next reading of the path goes on from there;
    what nobody asks about ends with the block. Whether the file can be read at all is said then.
    """
    try:
        file = given(path)
    except BadFileError:
        yield
        return
    child = _start({"path": str(file.path), "whole": True})
    _begun[path] = file, child
    try:
        yield
    finally:
        if _begun.pop(path, None) is not None:
            child.kill()
            child.communicate()


def look_at(path: Path) -> Given:
    """Look at a file before it is read, or when its reading began. Raises BadFileError."""
    return _begun[path][0] if path in _begun else given(path)


def _start(first: Mapping[str, object]) -> subprocess.Popen[bytes]:
    """Start a reading process and send it the first of its two lines: what it can begin with."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        _command(_READER),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=_FLAGS,
    )
    _send(child, first)
    return child


def ask(
    request: Mapping[str, object],
    cancelled: Callable[[], bool] | None = None,
) -> Generator[Message, None, None]:
    """Give the messages of a reading process for one request; it is gone when this is closed.

    Raises BadFileError where the file cannot be read, whatever became of the process, and
    ReadingStopped when `cancelled` says so.
    """
    whole = request["kind"] not in _OF_FIRST_ROWS
    child = _begun_for(request) or _start({"path": request["path"], "whole": whole})
    out = cast("BinaryIO", child.stdout)
    messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(out, messages), daemon=True)
    try:
        listener.start()
        _send(child, request)
        yield from _until_end(messages, cancelled)
    finally:
        child.kill()
        child.wait()
        listener.join()
        out.close()
        with contextlib.suppress(OSError):
            cast("BinaryIO", child.stdin).close()


def _begun_for(request: Mapping[str, object]) -> subprocess.Popen[bytes] | None:
    for path, (file, child) in _begun.items():
        if str(file.path) == request["path"]:
            del _begun[path]
            return child
    return None


def run_apart(module: str, request: Mapping[str, object]) -> bool:
    """Let a module answer one request in a process of its own; tell whether it said it did."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            _command(module),
            input=json.dumps(request).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=_FLAGS,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _send(child: subprocess.Popen[bytes], line: Mapping[str, object]) -> None:
    pipe = cast("BinaryIO", child.stdin)
    with contextlib.suppress(OSError):  # it is gone; the missing end of its messages says so
        pipe.write(json.dumps(line).encode() + b"\n")
        pipe.flush()


def _until_end(
    messages: queue.SimpleQueue[Message | None], cancelled: Callable[[], bool] | None
) -> Generator[Message, None, None]:
    deadline = time.monotonic() + LONGEST_SECONDS
    while True:
        if cancelled is not None and cancelled():
            raise ReadingStopped("The reading was stopped; nothing was changed.")
        try:
            message = messages.get(timeout=_LISTEN_SECONDS)
        except queue.Empty:
            if time.monotonic() > deadline:
                raise BadFileError(
                    "The file took longer than {seconds} seconds to read.",
                    seconds=LONGEST_SECONDS,
                ) from None
            continue
        if message is None:
            raise BadFileError(FAR_AWAY)
        if message[0] == "error":
            values = cast("dict[str, Any]", message[2])
            raise BadFileError(str(message[1]), **values)
        if message[0] == "end":
            return
        yield message
