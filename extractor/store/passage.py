"""The sentence that surrounds a place in a text."""

from __future__ import annotations

import re

# Sentence ends for display: a stop with its closing quotes, then something that can begin
# a sentence. Words that carry a full stop within a sentence are checked apart.
_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9$€£])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Cos|Ltd|Mr|Mrs|Ms|Dr|St|No|vs|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|"
    r"Oct|Nov|Dec|Md|Va|Pa|Calif|Tex|Fla|[A-Z])|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence (or sentences) that hold `text[start:end]` begin and end."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    left, right = first, last
    for match in _END.finditer(text, first, last):
        stop = match.start() + 1
        if _ABBREVIATED.search(text, max(first, stop - 12), stop):
            continue
        if match.end() <= start:
            left = match.end()
        elif stop >= end:
            right = match.end()
            break
    while right > end and text[right - 1].isspace():
        right -= 1
    while left < start and text[left].isspace():
        left += 1
    return left, right
