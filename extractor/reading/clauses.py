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
_RELATIVE = ("which", "who", "that", "whose")
_MARKS = (";", ":", "–", "—", "•", "|", "-")


class ClauseCutter:
    """Cuts sentences at conjunctions, relative pronouns and marks."""

    def __init__(self, borders: Sequence[str], descriptors: frozenset[str]) -> None:
        self._borders = _by_first_word(borders)
        self._telling = frozenset((*self._borders, *_MARKS, *"()[]", ",", "and"))
        self._descriptors = descriptors

    def bounds(
        self,
        tokens: Tokens,
        sentence: Sentence,
        cues: Sequence[Cue],
        companies: Sequence[CompanyMention],
    ) -> list[tuple[int, str]]:
        """Where statements begin, each with the word that opens it ("" for the first)."""
        verb_at = {c.first: c for c in cues if c.kind in ("verb", "deal verb")}
        cue_at = {c.first for c in cues}
        company_at = {m.first for m in companies}
        bounds = [(sentence.first, "")]
        depth = 0  # of brackets: "(NASDAQ: HUT)" is no statement
        has_deal = False
        in_clause = False  # a relative clause that the main verb will end
        in_news = False  # "following news of ..." up to the next comma
        for index in range(sentence.first, sentence.last):
            has_deal = has_deal or index in cue_at
            word = tokens.lower[index]
            if word not in self._telling:
                continue
            depth = max(0, depth + (word in "([") - (word in ")]"))
            if depth:
                continue
            border = self._mark(tokens, index, sentence)
            if not border and index > sentence.first:
                border = self._conjunction(tokens, index, sentence, verb_at)
            if border in AFTER_NEWS:
                in_news = True
            elif border in _RELATIVE:
                in_clause = True
            elif not border and index + 1 < sentence.last:
                following = verb_at.get(index + 1)
                if word == "and" and has_deal:
                    border = self._and_border(tokens, index, sentence, verb_at, company_at)
                elif word == "," and in_clause and self._is_main_verb(tokens, index + 1, following):
                    border, in_clause = "main", False
                elif word == "," and in_news and index - bounds[-1][0] > 2:
                    border, in_news = ",", False
                elif word == "," and has_deal and following is not None and following.form == "ing":
                    border = ","
            if border:
                opens_behind = border in _MARKS or border == "said"
                bounds.append((index + 1 if opens_behind else index, border))
        return bounds

    def _mark(self, tokens: Tokens, index: int, sentence: Sentence) -> str:
        """A mark that ends a statement: a semicolon, a dash, a bullet, a colon in the text."""
        word = tokens.lower[index]
        if word in (";", "•", "|"):
            return word
        if word in ("–", "—"):
            return "" if tokens.glued(index) else word
        if word == ":":
            return word if index - sentence.first > 2 and sentence.zone != "title" else ""
        is_dash = word == "-" and sentence.first < index < sentence.last - 1
        return word if is_dash and not (tokens.glued(index) or tokens.glued(index + 1)) else ""

    def _conjunction(
        self, tokens: Tokens, index: int, sentence: Sentence, verb_at: dict[int, Cue]
    ) -> str:
        """A conjunction or relative pronoun that opens a statement here, else ""."""
        border = self._border_at(tokens.lower, index, sentence.last)
        if not border:
            return ""
        before, word_before = tokens.lower[index - 1], tokens.words[index - 1]
        if border == "that" and index > sentence.first + 1 and before in _REPORTING:
            return "said"
        if border in (*_RELATIVE, "where"):
            describes = border in ("that", "which", "who") and before in self._descriptors
            if not describes and border != "whose" and word_before not in (",", "–", "—", "("):
                return ""
        if border == "including" and word_before != ",":
            return ""
        if border == "should" and word_before not in (",", ".", "-"):
            return ""
        followed = any(first > index for first in verb_at)
        if border in ("before", "since", "until", "that", "having") and not followed:
            return ""
        dated = border in ("until", "before", "since", "after")
        if dated and not self._has_verb(tokens, index, sentence, verb_at):
            return ""  # "until 2022": a date, no statement
        return border

    def _is_main_verb(self, tokens: Tokens, index: int, cue: Cue | None) -> bool:
        """Whether the verb of the main clause comes back: "X, which ..., has signed"."""
        return tokens.lower[index] in _MAIN_AUXILIARY or (
            cue is not None and cue.form in ("past", "s")
        )

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
                    if (lower[i] in (",", ";", "and") and i > start + 4) or lower[i] in (
                        "for",
                        "with",
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
