"""Who is the principal of a deal, who the other side."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.reading.drafts import Draft, Named
from extractor.reading.events import Event
from extractor.reading.lexicon import Lexicon
from extractor.reading.told import CONNECTED, Told
from extractor.records import DealType

Roles = dict[str, list[Named]]


class Sides:
    """Sorts the parties of an event by the rules of its type."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._rejecting = lexicon.words["rejecting"]

    def split(
        self, type_: DealType, named: Roles, told: Told
    ) -> tuple[Named | None, dict[str, Named]]:
        """The principal, if named, and the other side by name.

        Parties whose place in the sentence leaves their side open sort by their kind.
        """
        backers = {n.name for n in named.get("backer", ())}
        company = next(iter(named.get("company", ())), None)
        acting = {n.name for n in named.get("party", ()) if n.rule.startswith("subj ")}
        others = {n.name: n for n in named.get("counterparty", ()) if n.name not in acting}
        either: dict[str, Named] = {}
        for n in named.get("party", ()):
            if n.name not in others and (company is None or n.name != company.name):
                either.setdefault(n.name, n)
        if company is None and either:
            free = [n for n in either.values() if n.name not in backers]
            company = self._principal(type_, free, bool(others), told)
        if company is not None and self._only_finances(type_, company, either, named, told):
            company = None
        for n in either.values():
            others.setdefault(n.name, n)
        if company is not None:
            others.pop(company.name, None)
        for name in backers & others.keys():
            if len(others) > 1:
                del others[name]
        return company, others

    def _principal(
        self, type_: DealType, free: list[Named], has_others: bool, told: Told
    ) -> Named | None:
        """The one of several parties whose kind fits best; a lone one only if it can be it."""
        rank = self._rank(type_)
        if has_others or len(free) > 1:
            return min(free, key=lambda n: self.place(type_, n.name, told), default=None)
        if not free:
            return None
        only, middle = free[0], rank.get("other", 50)
        place = self.place(type_, only.name, told)
        if place <= middle:
            return only
        topic = told.topic
        better = any(
            self.place(type_, name, told) < place or (name == topic.main and type_ in CONNECTED)
            for name in (topic.main, topic.subject)
            if name and name != only.name
        )
        return None if better else only

    def _only_finances(
        self, type_: DealType, company: Named, either: Iterable[str], named: Roles, told: Told
    ) -> bool:
        """Whether only lenders are named: the borrower is whom the article is about."""
        main = told.topic.main
        return (
            type_ in ("debt", "hosting")
            and self.place(type_, company.name, told) > self._rank(type_).get("other", 50)
            and all(n.name != company.name for n in named.get("company", ()))
            and self.is_plausible(type_, main, told)
            and main not in either
        )

    def inherit(
        self,
        event: Event,
        type_: DealType,
        counterparties: dict[str, Named],
        carried: Named | None,
        named: Roles,
        told: Told,
    ) -> Named | None:
        """The principal that a statement leaves out: the deal's, the sentence's, the topic."""
        focus = told.focus
        if event.anaphoric and focus is not None and focus.type == type_ and focus.company:
            if (
                not counterparties
                or not focus.counterparties
                or counterparties.keys() & focus.counterparties.keys()
            ):
                return focus.company
        if carried is not None and carried.name not in counterparties:
            return carried
        for n in named.get("topic", ()):
            if n.name not in counterparties:
                return n
        if told.is_near(event.statement, 1) and focus is not None and focus.company is not None:
            if focus.company.name not in counterparties and self.is_plausible(
                type_, focus.company.name, told
            ):
                return focus.company
        barred = counterparties.keys() | {n.name for n in named.get("backer", ())}
        return self._topic(type_, counterparties, barred, told)

    def _topic(
        self, type_: DealType, counterparties: Iterable[str], barred: set[str], told: Told
    ) -> Named | None:
        """The company that the text is about just now, if it can be the principal."""
        topic = told.topic
        topics = [topic.leading(), topic.main, *reversed(topic.recent)]
        least = max((self.place(type_, n, told) for n in counterparties), default=0)
        plausible = [n for n in topics if n and self.is_plausible(type_, n, told, least)]
        for name in plausible or topics[:2]:
            if name and name not in barred:
                place = next((m for m in told.companies if m.name == name), None)
                if place is None:
                    return None
                tokens = told.tokens
                start, end = tokens.starts[place.first], tokens.ends[place.last - 1]
                return Named(name, start, end, "topic of the article")
        return None

    def place(self, type_: DealType, name: str, told: Told) -> int:
        """Where a company stands among the kinds that make good principals; less is better."""
        rank = self._rank(type_)
        return rank.get(told.category(name), rank.get("other", 50))

    def is_plausible(self, type_: DealType, name: str, told: Told, least: int = 0) -> bool:
        """Whether a company of that kind can be the principal of such a deal.

        `least` is the place of the other side: a cloud can be the landlord of a cloud.
        """
        middle = max(self._rank(type_).get("other", 50), least)
        return self.place(type_, name, told) <= middle

    def _rank(self, type_: DealType) -> dict[str, int]:
        return self._lexicon.types[type_].side_rank

    def turn_rejected(self, event: Event, named: Roles, told: Told) -> None:
        """Who rejects a takeover is its target; whose takeover is rejected is the buyer."""
        statement, lower = event.statement, told.tokens.lower
        if not self._rejecting & set(lower[statement.first : event.cue.first]):
            return
        targets = [
            n
            for p in statement.parties
            if (
                p.label == "subj"
                or p.head == "shares"
                or (p.label == "mod" and p.last < event.cue.first - 4)
            )
            and (n := told.name(p, statement, f"{p.label} rejects")) is not None
        ]
        if not targets:
            return
        names = {t.name for t in targets}
        rest = [
            n
            for role in ("company", "counterparty", "party")
            for n in named.get(role, ())
            if n.name not in names
        ]
        named["company"], named["counterparty"], named["party"] = rest, targets, []


def only_known(named: Roles, draft: Draft) -> Roles:
    """Of the parties near "the offer", those of the offer that was told."""
    return {role: [n for n in names if n.name in draft.names] for role, names in named.items()}
