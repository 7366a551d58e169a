"""What of a text takes part in a comparison."""

import re
import zlib

import pytest

from extractor.stories import load_rules
from extractor.stories.profile import profile
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
    words = re.findall(r"\w+", text.lower())
    runs = {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}
    found = profile(*told("a", "", text), RULES)
    assert list(found.sketch) == sorted(zlib.crc32(run.encode()) for run in runs)
    assert found.runs == len(runs)


def test_a_text_without_words_has_no_runs():
    assert profile(*told("a", "", "…"), RULES).runs == 0
