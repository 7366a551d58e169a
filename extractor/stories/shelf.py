"""What the stage remembers of articles between runs, and where it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from extractor.records import StoryDecision, StoryEntry, StoryTie

UNDATED = -1


class Shelf(Protocol):
    """The memory of the stage; articles are numbered."""

    def put(self, entries: Sequence[StoryEntry]) -> None:
        """Keeps what is known of articles that are not there."""

    def drop(self, ids: Collection[int]) -> None:
        """Forgets articles, with their ties; what people decided stays."""

    def postings(
        self, keys: Collection[int], since: int | None, until: int | None
    ) -> Iterator[tuple[int, int, int]]:
        """Key, time and number of each article with one of the keys.

        Those of a time from `since` to `until`, and the undated; all without bounds.
        """

    def lasting(self, keys: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Key, time and number of each article with one of these lasting keys."""

    def bodies(self, ids: Collection[int]) -> dict[int, bytes]:
        """What was kept of these articles, of those that are there."""

    def tie(self, ties: Iterable[StoryTie]) -> None:
        """Keeps which pairs were found to be one story."""

    def ties(self, ids: Collection[int]) -> list[StoryTie]:
        """The ties that one of these articles has."""

    def decisions(self, ids: Collection[int]) -> list[StoryDecision]:
        """What people decided about one of these articles, the newest first."""

    def groups(self, ids: Collection[int]) -> dict[str, tuple[int, ...]]:
        """The stories that hold one of these articles, with all their members in order."""

    def has_story(self, key: str) -> bool:
        """Whether a story has this key."""


@dataclass(slots=True)
class MemoryShelf:
    """A shelf for one run."""

    entries: dict[int, StoryEntry] = field(default_factory=dict)
    told: dict[str, tuple[int, ...]] = field(default_factory=dict)
    decided: list[StoryDecision] = field(default_factory=list)
    _postings: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    _ties: dict[int, dict[int, StoryTie]] = field(default_factory=dict)

    def put(self, entries: Sequence[StoryEntry]) -> None:
        for entry in entries:
            self.entries[entry.id] = entry
            for key in (*entry.lasting, *entry.keys):
                self._postings.setdefault(key, set()).add((entry.at, entry.id))

    def drop(self, ids: Collection[int]) -> None:
        for entry in [self.entries.pop(id_) for id_ in ids if id_ in self.entries]:
            for key in (*entry.lasting, *entry.keys):
                self._postings[key].discard((entry.at, entry.id))
            for other in self._ties.pop(entry.id, {}):
                del self._ties[other][entry.id]

    def postings(
        self, keys: Collection[int], since: int | None, until: int | None
    ) -> Iterator[tuple[int, int, int]]:
        for key in keys:
            for at, id_ in self._postings.get(key, ()):
                if since is None or until is None or at == UNDATED or since <= at <= until:
                    yield key, at, id_

    def lasting(self, keys: Collection[int]) -> Iterator[tuple[int, int, int]]:
        return self.postings(keys, None, None)

    def bodies(self, ids: Collection[int]) -> dict[int, bytes]:
        return {id_: self.entries[id_].body for id_ in ids if id_ in self.entries}

    def tie(self, ties: Iterable[StoryTie]) -> None:
        for tie in ties:
            self._ties.setdefault(tie.left, {})[tie.right] = tie
            self._ties.setdefault(tie.right, {})[tie.left] = tie

    def ties(self, ids: Collection[int]) -> list[StoryTie]:
        found = chain.from_iterable(self._ties.get(id_, {}).values() for id_ in ids)
        return list(dict.fromkeys(found))

    def decisions(self, ids: Collection[int]) -> list[StoryDecision]:
        wanted = set(ids)
        return [d for d in self.decided if d.left in wanted or d.right in wanted]

    def groups(self, ids: Collection[int]) -> dict[str, tuple[int, ...]]:
        wanted = set(ids)
        return {key: members for key, members in self.told.items() if wanted & set(members)}

    def has_story(self, key: str) -> bool:
        return key in self.told
