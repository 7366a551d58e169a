"""What a verb's object is: coins, shares, machines, land, power, money, a company."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.statements import PREPOSITIONS, Party, Quantity
from extractor.reading.tokens import Tokens
from extractor.reading.vocabulary import Vocabulary

_ENDS = frozenset("with to from at by as through under".split())
REACH = 14
OBJECT_OF_KIND = {"money": "money", "power": "power", "coins": "coins", "count": "machines"}


class ObjectClasses:
    """Knows what the words behind a verb are."""

    def __init__(self, words: Vocabulary) -> None:
        self._coin_business = words["coin_business"]
        self._services = words["services"]
        self._coin_holdings = words["coin_holdings"]
        self._classes: dict[str, list[str]] = {}
        for name, listed in words.table("objects").items():
            for word in listed:
                self._classes.setdefault(word, []).append(name)

    def find(
        self,
        tokens: Tokens,
        first: int,
        last: int,
        parties: Sequence[Party],
        quantities: Sequence[Quantity],
        *,
        with_object: bool = False,
    ) -> dict[str, int]:
        """The classes of things between tokens `first` and `last`, each with its distance.

        A number of machines stands for "machines", a sum for "money", megawatts for "power";
        a company counts as "company" only where it is no owner or maker of a thing behind it.
        """
        found: dict[str, int] = {}
        stop = min(last, first + REACH)
        lower = tokens.lower
        names = {i for p in parties if p.name for i in range(p.first, p.last)}
        seen = False
        for index in range(first, stop):
            if index in names:
                seen = True
                continue
            if (
                seen
                and lower[index] in _ENDS
                and not (
                    lower[index - 1] == "up"
                    or lower[index + 1 : index + 2] in (["much"], ["many"])
                    or (with_object and lower[index] == "with")
                )
            ):
                stop = index
                break
            seen = seen or lower[index] in self._classes or any(c.isdigit() for c in lower[index])
            if lower[index] in ("%", "percent", "cent") and lower[index + 1 : index + 2] == ["of"]:
                found.setdefault("portion", index - first)
            if (
                lower[index] in ("power", "capacity")
                and index
                and lower[index - 1]
                in ("computing", "compute", "processing", "gpu", "gpus", "ai", "cloud")
            ):
                found.setdefault("compute", index - first)
                if lower[index] == "power":
                    continue
            if lower[index] in ("stock", "share", "cash") and index and lower[index - 1] == "-":
                continue  # an all-stock deal buys no shares
            for name in self._classes.get(lower[index], ()):
                if (
                    name == "machines"
                    and lower[index] in ("gpu", "chip")
                    and index + 1 < last
                    and lower[index + 1] in self._services
                ):
                    continue
                if name == "coins" and index + 1 < last and self._is_trade(lower, index + 1):
                    continue
                found.setdefault(name, index - first)
        for quantity in quantities:
            if first <= quantity.first < stop:
                counted = OBJECT_OF_KIND.get(quantity.amount.kind)
                if counted:
                    found.setdefault(counted, quantity.first - first)
        for party in parties:
            if first <= party.first < stop and party.label not in ("poss", "backer", "mod"):
                maker = any(
                    lower[i]
                    in (
                        "gpus",
                        "gpu",
                        "chips",
                        "processors",
                        "servers",
                        "machines",
                        "miners",
                        "rigs",
                        "turbines",
                        "engines",
                        "shares",
                        "stock",
                        "asics",
                    )
                    for i in range(party.last, min(party.last + 4, stop))
                )
                if not maker:
                    found.setdefault("company", party.first - first)
        if "business" in found:
            found.setdefault("company", found["business"])
        return found

    def _is_trade(self, lower: list[str], index: int) -> bool:
        """Whether a noun behind "bitcoin" makes it a trade: "bitcoin factories"."""
        word = lower[index]
        if word in self._coin_business:
            return True
        is_word = word[0].isalpha() and word not in PREPOSITIONS
        return is_word and word not in self._coin_holdings
