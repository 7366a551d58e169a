"""`python -m extractor.learning.stories`: learn when two articles tell one story.

    marked articles --read--> profiles --index--> pairs --likeness--> logistic regression
                        '--count--> rarity of names, figures, title words

The weights go into models/stories.toml, whose remarks stay, the counts into the table beside it.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from extractor import assets
from extractor.errors import DealwireError
from extractor.evaluate.corpus import Gold, corpus_dir, load_gold
from extractor.evaluate.predict import as_scraped
from extractor.learning.marks import read_marked
from extractor.learning.unseen import parts
from extractor.reading import load_reader
from extractor.records import Article, Reading
from extractor.stories import MemoryShelf, StoryRules, group, load_rules
from extractor.stories.compare import OTHER, PARAPHRASE, compare
from extractor.stories.index import candidates, post
from extractor.stories.likeness import Weighed, likeness
from extractor.stories.profile import Profile, profile
from extractor.stories.rarity import TITLE_WORD, load_rarity
from extractor.stories.rules import LIKENESSES

_LEAST_COUNT = 4  # a feature in fewer articles of the sample is as rare as an unknown one
_TEMPLATES = "templates"
_TWIN = "~twin"
_PARTS = 4
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*(?<=\d)|(?<=[$€£¥])\d[\d,.]*(?<=\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Pairs of one file were written side by side, to be found or to be confused; across files
# the same real events are told with the same names and figures, which is easy.
_WEIGHT_WITHIN_FILE = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """An annotated article as the product reads it; `source` is its file."""

    source: str
    article: Article
    reading: Reading
    story: str


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that only its likeness decides; `stories` are the annotated ones."""

    stories: tuple[str, str]
    sources: tuple[str, str]
    seen: Mapping[str, float]

    @property
    def same(self) -> bool:
        return self.stories[0] == self.stories[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.learning.stories")
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="write nothing; group each file with weights learned from the others",
    )
    options = parser.parse_args(arguments)
    try:
        told = read_told()
        rules = load_rules()
        if options.held_out:
            hold_out(told, rules)
        else:
            learn(told, rules)
    except DealwireError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def twins(golds: Sequence[Gold]) -> list[Gold]:
    """Of each story with several articles the last one once more, hours later, as another event.

    All names stay and every figure is another: as two deals of one pair are told.
    """
    by_story: dict[str, list[Gold]] = {}
    for gold in golds:
        by_story.setdefault(gold.row.story, []).append(gold)
    found = []
    for story, members in by_story.items():
        gold = max(members, key=lambda g: (g.row.published, g.row.id))
        if len(members) < 2 or gold.row.published is None:
            continue
        row = replace(
            gold.row,
            id=f"{gold.row.id}{_TWIN}",
            story=f"{story}{_TWIN}",
            url="",
            site="",
            title=_NUMBER.sub(_other_number, gold.row.title),
            text=_NUMBER.sub(_other_number, gold.row.text),
            published=gold.row.published + timedelta(hours=1 + zlib.crc32(story.encode()) % 30),
        )
        found.append(replace(gold, row=row))
    return found


def _other_number(match: re.Match[str]) -> str:
    """A number with as many digits, none of them the same; years stay."""
    if _YEAR.fullmatch(match[0]):
        return match[0]
    return "".join(str(int(c) % 9 + 1) if c.isdigit() else c for c in match[0])


def read_told(folder: Path | None = None) -> list[Told]:
    """The annotated articles with a date, without those whose story is a matter of taste.

    Marked ones are read with weights that were learned from other stories: what the reader
    remembers would make deals look a better sign than they are.
    """
    root = folder or corpus_dir()
    unsure = set((root / "stories" / "unsure.txt").read_text(encoding="utf-8").split())
    reader = load_reader()
    shipped = reader.frames.finder
    marked = [
        (path.stem, article)
        for path in sorted((root / "marked").glob("*.txt"))
        for article in read_marked(path)
    ]
    finders = {
        lesson.row.id: finder
        for part, finder in parts([article for _, article in marked], reader, _PARTS, _tell)
        for lesson in part
    }
    golds = [Gold(source, article.row) for source, article in marked]
    golds += [g for path in sorted((root / "stories").glob("*.jsonl")) for g in load_gold(path)]
    chosen = {
        g.row.id: g for g in golds if g.row.story and g.row.published and g.row.id not in unsure
    }
    chosen.update((g.row.id, g) for g in twins(list(chosen.values())))
    told = []
    for gold in chosen.values():
        reader.frames.finder = finders.get(gold.row.id.removesuffix(_TWIN), shipped)
        article = as_scraped(gold)
        told.append(Told(gold.split, article, reader.read(article), gold.row.story))
    return told


def learn(told: Sequence[Told], rules: StoryRules) -> None:
    """Counts, learns, writes both files."""
    table = assets.models_dir() / "story_rarity.csv"
    count_features(told, rules, table)
    rules = replace(rules, rarity=load_rarity(table))
    weights = fit(examples(told, rules))
    path = assets.models_dir() / "stories.toml"
    path.write_text(with_weights(path.read_text(encoding="utf-8"), weights), encoding="utf-8")
    _report("all, as learned", told, replace(rules, weights=weights))


def hold_out(told: Sequence[Told], rules: StoryRules) -> None:
    """B-cubed of each file by weights of the others, then of all by stories left out."""
    found = examples(told, rules)
    for source in sorted({each.source for each in told}):
        rest = [example for example in found if source not in example.sources]
        part = [each for each in told if each.source == source]
        _report(source, part, replace(rules, weights=fit(rest)))
    _report_folds(told, found, rules)


def _report_folds(told: Sequence[Told], found: Sequence[Example], rules: StoryRules) -> None:
    """Each fifth of the stories, among all others, by weights of the other four."""
    scored: list[tuple[str, str]] = []
    for number in range(5):
        rest = [e for e in found if all(_fold(story) != number for story in e.stories)]
        labels = _labels(told, replace(rules, weights=fit(rest)))
        scored += [pair for pair in labels if _fold(pair[0]) == number]
    several = {story for story, count in Counter(s for s, _ in scored).items() if count > 1}
    sys.stdout.write(f"{'five folds':28}{_scores(scored)}\n")
    dense = [pair for pair in scored if pair[0] in several]
    sys.stdout.write(f"{'  of these with several':28}{_scores(dense)}\n")


def _fold(story: str) -> int:
    return zlib.crc32(story.encode()) % 5


def examples(told: Sequence[Told], rules: StoryRules) -> list[Example]:
    """The pairs that the index finds and no rule decides."""
    posted = [
        post(number, profile(each.article, each.reading, rules), rules)
        for number, each in enumerate(told)
    ]
    weighed = [Weighed(each.profile, rules.rarity) for each in posted]
    found = []
    for left, right in candidates(MemoryShelf(), posted, rules).T.tolist():
        one, other = weighed[left], weighed[right]
        if compare(one, other, rules).reason in (PARAPHRASE, OTHER):
            ends = told[left], told[right]
            stories, sources = (ends[0].story, ends[1].story), (ends[0].source, ends[1].source)
            found.append(Example(stories, sources, likeness(one, other)))
    return found


def fit(found: Sequence[Example]) -> dict[str, float]:
    """Weights by logistic regression, `base` being its intercept."""
    names = LIKENESSES[1:]
    rows = [[example.seen.get(name, 0.0) for name in names] for example in found]
    heavy = [_WEIGHT_WITHIN_FILE if len(set(e.sources)) == 1 else 1.0 for e in found]
    model = LogisticRegression(C=0.5, max_iter=5000)
    model.fit(rows, [example.same for example in found], sample_weight=heavy)
    learned: dict[str, float] = {"base": float(model.intercept_[0])}
    learned.update(zip(names, model.coef_[0].tolist(), strict=True))
    return {name: round(weight, 2) for name, weight in learned.items()}


def with_weights(toml: str, weights: Mapping[str, float]) -> str:
    """The text of stories.toml with other weights and the same remarks."""
    head, mark, tail = toml.partition("\n[weights]\n")
    for name, weight in weights.items():
        tail = re.sub(
            rf"(?m)^{name} = \S+ *(?=#)", f"{f'{name} = {weight:.2f}':29} ", tail, count=1
        )
    return head + mark + tail


def count_features(told: Iterable[Told], rules: StoryRules, path: Path) -> None:
    """Writes in how many articles each name, figure and word of a title occurs."""
    counts: Counter[str] = Counter()
    size = 0
    for each in told:
        if each.source == _TEMPLATES or each.story.endswith(_TWIN):
            continue  # invented names, each in one family of articles; or counted already
        size += 1
        counts.update(_features(profile(each.article, each.reading, rules)))
    common = [(name, n) for name, n in counts.items() if n >= _LEAST_COUNT]
    common.sort(key=lambda row: (-row[1], row[0]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("feature", "articles"))
        writer.writerow(("", size))
        writer.writerows(common)


def _features(found: Profile) -> set[str]:
    words = {TITLE_WORD + word for word in found.title_words}
    return words | found.names.keys() | found.figures.keys()


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def _report(name: str, told: Sequence[Told], rules: StoryRules) -> None:
    sys.stdout.write(f"{name:28}{_scores(_labels(told, rules))}\n")
    sys.stdout.flush()


def _labels(told: Sequence[Told], rules: StoryRules) -> list[tuple[str, str]]:
    """The annotated and the found story of each article, among them no twins."""
    told = [each for each in told if not each.story.endswith(_TWIN)]
    stories = group([(each.article, each.reading) for each in told], rules)
    home = {member.article_key: story.key for story in stories for member in story.members}
    return [(each.story, home[each.article.key]) for each in told]


def _scores(labels: Sequence[tuple[str, str]]) -> str:
    """B-cubed, then pairs: found right, annotated, found."""
    both = Counter(labels)
    gold, found = Counter(g for g, _ in labels), Counter(f for _, f in labels)
    count = len(labels) or 1
    precision = sum(both[pair] / found[pair[1]] for pair in labels) / count
    recall = sum(both[pair] / gold[pair[0]] for pair in labels) / count
    f1 = 2 * precision * recall / (precision + recall) if labels else math.nan
    pairs = "/".join(str(sum(n * (n - 1) // 2 for n in c.values())) for c in (both, gold, found))
    return f"{len(labels):6}  P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  pairs {pairs}"


if __name__ == "__main__":
    sys.exit(main())
