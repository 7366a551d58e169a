"""Reports that leave out a part of an unlisted company's name take the fuller one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from extractor.deals.orientation import fits, share_a_figure
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Resolve, Signature
from extractor.names import name_stem, party_key


def named(reports: Sequence[Signature], resolve: Resolve, rules: MergeRules) -> list[Signature]:
    """The reports, in their order, with the fuller names of companies that no list has.

    A short name stands for the only fuller one by which another report of its type, before
    or after within what counts as late, tells of the same: with the same other side and no
    other figures, or, where one names no other side, in the same story or with the same
    figure. Of two fuller names neither stands for the other.
    """
    found = list(reports)
    keys = {key for report in found for key in (report.principal, *report.parties)}
    stems = {stem for key in keys if (stem := name_stem(key)) != key}
    shorts = {key for key in keys & stems if not _is_listed(key, resolve)}
    if not shorts:
        return found
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, report in enumerate(found):
        families[name_stem(report.principal), report.ref.report.type].append(place)
    for places in families.values():
        fuller = _fuller((found[place] for place in places), shorts)
        for place in places if fuller else ():
            report = found[place]
            names = {
                key: name
                for key in fuller.keys() & {report.principal, *report.parties}
                if (name := _meant(report, key, fuller[key], rules))
            }
            if names:
                found[place] = _renamed(report, names)
    return found


def _meant(
    report: Signature, key: str, fuller: Iterable[tuple[str, Signature]], rules: MergeRules
) -> str:
    """The fuller name for which a report has one of this comparison key, "" if unsure."""
    is_principal = key == report.principal
    own = {report.principal, *report.parties}
    names = {
        party_key(name): name
        for name, other in fuller
        if party_key(name) not in own
        and is_principal == (party_key(name) == other.principal)
        and _is_near(report, other, rules.late_after)
        and _vouches(report, other, rules)
    }
    return next(iter(names.values())) if len(names) == 1 else ""


def _fuller(
    family: Iterable[Signature], shorts: Collection[str]
) -> dict[str, list[tuple[str, Signature]]]:
    """The fuller names of each short one that reports give, with these reports."""
    fuller: dict[str, list[tuple[str, Signature]]] = defaultdict(list)
    for report in family:
        for name in (report.company, *report.counterparties):
            stem = name_stem(key := party_key(name))
            if stem != key and stem in shorts:
                fuller[stem].append((name, report))
    return fuller


def _is_listed(key: str, resolve: Resolve) -> bool:
    """Whether a list has the company: an unlisted name comes back as it came."""
    name = f"{key} inc"
    return resolve(name) != name


def _is_near(report: Signature, other: Signature, reach: timedelta) -> bool:
    one, two = report.ref.published, other.ref.published
    return one is not None and two is not None and abs(one - two) <= reach


def _vouches(report: Signature, other: Signature, rules: MergeRules) -> bool:
    """Whether reports of one principal's stem and one type tell of the same."""
    in_story = report.ref.story_key == other.ref.story_key
    if set(_stems(report)) & set(_stems(other)):
        return in_story or not other.has_figures or fits(report, (other,), rules)
    if report.parties and other.parties:
        return False
    return in_story or share_a_figure(report, other, rules)


def _stems(report: Signature) -> Iterator[str]:
    return map(name_stem, report.parties)


def _renamed(report: Signature, names: dict[str, str]) -> Signature:
    """The report with these companies, by comparison key, under other names."""
    counterparties = tuple(names.get(party_key(name), name) for name in report.counterparties)
    return report.between(names.get(report.principal, report.company), counterparties)
