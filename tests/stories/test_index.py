"""Candidates are found by an index, at a cost that does not grow with the archive."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extractor.records import StoryEntry
from extractor.stories import MemoryShelf, load_rules
from extractor.stories.index import Posted, candidates, post
from extractor.stories.profile import profile
from extractor.stories.ranges import Places
from extractor.stories.shelf import UNDATED
from tests.stories.builders import Told, told

RULES = load_rules()


def pairs(articles: list[Told]) -> list[tuple[int, int]]:
    posted = [post(n, profile(*article, RULES), RULES) for n, article in enumerate(articles)]
    return as_tuples(candidates(MemoryShelf(), posted, RULES))


def as_tuples(found: Places) -> list[tuple[int, int]]:
    return list(zip(*found.tolist(), strict=True))


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


def test_of_a_subject_of_every_minute_the_nearest_are_compared():
    nearest = RULES.candidates.nearest
    assert all(right - left <= nearest for left, right in pairs(one_subject(300)))


ARTICLES = st.lists(
    st.tuples(
        st.one_of(st.just(UNDATED), st.integers(0, 20_000)),
        st.dictionaries(st.integers(0, 9), st.sampled_from((2.7, 4.0, 7.0)), max_size=5),
    ),
    max_size=12,
)


@given(ARTICLES, st.integers(0, 12))
def test_candidates_are_the_same_as_by_looking_at_all_pairs(articles, shelved):
    profile_ = profile(*told("a", "One", "A text."), RULES)
    limits = replace(RULES.candidates, compared=100)
    found = [Posted(7 * n, at, profile_, (), (), keys) for n, (at, keys) in enumerate(articles)]
    shelf = MemoryShelf()
    shelf.put([StoryEntry(p.id, p.at, (), tuple(p.named), b"") for p in found[:shelved]])

    def meet(this: Posted, that: Posted) -> bool:
        shared = this.named.keys() & that.named.keys()
        far = abs(this.at - that.at) > RULES.window.days * 24 * 60
        return (
            len(shared) >= limits.shared_features
            and sum(this.named[key] for key in shared) >= limits.shared_rarity
            and (not far or UNDATED in (this.at, that.at))
        )

    expected = {
        (min(this.id, that.id), max(this.id, that.id))
        for this in found[shelved:]
        for that in found
        if this is not that and meet(this, that)
    }
    rules = replace(RULES, candidates=limits)
    assert as_tuples(candidates(shelf, found[shelved:], rules)) == sorted(expected)


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
