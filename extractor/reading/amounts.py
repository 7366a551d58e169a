"""Numbers as texts write them, in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# "1,200", "1 200" with a space that does not break, "1'200", "1,20,000", "9.7", "9,7", "7½"
_GROUPS = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:[\u00a0\u202f\u2009'’]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}"
NUMBER = rf"(?:(?:{_GROUPS})(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?(?:,\d{{1,2}}(?!\d))?)[½¼¾]?"
RANGE = (
    r"(?:\s?[-‑–—]\s?|-to-|\s+(?:to|and|or)\s+(?:as\s+(?:much|many)\s+as\s+|about\s+|around\s+)?)"
)
JOINT = r"[\s\-‐‑–]"  # what parts a number from its unit
MORE = r"(?:\+|[-‑](?:plus|odd)(?![A-Za-z]))?"  # "$10+ billion", "40,000-plus"

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SMALL_NUMBERS: dict[str, float] = {**_UNITS, **_TEENS, **_TENS, "a": 1, "an": 1}
_PARTS = {
    "half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3, "fourth": 1 / 4, "fifth": 1 / 5,
    "sixth": 1 / 6, "eighth": 1 / 8, "tenth": 1 / 10, "½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4,
}  # fmt: skip
_UNIT = "|".join(_UNITS)
_SMALL = (
    rf"(?:(?:{'|'.join(_TENS)})(?:(?:[-‑](?:{_UNIT})(?![A-Za-z])|\s(?:{_UNIT})(?![\w\-‑]))?)"
    rf"|(?:{'|'.join((*_TEENS, *_UNITS))})(?![A-Za-z]))"
)
_PART = r"(?:half|quarter|third|fourth|fifth|sixth|eighth|tenth)"
_FRACTION = (
    rf"(?:(?:an?|one|two|three|four)[\s\-‑])?{_PART}s?\s+of\s+(?:an?|one)(?![A-Za-z])"
    r"|half[\s\-‑]an?(?![A-Za-z])|a[\s\-‑]half(?![A-Za-z])|(?:half|quarter)(?=[\-‑])"
)
_AND_PART = rf"[\s\-‑]and[\s\-‑](?:an?|one|three)[\s\-‑]{_PART}s?(?![A-Za-z])"
_HUNDRED = (
    rf"(?:(?:an?|{_SMALL})[\s\-‑]|(?<!few\s)(?<!many\s)(?<!several\s)(?<!couple\s))"
    rf"hundred(?![A-Za-z])(?:[\s\-‑](?:and[\s\-‑])?{_SMALL})?"
)
_DOZEN = rf"(?:(?:an?|half[\s\-‑]a|{_SMALL})[\s\-‑])dozen(?![A-Za-z])"
# a number in words: "one hundred and twenty", "two and a half", "a quarter of a", "two dozen"
SPELLED = (
    rf"(?=[aefhnoqst])(?:{_DOZEN}|{_FRACTION}|{_HUNDRED}|{_SMALL}(?:{_AND_PART})?"
    r"|an?(?![A-Za-z]))"
)
# where a number may begin; "a" only in front of words that make it one
_START = re.compile(
    r"(?<![\w.,$€£¥])(?:\d|(?:one|t(?:w(?:o|elve|enty)|h(?:ree|irt(?:een|y))|en)"
    r"|f(?:o(?:ur(?:teen)?|rty)|i(?:ve|ft(?:een|y)))|s(?:ix(?:teen|ty)?|even(?:teen|ty)?)"
    r"|e(?:ight(?:een|y)?|leven)|nine(?:teen|ty)?|hundred|half|quarter)(?![a-z])"
    r"|a(?=n?[\s\-‑](?:half|quarter|third|fourth|fifth|sixth|eighth|tenth|hundred|dozen"
    r"|thousand|million|billion|trillion|lakh|crore|gigawatt|gw)(?![a-z])))"
)
_AND = re.compile(r"\band\b(?=.*(?:hal(?:f|ves)|quarter|third|fourth|fifth|sixth|eighth|tenth))")
_WORD = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at characters `start` to `end`; units as in `records.Fact`."""

    kind: str
    value: float
    unit: str
    start: int
    end: int
    rule: str


def is_grouped(number: str) -> bool:
    """Whether the thousands are parted: "690,000,000"."""
    return _GROUPED.fullmatch(number) is not None


_GROUPED = re.compile(rf"(?:{_GROUPS})(?:\.\d+)?[½¼¾]?")
_PARTING = re.compile(r"[,\s'’]")


def to_number(text: str) -> float:
    """'1,920' -> 1920.0, '9,7' -> 9.7 (decimal comma), '7½' -> 7.5."""
    part = 0.0
    if text[-1] in _PARTS:
        part, text = _PARTS[text[-1]], text[:-1]
    if is_grouped(text):
        return float(_PARTING.sub("", text)) + part
    return float(text.replace(",", ".")) + part


def read_number(text: str) -> float:
    """The number of `NUMBER` or `SPELLED`, whichever it is."""
    return to_number(text) if text[0].isdigit() else spelled_number(text)


def spelled_number(text: str) -> float:
    """'two hundred and fifty' -> 250.0, 'one and a half' -> 1.5, 'a quarter of a' -> 0.25."""
    text = text.lower()
    joint = _AND.search(text)
    if joint is not None:
        return spelled_number(text[: joint.start()]) + spelled_number(text[joint.end() :])
    total, part = 0.0, 0.0
    for word in _WORD.findall(text):
        if word in _SMALL_NUMBERS and not part:
            total += _SMALL_NUMBERS[word]
        elif word == "hundred":
            total = 100 * (total or 1)
        elif word == "dozen":
            return 12 * (part or total or 1)
        elif word.removesuffix("s") in _PARTS:
            part = (total or 1) * _PARTS[word.removesuffix("s")]
    return part or total


def alternatives(words: Iterable[str]) -> str:
    """The words as a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def number_starts(lower: str) -> list[int]:
    """Where a number in digits or words may begin in a folded text, a sum behind its sign not."""
    return [match.start() for match in _START.finditer(lower)]


def digit_starts(text: str) -> list[int]:
    """The places where digits begin."""
    return [match.start() for match in _DIGITS.finditer(text)]


def folded(text: str) -> str:
    """The text in lower case, every character at its place.

    Patterns with many words to choose from are matched with it: without regard to case they
    would be much slower.
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def matches(pattern: re.Pattern[str], text: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    """What `finditer` would find of a pattern that begins with a number."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)) is not None:
            yield match
            end = match.end()


class Cover:
    """The places of a text that amounts have taken."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length + 1)

    def take(self, amount: Amount) -> bool:
        """Whether the amount met no other; if so its place is taken."""
        place = slice(amount.start, amount.end)
        if any(self._taken[place]):
            return False
        self._taken[place] = b"\x01" * (amount.end - amount.start)
        return True
