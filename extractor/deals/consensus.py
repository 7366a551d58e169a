"""What the reports of one transaction agree on, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from extractor.deals.signature import Resolve
from extractor.names import company_key
from extractor.records import (
    NUMBER_SLOTS,
    Conflict,
    Deal,
    ReportRef,
    Slot,
    SlotName,
    Status,
    StatusChange,
)

_EQUAL = 0.005  # numbers within 0.5 % are one number
_EARLY = datetime.min.replace(tzinfo=UTC)
_RANK: dict[Status, int] = {
    "outstanding": 0,
    "proposed": 1,
    "announced": 2,
    "completed": 3,
    "terminated": 4,
}


@dataclass(frozen=True, slots=True)
class _Opinion:
    """A number, its unit, and the reports that state it, in order of publication."""

    number: float
    unit: str
    refs: tuple[ReportRef, ...]

    @property
    def strength(self) -> tuple[int, datetime]:
        """Independent stories first; of equally many the newest."""
        newest = max(ref.published or _EARLY for ref in self.refs)
        return len({ref.story_key for ref in self.refs}), newest


def agree(key: str, refs: Sequence[ReportRef], resolve: Resolve) -> Deal:
    """The deal that reports in order of publication tell of.

    A slot takes the number that most independent stories state, the newest of equally
    many. What was only proposed has no vote once an agreement states the slot.
    """
    first = refs[0]
    opinions = {name: _opinions(refs, name) for name in NUMBER_SLOTS}
    agreed = {name: _strongest(opinions[name]) for name in NUMBER_SLOTS}
    money = agreed["value"] or agreed["value_max"]
    currency = money.unit if money else ""
    # Both amounts of a deal are in one currency.
    in_currency = [opinion for opinion in opinions["value_max"] if opinion.unit == currency]
    agreed["value_max"] = _strongest(in_currency)
    history = _history(refs)
    dates = [ref.published for ref in refs if ref.published is not None]
    return Deal(
        key=key,
        type=first.report.type,
        status=history[-1].status,
        company=resolve(first.report.company),
        counterparties=_parties(refs, "counterparty", resolve),
        backers=_parties(refs, "backer", resolve),
        currency=currency,
        site=_site(refs),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        reports=tuple(refs),
        conflicts=tuple(_conflicts(opinions)),
        history=history,
        **{name: opinion.number if opinion else None for name, opinion in agreed.items()},
    )


def _opinions(refs: Sequence[ReportRef], name: SlotName) -> list[_Opinion]:
    """The distinct numbers stated for a slot, by first statement."""
    stated: list[tuple[float, str, list[ReportRef]]] = []
    for ref in refs:
        slot = _slot(ref, name)
        if slot is None:
            continue
        number = float(slot.value)
        for known, unit, told in stated:
            if unit == slot.unit and abs(known - number) <= _EQUAL * max(abs(known), abs(number)):
                told.append(ref)
                break
        else:
            stated.append((number, slot.unit, [ref]))
    return [_Opinion(number, unit, tuple(told)) for number, unit, told in stated]


def _slot(ref: ReportRef, name: SlotName) -> Slot | None:
    return next((slot for slot in ref.report.slots if slot.name == name), None)


def _strongest(opinions: Sequence[_Opinion]) -> _Opinion | None:
    settled = [o for o in opinions if any(ref.report.status != "proposed" for ref in o.refs)]
    return max(settled or opinions, key=lambda o: o.strength, default=None)


def _conflicts(opinions: dict[SlotName, list[_Opinion]]) -> list[Conflict]:
    return [
        Conflict(name, tuple((o.number, tuple(ref.article_key for ref in o.refs)) for o in stated))
        for name, stated in opinions.items()
        if len(stated) > 1
    ]


def _parties(refs: Sequence[ReportRef], name: SlotName, resolve: Resolve) -> tuple[str, ...]:
    """All companies in a role by their current names, those of most stories first."""
    stories: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for ref in refs:
        for company in map(resolve, ref.report.names(name)):
            key = company_key(company)
            names.setdefault(key, company)
            stories.setdefault(key, set()).add(ref.story_key)
    return tuple(names[key] for key in sorted(names, key=lambda key: -len(stories[key])))


def _site(refs: Sequence[ReportRef]) -> str:
    sites: dict[str, list[ReportRef]] = {}
    for ref in refs:
        if ref.report.site:
            sites.setdefault(ref.report.site, []).append(ref)
    told = [_Opinion(0.0, site, tuple(told)) for site, told in sites.items()]
    strongest = max(told, key=lambda opinion: opinion.strength, default=None)
    return strongest.unit if strongest else ""


def _history(refs: Sequence[ReportRef]) -> tuple[StatusChange, ...]:
    """Each status when it was first reported; a later mention of an earlier stage is no change.

    A story speaks with one voice, that of most of its reports: one misread article does not
    complete a deal.
    """
    voices: dict[str, Counter[Status]] = {}
    for ref in refs:
        voices.setdefault(ref.story_key, Counter())[ref.report.status] += 1
    changes: list[StatusChange] = []
    for ref in refs:
        status = voices[ref.story_key].most_common(1)[0][0]
        if ref.report.status != status:
            continue
        if not changes or _RANK[status] > _RANK[changes[-1].status]:
            changes.append(StatusChange(status, ref.published, ref.article_key))
    return tuple(changes)
