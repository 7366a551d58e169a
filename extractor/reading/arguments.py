"""The parties of a statement by the role that their place gives them."""

from __future__ import annotations

from extractor.reading.lexicon import Cue, Roles
from extractor.reading.statements import PREPOSITIONS, Party, Statement
from extractor.reading.tokens import Tokens
from extractor.reading.vocabulary import Vocabulary

# participles that give "from X" to another deal: "rigs ordered from Bitmain"
_BOUGHT = ("ordered", "bought", "purchased", "leased", "rented", "acquired")
_BUYING = ("order", "purchase", "acquisition", "lease", "purchase order", "purchase agreement")
_LISTING = frozenset((",", "and", "&", "plus", "(", ")", "its", "the"))


class Arguments:
    """Reads who does what around a cue."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    def roles(
        self, tokens: Tokens, statement: Statement, cue: Cue, roles: Roles, *, passive: bool
    ) -> dict[str, list[Party]]:
        """The parties of the statement by the role that their place gives them."""
        found: dict[str, list[Party]] = {}
        acting = (
            self._acting(tokens, statement, cue) if cue.kind == "verb" and not passive else None
        )
        by_company = roles.get("by") == "company" and any(
            p.label == "by" for p in statement.parties
        )
        for party in statement.parties:
            label = party.label
            if (
                acting is not None
                and label == "subj"
                and party.first < cue.first
                and party not in acting
            ):
                found.setdefault("topic", []).append(party)
                continue
            if label == "backer":
                found.setdefault("backer", []).append(party)
                continue
            if label == "subj" and party.first > cue.first and cue.kind == "verb" and not passive:
                found.setdefault("topic", []).append(party)
                continue
            if label in ("of", "by") and party.head in self._words["owner_relations"]:
                continue
            if label == "poss":
                if party.head == "other" and not (
                    cue.kind == "verb"
                    and not passive
                    and roles.get("poss") == "counterparty"
                    and 0 <= party.first - cue.last <= 3
                ):
                    found.setdefault("topic", []).append(party)
                    continue
                if party.head == "deal" and not self._owns(tokens, party, cue):
                    found.setdefault("topic", []).append(party)
                    continue
                if party.head == "duties":
                    found.setdefault("counterparty", []).append(party)
                    continue
                if party.head == "shares":
                    label = "of" if "of" in roles else "poss"
                if party.head == "site" and "at" in roles:
                    label = "at"
            if (
                label == "obj"
                and party.first < cue.first
                and not passive
                and roles.get("obj") != "party"
            ):
                label = (
                    "subj"
                    if not any(
                        c.kind in ("verb", "deal verb") and c.last <= party.first
                        for c in statement.cues
                    )
                    else label
                )
            if (
                label == "from"
                and cue.kind == "noun"
                and party.head in _BOUGHT
                and cue.lemma not in _BUYING
            ):
                found.setdefault("other", []).append(party)
                continue
            if label == "with" and cue.kind == "noun" and self._has_own_deal(tokens, party, cue):
                found.setdefault("other", []).append(party)
                continue
            if (
                label == "for"
                and roles.get("for") == "company"
                and not self._attached(tokens, party, cue, statement)
            ):
                label = "purpose"
            if label == "by" and party.head in (
                "led",
                "backed",
                "arranged",
                "provided",
                "underwritten",
            ):
                label = "from" if "from" in roles else "by"
            role = roles.get(label)
            if label == "subj" and role == "company" and by_company and cue.kind == "noun":
                role = "counterparty"  # "X holders approved the acquisition by Y"
            if (
                role is None
                and not roles
                and label == "of"
                and party.head in ("%", "percent", "cent")
            ):
                role = "party"
            if role is None:
                role = (
                    {
                        "subj": "party",
                        "with": "party",
                        "between": "party",
                        "by": "party",
                        "obj": "party",
                        "mod": "party",
                        "poss": "party",
                    }.get(label, "other")
                    if not roles
                    else "other"
                )
            if role != "none":
                found.setdefault(role, []).append(party)
        return found

    def _acting(self, tokens: Tokens, statement: Statement, cue: Cue) -> list[Party]:
        """The subject nearest to a verb, with those that "and" joins to it."""
        subjects = [p for p in statement.parties if p.label == "subj" and p.first < cue.first]
        acting = subjects[-1:]
        for party in reversed(subjects[:-1]):
            between = tokens.lower[party.last : acting[0].first]
            if (
                not between
                or any(w not in _LISTING for w in between)
                or acting[0].reference.startswith("pronoun")
            ):
                break
            acting.insert(0, party)
        return acting

    def _owns(self, tokens: Tokens, party: Party, cue: Cue) -> bool:
        """Whether the possessed noun is the cue itself: "CoreWeave's $8.5B loan"."""
        between = tokens.lower[party.last : cue.first]
        return party.first < cue.first and not any(
            (w in PREPOSITIONS and w not in ("of",)) or w in (",", ";") for w in between
        )

    def _has_own_deal(self, tokens: Tokens, party: Party, cue: Cue) -> bool:
        """Whether "with X" hangs on another deal: "a loan to fund its contract with X"."""
        lower = tokens.lower
        index = party.first - 1
        while index > cue.last and lower[index] != "with":
            index -= 1
        return (
            index > cue.last + 2
            and lower[index - 1] in self._words["other_deals"]
            and lower[index - 2] in ("its", "their", "the")
        )

    def _attached(self, tokens: Tokens, party: Party, cue: Cue, statement: Statement) -> bool:
        """Whether "for X" hangs on the cue or an amount, not on something built in between."""
        index = party.first - 1
        while index > cue.last and tokens.lower[index] != "for":
            index -= 1
        return index <= cue.last or any(q.last == index for q in statement.quantities)
