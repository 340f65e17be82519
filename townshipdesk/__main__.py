"""Run the command line: python -m townshipdesk."""

from __future__ import annotations

from townshipdesk.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    raise SystemExit(main())
