"""The terms that releases and filings define for parties: (the "Customer")."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.companies import CompanyMention
from extractor.reading.tokens import Tokens

_QUOTES = ('"', "“")
_UNQUOTES = ('"', "”")
_SELF = ("Company", "Registrant", "Corporation")


def self_name(tokens: Tokens, companies: Sequence[CompanyMention]) -> str:
    """Whom 'the "Company"' stands for, where a text defines it; else an empty string."""
    for index, word in enumerate(tokens.words):
        if word in _SELF and index > 1 and tokens.words[index - 1] in _QUOTES:
            earlier = [m for m in companies if m.first < index]
            if earlier:
                return earlier[-1].name
    return ""


def defined_terms(
    tokens: Tokens, companies: Sequence[CompanyMention], definable: frozenset[str]
) -> list[CompanyMention]:
    """Later uses of 'CoreWeave, Inc. (the "Customer")', as mentions of the company."""
    words, lower = tokens.words, tokens.lower
    ends = {m.last: m for m in companies}
    taken = {i for m in companies for i in range(m.first, m.last)}
    terms: dict[str, CompanyMention] = {}
    for index in range(2, len(words) - 2):
        opens = words[index] in _QUOTES and lower[index - 1] in ("the", "a")
        if not opens or words[index - 2] != "(" or words[index + 2] not in _UNQUOTES:
            continue
        term, owner = words[index + 1], ends.get(index - 2)
        if owner is not None and term[:1].isupper() and term.lower() in definable:
            terms[term] = owner
    if not terms:
        return []
    return [
        CompanyMention(i, i + 1, terms[w].name, terms[w].category, "defined term")
        for i, w in enumerate(words)
        if w in terms and i not in taken and words[i - 1] not in _QUOTES
    ]
