"""General news, made up: what a feed reader meets between two deals."""

from __future__ import annotations

import random
from collections.abc import Iterator

from extractor.gather.article import article_from_text
from extractor.records import Article

_SENTENCES = (
    "{Who} said on {day} that {thing} would {be} before the {season}.",
    "The council voted {n} to {m} to repair the bridge, which closed in {month}.",
    "Rain fell for {n} hours in the valley, where {m} roads were under water.",
    "{Who} scored twice in the second half as {town} won {m}-1 in front of {n},000 people.",
    "A study of {n},{m}00 patients found no link between {thing} and sleep.",
    "The ministry put inflation at {m}.{k} percent in {month}, a little less than feared.",
    "Police in {town} asked for witnesses after {thing} vanished from a museum.",
    "The new budget sets aside ${n} million for schools and ${m} million for buses.",
    "{Who} will play the lead in a film about {thing}, to be shot in {town}.",
    "Voters go to the polls on {day}; turnout reached {n} percent {k} years ago.",
    "The festival returns to {town} with {n} concerts, {m} of them free of charge.",
    "Nobody was hurt when {thing} caught fire on {day} evening, the fire brigade said.",
    "Farmers expect a harvest {m} percent smaller than last year after a dry {season}.",
    "\"We have waited for {thing} since {month},\" said {Who}, who lives near {town}.",
    "The airline adds a daily flight from {town}, with fares from ${n}.",
    "The court in {town} heard {m} witnesses in a case that began {k} years ago.",
    "Scientists counted {n} species of moth in a park in the middle of {town}.",
    "A power cut left {n},000 homes dark for {k} hours; {thing} was to blame.",
    "{Who} apologised for what the newspaper called a misunderstanding about {thing}.",
    "Shares in the region closed {k} percent higher on {day}, led by retailers.",
)  # fmt: skip
_WORDS = {
    "Who": ("Mayor Ellen Brandt", "Dr. Amara Obi", "the coach", "Louis Fontaine", "a spokesman"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "thing": ("the old library", "a painting", "the tram line", "cheap coffee", "the village fair"),
    "be": ("reopen", "be ready", "need more money", "be sold", "move to a new place"),
    "season": ("summer", "autumn", "winter", "spring", "elections"),
    "month": ("January", "March", "June", "September", "November"),
    "town": ("Aldham", "Port Linden", "Kessel", "Santa Rita", "Novograd"),
}
_WORDS_PER_ARTICLE = 500


def general_news(count: int, seed: int = 1) -> Iterator[Article]:
    """So many articles of about 500 words that report no deal, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        paragraphs, words = [], 0
        while words < _WORDS_PER_ARTICLE:
            paragraph = " ".join(_sentence(chance) for _ in range(3))
            paragraphs.append(paragraph)
            words += len(paragraph.split())
        text = "\n\n".join(paragraphs)
        yield article_from_text(text, key=f"news-{number}", title=_sentence(chance))


def _sentence(chance: random.Random) -> str:
    words = {name: chance.choice(choices) for name, choices in _WORDS.items()}
    numbers = {name: chance.randint(2, 98) for name in "nmk"}
    return chance.choice(_SENTENCES).format(**words, **numbers)
