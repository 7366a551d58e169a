"""Which capitalised words are people."""

from __future__ import annotations

from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_PARTICLES = frozenset(("de", "van", "von", "der", "del", "da", "di", "bin", "al", "ten"))
_SHORT_TITLES = frozenset(("mr", "mrs", "ms", "dr", "prof", "sen", "gov", "rep"))
_CLOSING_QUOTES = frozenset("\"”'’")


def find_persons(tokens: Tokens, words: WordLists, starts: set[int]) -> frozenset[int]:
    """Indices of tokens that belong to people's names, full names and later surnames.

    A name is a person's after a title ("CEO Tyler Page"), with a known first name, or
    before a role in apposition ("Paul Prager, chairman").
    """
    found: set[int] = set()
    surnames: dict[str, int] = {}
    full_names: set[tuple[str, ...]] = set()
    text, lower = tokens.words, tokens.lower
    count = len(text)
    done = 0
    for index in [i for i, word in enumerate(text) if word[0].isupper()]:
        if index < done:
            continue
        end = _name_end(tokens, index, words)
        length = end - index
        if length >= 2 and _is_person(tokens, index, end, words, starts):
            found.update(range(index, end))
            surnames.setdefault(text[end - 1], index)
            full_names.add(tuple(text[index:end]))
            done = end
    if not full_names:
        return frozenset()
    firsts = {name[0] for name in full_names}
    for index, word in enumerate(text):
        if word in firsts and index not in found:
            for name in full_names:
                if name[0] == word and tuple(text[index : index + len(name)]) == name:
                    found.update(range(index, index + len(name)))
    title_end = text.index("\n\n") if "\n\n" in text else 0
    for index, word in enumerate(text):
        if word in surnames and title_end < index < surnames[word]:
            surnames.pop(word)  # named on its own before the person: a firm of that name
    for index, word in enumerate(text):
        if word in surnames and index not in found:
            alone = not (
                index + 1 < count and text[index + 1][0].isupper() and index + 1 not in found
            )
            if alone and lower[index] not in words.tails:
                found.add(index)
    return frozenset(found)


def _name_end(tokens: Tokens, index: int, words: WordLists) -> int:
    """The end of a run of two to four capitalised alphabetic words that starts at `index`."""
    text = tokens.words
    end = index
    while end < len(text) and end - index < 4:
        word = text[end]
        if end > index and end + 1 < len(text) and text[end + 1][0].isupper():
            hyphen = word == "-" and tokens.glued(end) and tokens.glued(end + 1)
            if hyphen or word in _PARTICLES:  # "Marc-Antoine Roy", "Anneke de Wit"
                end += 2
                continue
        initial = len(word) == 1 and word.isupper() and end > index
        if initial and end + 1 < len(text) and text[end + 1] == ".":
            end += 2
            continue
        if not (
            word[0].isupper()
            and len(word) > 1
            and word.replace("-", "").isalpha()
            and not word.isupper()
        ):
            break
        end += 1
    return end


def _is_person(tokens: Tokens, first: int, last: int, words: WordLists, starts: set[int]) -> bool:
    text, lower = tokens.words, tokens.lower
    named = lower[first] in words.first_names
    titled = first and first not in starts and lower[first - 1] in words.person_titles
    if named and titled and text[last - 1] not in words.firm_tails:
        return True  # "finance chief Ken Parks"
    if text[last - 1] in words.tails or text[last - 1] in words.legal:
        return False
    if any(lower[i] in words.site_nouns for i in range(first + 1, last)):
        return False
    before = lower[first - 1] if first and first not in starts else ""
    if before == "." and first > 1 and lower[first - 2] in _SHORT_TITLES:
        return True  # "Ms. Rukmini Das"
    if named:
        return True
    after = lower[last] if last < len(text) else ""
    if before in _CLOSING_QUOTES and after in words.speech and last - first <= 3:
        return True
    if before in words.person_titles and text[first - 1] != "by":  # "held by Trident Bay"
        return lower[first] not in words.starters and lower[first] not in words.person_titles
    if before == "manager" and last - first == 2 and lower[first - 2] not in words.managed:
        return True  # "site manager Cal Redfern", not "fund manager Aker Horizons"
    if before in ("said", "says") and last < len(text):
        return lower[last] in (",", ".", "at", "of") and last - first in (2, 3)
    if last + 1 < len(text) and text[last] == ",":
        following = lower[last + 1 : last + 4]
        return any(w in words.person_titles and w not in ("by", "head") for w in following[:1]) or (
            len(following) > 1
            and following[0] in ("the", "its", "a", "an")
            and following[1] in words.person_titles
        )
    return False
