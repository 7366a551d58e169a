"""The parts of a text that take part in a comparison: news without boilerplate, lead, runs."""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Sequence

from extractor.stories.rules import StoryRules

Paragraph = tuple[int, int]


def news_paragraphs(text: str, rules: StoryRules) -> list[Paragraph]:
    """Places of the paragraphs that carry news."""
    kept: list[Paragraph] = []
    at = 0
    for paragraph in text.split("\n\n"):
        start, end = at, at + len(paragraph)
        at = end + 2
        opening = paragraph[:160].strip()
        if not opening:
            continue
        ignored = _ignored(opening if len(opening) > 150 else paragraph.strip(), rules)
        # A text that opens with "About ..." would otherwise have no news at all.
        if ignored == "rest" and kept:
            break
        if not ignored:
            kept.append((start, end))
    return kept


def _ignored(paragraph: str, rules: StoryRules) -> str:
    """What a paragraph tells to leave out: itself, the rest of the text, or nothing."""
    if rules.any_boilerplate.match(paragraph) is None:
        return ""
    kinds = {rule.ignores for rule in rules.boilerplate if rule.pattern.match(paragraph)}
    return "rest" if "rest" in kinds else "paragraph"


def lead_end(text: str, news: Sequence[Paragraph], lead_words: int) -> int:
    """Where the first so many words of news end, by paragraphs."""
    words = 0
    for start, end in news:
        words += text.count(" ", start, end) + 1
        if words >= lead_words:
            return end
    return len(text)


_WORD = re.compile(r"\w+")
_TYPOGRAPHIC = str.maketrans(dict.fromkeys("’‘“”–—…\N{NO-BREAK SPACE}", " "))
_SPACES = bytes(n if _WORD.match(chr(n)) else ord(" ") for n in range(128)) + bytes(128)


def words_of(text: str) -> list[bytes]:
    """All that `\\w+` finds; in a text without accents three times as quickly."""
    if not text.isascii():
        text = text.translate(_TYPOGRAPHIC)
    if text.isascii():
        return text.encode().translate(_SPACES).split()
    return [word.encode() for word in _WORD.findall(text)]


def run_hashes(words: Sequence[bytes], length: int) -> set[int]:
    """A number for each run of so many words."""
    if not words:
        return set()
    # A text that is shorter than a run is a run.
    runs = zip(*(words[i:] for i in range(min(length, len(words)))), strict=False)
    # CRC-32 is no good hash for an enemy, but stable across runs, quick and even enough here.
    return set(map(zlib.crc32, map(b" ".join, runs)))


def sketch(hashes: set[int], size: int) -> array[int]:
    """The smallest hashes, in order: a fair sample of them all (Broder 1997, bottom-k)."""
    return array("I", sorted(hashes)[:size])
