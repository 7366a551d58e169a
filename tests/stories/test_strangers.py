"""What is told to be strangers without a full comparison is never one story."""

from itertools import combinations

from extractor.stories import load_rules
from extractor.stories.compare import are_strangers, compare
from extractor.stories.likeness import Weighed, ceiling, likeness, without_words
from extractor.stories.profile import profile
from tests.bench.stream import stream
from tests.stories.test_update import POOL

RULES = load_rules()
STREAMED = [(each.article, each.reading) for each in stream(80)]
PAIRS = list(
    combinations([Weighed(profile(*told, RULES), RULES.rarity) for told in (*POOL, *STREAMED)], 2)
)


def test_strangers_are_never_one_story():
    parted = [(this, that) for this, that in PAIRS if are_strangers(this, that, RULES)]
    assert len(parted) > len(PAIRS) / 2
    assert not any(compare(this, that, RULES).same for this, that in parted)


def test_no_sum_of_likenesses_exceeds_its_ceiling():
    weights = RULES.weights
    for this, that in PAIRS:
        seen, _ = without_words(this, that)
        total = weights["base"] + sum(weights[n] * v for n, v in likeness(this, that).items())
        assert total <= ceiling(this, that, seen, weights) + 1e-9
