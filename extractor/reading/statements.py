"""Statements: stretches of a sentence with the parties, cues and amounts in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.reading.lexicon import Cue
from extractor.reading.quantities import Amount
from extractor.reading.tokens import Sentence, Tokens

# closed classes of English words
PREPOSITIONS = frozenset(
    "with to from for by between at in into of via through under on over against among behind "
    "versus including per toward towards than like as about without within across".split()
)
DETERMINERS = frozenset(
    "the a an its their his her this that these those each both all some any".split()
)
BE = frozenset("is are was were be been being get gets got getting becomes became".split())
POSSESSIVE = frozenset(("'s", "’s"))


@dataclass(frozen=True, slots=True)
class Party:
    """Someone a statement speaks of: a named company or a reference to one.

    `label` is the place in the sentence: subj, obj, a preposition, poss (owner of what
    `head` names), mod (stands before a deal noun), backer ("X-backed").
    """

    first: int
    last: int
    name: str  # "" for a reference that is not resolved yet
    category: str
    label: str
    head: str = ""
    reference: str = ""  # the kind of description: miner, tenant, any ...


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its tokens and its role in the sentence."""

    first: int
    last: int
    amount: Amount
    role: str


@dataclass(slots=True)
class Statement:
    """Tokens `first` to `last` of a sentence that make one claim."""

    first: int
    last: int
    sentence: Sentence
    border: str  # the word that opened it, "" at the start of the sentence
    cues: list[Cue] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)


def is_passive(tokens: Tokens, cue: Cue, start: int) -> bool:
    """Whether a past form is a passive participle: after "be", or followed by "by"."""
    if cue.form != "past":
        return False
    lower = tokens.lower
    for index in range(cue.first - 1, max(start, cue.first - 5) - 1, -1):
        if lower[index] in BE:
            return True
        if lower[index] in ("has", "have", "had", ",", "and") or not (
            lower[index].endswith("ly")
            or lower[index] in ("not", "also", "been", "already", "now", "fully", "being", "to")
        ):
            break
    after = lower[cue.last] if cue.last < len(lower) else ""
    return after == "by"
