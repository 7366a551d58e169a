"""Companies that a title names as filings, calls and tickers do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.reading.evidence import Evidence
from extractor.reading.runs import Run, RunFinder, legal_end
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wording import TextContext, Wording
from extractor.reading.wordlists import WordLists

_BREAKS = frozenset((":", "-", "–", "—", ",", "(", "|"))
_PERIOD = re.compile(r"(?:Q[1-4]|H[12]|FY\d\d)")


class TitleNames:
    """In a title every word has a capital: only a form, a symbol or a paper's name tells."""

    def __init__(self, words: WordLists, runs: RunFinder, evidence: Evidence) -> None:
        self._words = words
        self._runs = runs
        self._evidence = evidence
        self._wording = Wording(words)
        self._signs = words.legal | {"("}
        self._others = (
            (words.starters - words.name_starters)
            | (words.verbs | words.buy_verbs | words.weak_verbs)
        ) - {tail.lower() for tail in words.tails}

    def find(
        self,
        tokens: Tokens,
        sentences: Sequence[Sentence],
        taken: set[int],
        persons: frozenset[int],
    ) -> Iterator[tuple[Run, str]]:
        """Runs that name a company, with its category."""
        for sentence in sentences:
            if sentence.zone != "title":
                break
            place = slice(sentence.first, sentence.last)
            papers = not self._words.papers.isdisjoint(tokens.lower[place])
            if not papers and self._signs.isdisjoint(tokens.words[place]):
                continue
            for whole in self._runs.in_sentence(tokens, sentence, taken, persons):
                run = self._behind_verb(tokens, whole)
                named = run and (
                    self._has_form(tokens, run) or (papers and self._heads_paper(tokens, run))
                )
                if run and named:
                    yield run, self._words.tails.get(tokens.words[run.last - 1], "other")

    def _behind_verb(self, tokens: Tokens, run: Run) -> Run | None:
        """What is left of "Miner Foo Buys Bar" behind the last word that is of no name."""
        first = run.first
        for index in range(run.first, run.last - 1):
            lower = tokens.lower[index]
            if lower in self._others or (
                self._words.descriptors.get(lower, "other") != "other"
                and tokens.words[index] not in self._words.heads
                and tokens.words[index] not in self._words.tails
            ):
                first = index + 1
        lower = tokens.lower[run.last - 1]
        if lower in self._others or (
            first > run.first and run.last - first == 1 and (self._words.english.has(lower))
        ):
            return None
        return Run(first, run.last, run.sentence, run.leads and first == run.first)

    def _has_form(self, tokens: Tokens, run: Run) -> bool:
        """Whether "Inc." or "(NYSE: XYZ)" follows."""
        formed = legal_end(tokens, run.last, self._words) > run.last
        return (formed or self._evidence.has_symbol(tokens, run)) and self._wording.may_name(
            tokens, run, TextContext(), sure=True
        )

    def _heads_paper(self, tokens: Tokens, run: Run) -> bool:
        """Whether it begins the title of a paper: "Widgeon Lake Digital, third-quarter call"."""
        words, english = tokens.words[run.first : run.last], self._words.english
        after = tokens.words[run.last] if run.last < run.sentence.last else ""
        if not run.leads or not (after in _BREAKS or _PERIOD.fullmatch(after)):
            return False
        coined = any(map(english.coined, words))
        tailed = words[-1] in self._words.tails and not run.single
        return (coined or tailed) and (
            self._wording.may_name(tokens, run, TextContext(), sure=False)
            and not self._wording.is_generic(tokens, run)
            and tokens.lower[run.last - 1] not in self._words.papers
        )
