"""Scores for people to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from extractor.evaluate.rows import DealRow
from extractor.evaluate.score import Miss, Report


def score_lines(heading: str, report: Report) -> Iterator[str]:
    """A heading, then precision, recall, F1 and counts of each field."""
    yield f"{heading:32}{'P':>7}{'R':>7}{'F1':>7}   hits/gold/predicted\n"
    for line in report.scores:
        counts = "" if line.hits is None else f"{line.hits}/{line.gold}/{line.predicted}"
        yield f"  {line.name:30}{line.precision:7.3f}{line.recall:7.3f}{line.f1:7.3f}   {counts}\n"


def miss_lines(misses: Sequence[Miss]) -> Iterator[str]:
    """Each wrong deal with its gold, both as JSON."""
    for miss in misses:
        what = "spurious" if miss.gold is None else "miss" if miss.predicted is None else "differs"
        yield f"\n{what} in {miss.article}\n"
        yield f"  gold      {_deal(miss.gold)}\n  predicted {_deal(miss.predicted)}\n"


def _deal(deal: DealRow | None) -> str:
    if deal is None:
        return "-"
    filled = {key: value for key, value in asdict(deal).items() if value not in (None, "", ())}
    return json.dumps(filled, ensure_ascii=False)
