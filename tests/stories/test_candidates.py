"""Candidates are found by an index, at a cost that does not grow with the archive."""

from extractor.stories import load_rules
from extractor.stories.candidates import candidate_pairs, document_frequency
from extractor.stories.profile import profile
from tests.stories.builders import told

RULES = load_rules()


def pairs(count: int) -> int:
    """How many pairs are compared of a day's `count` articles on one company and its tenant."""
    profiles = []
    for number in range(count):
        text = f"TeraWulf spoke with Fluidstack about item {number * 7919} on Monday."
        article = told(f"a{number:05}", "News", text, companies=("TeraWulf", "Fluidstack"))
        profiles.append(profile(*article, RULES))
    return len(list(candidate_pairs(profiles, document_frequency(profiles), RULES)))


def test_a_day_of_one_subject_costs_its_articles_not_their_pairs():
    assert pairs(400) <= 400 * RULES.candidates.latest
    assert pairs(800) <= 2.2 * pairs(400)


def test_what_shares_one_name_only_is_not_compared():
    left = told("a", "One", "A text about TeraWulf.", companies=("TeraWulf",))
    right = told("b", "Two", "TeraWulf again, on another day.", companies=("TeraWulf",))
    profiles = [profile(*left, RULES), profile(*right, RULES)]
    assert list(candidate_pairs(profiles, document_frequency(profiles), RULES)) == []
