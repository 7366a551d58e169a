"""datasketch and rensa as finders of near copies: MinHash LSH over runs of five words."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

_PERMUTATIONS = 128
_RUN = 5

Shingles = Sequence[Sequence[str]]
# From shingles and a threshold to pairs of places.
Finder = Callable[[Shingles, float], Iterable[tuple[int, int]]]


def by_datasketch(texts: Shingles, threshold: float) -> Iterable[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
    hashes = MinHash.generator(
        ([shingle.encode() for shingle in text] for text in texts), num_perm=_PERMUTATIONS
    )
    for place, minhash in enumerate(hashes):
        yield from ((other, place) for other in index.query(minhash))
        index.insert(place, minhash, check_duplication=False)


def by_rensa(texts: Shingles, threshold: float) -> Iterable[tuple[int, int]]:
    from rensa import RMinHash, RMinHashLSH

    # As many bands as datasketch would choose: (1 / bands) ** (1 / rows) is the threshold.
    bands = min(
        (b for b in (4, 8, 16, 32, 64, 128)),
        key=lambda b: abs((1 / b) ** (b / _PERMUTATIONS) - threshold),
    )
    index = RMinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS, num_bands=bands)
    kept = []
    for place, text in enumerate(texts):
        minhash = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        minhash.update(list(text))
        for other in index.query(minhash):
            if minhash.jaccard(kept[other]) >= threshold:
                yield other, place
        index.insert(place, minhash)
        kept.append(minhash)


_FINDERS: dict[str, Finder] = {"datasketch": by_datasketch, "rensa": by_rensa}


def shingles(text: str) -> Sequence[str]:
    words = text.lower().split()
    return sorted({" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))})


def groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The group of each place, by joining all pairs."""
    home = list(range(count))

    def root(place: int) -> int:
        while home[place] != place:
            home[place] = home[home[place]]
            place = home[place]
        return place

    for left, right in pairs:
        home[root(right)] = root(left)
    return [root(place) for place in range(count)]


def pair_count(counts: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts)


def main() -> None:
    find = _FINDERS[sys.argv[1]]
    rows = [json.loads(line) for line in sys.stdin]
    events = [row["event"] for row in rows]
    texts = [row["text"] for row in rows]
    for threshold in map(float, sys.argv[2:]):
        started = time.process_time()
        found = groups(len(texts), find([shingles(text) for text in texts], threshold))
        seconds = time.process_time() - started
        right = pair_count(Counter(zip(found, events, strict=True)).values())
        answer = {
            "threshold": threshold,
            "seconds": seconds,
            "precision": right / max(1, pair_count(Counter(found).values())),
            "recall": right / max(1, pair_count(Counter(events).values())),
        }
        print(json.dumps(answer), flush=True)


main()
