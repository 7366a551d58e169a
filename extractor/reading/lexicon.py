"""The cues of deals, loaded from `frames/*.toml`, findable by their word forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.errors import ModelError
from extractor.reading.rulefile import read_rules
from extractor.reading.tokens import Tokens
from extractor.reading.vocabulary import Vocabulary
from extractor.records import DEAL_TYPES, DealType

_VOWELS = frozenset("aeiou")
Roles = dict[str, str]


@dataclass(frozen=True, slots=True)
class VerbFrame:
    """How the arguments of a verb become roles: the first of `active` whose needs are met."""

    type: DealType
    lemma: str
    objects: frozenset[str]
    categories: frozenset[str]  # of the subject
    partners: frozenset[str]  # categories, one of which another party must have
    active: tuple[tuple[frozenset[str], Roles], ...]
    passive: Roles
    weak: bool


@dataclass(frozen=True, slots=True)
class NounFrame:
    """A noun that names a deal of a type."""

    type: DealType
    phrase: str
    objects: frozenset[str]
    roles: Roles
    weak: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at tokens `first` to `last` (exclusive).

    `form` of a verb: base, s, past (or participle), ing. Unspecific cues have no frames.
    `meanings` are the types of its frames, those of verbs as such.
    """

    first: int
    last: int
    kind: str  # "verb", "noun", "deal verb", "deal noun"
    lemma: str
    form: str
    verbs: tuple[VerbFrame, ...] = ()
    nouns: tuple[NounFrame, ...] = ()
    is_general: bool = False  # the noun also means deals of any type
    noun_types: frozenset[str] = frozenset()
    meanings: frozenset[str] = frozenset()

    def at(self, first: int, last: int) -> Cue:
        """The cue at tokens `first` to `last`."""
        return Cue(
            first,
            last,
            self.kind,
            self.lemma,
            self.form,
            self.verbs,
            self.nouns,
            self.is_general,
            self.noun_types,
            self.meanings,
        )


@dataclass(slots=True)
class _Entry:
    verbs: list[VerbFrame] = field(default_factory=list)
    nouns: list[NounFrame] = field(default_factory=list)
    deal_verb: bool = False
    deal_noun: bool = False
    lemma: str = ""
    form: str = ""

    def cues(self) -> Iterator[Cue]:
        """What the words mean, a verb, a noun or both, as cues without a place."""
        if self.verbs or self.deal_verb:
            yield Cue(
                0,
                0,
                "verb" if self.verbs else "deal verb",
                self.lemma,
                self.form,
                verbs=tuple(self.verbs),
                meanings=frozenset([f"verb {frame.type}" for frame in self.verbs]),
            )
        if self.nouns or self.deal_noun:
            types = frozenset([frame.type for frame in self.nouns])
            yield Cue(
                0,
                0,
                "noun" if self.nouns else "deal noun",
                self.lemma,
                "",
                nouns=tuple(self.nouns),
                is_general=self.deal_noun,
                noun_types=types,
                meanings=types,
            )


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What a type says of roles and context."""

    roles: Roles
    context: dict[str, int]


class Lexicon:
    """All cues; the longest phrase at a place wins."""

    def __init__(self, frames: Path, common: Path, own: Path | None = None) -> None:
        """`own` is a folder of a user's own rows, each for a type that `frames` has."""
        self.types: dict[DealType, TypeRules] = {}
        self._ignored: dict[str, list[tuple[str, ...]]] = {}
        self._entries: dict[str, dict[tuple[str, ...], _Entry]] = {}
        for path in [*sorted(frames.glob("*.toml")), *(sorted(own.glob("*.toml")) if own else ())]:
            rules = read_rules(path)
            if rules.get("type") not in DEAL_TYPES:
                raise ModelError(str(path), f"unknown deal type {rules.get('type')!r}")
            try:
                self._add_type(rules)
            except (KeyError, TypeError) as error:
                raise ModelError(str(path), "a rule lacks a field") from error
        self.common = read_rules(common)
        self.words = Vocabulary(common.parent / "words.toml")
        for verb in self.common["deal_verbs"]["verbs"]:
            for words, lemma, form in verb_forms(verb):
                entry = self._entry(words)
                entry.deal_verb = True
                entry.lemma, entry.form = entry.lemma or lemma, entry.form or form
        for phrase in self.common["ignored"]["phrases"]:
            words = tuple(Tokens(phrase).lower)
            self._ignored.setdefault(words[0], []).append(words)
        for phrase in self.common["deal_nouns"]["phrases"]:
            for words in noun_forms(phrase):
                entry = self._entry(words)
                entry.deal_noun = True
                entry.lemma = entry.lemma or phrase
        # by first word, the longest phrase first
        self._longest_first = {
            first: [
                (words, tuple(entries[words].cues()))
                for words in sorted(entries, key=len, reverse=True)
            ]
            for first, entries in self._entries.items()
        }
        self._firsts = self._entries.keys() | self._ignored.keys()

    def _add_type(self, rules: dict[str, Any]) -> None:
        type_: DealType = rules["type"]
        if type_ not in self.types:
            self.types[type_] = TypeRules(
                roles=rules["roles"],
                context=rules["context"]["words"],
            )
        roles = rules.get("roles", self.types[type_].roles)
        for row in rules.get("noun", ()):
            for phrase in row["phrases"]:
                frame = NounFrame(
                    type_,
                    phrase,
                    frozenset(row.get("object", ())),
                    row.get("roles", roles),
                    bool(row.get("weak")),
                )
                for words in noun_forms(phrase):
                    entry = self._entry(words)
                    if not any(f.type == type_ and not f.weak for f in entry.nouns):
                        entry.nouns.append(frame)
                    entry.lemma = entry.lemma or phrase
        for row in rules.get("verb", ()):
            active = tuple(
                (frozenset(r.get("needs", ())), {k: v for k, v in r.items() if k != "needs"})
                for r in row["roles"]
            )
            for verb in row["verbs"]:
                verb_frame = VerbFrame(
                    type_,
                    verb.split(":")[0],
                    frozenset(row.get("object", ())),
                    frozenset(row.get("category", ())),
                    frozenset(row.get("partner", ())),
                    active,
                    row.get("passive", {}),
                    bool(row.get("weak")),
                )
                for words, lemma, form in verb_forms(verb):
                    entry = self._entry(words)
                    entry.verbs.append(verb_frame)
                    entry.lemma, entry.form = lemma, form

    def _entry(self, words: tuple[str, ...]) -> _Entry:
        return self._entries.setdefault(words[0], {}).setdefault(words, _Entry())

    def cues(self, tokens: Tokens, first: int, last: int) -> Iterator[Cue]:
        """The cues among tokens `first` to `last`, in order, without overlaps."""
        lower = tokens.lower
        done = first
        for index in [i for i in range(first, last) if lower[i] in self._firsts]:
            if index < done:
                continue
            word = lower[index]
            if word in self._ignored:
                skipped = max(
                    len(words) if tuple(lower[index : index + len(words)]) == words else 0
                    for words in self._ignored[word]
                )
                if skipped:
                    done = index + skipped
                    continue
            for words, cues in self._longest_first.get(word, ()):
                end = index + len(words)
                if end <= last and (len(words) == 1 or tuple(lower[index:end]) == words):
                    for cue in cues:
                        yield cue.at(index, end)
                    done = end
                    break

    def ignored(self, tokens: Tokens, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The places of phrases among these tokens whose words are no cues together."""
        lower = tokens.lower
        done = first
        for index in range(first, last):
            for words in self._ignored.get(lower[index], ()):
                end = index + len(words)
                if end > done and tuple(lower[index:end]) == words:
                    yield index, end
                    done = end


def verb_forms(rule: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(words, lemma, form) of "buy:bought" or "take over:took over:taken over"."""
    parts = rule.split(":")
    base = parts[0]
    head, *rest = base.split()
    tail = tuple(rest)

    def spelled(word: str) -> tuple[str, ...]:
        return tuple(Tokens(word).lower) + tail

    yield spelled(head), base, "base"
    yield spelled(_third(head)), base, "s"
    explicit_ing = [p for p in parts[1:] if p.split()[0].endswith("ing")]
    pasts = [p for p in parts[1:] if p not in explicit_ing]
    for past in pasts or [_past(head)]:
        yield spelled(past.split()[0]), base, "past"
    yield spelled(explicit_ing[0].split()[0] if explicit_ing else _ing(head)), base, "ing"


def noun_forms(phrase: str) -> Iterator[tuple[str, ...]]:
    """The words of a noun phrase in singular and plural."""
    words = tuple(Tokens(phrase).lower)
    yield words
    last = words[-1]
    if last.endswith("s") or not last.isalpha():
        return
    if last.endswith("y") and last[-2] not in _VOWELS:
        yield (*words[:-1], last[:-1] + "ies")
    elif last.endswith(("ch", "sh", "x")):
        yield (*words[:-1], last + "es")
    else:
        yield (*words[:-1], last + "s")


def _third(verb: str) -> str:
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    if verb in ("get", "win", "let", "put", "bid", "sell off", "cut"):
        return verb + verb[-1] + "ing"
    return verb + "ing"
