"""How two versions of an article, or two readings of one, differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from extractor.records import DealReport, Fact, Reading

Found = TypeVar("Found", Fact, DealReport)

_WORD = re.compile(r"\S+")
_CONTEXT = 6  # words that are shown on either side of an edit
_APART = 2  # edits with no more words between them are one


@dataclass(frozen=True, slots=True)
class ReadingDiff:
    """What a second reading lost, compared with a first one, or gained."""

    lost_facts: tuple[Fact, ...] = ()
    gained_facts: tuple[Fact, ...] = ()
    lost_reports: tuple[DealReport, ...] = ()
    gained_reports: tuple[DealReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that were replaced, with those around them; `removed` or `added` may be empty."""

    lead: str
    removed: str
    added: str
    tail: str


def compare_readings(before: Reading, after: Reading, *, places: bool = True) -> ReadingDiff | None:
    """The difference between two readings; None if they say the same.

    Which rule found a fact does not matter, nor where its evidence ends. Where a fact stands
    matters if `places` do: of two texts they never agree.
    """

    def fact_says(fact: Fact) -> Hashable:
        return fact.kind, fact.value, fact.unit, fact.span if places else None

    lost_facts, gained_facts = _apart(before.facts, after.facts, fact_says)
    lost_reports, gained_reports = _apart(before.reports, after.reports, _report_says)
    if not (lost_facts or gained_facts or lost_reports or gained_reports):
        return None
    return ReadingDiff(lost_facts, gained_facts, lost_reports, gained_reports)


def text_edits(before: str, after: str) -> tuple[Edit, ...]:
    """What was edited between two texts, in order, word by word."""
    olds, news = before.split("\n\n"), after.split("\n\n")
    edits: list[Edit] = []
    for old, new in _unequal(olds, news, apart=0):
        # Words are compared within changed paragraphs only, where few are.
        edits += _word_edits(_words(olds[old]), _words(news[new]))
    return tuple(edits)


def _report_says(report: DealReport) -> Hashable:
    slots = frozenset((slot.name, slot.value, slot.unit) for slot in report.slots)
    return report.type, report.status, slots


def _apart(
    before: Sequence[Found], after: Sequence[Found], says: Callable[[Found], Hashable]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What is only in `before`, what is only in `after`; equal ones cancel out in pairs."""
    return _beyond(before, after, says), _beyond(after, before, says)


def _beyond(
    these: Iterable[Found], those: Iterable[Found], says: Callable[[Found], Hashable]
) -> tuple[Found, ...]:
    left = Counter(says(each) for each in those)
    only: list[Found] = []
    for each in these:
        if left[says(each)] > 0:
            left[says(each)] -= 1
        else:
            only.append(each)
    return tuple(only)


def _words(paragraphs: Iterable[str]) -> list[str]:
    return _WORD.findall("\n\n".join(paragraphs))


def _word_edits(old: list[str], new: list[str]) -> Iterator[Edit]:
    for gone, come in _unequal(old, new, apart=_APART):
        yield Edit(
            lead=" ".join(new[max(0, come.start - _CONTEXT) : come.start]),
            removed=" ".join(old[gone]),
            added=" ".join(new[come]),
            tail=" ".join(new[come.stop : come.stop + _CONTEXT]),
        )


def _unequal(
    old: Sequence[str], new: Sequence[str], *, apart: int
) -> Iterator[tuple[slice, slice]]:
    """Places that differ; those with no more than `apart` equal items between them are one."""
    last: tuple[slice, slice] | None = None
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if last and i - last[0].stop <= apart:
            last = slice(last[0].start, j), slice(last[1].start, m)
            continue
        if last:
            yield last
        last = slice(i, j), slice(k, m)
    if last:
        yield last
