"""The grammar of amounts: money, power, machines, coins, terms, percentages."""

from __future__ import annotations

import re
from pathlib import Path

from extractor.reading.amounts import (
    NUMBER,
    Amount,
    Cover,
    digit_starts,
    folded,
    matches,
    number_starts,
    to_number,
)
from extractor.reading.counts import CountGrammar
from extractor.reading.durations import DurationGrammar
from extractor.reading.ellipses import EllipticGrammar
from extractor.reading.money import MoneyGrammar
from extractor.reading.powers import PowerGrammar
from extractor.reading.rulefile import read_rules
from extractor.reading.tables import TableGrammar

__all__ = ["Amount", "QuantityGrammar"]


class QuantityGrammar:
    """Finds amounts in text by the rule files of a `quantities` folder."""

    def __init__(self, folder: Path) -> None:
        self._money = MoneyGrammar(read_rules(folder / "money.toml"))
        self._power = PowerGrammar(read_rules(folder / "power.toml"))
        things = read_rules(folder / "things.toml")
        self._things = CountGrammar(things)
        self._terms = DurationGrammar(read_rules(folder / "durations.toml"))
        self._elliptic = EllipticGrammar(things)
        self._tables = TableGrammar(things)

    def find(self, text: str) -> list[Amount]:
        """All amounts in order of place; none overlaps another of its kind."""
        lower = folded(text)
        starts = number_starts(lower)
        money = list(self._money.find(text, lower, starts))
        power = list(self._power.find(text, lower, starts, {a.end for a in money}))
        cover = Cover(len(text))
        for amount in money + power:
            cover.take(amount)
        terms = [a for a in self._terms.find(text, lower, starts) if cover.take(a)]
        things = [a for a in self._things.find(lower, starts) if cover.take(a)]
        things += [a for a in self._tables.find(text) if cover.take(a)]
        named = sorted(power + terms + things, key=lambda a: a.start)
        elliptic = [a for a in self._elliptic.find(text, lower, starts, named) if cover.take(a)]
        percents = [
            Amount("percent", to_number(m["n"]), "percent", m.start(), m.end(), "percent")
            for m in matches(_PERCENT, text, digit_starts(text))
        ]
        return sorted(money + named + elliptic + percents, key=lambda a: (a.start, a.end))


_PERCENT = re.compile(rf"(?<![\w.])(?P<n>{NUMBER})\s?(?:%|percent\b|per\s?cent\b|p\.c\b)")
