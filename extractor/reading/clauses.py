"""Where one statement of a sentence ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.companies import CompanyMention
from extractor.reading.lexicon import Cue
from extractor.reading.statements import BE, PREPOSITIONS
from extractor.reading.tokens import Sentence, Tokens

AFTER_NEWS = ("following", "on news of", "on the news of", "on the back of", "on word of")
_MAIN_AUXILIARY = frozenset(
    "has have had will would is was are were said says also may plans".split()
)
_REPORTING = ("said", "says", "announced", "reported", "disclosed", "added", "stated", "confirmed")
_MARKS = (";", ":", "–", "—", "•", "|", "-")


class ClauseCutter:
    """Cuts sentences at conjunctions, relative pronouns and marks."""

    def __init__(self, borders: Sequence[str], descriptors: frozenset[str]) -> None:
        self._borders = _by_first_word(borders)
        self._descriptors = descriptors

    def bounds(
        self,
        tokens: Tokens,
        sentence: Sentence,
        cues: Sequence[Cue],
        companies: Sequence[CompanyMention],
    ) -> list[tuple[int, str]]:
        """Where statements begin, each with the word that opens it."""
        lower, words = tokens.lower, tokens.words
        verb_at = {c.first: c for c in cues if c.kind in ("verb", "deal verb")}
        company_at = {m.first for m in companies}
        bounds = [(sentence.first, "")]
        has_deal = pending = relative = False
        index = sentence.first
        depth = 0
        while index < sentence.last:
            if any(c.first == index for c in cues):
                has_deal = True
            word = lower[index]
            border = ""
            depth = max(0, depth + (word in "([") - (word in ")]"))
            if depth:  # "(NASDAQ: HUT)" is no statement
                index += 1
                continue
            if word in (";", "•", "|") or (word in ("–", "—") and not tokens.glued(index)):
                border = word
            elif word == ":" and index - sentence.first > 2 and sentence.zone != "title":
                border = word
            elif (
                word == "-"
                and not tokens.glued(index)
                and index + 1 < sentence.last
                and not tokens.glued(index + 1)
                and index > sentence.first
            ):
                border = word
            elif index > sentence.first and (
                matched := self._border_at(lower, index, sentence.last)
            ):
                border = matched
                if (
                    border == "that"
                    and index > sentence.first + 1
                    and (
                        lower[index - 1]
                        in (
                            "said",
                            "says",
                            "announced",
                            "reported",
                            "disclosed",
                            "added",
                            "stated",
                            "confirmed",
                        )
                    )
                ):
                    bounds.append((index + 1, "said"))
                    index += 1
                    continue
                describes = (
                    border in ("that", "which", "who") and lower[index - 1] in self._descriptors
                )
                if (
                    border in ("which", "who", "that", "whose", "where", "including")
                    and not (
                        describes
                        or words[index - 1] in (",", "–", "—", "(")
                        or border in ("whose",)
                    )
                    and border != "including"
                ):
                    border = ""
                if border == "including" and words[index - 1] != ",":
                    border = ""
                if border in (
                    "if",
                    "should",
                    "before",
                    "since",
                    "until",
                    "that",
                    "having",
                ) and not any(c.first > index for c in verb_at.values()):
                    border = border if border in ("if", "should") else ""
                if border in ("until", "before", "since", "after") and not self._has_verb(
                    tokens, index, sentence, verb_at
                ):
                    border = ""  # "until 2022": a date, no statement
                if border in AFTER_NEWS:
                    pending = True
                if border in ("which", "who", "that", "whose"):
                    relative = True
                if border == "should" and words[index - 1] not in (",", ".", "-"):
                    border = ""
            elif word == "and" and has_deal and index + 1 < sentence.last:
                border = self._and_border(tokens, index, sentence, verb_at, company_at)
            elif (
                word == ","
                and relative
                and index + 1 < sentence.last
                and (
                    lower[index + 1] in _MAIN_AUXILIARY
                    or (index + 1 in verb_at and verb_at[index + 1].form in ("past", "s"))
                )
            ):
                border, relative = "main", False
            elif word == "," and pending and index - bounds[-1][0] > 2:
                border, pending = ",", False
            elif word == "," and has_deal and index + 1 < sentence.last:
                following = verb_at.get(index + 1)
                if following is not None and following.form == "ing":
                    border = ","
            if border:
                bounds.append((index + 1 if border in _MARKS else index, border))
            index += 1
        return bounds

    def _has_verb(
        self, tokens: Tokens, index: int, sentence: Sentence, verb_at: dict[int, Cue]
    ) -> bool:
        """Whether a verb stands between a border word and the next comma."""
        lower = tokens.lower
        for i in range(index + 1, sentence.last):
            if lower[i] in (",", ";", "–", "—"):
                return False
            if i in verb_at or lower[i] in BE or lower[i] in ("has", "have", "had", "said"):
                return True
        return True

    def _and_border(
        self,
        tokens: Tokens,
        index: int,
        sentence: Sentence,
        verb_at: dict[int, Cue],
        company_at: set[int],
    ) -> str:
        """ "and" opens a statement before a verb, or before a subject with its verb."""
        lower = tokens.lower
        following = index + 1
        while following < min(index + 4, sentence.last) and (
            lower[following].endswith("ly")
            or lower[following]
            in (
                "also",
                "has",
                "have",
                "had",
                "then",
                "later",
                "is",
                "was",
                "will",
                "would",
                "to",
                "now",
                "separately",
                ",",
                "in",
                "recently",
            )
        ):
            following += 1
        cue = verb_at.get(following)
        if cue is not None and (
            cue.form != "ing" or any(c.form == "ing" and c.first < index for c in verb_at.values())
        ):
            return "and"
        # "and in September Nebius landed": an adverbial may stand before the subject
        for start in range(index + 1, min(index + 7, sentence.last)):
            if (
                start in company_at
                or lower[start] in ("it", "they")
                or (lower[start] == "the" and start == index + 1)
            ):
                for i in range(start + 1, min(start + 9, sentence.last)):
                    if (
                        lower[i] in (",", ";", "and")
                        and i > start + 4
                        or lower[i] in ("for", "with")
                    ):
                        break
                    if (i in verb_at and verb_at[i].form in ("past", "s")) or lower[i] in (
                        "will",
                        "has",
                        "is",
                        "was",
                        "would",
                        "gets",
                    ):
                        return "and"
                return ""
            if lower[start] in PREPOSITIONS and lower[start] not in ("in", "on", "at", "for"):
                return ""
        return ""

    def _border_at(self, lower: list[str], index: int, last: int) -> str:
        rows = self._borders.get(lower[index])
        if rows is None:
            return ""
        for words in rows:
            if index + len(words) <= last and tuple(lower[index : index + len(words)]) == words:
                return " ".join(words)
        return ""


def _by_first_word(phrases: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        table.setdefault(words[0], []).append(words)
    for rows in table.values():
        rows.sort(key=len, reverse=True)
    return table
