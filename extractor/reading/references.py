"""Whom "the company", "the miner", "it", "its new tenant" mean, as the text goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractor.reading.companies import CompanyMention
from extractor.reading.statements import Party, Statement


@dataclass(slots=True)
class Topic:
    """Who has been spoken of; the latest subject is what "it" and "the company" mean."""

    main: str
    categories: dict[str, str]
    fits: Mapping[str, tuple[str, ...]]  # kinds of companies by kind of description
    subject: str = ""
    recent: list[str] = field(default_factory=list)
    tenant: str = ""
    landlord: str = ""
    self_name: str = ""  # whom a release calls "the Company"
    count: dict[str, int] = field(default_factory=dict)
    age: int = 0  # sentences since the subject was last named
    lone: str = ""  # the one company of the last sentence, where it was not the subject
    here: list[Party] = field(default_factory=list)  # parties of the sentence so far

    def begin_sentence(self) -> None:
        """Nobody was spoken of yet in a new sentence."""
        named = {p.name for p in self.here if p.name}
        acting = any(p.label == "subj" and p.name for p in self.here)
        self.lone = next(iter(named)) if len(named) == 1 and not acting else ""
        self.here.clear()
        self.age += 1

    def _is_financier(self, name: str) -> bool:
        return self.categories.get(name, "") in self.fits["financiers"]

    def _actor(self) -> str:
        """The latest subject, unless it only speaks or lends."""
        return "" if self._is_financier(self.subject) else self.subject

    def note(self, party: Party) -> None:
        """Remember a named party; subjects become the topic."""
        self.here.append(party)
        if not party.name:
            return
        if party.name in self.recent:
            self.recent.remove(party.name)
        self.recent.append(party.name)
        if party.label == "subj" or (party.label == "poss" and not self.subject):
            self.subject = party.name
            self.age = 0

    def leading(self) -> str:
        """The latest subject; the article's own company where that one only plays a part."""
        if not self.subject or not self.main or self.subject == self.main:
            return self.subject or self.main
        if self._is_financier(self.subject) and not self._is_financier(self.main):
            return self.main
        if self.categories.get(self.subject, "") in self.fits["buyers_of_capacity"] and (
            self.categories.get(self.main, "other") in self.fits["actors"]
            and self.count.get(self.main, 0) >= 2
        ):
            return self.main
        # who was the subject once and long ago gives way to whom the text is about
        if (
            self.count.get(self.subject, 0) <= 1
            and self.count.get(self.main, 0) >= 3
            and self.age > 2
        ):
            return self.main
        return self.subject

    def resolve(self, party: Party, statement: Statement) -> str:
        """The name that a reference stands for, or "" if nobody fits."""
        kind = party.reference
        if kind.startswith("pronoun"):
            if kind in ("pronoun we", "pronoun our"):
                return self.self_name or self.subject or self.main
            earlier = [
                p
                for p in statement.parties
                if p.last <= party.first
                and p.label == "subj"
                and not p.reference.startswith("pronoun")
            ]
            if earlier and (name := earlier[-1].name or self.resolve(earlier[-1], statement)):
                return name
            for label in ("subj", "poss"):
                so_far = [p.name for p in self.here if p.name and p.label == label]
                if so_far:
                    return so_far[-1]
            if kind == "pronoun it" and self.categories.get(self.lone) in self.fits["actors"]:
                return self.lone
            # "it will receive shares of TeraWulf" is not TeraWulf
            elsewhere = {p.name for p in statement.parties if p.name and p.first >= party.last}
            candidates = [self.leading(), self._actor(), self.main]
            return next((n for n in candidates if n and n not in elsewhere), candidates[0])
        if kind == "any":
            acting = {
                p.name
                for p in statement.parties
                if (p.label == "subj" and p.last <= party.first)
                or (party.label == "subj" and p.first >= party.last and p.label != "poss")
            }
            for name in (self.self_name, self.leading(), self._actor(), self.main):
                if name and name not in acting:
                    return name
            others = [n for n in reversed(self.recent) if n not in acting]
            fitting_names = [n for n in others if self.categories.get(n) in self.fits["actors"]]
            return next(iter(fitting_names or others), "")
        if kind == "counterparty":
            return self.tenant
        if kind == "company":
            return self.landlord or self.subject
        fitting = self.fits.get(kind, ())
        here = [p.name for p in statement.parties if p.name]
        for name in (self.subject, self.main):
            if self.categories.get(name) in fitting and name not in here:
                return name
        for name in reversed(self.recent):
            if self.categories.get(name) in fitting and (name not in here or kind == "miner"):
                return name
        for name in reversed(here):
            if self.categories.get(name) in fitting:
                return name
        if kind in ("miner", "dc_developer", "ai_lab", "ai_cloud"):
            unknown = [
                n
                for n in reversed(self.recent)
                if self.categories.get(n) in ("other", "crypto_other", "industrial")
            ]
            if unknown:
                return unknown[0]
        return ""


def main_company(
    mentions: Sequence[CompanyMention], title_last: int, principals: frozenset[str]
) -> str:
    """The company an article is about: named most, the title's names before others.

    `principals` are the categories that make deals of this trade; banks, research houses
    and chip makers are topics only where nobody else is.
    """
    score: dict[str, float] = {}
    for order, mention in enumerate(mentions):
        weight = 1.0
        if mention.last <= title_last:
            weight += 2.5
        if order == 0:
            weight += 1.0
        if mention.category not in principals:
            weight *= 0.35
        score[mention.name] = score.get(mention.name, 0.0) + weight
    return max(score, key=lambda name: score[name], default="")
