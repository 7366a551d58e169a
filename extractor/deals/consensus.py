"""What the reports of one transaction agree on, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from extractor.deals.folding import Met
from extractor.deals.opinions import Opinions, Settled
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Resolve
from extractor.names import party_key
from extractor.records import NUMBER_SLOTS, Deal, ReportRef, SlotName, Status, StatusChange

_EARLY = datetime.min.replace(tzinfo=UTC)
_RANK: dict[Status, int] = {
    "outstanding": 0,
    "proposed": 1,
    "announced": 2,
    "completed": 3,
    "terminated": 4,
}
_AGREED: frozenset[Status] = frozenset(("announced", "completed"))


def agree(
    key: str,
    met: Met,
    resolve: Resolve,
    rules: MergeRules,
    bases: Sequence[Deal] = (),
) -> Deal:
    """The deal that reports in order of publication tell of.

    A slot takes the number that a primary source states, else that of most independent
    stories, the newest of equally many. What was only proposed has no vote once an agreement
    states the slot. `bases` are the contract that this one expands, what that one expands, and
    so on.
    """
    reports = met.reports
    first = reports[0]
    refs = tuple(report.ref for report in reports)
    opinions = Opinions(met, rules, bases)
    settled: dict[SlotName, Settled] = {}
    currency = ""
    for name in NUMBER_SLOTS:
        if name == "value_max":
            # Both amounts of a deal are in one currency.
            settled[name] = opinions.settle(name, currency or None)
        else:
            settled[name] = opinions.settle(name)
        agreed = settled[name].agreed
        if name in ("value", "value_max") and agreed and not currency:
            currency = agreed.unit
    history = _history(refs)
    dates = [ref.published for ref in refs if ref.published is not None]
    conflicts = (settled[name].conflict() for name in NUMBER_SLOTS)
    return Deal(
        key=key,
        type=first.ref.report.type,
        status=history[-1].status,
        company=first.company,
        counterparties=_parties(
            [(report.ref.story_key, report.counterparties) for report in reports]
        ),
        backers=_parties(
            [(ref.story_key, tuple(map(resolve, ref.report.backers))) for ref in refs]
        ),
        currency=currency,
        site=_site(refs),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        reports=refs,
        conflicts=tuple(conflict for conflict in conflicts if conflict),
        history=history,
        value=settled["value"].number,
        value_max=settled["value_max"].number,
        megawatts=settled["megawatts"].number,
        megawatts_gross=settled["megawatts_gross"].number,
        term_years=settled["term_years"].number,
        gpus=settled["gpus"].number,
        coins=settled["coins"].number,
    )


def _parties(named: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """All companies that stories name in a role, those of most stories first."""
    stories: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for story, companies in named:
        for company in companies:
            key = party_key(company)
            names.setdefault(key, company)
            stories.setdefault(key, set()).add(story)
    return tuple(names[key] for key in sorted(names, key=lambda key: -len(stories[key])))


def _site(refs: Sequence[ReportRef]) -> str:
    """The place that most independent stories name, in its fullest form, else the newest.

    Who says "Helios" speaks of "Helios campus in West Texas", and so does who says "Texas".
    """
    stories: dict[str, set[str]] = {}
    newest: dict[str, datetime] = {}
    for ref in refs:
        if site := ref.report.site:
            stories.setdefault(site, set()).add(ref.story_key)
            newest[site] = max(newest.get(site, _EARLY), ref.published or _EARLY)
    words = {site: set(site.lower().replace(",", " ").split()) for site in stories}

    def weight(site: str) -> tuple[int, int, datetime, str]:
        own = words[site]
        of_it = (stories[other] for other in stories if words[other] <= own or own <= words[other])
        return len(set[str]().union(*of_it)), len(own), newest[site], site

    return max(stories, key=weight, default="")


def _history(refs: Sequence[ReportRef]) -> tuple[StatusChange, ...]:
    """Each status when it was first reported; a later mention of an earlier stage is no change.

    A story speaks with one voice, that of most of its reports: one misread article does not
    complete a deal. What was refused before it was agreed may be agreed later, as a primary
    source tells.
    """
    voices: dict[str, Counter[Status]] = {}
    for ref in refs:
        voices.setdefault(ref.story_key, Counter())[ref.report.status] += 1
    changes: list[StatusChange] = []
    for ref in refs:
        status = voices[ref.story_key].most_common(1)[0][0]
        if ref.report.status != status:
            continue
        if (
            not changes
            or _RANK[status] > _RANK[changes[-1].status]
            or (ref.source and status in _AGREED and _was_refused(changes))
        ):
            changes.append(StatusChange(status, ref.published, ref.article_key))
    return tuple(changes)


def _was_refused(changes: Sequence[StatusChange]) -> bool:
    """Whether the last that was told is an end, and nothing had been agreed before."""
    statuses = [change.status for change in changes]
    return statuses[-1] == "terminated" and not _AGREED & set(statuses)
