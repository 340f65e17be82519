"""Working one item ahead of whoever takes them: what the libraries do needs no Python meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Ahead(Generic[Item]):
    """The items of an iterator, the next of them being worked out in a thread meanwhile.

    What the iterator raises is raised where the item would have come.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._begin()

    def __iter__(self) -> Iterator[Item]:
        """Give the items, once."""
        return self

    def __next__(self) -> Item:
        """Give the next item, when it is there."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        item = self._item
        self._begin()
        return item

    def _begin(self) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._item = next(self._items)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
