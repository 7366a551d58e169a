"""What one report says, ready for comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from extractor.names import party_key
from extractor.records import NUMBER_SLOTS, ReportRef

_LAST = datetime.max.replace(tzinfo=UTC)
Resolve = Callable[[str], str]
# The category of a listed company ("miner") by its current name, "" for others.
Category = Callable[[str], str]
_REGION = re.compile(r",| in ")
# Cues that name what is lent or sold begin like this in models/cues.toml.
_INSTRUMENT, _SECURITY, MARK = "instrument ", "security ", "mark "
_EXPANSION, _AMENDED, _SEPARATE = "expansion", "amended", "separate"
_TOTAL, _POTENTIAL = "total", "potential"
_DRAWN, _LOOKS_BACK = "drawn", "looks back"


@dataclass(frozen=True, slots=True)
class Signature:
    """The comparable side of a report; parties by the keys of their current names.

    `company` and `counterparties` are current names; they are not those of the report where
    it tells the deal the other way around.
    """

    ref: ReportRef
    company: str
    counterparties: tuple[str, ...]
    parties: frozenset[str]
    instruments: frozenset[str]
    securities: frozenset[str]
    marks: frozenset[str]
    site: frozenset[str]
    currency: str
    value: float | None
    value_max: float | None
    megawatts: float | None
    megawatts_gross: float | None
    term_years: float | None
    gpus: float | None
    coins: float | None

    @property
    def order(self) -> tuple[datetime, str]:
        """By which reports follow each other: publication, undated ones last."""
        return self.ref.published or _LAST, self.ref.article_key

    @property
    def principal(self) -> str:
        """The comparison key of the company whose deal it is."""
        return party_key(self.company)

    @property
    def powers(self) -> tuple[float, ...]:
        """Critical load or gross capacity: whichever another report may mean."""
        return tuple(mw for mw in (self.megawatts, self.megawatts_gross) if mw is not None)

    @property
    def has_figures(self) -> bool:
        return any(getattr(self, name) is not None for name in NUMBER_SLOTS)

    @property
    def is_bare(self) -> bool:
        """Whether it names neither a figure nor the other side."""
        return not self.parties and not self.has_figures

    @property
    def expands(self) -> bool:
        """Whether its words speak of something that was contracted before."""
        return _EXPANSION in self.ref.cues

    @property
    def amends(self) -> bool:
        """Whether its words speak of a contract that was changed."""
        return _AMENDED in self.ref.cues

    @property
    def draws(self) -> bool:
        """Whether its words speak of money that was drawn on a facility."""
        return _DRAWN in self.ref.cues

    @property
    def looks_back(self) -> bool:
        """Whether its words say that the contract is an earlier one."""
        return _LOOKS_BACK in self.ref.cues

    @property
    def separates(self) -> bool:
        """Whether its words set the contract apart from earlier ones."""
        return _SEPARATE in self.ref.cues

    @property
    def sums_up(self) -> bool:
        """Whether its words speak of all contracts together."""
        return _TOTAL in self.ref.cues

    @property
    def is_potential(self) -> bool:
        """Whether its words speak of what may become of it."""
        return _POTENTIAL in self.ref.cues

    @property
    def is_primary(self) -> bool:
        return bool(self.ref.source)

    @property
    def content(self) -> tuple[object, ...]:
        """All that a comparison looks at, apart from the date."""
        numbers = (getattr(self, name) for name in NUMBER_SLOTS)
        ref = self.ref
        return (
            ref.story_key,
            ref.report.status,
            ref.article_deals,
            self.parties,
            self.instruments,
            self.securities,
            self.marks,
            self.expands,
            self.amends,
            self.draws,
            self.looks_back,
            self.separates,
            self.sums_up,
            self.is_potential,
            self.is_primary,
            self.site,
            self.currency,
            *numbers,
        )

    def turned(self, company: str) -> Signature:
        """The same report with this one of its counterparties as the principal."""
        key = party_key(company)
        others = tuple(name for name in self.counterparties if party_key(name) != key)
        return self.between(company, (self.company, *others))

    def between(self, company: str, counterparties: tuple[str, ...]) -> Signature:
        """The same report with these companies as its sides."""
        return replace(
            self,
            company=company,
            counterparties=counterparties,
            parties=frozenset(map(party_key, counterparties)),
        )


def site_words(site: str) -> frozenset[str]:
    """The words by which a place is known again: its own name, not what it is or where.

    "Helios" of "Helios data center campus in West Texas".
    """
    own = _REGION.split(site, maxsplit=1)[0].split()
    return frozenset(word.lower() for word in own if not word[0].islower())


def signature(ref: ReportRef, resolve: Resolve) -> Signature:
    """The signature of a report, with companies as `resolve` names them."""
    report = ref.report
    counterparties = tuple(map(resolve, report.counterparties))
    return Signature(
        ref=ref,
        company=resolve(report.company),
        counterparties=counterparties,
        parties=frozenset(map(party_key, counterparties)),
        instruments=frozenset(cue for cue in ref.cues if cue.startswith(_INSTRUMENT)),
        securities=frozenset(cue for cue in ref.cues if cue.startswith(_SECURITY)),
        marks=frozenset(cue for cue in ref.cues if cue.startswith(MARK)),
        site=site_words(report.site),
        currency=report.currency,
        **{name: report.number(name) for name in NUMBER_SLOTS},
    )
