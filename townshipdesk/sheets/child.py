"""The reading process: one file in, messages out, within limits of memory and time.

It unpacks the file in a thread while it is still loading what reads the rows: that takes a tenth
of a second, and unpacking leaves a processor idle. `sheets.reading` says what the messages are.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path

from townshipdesk.sheets.limits import limit_this_process
from townshipdesk.sheets.unpack import Ahead, unpack


def main() -> None:
    """Answer the one request on standard input."""
    limit_this_process()
    gc.disable()  # rows are plain values without cycles; looking for some costs a fifth
    request = json.loads(sys.stdin.buffer.read())
    parts = Ahead(unpack(Path(request["path"])))
    from townshipdesk.sheets.reading import Reading

    Reading(request, sys.stdout.buffer, parts).run()
    # Every message has been flushed; taking a million cells apart one by one helps nobody.
    os._exit(0)


if __name__ == "__main__":
    main()
