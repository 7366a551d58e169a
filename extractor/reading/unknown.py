"""Companies that are in no list, found by the words around their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.reading.evidence import Evidence
from extractor.reading.lowercase import LowercaseNames
from extractor.reading.runs import Run, RunFinder, legal_end
from extractor.reading.titles import TitleNames
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wording import TextContext
from extractor.reading.wordlists import WordLists

_QUOTES = "\"“'‘"
_CLOSERS = frozenset((")", '"', "”", "'", "’"))
_AND = frozenset((",", "and", "or", "&"))
_CELLS = frozenset(("|", "/"))
_CHAIN_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class LearnedName:
    """A company name that this text uses, with the shorter forms it may use later."""

    name: str
    category: str
    short_forms: tuple[str, ...]


def shortens(symbol: str, name: str) -> bool:
    """Whether the symbol has letters of the name in order, the first one first."""
    letters = iter(name.upper())
    return name[:1].upper() == symbol[0] and all(letter in letters for letter in symbol)


def _is_symbol(name: str) -> bool:
    return 3 <= len(name) <= 5 and name.isupper() and name.isalpha()


def _shortens_any(symbol: str, names: list[LearnedName]) -> bool:
    """Whether the symbol stands for one of the names ("HRLN" beside "Harlan Mining")."""
    return any(n.name != symbol and shortens(symbol, n.name) for n in names)


def _joined(learned: list[LearnedName]) -> list[LearnedName]:
    """The names without those that begin another one: "Oxbow" is "Oxbow Mining" in its text."""
    longer: dict[str, list[LearnedName]] = {}
    for name in learned:
        head = name.name
        while " " in head:
            head = head[: head.rindex(" ")]
            longer.setdefault(head, []).append(name)
    result = {name.name: name for name in learned}
    for name in sorted(learned, key=lambda n: -len(n.name)):
        owners = longer.get(name.name, [])
        longest = max((owner.name for owner in owners), key=len, default="")
        if longest not in result or not all(longest.startswith(o.name) for o in owners):
            continue
        owner = result[longest]
        shorts = dict.fromkeys((*owner.short_forms, name.name, *name.short_forms))
        result[longest] = LearnedName(longest, owner.category, tuple(shorts))
        del result[name.name]
    return list(result.values())


class UnknownNames:
    """Learns names from one text at a time."""

    def __init__(self, words: WordLists) -> None:
        self._words = words
        self._runs = RunFinder(words)
        self._evidence = Evidence(words)
        self._lowercase = LowercaseNames(words)
        self._titles = TitleNames(words, self._runs, self._evidence)

    def learn(
        self,
        tokens: Tokens,
        sentences: Sequence[Sentence],
        taken: set[int],
        persons: frozenset[int],
        symbols: frozenset[str],
    ) -> list[LearnedName]:
        """Names with enough evidence, in order.

        Runs that are `taken`, people or stock `symbols` are skipped.
        """
        runs = [
            run
            for run in self._runs.find(tokens, sentences, taken, persons)
            if not (run.single and tokens.words[run.first] in symbols)
            or self._evidence.is_described(tokens, run)  # "hosting startup ECL"
        ]
        text = self._evidence.context(tokens, runs, persons)
        accepted = set(taken)
        found = dict(self._titles.find(tokens, sentences, taken, persons))
        found.update((run, "other") for run in self._lowercase.find(tokens, sentences, taken))
        left = []
        for run in runs:
            category = self._evidence.category(tokens, run, text)
            if category is None:
                left.append(run)
            else:
                found[run] = category
                accepted.update(range(run.first, run.last))
        for _ in range(_CHAIN_ROUNDS):
            joined = [run for run in left if self._in_chain(tokens, run, accepted, text)]
            if not joined:
                break
            for run in joined:
                found[run] = "other"
                accepted.update(range(run.first, run.last))
            left = [run for run in left if run not in found]
        heads = {tokens.words[run.first] for run in found if run.single}
        for run in left:
            # "Inuk Beregning" where "Inuk" is a company
            if tokens.words[run.first] in heads and self._evidence.may_extend(tokens, run, text):
                found[run] = "other"
        return self._names(tokens, found)

    def _names(self, tokens: Tokens, found: dict[Run, str]) -> list[LearnedName]:
        learned: dict[str, LearnedName] = {}
        for run in sorted(found, key=lambda r: r.first):
            name, category = tokens.span_text(run.first, run.last), found[run]
            known = learned.get(name)
            shorts = self._short_forms(tokens, run)
            if known is not None:
                category = category if known.category == "other" else known.category
                shorts = tuple(dict.fromkeys(known.short_forms + shorts))
            learned[name] = LearnedName(name, category, shorts)
        names = list(learned.values())
        return _joined(
            [n for n in names if not (_is_symbol(n.name) and _shortens_any(n.name, names))]
        )

    def _in_chain(self, tokens: Tokens, run: Run, accepted: set[int], text: TextContext) -> bool:
        """Whether a comma or "and" joins the name to a company ("Aker, Nokia and Nvidia")."""
        lower, sentence = tokens.lower, run.sentence
        if not self._evidence.may_join(tokens, run, text):
            return False
        after = lower[run.last] if run.last < sentence.last else ""
        index = run.first - 1
        if index >= sentence.first and lower[index] in _AND:
            joint = lower[index]
            while index > sentence.first and lower[index] in _AND:
                index -= 1
            if index in accepted:
                # "TeraWulf, Texas" and "IREN and Bitcoin": apposition is no list
                return joint != "," or after in _AND
        index = run.last
        if after in _CELLS and index + 1 in accepted and not tokens.glued(index):
            # "Amber Shore | Oracle | 100 MW"
            return run.leads and tokens.lower[run.last - 1] not in self._words.site_nouns
        if after not in _AND or index + 1 >= sentence.last:
            return False
        following = index + 1
        while following < sentence.last and lower[following] in _AND:
            following += 1
        if following not in accepted:
            return False
        if after != ",":
            return True
        # "Green Mountain, Bulk Infrastructure and Bitdeer": a list goes on
        while following < sentence.last and following in accepted:
            following += 1
        return following < sentence.last and lower[following] in _AND

    def _short_forms(self, tokens: Tokens, run: Run) -> tuple[str, ...]:
        """Forms that stand for the name later: the defined one, the name without its tail."""
        words = tokens.words[run.first : run.last]
        bare = next((i for i, w in enumerate(words) if i and w in self._words.legal), len(words))
        words = words[:bare]  # "Ardent Acquisition" of "Ardent Acquisition Corp. II"
        shorts = (
            [tokens.span_text(run.first, run.first + bare)] if bare < run.last - run.first else []
        )
        defined = self._defined(tokens, legal_end(tokens, run.last, self._words))
        if defined:
            shorts.append(defined)
        stem = words[:-1]
        if stem and words[-1] in self._words.tails and "of" not in words:
            if len(stem) >= 2:
                shorts.append(tokens.span_text(run.first, run.first + len(stem)))
            if self._may_stand_alone(stem[0], len(stem)):
                shorts.append(stem[0])
        elif stem and words[1][0].isupper() and self._may_stand_alone(words[0], len(stem) + 1):
            shorts.append(words[0])
        return tuple(shorts)

    def _may_stand_alone(self, word: str, stem_length: int) -> bool:
        lists = self._words
        if len(word) <= 3 or (word.lower(),) in lists.not_names or word.lower() in lists.starters:
            return False
        return stem_length == 1 or lists.english.coined(word)

    def _defined(self, tokens: Tokens, index: int) -> str:
        """'Parime' in 'Lake Parime Energy ("Parime")', 'FNP' in 'Far North Power (FNP)'."""
        words, lower = tokens.words, tokens.lower
        if index + 2 >= len(tokens) or words[index] != "(":
            return ""
        inner = index + 1
        while inner + 1 < len(tokens) and (
            words[inner] in _QUOTES or lower[inner] in ("the", "or")
        ):
            inner += 1
        word = words[inner]
        closed = inner + 1 < len(tokens) and words[inner + 1] in _CLOSERS
        plain = lower[inner] in self._words.starters or word in self._words.not_tickers
        return word if closed and word[0].isupper() and not plain else ""
