"""Text into tokens with offsets, sentences, zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Zone = Literal["title", "body", "boilerplate"]

_TOKEN = re.compile(
    r"\n+"  # a line break is a token of its own: it ends sentences
    r"|(?:US|CA|AU|HK|NT|NZ|CN|[CASR])[$¥](?=\s?\d)|U\.S\.\s?\$(?=\d)"
    r"|(?:[A-Za-z]\.){2,}"  # U.S., a.m.
    r"|[A-Za-z]{1,6}\d{1,4}[A-Za-z]{0,3}(?![^\W_])"  # GB300, MI300X: a model is one word
    r"|\d+(?:[.,]\d+)*"
    r"|['’](?:s|S|re|ve|ll|d|m|t)\b"
    r"|[^\W\d_]+(?:(?!['’](?:s|S)\b)[.&'’](?=[^\W\d_])[^\W\d_]+)*"
    r"|\S",
    re.UNICODE,
)

_ABBREVIATIONS = frozenset(
    "inc corp ltd co llc plc jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms dr st "
    "no vs approx est fig gen sen rep gov mt ft bros dept univ assn intl md pa va fla tex "
    "calif ill mass minn conn ariz colo wash ore nev ga la ala ky tenn ont que cf al etc jr "
    "sr prof".split()
)
_SENTENCE_STARTS = frozenset(
    "the it its in under this that these those as with for at on by a an he she they we our "
    "both all each under pursuant shares following if when while once after separately".split()
)
_ENDERS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«-–—•*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens `first` up to `last` (exclusive) in a zone; `paragraph` counts line breaks."""

    first: int
    last: int
    zone: Zone
    paragraph: int


class Tokens:
    """A text as parallel lists: the words, their lower case, their offsets.

    White space other than line breaks is dropped; the concatenation of tokens and gaps
    is the text.
    """

    __slots__ = ("ends", "lower", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        places = [match.span() for match in _TOKEN.finditer(text)]
        self.words = [text[start:end] for start, end in places]
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]
        self.lower = [word.lower() for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def span_text(self, first: int, last: int) -> str:
        """The characters of tokens `first` up to `last` (exclusive)."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def glued(self, index: int) -> bool:
        """Whether no space stands between the token before `index` and it."""
        return index > 0 and self.ends[index - 1] == self.starts[index]


def split_sentences(
    tokens: Tokens, title_end: int, is_boilerplate: re.Pattern[str] | None = None
) -> list[Sentence]:
    """Sentences in order; those that end before character `title_end` are the title's.

    A paragraph under which `is_boilerplate` matches, and all after it where the match is
    of its group `rest`, is boilerplate.
    """
    sentences: list[Sentence] = []
    words = tokens.words
    first, paragraph, zone_now = 0, 0, "body"
    count = len(words)
    for index in range(count + 1):
        at_end = index == count
        if not at_end and words[index][0] != "\n" and not _ends_sentence(tokens, index):
            continue
        is_break = at_end or words[index][0] == "\n"
        last = index if is_break else index + 1
        if last > first:
            zone: Zone = "title" if tokens.ends[last - 1] <= title_end else "body"
            if zone == "body" and is_boilerplate is not None and _starts_line(tokens, first):
                line_end = tokens.text.find("\n", tokens.starts[first])
                line = tokens.text[tokens.starts[first] : line_end if line_end >= 0 else None]
                match = is_boilerplate.match(line)
                if match is None:
                    zone_now = "rest" if zone_now == "rest" else "body"
                else:
                    zone_now = "rest" if match.lastgroup == "rest" else "line"
            if zone == "body" and zone_now != "body":
                zone = "boilerplate"
            sentences.append(Sentence(first, last, zone, paragraph))
        if is_break:
            paragraph += 1
            first = index + 1
        else:
            first = last
    return sentences


def _starts_line(tokens: Tokens, index: int) -> bool:
    return index == 0 or tokens.words[index - 1][0] == "\n"


def _ends_sentence(tokens: Tokens, index: int) -> bool:
    words = tokens.words
    word = words[index]
    last = word[-1]
    if last not in _ENDERS:
        if last in _CLOSERS and index and words[index - 1][-1] in _ENDERS:
            return _starts_new(tokens, index + 1) and not _is_abbreviation(tokens, index - 1)
        return False
    if index + 1 < len(words) and words[index + 1] in _CLOSERS and tokens.glued(index + 1):
        return False
    return _starts_new(tokens, index + 1) and not _is_abbreviation(tokens, index)


def _starts_new(tokens: Tokens, index: int) -> bool:
    """Whether a sentence may begin at token `index`: after a space, with a capital."""
    if index >= len(tokens.words):
        return True
    if tokens.glued(index):
        # scraped text glues "8:40 AM.Bitcoin" now and then
        return len(tokens.words[index]) > 2 and tokens.words[index].istitle()
    word = tokens.words[index]
    while word in _OPENERS and index + 1 < len(tokens.words):
        index += 1
        word = tokens.words[index]
    return not word[0].islower()


def _is_abbreviation(tokens: Tokens, index: int) -> bool:
    """Whether the full stop at `index` belongs to a shortened word."""
    word = tokens.words[index]
    if len(word) > 1:  # "U.S." as one token: ends a sentence only before a line break
        following = tokens.lower[index + 1] if index + 1 < len(tokens) else ""
        return following not in ("the", "a", "an", "it", "in", "but", "its", "this", "that")
    if word != "." or index == 0 or not tokens.glued(index):
        return False
    before = tokens.words[index - 1]
    if len(before) == 1 and before.isupper() and before.isalpha():
        return True
    if before.lower() not in _ABBREVIATIONS or not before[0].isupper():
        return False
    following = tokens.lower[index + 1] if index + 1 < len(tokens) else ""
    return following not in _SENTENCE_STARTS
