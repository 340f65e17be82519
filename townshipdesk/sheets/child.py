"""The reading process: one file in, messages out, within limits of memory and time.

Two lines of JSON come in. The first names the file, which is unpacked in a thread from then on,
while what reads the rows is still being loaded; the second says what is asked about it. What goes
out `sheets.reading` says.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

from townshipdesk.sheets.ahead import Ahead
from townshipdesk.sheets.limits import limit_this_process
from townshipdesk.sheets.unpack import unpack


def main() -> None:
    """Answer the request on standard input."""
    limit_this_process()
    gc.disable()  # rows are plain values without cycles; looking for some costs a fifth
    lines = sys.stdin.buffer
    first = json.loads(lines.readline())
    parts = Ahead(unpack(Path(first["path"]), whole=bool(first["whole"])))
    from townshipdesk.sheets.reading import Reading

    if line := lines.readline():  # else it turned out that nobody asks
        Reading(json.loads(line), sys.stdout.buffer, parts).run()
    # Every message has been flushed; taking a million cells apart one by one helps nobody.
    os._exit(0)


if __name__ == "__main__":
    main()
