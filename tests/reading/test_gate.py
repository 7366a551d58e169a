"""The gate: general news is not read, and no annotated article is taken for such."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.assets import pipeline_dir
from extractor.errors import ModelError
from extractor.evaluate.corpus import corpus_dir, load_corpus
from extractor.gather.article import article_from_text
from extractor.learning.marks import read_marked
from extractor.reading import load_reader
from extractor.reading.gate import Gate
from extractor.records import Reading

TRADE = pipeline_dir() / "frames" / "language" / "trade.toml"


def test_general_news_gives_nothing() -> None:
    reader = load_reader()
    news = article_from_text("The council voted 12 to 9 to spend $4 million on a bridge.")
    assert reader.read(news) == Reading((), ())
    trade = article_from_text("The council voted 12 to 9 to let a miner draw 40 megawatts.")
    assert "power" in {fact.kind for fact in reader.read(trade).facts}


def test_of_two_thousand_annotated_articles_at_most_three_are_taken_for_general_news() -> None:
    names = [n for c in load_reader().companies for n in c.names if n not in c.ambiguous]
    gate = Gate(TRADE, names)
    rows = [gold.row for gold in load_corpus()]
    for path in sorted((corpus_dir() / "marked").glob("*.txt")):
        if path.name != "rule_examples.txt":  # single sentences
            rows += [article.row for article in read_marked(path)]
    stopped = [r.id for r in rows if not (gate.passes(r.title) or gate.passes(r.text))]
    assert len(stopped) <= len(rows) * 3 / 2000, stopped


def test_names_of_companies_open_the_gate_unless_they_are_short() -> None:
    gate = Gate(TRADE, ("Umbral Works", "Hut"))
    assert gate.passes("UMBRAL WORKS has a new head.")
    assert not gate.passes("The hut burned down.")


def test_a_file_without_words_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trade.toml"
    path.write_text("words = [1]\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"trade.toml: it lacks a list of words"):
        Gate(path)
