"""Sentences into statements: cut, their parties labelled, their subjects shared."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.reading.clauses import AFTER_NEWS, ClauseCutter
from extractor.reading.companies import CompanyMention
from extractor.reading.descriptions import DescriptionFinder
from extractor.reading.labels import Labeller
from extractor.reading.lexicon import Cue, Lexicon
from extractor.reading.statements import Party, Quantity, Statement
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists


class StatementBuilder:
    """Cuts sentences into statements and labels who stands where."""

    def __init__(self, lexicon: Lexicon, words: WordLists) -> None:
        self._lexicon = lexicon
        self._making = lexicon.words["making_verbs"]
        self._cutter = ClauseCutter(
            lexicon.common["clauses"]["borders"], frozenset(words.descriptors)
        )
        self._descriptions = DescriptionFinder(lexicon.common["references"])
        self._labeller = Labeller(words, lexicon.words)

    def build(
        self,
        tokens: Tokens,
        sentence: Sentence,
        companies: Sequence[CompanyMention],
        quantities: Sequence[Quantity],
        found: Sequence[Cue],
    ) -> list[Statement]:
        """The statements of a sentence, in order; none is empty. `found` are all its cues."""
        cues = [
            c
            for c in found
            if not any(m.first <= c.first < m.last for m in companies)
            and not (c.kind.endswith("verb") and _is_compound(tokens, c.first))
        ]
        bounds = self._cutter.bounds(tokens, sentence, cues, companies)
        parties = self._parties(tokens, sentence, companies, cues, [b for b, _ in bounds])
        statements = []
        for (first, border), (last, _) in zip(
            bounds, [*bounds[1:], (sentence.last, "")], strict=True
        ):
            if last <= first:
                continue
            statements.append(
                Statement(
                    first,
                    last,
                    sentence,
                    border,
                    [c for c in cues if first <= c.first < last],
                    [p for p in parties if first <= p.first < last],
                    [q for q in quantities if first <= q.first < last],
                )
            )
        _share_subjects(statements, parties)
        for earlier, statement in pairwise(statements):
            # "The lease, which Cipher signed with AWS": the noun belongs to the clause too
            makes_deal = any(
                c.lemma in self._making for c in statement.cues if c.kind == "deal verb"
            )
            if statement.border in ("which", "that") and earlier.cues and makes_deal:
                cue = earlier.cues[-1]
                if cue.kind in ("noun", "deal noun") and 0 <= statement.first - cue.last <= 1:
                    statement.cues.insert(0, cue)
        return statements

    def _parties(
        self,
        tokens: Tokens,
        sentence: Sentence,
        companies: Sequence[CompanyMention],
        cues: Sequence[Cue],
        bounds: Sequence[int],
    ) -> list[Party]:
        cue_at: dict[int, Cue] = {}
        for cue in cues:
            for i in range(cue.first, cue.last):
                # a word that is verb or noun is a verb behind "to" and its like
                if i not in cue_at or not _is_verb_place(tokens, cue.first):
                    cue_at[i] = cue
        found = [Party(m.first, m.last, m.name, m.category, "") for m in companies]
        found += self._descriptions.find(tokens, sentence, companies)
        found.sort(key=lambda p: p.first)
        labelled: list[Party] = []
        by_end: dict[int, Party] = {}
        by_start = {p.first for p in found}
        for party in found:
            start = bounds[max(0, bisect_left(bounds, party.first + 1) - 1)]
            label, head = self._labeller.label(
                tokens, sentence, party, cue_at, by_end, start, by_start
            )
            done = Party(
                party.first,
                party.last,
                party.name,
                party.category,
                label,
                head,
                party.reference,
            )
            labelled.append(done)
            by_end[party.last - 1] = done
        return labelled


def _is_compound(tokens: Tokens, index: int) -> bool:
    """Whether a hyphen joins the word to a name: "Nvidia-backed"."""
    return (
        index > 1
        and tokens.words[index - 1] == "-"
        and tokens.glued(index)
        and tokens.glued(index - 1)
    )


def _is_verb_place(tokens: Tokens, index: int) -> bool:
    before = tokens.lower[index - 1] if index else ""
    return before in (
        "to",
        "will",
        "would",
        "may",
        "could",
        "can",
        "has",
        "have",
        "had",
        "not",
    ) or before.endswith("ly")


def _share_subjects(statements: list[Statement], parties: Sequence[Party]) -> None:
    """A statement without a subject of its own takes the one before: "X said ... and gets ..."

    After "which" and "who" that is the party right before the border.
    """
    subject: Party | None = None
    clause: Party | None = None
    first = next((p for p in parties if p.label == "subj"), None)
    for statement in statements:
        before_cue = statement.cues[0].first if statement.cues else statement.last
        own = [p for p in statement.parties if p.label == "subj" and p.first < before_cue]
        if not own and statement.border:
            antecedent = subject
            if statement.border in ("which", "who", "whose"):
                near = [
                    p
                    for p in parties
                    if p.last <= statement.first and statement.first - p.last <= 6
                ]
                antecedent = near[-1] if near else antecedent
            if statement.border == "main":
                antecedent = first
            if statement.border in AFTER_NEWS and clause is not None:
                antecedent = clause
            if antecedent is not None and statement.border in (
                *AFTER_NEWS,
                "main",
                "said",
                "and",
                ",",
                "which",
                "who",
                "but",
                "while",
                "having",
                "when",
                "before",
                "after",
                "that",
                "because",
                "since",
                "though",
                "although",
            ):
                statement.parties.insert(0, replace(antecedent, label="subj"))
                own = [antecedent]
        named = [p for p in statement.parties if p.label == "subj"]
        if named:
            clause = named[0]
            subject = (
                named[0]
                if statement.border not in ("which", "who", "whose")
                else subject or named[0]
            )
