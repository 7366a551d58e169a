"""Candidates are found by an index, at a cost that does not grow with the archive."""

from extractor.stories import MemoryShelf, load_rules
from extractor.stories.index import candidates, post
from extractor.stories.profile import profile
from tests.stories.builders import Told, told

RULES = load_rules()


def pairs(articles: list[Told]) -> list[tuple[int, int]]:
    posted = [post(n, profile(*article, RULES), RULES) for n, article in enumerate(articles)]
    return candidates(MemoryShelf(), posted, RULES)


def one_subject(count: int) -> list[Told]:
    """A day's articles on one company and its tenant."""
    return [
        told(
            f"a{number:05}",
            "News",
            f"Quarrystone spoke with Nebelwerk about item {number * 7919} on Monday.",
            companies=("Quarrystone", "Nebelwerk"),
            hours=number / 60,
        )
        for number in range(count)
    ]


def test_a_day_of_one_subject_costs_its_articles_not_their_pairs():
    found = len(pairs(one_subject(300)))
    assert 0 < found <= 300 * RULES.candidates.compared
    assert len(pairs(one_subject(600))) <= 2.2 * found


def test_what_shares_one_name_only_is_not_compared():
    left = told("a", "One", "A text about Quarrystone.", companies=("Quarrystone",))
    right = told("b", "Two", "Quarrystone again, on another day.", companies=("Quarrystone",))
    assert pairs([left, right]) == []


def test_names_that_the_trade_prints_every_day_find_nobody():
    left = told("a", "One", "Bitcoin miners in Texas.", companies=("Bitcoin", "Texas"))
    right = told("b", "Two", "Texas has bitcoin.", companies=("Bitcoin", "Texas"))
    assert pairs([left, right]) == []


def test_what_is_out_of_the_window_is_not_compared_but_an_undated_article_is():
    early, late = (told(key, "T", TEXT, companies=NAMES) for key in ("early", "late"))
    late = told("late", "T", LATER, companies=NAMES, hours=24 * RULES.window.days + 1)
    undated = told("undated", "T", LATER, companies=NAMES, hours=None)
    assert pairs([early, late]) == []
    assert pairs([early, undated]) == [(0, 1)]


NAMES = ("Quarrystone", "Nebelwerk")
TEXT = "Quarrystone lets 58 MW to Nebelwerk."
LATER = "Nebelwerk rents 58 MW, and Quarrystone is glad of it."
