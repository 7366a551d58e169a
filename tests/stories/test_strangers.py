"""What is told to be strangers without a full comparison is never one story."""

from itertools import combinations

import numpy as np

from extractor.stories import load_rules
from extractor.stories.compare import compare
from extractor.stories.likeness import Weighed, likeness
from extractor.stories.profile import profile
from extractor.stories.strangers import Crowd
from tests.bench.stream import stream
from tests.stories.test_update import POOL

RULES = load_rules()
STREAMED = [(each.article, each.reading) for each in stream(80)]
ARTICLES = [Weighed(profile(*told, RULES), RULES.rarity) for told in (*POOL, *STREAMED)]
PAIRS = list(combinations(ARTICLES, 2))
CROWD = Crowd(ARTICLES, RULES)
LEFT, RIGHT = np.array(list(combinations(range(len(ARTICLES)), 2))).T


def test_strangers_are_never_one_story():
    told = CROWD.are_strangers(LEFT, RIGHT)
    parted = [pair for pair, is_parted in zip(PAIRS, told, strict=True) if is_parted]
    assert len(parted) > len(PAIRS) / 2
    assert not any(compare(this, that, RULES).same for this, that in parted)


def test_no_sum_of_likenesses_exceeds_its_ceiling():
    weights = RULES.weights
    most, _ = CROWD.ceiling(LEFT, RIGHT)
    for (this, that), ceiling in zip(PAIRS, most, strict=True):
        total = weights["base"] + sum(weights[n] * v for n, v in likeness(this, that).items())
        assert total <= ceiling + 1e-9
