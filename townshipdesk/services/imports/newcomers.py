"""Who is new in a roster: put into the waiting room as they are read, many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from townshipdesk.domain.names import name_key
from townshipdesk.services.register_values import household_number
from townshipdesk.store import import_rows
from townshipdesk.store.driver import Connection
from townshipdesk.store.stage_rows import Bases, RosterStage
from townshipdesk.store.uids import new_uids


class _Numbers(dict[str, str]):
    """Household numbers as they are kept, by how files write them."""

    def __missing__(self, text: str) -> str:
        found = self[text] = household_number(text)
        return found


class _Keys(dict[str, str]):
    """Keys of names, by the names."""

    def __missing__(self, name: str) -> str:
        found = self[name] = name_key(name)
        return found


class Households:
    """Household numbers to row numbers; those that are not there yet are made."""

    def __init__(self, conn: Connection, highest: int) -> None:
        self._highest = highest
        self._known = import_rows.households(conn)
        self._asked: dict[tuple[str, int], int] = {}
        self._next = highest
        self.number = _Numbers({"": ""}).__getitem__
        self.made: list[tuple[int, str, int, str]] = []

    def find(self, text: str, village_id: int, group_name: str) -> int | None:
        """Give the row number of a household in a village; None for no number."""
        if not text or not self.number(text):  # an apostrophe alone is no number
            return None
        found = self._asked.get((text, village_id))
        if found is None:
            found = self._asked[text, village_id] = self._find(text, village_id, group_name)
        return found

    def _find(self, text: str, village_id: int, group_name: str) -> int:
        key = self.number(text), village_id
        found = self._known.get(key)
        if found is None:
            self._next += 1
            found = self._known[key] = self._next
            self.made.append((found, *key, group_name))
        return found

    def referred(self) -> set[int]:
        """Give those that somebody was found to belong to and that are there already."""
        return {one for one in self._asked.values() if one <= self._highest}


class Newcomers:
    """The new people of one roster.

    `villages` are those they live in; `doubtful` may be somebody else of the file or the office.
    """

    def __init__(self, bases: Bases) -> None:
        self._next = bases.resident + 1
        self._keys = _Keys()
        self._first: dict[int, int] = {}
        self.villages: set[int] = set()
        self.doubtful: set[int] = set()

    def put(
        self,
        columns: Sequence[Sequence[Any]],
        villages: Sequence[int],
        stage: RosterStage,
        households: Households,
    ) -> None:
        """Let people wait in `stage`, each with the village they will live in.

        `columns` are their rows on their side, in the order of `RosterRow`.
        """
        (
            sheets, lines, names, kinds, documents, sexes, born, _villages, _codes, groups,
            numbers, _heads, relations, ethnicities, hukou_kinds, _places, registered, addresses,
            phones, categories, _notes,
        ) = columns  # fmt: skip
        ids = range(self._next, self._next + len(names))
        self.villages.update(villages)
        keys = [*map(self._keys.__getitem__, names)]
        for number, mark, day in zip(
            ids, map(hash, zip(keys, born, strict=True)), born, strict=True
        ):
            if day and self._first.setdefault(mark, number) != number:
                self.doubtful.update((self._first[mark], number))
        stage.residents([
            *zip(
                ids, new_uids(len(names)), names, keys, [sex or "unknown" for sex in sexes],
                [day or None for day in born], villages, groups,
                map(households.find, numbers, villages, groups), relations, phones, addresses,
                ethnicities, hukou_kinds, [where or "here" for where in registered], categories,
                kinds, documents, sheets, lines,
                strict=True,
            )
        ])  # fmt: skip
        self._next += len(names)

    def namesakes(self, known: Iterable[tuple[int, str, str]]) -> dict[tuple[str, str | None], int]:
        """Give those the office knows by name and birth date of somebody new.

        `known` are row number, name key and birth date.
        """
        found: dict[tuple[str, str | None], int] = {}
        for resident_id, key, born in known:
            new = self._first.get(hash((key, born)))
            if new is not None:
                self.doubtful.add(new)
                found[key, born] = resident_id
        return found

    @property
    def names(self) -> Collection[str]:
        """Give their names, each once."""
        return self._keys.keys()
