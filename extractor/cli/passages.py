"""Sentences with the words that matter marked in them."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

from extractor.cli.words import clean

_ON, _OFF = "\ue000", "\ue001"  # private letters: one column each, whatever wraps them


def marked_lines(sentence: str, start: int, end: int, width: int) -> Iterator[str]:
    """A sentence on lines of `width`, `sentence[start:end]` in bold or in brackets."""
    marked = clean(sentence[:start] + _ON + sentence[start:end] + _OFF + sentence[end:])
    for line in textwrap.wrap(marked, width, break_on_hyphens=False):
        yield _highlight(line)


def _highlight(line: str) -> str:
    if sys.stdout.isatty():
        return line.replace(_ON, "\x1b[1;4m").replace(_OFF, "\x1b[0m")
    return line.replace(_ON, "[").replace(_OFF, "]")
