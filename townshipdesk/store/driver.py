"""The one database driver of the program.

SQLCipher's driver bundles a SQLite new enough for several writers at once, reads plain files
without a key and encrypts with one. A process that used two SQLite drivers on one file has lost
acknowledged payments, so nothing else may be imported: sqlite-utils is told to use this one too.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import sqlcipher3

if TYPE_CHECKING:
    import sqlite3  # the driver has the standard module's interface but no types of its own
else:
    from sqlcipher3 import dbapi2 as sqlite3

# sqlite-utils looks for a module of this name before it falls back to the standard library's.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlite3)

OLDEST_SQLITE: Final = (3, 51, 3)
"""Older versions can corrupt a WAL file that several connections write and checkpoint."""

Connection = sqlite3.Connection
Row = sqlite3.Row

__all__ = ["OLDEST_SQLITE", "Connection", "Row", "sqlite3"]
