"""What one report says, ready for comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractor.names import company_key
from extractor.records import NUMBER_SLOTS, ReportRef

Resolve = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Signature:
    """The comparable side of a report; parties by the keys of their current names."""

    ref: ReportRef
    parties: frozenset[str]
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
    def powers(self) -> tuple[float, ...]:
        """Critical load or gross capacity: whichever another report may mean."""
        return tuple(mw for mw in (self.megawatts, self.megawatts_gross) if mw is not None)

    @property
    def has_figures(self) -> bool:
        return any(getattr(self, name) is not None for name in NUMBER_SLOTS)

    @property
    def content(self) -> tuple[object, ...]:
        """All that a comparison looks at, apart from the date."""
        numbers = (getattr(self, name) for name in NUMBER_SLOTS)
        report = self.ref.report
        return (self.ref.story_key, report.status, self.parties, self.site, self.currency, *numbers)


def signature(ref: ReportRef, resolve: Resolve) -> Signature:
    """The signature of a report, with companies as `resolve` names them."""
    report = ref.report
    return Signature(
        ref=ref,
        parties=frozenset(company_key(resolve(name)) for name in report.counterparties),
        site=frozenset(word for word in report.site.lower().split() if len(word) > 3),
        currency=report.currency,
        **{name: report.number(name) for name in NUMBER_SLOTS},
    )
