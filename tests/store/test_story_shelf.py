"""The shelf of a ledger finds what a shelf in memory does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.records import StoryEntry
from extractor.store.write import Ledger, open_ledger
from extractor.stories import MemoryShelf, Shelf
from tests.stories.builders import told

YEAR = 365 * 24 * 60
TIMES = st.one_of(st.just(-1), st.integers(-YEAR, YEAR))
KEYS = st.lists(st.integers(1 << 32, (1 << 32) + 5), unique=True, max_size=4).map(tuple)
LASTING = st.lists(st.integers(0, 3), unique=True, max_size=2).map(tuple)
BOUNDS = st.one_of(st.none(), st.tuples(TIMES, TIMES).map(sorted))


def stocked(ledger: Ledger, count: int) -> list[int]:
    """Numbers of articles without a story."""
    for number in range(count):
        ledger.add_article(told(f"a{number}", f"T{number}", f"Text {number}.")[0])
    return list(range(1, count + 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TIMES, LASTING, KEYS), max_size=8), st.sets(st.integers(1, 8)), BOUNDS)
def test_postings_are_found_in_every_period_and_go_with_their_article(
    told_of: list[tuple[int, tuple[int, ...], tuple[int, ...]]],
    gone: set[int],
    bounds: tuple[int, int] | None,
) -> None:
    def found(shelf: Shelf) -> tuple[Iterable[object], ...]:
        shelf.put(entries)
        shelf.drop(gone)
        since, until = bounds or (None, None)
        keys, lasting = range(1 << 32, (1 << 32) + 6), range(4)
        return sorted(shelf.postings(keys, since, until)), sorted(shelf.lasting(lasting))

    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        numbers = stocked(ledger, len(told_of))
        entries = [
            StoryEntry(id_, at, lasting, keys, b"")
            for id_, (at, lasting, keys) in zip(numbers, told_of, strict=True)
        ]
        assert found(ledger.story_shelf) == found(MemoryShelf())
