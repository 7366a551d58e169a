"""How well predicted rows agree with gold rows, field by field."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.evaluate.pairing import (
    NUMBER_FIELDS,
    common_names,
    count_slots,
    equal_number,
    equal_site,
    equal_slots,
    pair_deals,
    strictly_equal,
)
from extractor.evaluate.rows import DealRow, Row


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of one field; counts are absent where clusters are compared."""

    name: str
    precision: float
    recall: float
    hits: int | None = None
    gold: int | None = None
    predicted: int | None = None

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A gold deal without a strictly equal prediction, or a prediction without a pair."""

    article: str
    gold: DealRow | None
    predicted: DealRow | None


@dataclass(frozen=True, slots=True)
class Report:
    """Scores in reading order, then what went wrong."""

    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]

    def f1(self, name: str) -> float:
        """F1 of the score of that name."""
        return next(score.f1 for score in self.scores if score.name == name)


def score(golds: Sequence[Row], predictions: Mapping[str, Row]) -> Report:
    """Compare predictions, keyed by article id, with gold; an absent prediction is empty."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    misses: list[Miss] = []
    pairs_of_rows = [(g, predictions.get(g.id) or Row(g.id, g.title, g.text)) for g in golds]
    for gold, predicted in pairs_of_rows:
        pairs = pair_deals(gold.deals, predicted.deals)
        for name, counts in _count(gold, predicted, pairs).items():
            for place, count in enumerate(counts):
                tally[name][place] += count
        misses += _misses(gold, predicted, pairs)
    scores = [_score(name, *counts) for name, counts in tally.items()]
    stories = {g.id: (g.story, p.story or f"alone:{p.id}") for g, p in pairs_of_rows if g.story}
    if any(predicted.story for _, predicted in pairs_of_rows) and stories:
        scores.append(_b_cubed(list(stories.values())))
    return Report(tuple(scores), tuple(misses))


def _count(
    gold: Row, predicted: Row, pairs: Sequence[tuple[DealRow, DealRow]]
) -> dict[str, tuple[int, int, int]]:
    """(hits, gold, predicted) of each field of one article."""
    ours, theirs = gold.deals, predicted.deals
    quantities = _quantities(gold), _quantities(predicted)
    tickers = set(gold.tickers), set(predicted.tickers)
    counts = {
        "deal": (sum(g.type == p.type for g, p in pairs), len(ours), len(theirs)),
        "slot": (
            sum(equal_slots(g, p) for g, p in pairs),
            sum(map(count_slots, ours)),
            sum(map(count_slots, theirs)),
        ),
        "strict": (sum(strictly_equal(g, p) for g, p in pairs), len(ours), len(theirs)),
        "quantity": (
            (quantities[0] & quantities[1]).total(),
            quantities[0].total(),
            quantities[1].total(),
        ),
        "ticker": (len(tickers[0] & tickers[1]), len(tickers[0]), len(tickers[1])),
        "company": (
            common_names(gold.companies, predicted.companies),
            len(gold.companies),
            len(predicted.companies),
        ),
        "status": (sum(g.status == p.status for g, p in pairs), len(ours), len(theirs)),
        "counterparties": (
            sum(common_names(g.counterparties, p.counterparties) for g, p in pairs),
            sum(len(deal.counterparties) for deal in ours),
            sum(len(deal.counterparties) for deal in theirs),
        ),
        "backers": (
            sum(common_names(g.backers, p.backers) for g, p in pairs),
            sum(len(deal.backers) for deal in ours),
            sum(len(deal.backers) for deal in theirs),
        ),
    }
    for name in NUMBER_FIELDS:
        counts[name] = (
            sum(equal_number(g, p, name) for g, p in pairs),
            sum(getattr(deal, name) is not None for deal in ours),
            sum(getattr(deal, name) is not None for deal in theirs),
        )
    counts["site"] = (
        sum(equal_site(g, p) for g, p in pairs),
        sum(bool(deal.site) for deal in ours),
        sum(bool(deal.site) for deal in theirs),
    )
    return counts


def _quantities(row: Row) -> Counter[tuple[str, str, str]]:
    # Four digits: "$9.7 billion" and "$9,700,000,000" are one amount.
    return Counter((q.kind, f"{q.value:.4g}", q.unit) for q in row.quantities)


def _misses(gold: Row, predicted: Row, pairs: Sequence[tuple[DealRow, DealRow]]) -> list[Miss]:
    partner = {id(g): p for g, p in pairs}
    paired = {id(p) for _, p in pairs}
    missed = [
        Miss(gold.id, deal, partner.get(id(deal)))
        for deal in gold.deals
        if not (id(deal) in partner and strictly_equal(deal, partner[id(deal)]))
    ]
    return missed + [Miss(gold.id, None, p) for p in predicted.deals if id(p) not in paired]


def _score(name: str, hits: int, gold: int, predicted: int) -> Score:
    # Nothing to find and nothing found is a perfect answer.
    precision = hits / predicted if predicted else float(gold == 0)
    recall = hits / gold if gold else float(predicted == 0)
    return Score(name, precision, recall, hits, gold, predicted)


def _b_cubed(labels: Sequence[tuple[str, str]]) -> Score:
    """B-cubed (Bagga and Baldwin 1998) over (gold, predicted) labels of the articles."""
    both = Counter(labels)
    gold = Counter(label for label, _ in labels)
    predicted = Counter(label for _, label in labels)
    precision = sum(both[pair] / predicted[pair[1]] for pair in labels) / len(labels)
    recall = sum(both[pair] / gold[pair[0]] for pair in labels) / len(labels)
    return Score("story", precision, recall)
