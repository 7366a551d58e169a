"""Descriptions and pronouns that stand for companies: "the miner", "its new tenant", "it"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractor.reading.companies import CompanyMention
from extractor.reading.statements import PREPOSITIONS, Party
from extractor.reading.tokens import Sentence, Tokens

_PLEONASTIC = frozenset(
    "the a an not also another clear likely unclear worth only one still too possible "
    "understood".split()
)
_PRONOUNS = ("it", "its", "their", "we", "our")


class DescriptionFinder:
    """Finds what may refer to a company, without saying to which."""

    def __init__(self, references: Mapping[str, Sequence[str]]) -> None:
        self._references: dict[tuple[str, ...], str] = {}
        for kind, phrases in references.items():
            for phrase in phrases:
                self._references.setdefault(tuple(phrase.split()), kind)
        self._longest_reference = max(map(len, self._references))

    def find(
        self, tokens: Tokens, sentence: Sentence, companies: Sequence[CompanyMention]
    ) -> list[Party]:
        lower, words = tokens.lower, tokens.words
        covered = {i for m in companies for i in range(m.first, m.last)}
        found = []
        index = sentence.first
        while index < sentence.last:
            word = lower[index]
            if word in _PRONOUNS and index not in covered:
                if (
                    word == "it"
                    and index + 2 < sentence.last
                    and (
                        lower[index + 1] in ("is", "was", "’s", "'s", "remains")
                        and lower[index + 2] in _PLEONASTIC
                    )
                ):
                    index += 1
                    continue
                if not (
                    word == "it"
                    and index + 1 < sentence.last
                    and (
                        lower[index + 1] in ("load", "capacity", "power", "-")
                        or words[index] == "IT"
                    )
                ):
                    found.append(Party(index, index + 1, "", "", "", reference=f"pronoun {word}"))
                index += 1
                continue
            if (
                word in ("the", "its", "this", "that", "their", "said", "such")
                and index + 1 < sentence.last
            ):
                hit = self._reference_after(tokens, index + 1, sentence.last)
                if hit is not None:
                    kind, end = hit
                    # "the miner Bitdeer", "the lender, Generate" name the company themselves
                    nxt = end if end < sentence.last and lower[end] != "," else end + 1
                    named = (nxt in covered and end in covered) or any(
                        i in covered for i in range(index + 1, end)
                    )
                    if not named:
                        found.append(Party(index, end, "", "", "", reference=kind))
                        index = end
                        continue
            index += 1
        return found

    def _reference_after(self, tokens: Tokens, index: int, last: int) -> tuple[str, int] | None:
        """A description that begins at `index`, after up to three adjectives."""
        lower, words = tokens.lower, tokens.words
        for skip in range(5):
            at = index + skip
            if at >= last or not (lower[at][0].isalpha() or lower[at][0] in "-"):
                return None
            for length in range(self._longest_reference, 0, -1):
                kind = self._references.get(tuple(lower[at : at + length]))
                if kind is not None and at + length <= last:
                    following = lower[at + length] if at + length < last else ""
                    if following in ("'s", "’s") or not self._continues(words, at + length, last):
                        return kind, at + length
            if words[at] in ("and", "of", "to", "with") or lower[at] in PREPOSITIONS:
                return None
        return None

    def _continues(self, words: list[str], index: int, last: int) -> bool:
        """Whether a noun goes on into a compound ("the company stock", "bank loan")."""
        if index >= last:
            return False
        word = words[index]
        return (
            word
            in (
                "data",
                "stock",
                "shares",
                "loan",
                "loans",
                "deal",
                "facility",
                "agreement",
                "agreements",
                "sites",
                "site",
                "lease",
                "leases",
                "credit",
                "line",
                "capacity",
                "payments",
                "side",
                "services",
                "contract",
                "contracts",
                "cloud",
                "group",
                "campus",
                "debt",
                "investors",
                "machines",
                "hosting",
                "order",
            )
            or word == "-"
        )
