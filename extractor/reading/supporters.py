"""Those who join a deal that is told: guarantors, lenders, sellers, tenants, investors."""

from __future__ import annotations

from extractor.reading.drafts import Draft, Named
from extractor.reading.events import Event
from extractor.reading.lexicon import Lexicon
from extractor.reading.statements import Party, Statement
from extractor.reading.told import CONNECTED, Told
from extractor.records import DealType

# how many tokens later a sentence may still speak of the deal
_BACKER_REACH, _ROLE_REACH, _INVESTOR_REACH = 260, 160, 90


class Supporters:
    """Finds parties that a statement adds to earlier deals."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.words
        self._backing = words["backing"]
        self._backing_heads = words["backing"] | words["backing_heads"]
        self._pairs = frozenset(tuple(pair.split()) for pair in words["backing_pairs"])
        self._joining = words["joining"]
        self._role_nouns: dict[str, list[tuple[DealType, str]]] = {}
        for type_, sides in lexicon.common["role_nouns"].items():
            for side, nouns in sides.items():
                for noun in nouns:
                    self._role_nouns.setdefault(noun.split()[-1], []).append((type_, side))

    # -- guarantors -----------------------------------------------------------------

    def backers(self, statement: Statement, told: Told) -> list[Party]:
        """Who backstops or guarantees here: the agent or the subject of the verb."""
        lower = told.tokens.lower
        place = next(
            (
                i
                for i in range(statement.first, statement.last)
                if lower[i] in self._backing or tuple(lower[i : i + 2]) in self._pairs
            ),
            None,
        )
        if place is None:
            return []
        agents = [
            p
            for p in statement.parties
            if p.first > place and p.label in ("by", "from") and p.head in self._backing_heads
        ]
        if agents:
            return agents[:2]
        before = [p for p in statement.parties if p.last <= place]
        if before and before[-1].label == "with" and place - before[-1].last <= 1:
            return before[-1:]  # "with Google behind it"
        acting = [p for p in before if p.label == "subj"]
        return (acting or [p for p in before if p.label in ("with", "of")])[-1:]

    def survives(self, event: Event, backers: list[Party]) -> bool:
        """Drop the guarantor from an event's sides; an event with nothing left is none."""
        out = {p.first for p in backers}
        for role, parties in event.roles.items():
            if role != "backer":
                event.roles[role] = [p for p in parties if p.first not in out]
        if event.type == "equity":
            return True
        sides = [p for r in ("company", "counterparty", "party") for p in event.parties(r)]
        plain = any(
            not q.role and q.amount.kind in ("money", "power") for q in event.statement.quantities
        )
        return len({p.name or p.reference for p in sides}) >= 2 or plain

    def note_backers(self, statement: Statement, backers: list[Party], told: Told) -> None:
        """Whoever stands behind the tenant belongs to the lease that is spoken of."""
        drafts = [
            d
            for d in told.drafts
            if d.type in CONNECTED
            and d.company is not None
            and statement.sentence.first - d.last_token < _BACKER_REACH
        ]
        if not backers or not drafts:
            return
        here = {p.name for p in statement.parties if p.name}
        spoken_of = told.focus if told.focus in drafts else drafts[-1]
        draft = next((d for d in reversed(drafts) if here & d.counterparties.keys()), spoken_of)
        assert draft is not None
        for party in backers:
            named = told.name(party, statement, "backing")
            if named is not None and named.name not in draft.names:
                draft.backers.setdefault(named.name, named)

    # -- sides named later ------------------------------------------------------------

    def note_role_nouns(self, statement: Statement, told: Told) -> None:
        """ "X acts as the lender", "The sellers are X and Y", "its tenant, X"."""
        lower = told.tokens.lower
        for index in range(statement.first, statement.last):
            for type_, side in self._role_nouns.get(lower[index], ()):
                parties = self._bearers(statement, index, told)
                draft = told.latest(type_)
                if not parties or draft is None or statement.first - draft.last_token > _ROLE_REACH:
                    continue
                has_tenant = type_ in CONNECTED and draft.counterparties
                if side == "counterparty" and not has_tenant:
                    self._add(parties, draft, f"named as {lower[index]}", told)
                break

    def note_investors(self, statement: Statement, told: Told) -> None:
        """ "X and Y also took part", "X and Y are among the investors"."""
        if not self._joining & set(told.tokens.lower[statement.first : statement.last]):
            return
        draft = told.latest("equity")
        if draft is None or statement.first - draft.last_token > _INVESTOR_REACH:
            return
        joining = ("subj", "by", "with", "from", "including", "obj")
        parties = [p for p in statement.parties if p.name and p.label in joining]
        self._add(parties, draft, "named as investor", told)

    def note_seller(self, statement: Statement, draft: Draft, told: Told) -> None:
        """ "..., as agreed with EDF" names the other side of a purchase."""
        parties = [
            p
            for p in statement.parties
            if p.name and p.label == "with" and p.head in ("agreed", "agreement", "deal")
        ]
        self._add(parties, draft, "agreed with", told)

    def _add(self, parties: list[Party], draft: Draft, rule: str, told: Told) -> None:
        own = draft.company.name if draft.company else ""
        for party in parties:
            if party.name != own:
                named = Named(party.name, *told.place(party), rule)
                draft.counterparties.setdefault(party.name, named)

    def _bearers(self, statement: Statement, first: int, told: Told) -> list[Party]:
        """The named parties to whom a role noun at token `first` belongs."""
        lower, last = told.tokens.lower, first + 1
        named = [p for p in statement.parties if p.name and p.label not in ("backer", "owner")]
        before = lower[max(statement.first, first - 5) : first]
        if "as" in before:
            place = first - 1 - before[::-1].index("as")
            left = [p for p in named if p.last <= place]
            if left and place - left[-1].last <= 4:
                return [p for p in left if p.label == left[-1].label][-3:]
        after = lower[last] if last < statement.last else ""
        if after in ("is", "are", "was", "were"):
            right = [p for p in named if p.first > last]
            return right[:1] + [p for p in right[1:] if p.label == right[0].label]
        right = [p for p in named if p.first == (last + 1 if after == "," else last)]
        for party in named:
            joined = right and 1 <= party.first - right[-1].last <= 2
            if joined and lower[party.first - 1] in ("and", ",", "&"):
                right.append(party)
        return right if {"the", "its", "their", "sole", "anchor"} & set(before) else []
