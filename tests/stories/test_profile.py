"""What of a text takes part in a comparison."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.stories import load_rules
from extractor.stories.profile import profile
from extractor.stories.texts import sketches
from tests.stories.builders import told

RULES = load_rules()


@pytest.mark.parametrize(
    "text",
    [
        "TeraWulf let 200 MW to Fluidstack, the miner's largest tenant_to_date, on 14 August.",
        "TeraWulf let 200 MW to Fluidstack – its “largest” one… on\N{NO-BREAK SPACE}Friday.",
        "Exaion gehört künftig MARA: die Pariser Behörde stimmte am Freitag zu, wie EDF erklärte.",
        "Three words only",
    ],
    ids=["plain", "typographic", "accents", "short"],
)
def test_copies_are_found_by_runs_of_words_whatever_the_signs_between(text):
    words = [word.encode() for word in re.findall(r"\w+", text.lower())]
    (expected,) = sketches([words], 5, 128)
    found = profile(*told("a", "", text), RULES)
    assert (found.sketch, found.runs) == (expected.hashes, expected.runs)
    assert found.runs == max(1, len(words) - 4)


WORDS = st.lists(st.sampled_from((b"a", b"b", b"c")), max_size=40)


@given(st.lists(WORDS, max_size=4), st.integers(1, 5))
def test_every_run_of_words_has_a_number_of_its_own_in_whatever_text(texts, length):
    def runs(words):
        return {*zip(*(words[i:] for i in range(length)), strict=False)} or {(*words,)} - {()}

    number = {
        run: sketches([run], length, 1)[0].hashes[0] for words in texts for run in runs(words)
    }
    assert len({*number.values()}) == len(number)
    expected = [sorted(number[run] for run in runs(words)) for words in texts]
    found = sketches(texts, length, 9)
    assert [list(each.hashes) for each in found] == [numbers[:9] for numbers in expected]
    assert [each.runs for each in found] == [len(numbers) for numbers in expected]


def test_a_text_without_words_has_no_runs():
    assert profile(*told("a", "", "…"), RULES).runs == 0
