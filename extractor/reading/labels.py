"""The place of a party in its sentence: subject, object, behind which preposition."""

from __future__ import annotations

from extractor.reading.lexicon import Cue
from extractor.reading.statements import BE, DETERMINERS, POSSESSIVE, PREPOSITIONS, Party
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.vocabulary import Vocabulary
from extractor.reading.wordlists import WordLists

_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december week month year quarter "
    "yesterday today spring summer autumn winter night".split()
)


class Labeller:
    """Labels the parties of a sentence, left to right."""

    def __init__(self, words: WordLists, vocabulary: Vocabulary) -> None:
        self._words = words
        self._products = vocabulary["products"]
        self._transparent = vocabulary["transparent"]

    def label(
        self,
        tokens: Tokens,
        sentence: Sentence,
        party: Party,
        cue_at: dict[int, Cue],
        by_end: dict[int, Party],
        start: int,
        by_start: set[int],
    ) -> tuple[str, str]:
        lower = tokens.lower
        after = lower[party.last] if party.last < sentence.last else ""
        if (
            after == "-"
            and party.last + 1 < sentence.last
            and lower[party.last + 1] in self._words.suffixes
        ):
            return "backer", lower[party.last + 1]
        if (
            after in self._products
            or after.rstrip("s") in self._products
            or any(c.isdigit() for c in after)
        ) and party.category in ("chip", "systems"):
            return "maker", after
        if after in ("unit", "subsidiary", "arm", "affiliate", "division", "parent") and any(
            i in by_start for i in range(party.last + 1, party.last + 3)
        ):
            return "owner", after
        if (
            after in ("unit", "subsidiary", "arm", "affiliate", "division")
            and party.first
            and lower[party.first - 1] in POSSESSIVE
        ):
            return "owner", after  # "HIVE's BUZZ unit": HIVE acts through it
        if after in POSSESSIVE or party.reference in (
            "pronoun its",
            "pronoun their",
            "pronoun our",
        ):
            offset = 1 if after in POSSESSIVE else 0
            head = self._possessed(tokens, party.last + offset, sentence.last, cue_at)
            prep, _ = self._governor(tokens, sentence, party, cue_at, by_end, start)
            if prep in ("in", "into") and head in ("site", "other"):
                return prep, head  # "invest in X's data centers"
            return ("poss", head if prep != "at" else "site")
        cue = cue_at.get(party.last)
        if cue is None and party.last + 1 < sentence.last and lower[party.last] not in (",", "."):
            # "Fluidstack hosting deal", "CoreWeave 12-year lease": up to two words between
            for step in (1, 2, 3):
                i = party.last + step
                if (
                    i >= sentence.last
                    or lower[i - 1] in PREPOSITIONS
                    or lower[i - 1] in (",", "and", "(")
                ):
                    break
                if (
                    i in cue_at
                    and cue_at[i].kind in ("noun", "deal noun")
                    and lower[i - 1] not in DETERMINERS
                    and i - 1 not in cue_at
                ):
                    cue = cue_at[i]
                    break
        prep, head = self._governor(tokens, sentence, party, cue_at, by_end, start)
        if prep == "of" and head in (
            "board",
            "shareholders",
            "stockholders",
            "holders",
            "directors",
        ):
            return "subj", head
        if (
            cue is not None
            and cue.kind in ("noun", "deal noun")
            and prep not in ("with", "between")
            and party.reference == ""
        ):
            if prep in ("subj", "obj", "of", "for", "in", "to", "by", "from", "on"):
                return "mod", cue.lemma
        return prep, head

    def _possessed(self, tokens: Tokens, index: int, last: int, cue_at: dict[int, Cue]) -> str:
        """What kind of thing a possessive owns: site, deal, shares, duties or other."""
        lower = tokens.lower
        through = False
        for i in range(index, min(index + 9, last)):
            word = lower[i]
            cue = cue_at.get(i)
            if word in self._transparent or (through and word == "of"):
                through = True
                continue
            if (
                word in ("shares", "stock", "common", "equity", "shareholders", "stockholders")
                and lower[i - 1] != "-"
            ):
                return "shares"
            if word in ("obligations", "payments", "rent", "duties", "commitments", "dues"):
                return "duties"
            if cue is not None and cue.kind in ("noun", "deal noun"):
                return "deal"
            if word in self._words.site_nouns or (
                word == "data" and i + 1 < last and lower[i + 1].startswith("cent")
            ):
                return "site"
            if word in PREPOSITIONS or word in (",", ".", ";", "and"):
                break
        return "other"

    def _governor(
        self,
        tokens: Tokens,
        sentence: Sentence,
        party: Party,
        cue_at: dict[int, Cue],
        by_end: dict[int, Party],
        start: int,
    ) -> tuple[str, str]:
        """The preposition or verb that governs a party, walking left over its modifiers."""
        lower = tokens.lower
        if (
            party.reference == "pronoun it"
            and party.first
            and lower[party.first - 1] not in PREPOSITIONS
        ):
            before = cue_at.get(party.first - 1)
            return (
                ("obj", before.lemma)
                if before is not None and before.kind.endswith("verb")
                else ("subj", "")
            )
        index = party.first - 1
        steps = 0
        while index >= start and steps < 9:
            word = lower[index]
            if word in POSSESSIVE and (owner := by_end.get(index - 1)) is not None:
                index = owner.first - 1  # "of EDF's Exaion" has Exaion behind "of"
                continue
            if index == start and word in ("and", "but", "or") and start > sentence.first:
                return "subj", ""
            if word in _TIMES or (
                word.isdigit()
                and len(word) == 4
                and index > start
                and lower[index - 1] in ("in", "since", "by")
            ):
                return "subj", ""  # "in September Nebius landed"
            if word in PREPOSITIONS:
                if word == "as" and index and lower[index - 1] in ("well", "such"):
                    index -= 2
                    continue
                head = lower[index - 1] if index > start else ""
                return word, head
            if word == "," and self._ends_opening(tokens, party, index, start, by_end, cue_at):
                return "subj", ""
            if word in ("and", "or", "&", ",", "plus") or word == "alongside":
                joined = index
                while joined > start and lower[joined] in (
                    "and",
                    "or",
                    "&",
                    ",",
                    "plus",
                    "both",
                    "its",
                ):
                    joined -= 1
                other = by_end.get(joined) or by_end.get(
                    joined - 1 if lower[joined] in (")",) else joined
                )
                if other is None and lower[joined] == ")":
                    opening = joined
                    while opening > start and lower[opening] != "(":
                        opening -= 1
                    other = by_end.get(opening - 1)
                if other is not None and (word != "," or index == party.first - 1):
                    return other.label, other.head
                if word == ",":
                    return self._before_comma(tokens, party, index, start, by_end, cue_at)
                return "subj", ""
            if word in (
                "that",
                "whether",
                "if",
                "because",
                "when",
                "while",
                "which",
                "who",
                ":",
                ";",
                "–",
                "—",
            ):
                return "subj", ""
            cue = cue_at.get(index)
            if cue is not None and cue.kind in ("verb", "deal verb") and cue.last == index + 1:
                return "obj", cue.lemma
            if word in BE or word in ("has", "have", "had", "will", "would", "said", "says"):
                return ("subj", "") if word in ("said", "says") else ("obj", word)
            if index in by_end and by_end[index].label != "backer":
                return "obj" if by_end[index].label in ("obj",) else "subj", ""
            index -= 1
            steps += 1
        return "subj", ""

    def _ends_opening(
        self,
        tokens: Tokens,
        party: Party,
        index: int,
        start: int,
        by_end: dict[int, Party],
        cue_at: dict[int, Cue],
    ) -> bool:
        """Whether a comma ends an opening phrase: "Under a deal with X, the group will pay"."""
        other = by_end.get(index - 1)
        if other is None or other.label not in PREPOSITIONS:
            return False
        if party.reference and not party.reference.startswith("pronoun its"):
            return True
        opened = tokens.lower[start] in PREPOSITIONS
        has_verb = any(i in cue_at and cue_at[i].kind.endswith("verb") for i in range(start, index))
        after = tokens.lower[party.last] if party.last < len(tokens) else ""
        return opened and not has_verb and after not in (",", "and", "&", "or")

    def _before_comma(
        self,
        tokens: Tokens,
        party: Party,
        index: int,
        start: int,
        by_end: dict[int, Party],
        cue_at: dict[int, Cue],
    ) -> tuple[str, str]:
        """After a comma: an apposition to a party right before it, else a new subject.

        "its new tenant, Fluidstack, will": the name takes the place of the description.
        """
        other = by_end.get(index - 1)
        if other is not None and other.reference:
            return other.label, other.head
        lower = tokens.lower
        # "from its lender group, Deutsche Bank", "bought its landlords, X and Y": walk on
        back = index - 1
        while back > start and index - back < 6:
            cue = cue_at.get(back)
            if (
                cue is not None
                and cue.kind.endswith("verb")
                and index - back > 1
                and (lower[back + 1] in ("its", "their", "two", "three", "the"))
                and lower[index - 1].endswith("s")
            ):
                return "obj", cue.lemma
            if lower[back] in PREPOSITIONS and lower[index - 1] in self._words.descriptors:
                return lower[back], lower[back - 1]
            if lower[back] in (",", ";"):
                break
            back -= 1
        return "subj", ""
