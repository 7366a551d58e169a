"""Reports that give an unlisted company another form of its name take the usual one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations

from extractor.deals.orientation import are_one, fits, share_a_figure
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Resolve, Signature
from extractor.names import are_spellings, has_trade, is_short_of, name_family, name_stem, party_key

_BEGINNING = 4  # all forms of a name have the same letters at their beginning


def named(reports: Sequence[Signature], resolve: Resolve, rules: MergeRules) -> list[Signature]:
    """The reports, in their order, with the usual names of companies that no list has.

    A short name stands for the only fuller one by which another report of its type, before
    or after within what counts as late, tells of the same: with the same other side and no
    other figures, or, where one names no other side, in the same story or with the same
    figure. So does a misspelt name, and that of a subsidiary for its parent's. Once a report
    has made known whom a name means, it means that company in all others of the principal.
    Of two fuller names neither stands for the other.
    """
    found = list(reports)
    kin = _kin({key for report in found for key in (report.principal, *report.parties)})
    if not kin:
        return found
    families: dict[str, list[int]] = defaultdict(list)
    for place, report in enumerate(found):
        if report.principal in kin or not kin.keys().isdisjoint(report.parties):
            families[name_family(report.principal)].append(place)
    for places in families.values():
        family = _Family([found[place] for place in places], kin, resolve, rules)
        for place, names in zip(places, family.usual_names(), strict=True):
            if names:
                found[place] = _renamed(found[place], names)
    return found


def _kin(keys: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The other forms of each name that has some."""
    alike: dict[str, list[str]] = defaultdict(list)
    for key in sorted(keys):
        alike[name_stem(key).replace(" ", "")[:_BEGINNING]].append(key)
    kin: dict[str, set[str]] = defaultdict(set)
    for group in alike.values():
        for left, right in combinations(group, 2):
            if are_one(left, right):
                kin[left].add(right)
                kin[right].add(left)
    return {key: frozenset(others) for key, others in kin.items()}


class _Family:
    """Reports whose principals have a word in common."""

    def __init__(
        self,
        reports: Sequence[Signature],
        kin: Mapping[str, Collection[str]],
        resolve: Resolve,
        rules: MergeRules,
    ) -> None:
        self._reports = reports
        self._kin = kin
        self._rules = rules
        self._names: dict[str, str] = {}
        self._stories: dict[str, set[str]] = defaultdict(set)
        self._giving: dict[tuple[str, str], list[Signature]] = defaultdict(list)  # by type, name
        for report in sorted(reports, key=lambda report: report.order):
            for name in (report.company, *report.counterparties):
                key = party_key(name)
                if key in kin:
                    self._names.setdefault(key, name)
                    self._stories[key].add(report.ref.story_key)
                    self._giving[report.ref.report.type, key].append(report)
        self._listed = {key for key in self._names if _is_listed(key, resolve)}

    def usual_names(self) -> list[dict[str, str]]:
        """For each report the names to use instead of its own, by comparison key."""
        meant: list[dict[str, str]] = []
        known: dict[str, Counter[str]] = defaultdict(Counter)
        for report in self._reports:
            own = {key: usual for key in self._own(report) if (usual := self._meant(report, key))}
            meant.append(own)
            for key, usual in own.items():
                known[key][usual] += 1
        usual_of: dict[str, str] = {}
        for key, told in known.items():
            most = max(told.items(), key=lambda item: (item[1], item[0]))[0]
            if self._is_only(key, most):
                usual_of[key] = most
        for report, names in zip(self._reports, meant, strict=True):
            own_keys = self._own(report)
            for key in own_keys:
                if key in usual_of and key not in names and usual_of[key] not in own_keys:
                    names[key] = usual_of[key]
        return [{key: self._names[name] for key, name in names.items()} for names in meant]

    def _own(self, report: Signature) -> list[str]:
        keys = sorted({report.principal, *report.parties})
        return [key for key in keys if key in self._names and key not in self._listed]

    def _meant(self, report: Signature, key: str) -> str:
        """The usual name for which a report has this one, "" if unsure."""
        is_principal = key == report.principal
        own = {report.principal, *report.parties}
        names = [
            name
            for name in self._kin[key]
            if name not in own
            and self._yields(key, name)
            and any(
                is_principal == (name == other.principal)
                and (report.looks_back or _is_near(report, other, self._rules.late_after))
                and _vouches(report, other, self._rules)
                for other in self._giving[report.ref.report.type, name]
            )
        ]
        # Of several forms of one name the one for which all others stand.
        usual = [
            name
            for name in names
            if all(
                other == name or (are_one(other, name) and self._yields(other, name))
                for other in names
            )
        ]
        return usual[0] if len(usual) == 1 else ""

    def _is_only(self, key: str, name: str) -> bool:
        """Whether no company but this one can be meant by a name."""
        return all(
            other == name or other not in self._names or are_one(other, name)
            for other in self._kin[key]
        )

    def _yields(self, key: str, name: str) -> bool:
        """Whether a name is given up for another form of it.

        A short name is, unless it says a trade and more stories tell it: what few add to such
        a name is the name of a subsidiary.
        """
        if key in self._listed:
            return False
        ours, theirs = len(self._stories[key]), len(self._stories[name])
        if are_spellings(key, name):
            return name in self._listed or (ours, key) < (theirs, name)
        if is_short_of(key, name):
            return not (has_trade(key) and ours > theirs)
        return name in self._listed or (has_trade(name) and theirs > ours)


def _is_listed(key: str, resolve: Resolve) -> bool:
    """Whether a list has the company: an unlisted name comes back as it came."""
    name = f"{key} inc"
    return resolve(name) != name


def _is_near(report: Signature, other: Signature, reach: timedelta) -> bool:
    one, two = report.ref.published, other.ref.published
    return one is not None and two is not None and abs(one - two) <= reach


def _vouches(report: Signature, other: Signature, rules: MergeRules) -> bool:
    """Whether reports of one type, of principals that may be one, tell of the same."""
    in_story = report.ref.story_key == other.ref.story_key
    if any(are_one(ours, theirs) for ours in report.parties for theirs in other.parties):
        return in_story or not other.has_figures or fits(report, (other,), rules)
    if report.parties and other.parties:
        return False
    return in_story or share_a_figure(report, other, rules)


def _renamed(report: Signature, names: Mapping[str, str]) -> Signature:
    """The report with these companies, by comparison key, under other names."""
    counterparties = tuple(names.get(party_key(name), name) for name in report.counterparties)
    return report.between(names.get(report.principal, report.company), counterparties)
