"""Marked articles: the marks come off, and faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import SourceError
from extractor.evaluate.corpus import corpus_dir
from extractor.learning.marks import Mark, read_marked

ARTICLE = """=== ARTICLE
id: one
story: lease
deals: [
 {"type": "hosting", "status": "announced", "company": "Hut 8", "counterparties": ["Fluidstack"]}
]
title: {{1.company|Hut 8}} signs
text:
{{1.company|Hut 8}} has {{1.trigger|leased}} a hall to {{1.counterparty|Fluidstack}}.
=== END
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "articles.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_are_taken_off_and_keep_their_places(tmp_path: Path) -> None:
    (article,) = read_marked(_write(tmp_path, ARTICLE))
    row = article.row
    assert (row.title, row.text) == ("Hut 8 signs", "Hut 8 has leased a hall to Fluidstack.")
    assert article.marks == (
        Mark(1, "company", "title", 0, 5),
        Mark(1, "company", "text", 0, 5),
        Mark(1, "trigger", "text", 10, 16),
        Mark(1, "counterparty", "text", 27, 37),
    )
    assert row.deals[0].counterparties == ("Fluidstack",)


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="{}|\r\n"), max_size=12)


@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", "trigger", "company"])), max_size=8))
def test_whatever_is_marked_comes_back_word_for_word(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, str]]
) -> None:
    marked = "".join(f"{{{{1.{role}|{w}}}}}" if role else w for w, role in pieces)
    head = ARTICLE.partition("\ntext:\n")[0]
    folder = tmp_path_factory.mktemp("marked")
    (article,) = read_marked(_write(folder, f"{head}\ntext:\n-{marked}-\n=== END\n"))
    assert article.row.text == "-" + "".join(word for word, _ in pieces) + "-"
    for mark in article.marks:
        if mark.part == "text":
            assert article.row.text[mark.start : mark.end] in [
                word for word, role in pieces if role
            ]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("{{1.trigger|", "{{2.trigger|", "a mark of deal 2, there are 1"),
        ("{{1.trigger|", "{{1.verb|", "'1.verb' is no mark"),
        ("leased}}", "leased}", "a mark is broken"),
        ("text:\n", "body:\n", "no line 'text:'"),
        ('"type": "hosting"', '"kind": "hosting"', "its head is no annotation"),
    ],
)
def test_a_fault_is_named_with_file_and_article(
    tmp_path: Path, right: str, wrong: str, complaint: str
) -> None:
    path = _write(tmp_path, ARTICLE.replace(right, wrong))
    with pytest.raises(SourceError) as caught:
        list(read_marked(path))
    assert complaint in str(caught.value)
    assert f"{path}: one" in str(caught.value)


def test_all_marked_articles_of_the_corpus_are_sound() -> None:
    articles = [a for p in sorted((corpus_dir() / "marked").glob("*.txt")) for a in read_marked(p)]
    assert len({article.row.id for article in articles}) == len(articles) > 1000
    for article in articles:
        told = {mark.deal for mark in article.marks if mark.role == "trigger"}
        assert told == set(range(1, len(article.row.deals) + 1)), article.row.id
