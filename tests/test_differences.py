from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractor.differences import Edit, text_edits

WORDS = st.lists(st.sampled_from("a b c d 200 MW . \n\n".split(" ")), max_size=30).map(" ".join)


def test_an_edit_is_shown_with_the_words_around_it() -> None:
    before = "One.\n\nThe miner has let 200 MW to a cloud firm for ten years, it said."
    after = "One.\n\nThe miner has let 250 MW to a cloud firm for ten years, it said."
    assert text_edits(before, after) == (
        Edit("The miner has let", "200", "250", "MW to a cloud firm for"),
    )


def test_neighbouring_edits_are_one_and_distant_ones_two() -> None:
    before = "alpha b c d e f g h omega"
    assert text_edits(before, "ALPHA b C d e f g h OMEGA") == (
        Edit("", "alpha b c", "ALPHA b C", "d e f g h OMEGA"),
        Edit("C d e f g h", "omega", "OMEGA", ""),
    )


def test_a_new_paragraph_is_an_addition() -> None:
    (edit,) = text_edits("One.\n\nTwo.", "One.\n\nTwo.\n\nA correction: three.")
    assert (edit.removed, edit.added) == ("", "A correction: three.")


@given(WORDS, WORDS)
def test_edits_account_for_every_changed_word(before: str, after: str) -> None:
    edits = text_edits(before, after)
    assert bool(edits) <= (before != after)
    removed = [word for edit in edits for word in edit.removed.split()]
    added = [word for edit in edits for word in edit.added.split()]
    for word in set(before.split()) | set(after.split()):
        gone = before.split().count(word) - after.split().count(word)
        assert removed.count(word) - added.count(word) == gone
