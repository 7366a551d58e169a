"""The reports of one principal and type so far, found again by what they say."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from extractor.deals.numbers import (
    apart,
    are_roundings,
    is_equal,
    is_one_amount,
    is_one_count,
    is_rounding,
)
from extractor.deals.signature import Signature

# A set of reports: bit n stands for the n-th. One operation of the processor compares a new
# report with 64 earlier ones, where comparing pair by pair made large ledgers slow.
Bits = int


class Words:
    """Which reports say a word (a party, a currency, a story)."""

    def __init__(self) -> None:
        self.stated: Bits = 0
        self._saying: dict[str, Bits] = defaultdict(int)

    def add(self, words: Iterable[str], report: Bits) -> None:
        for word in words:
            self._saying[word] |= report
            self.stated |= report

    @property
    def words(self) -> Iterable[str]:
        return self._saying.keys()

    def saying(self, words: Iterable[str]) -> Bits:
        """The reports that say at least one of these words."""
        return reduce(or_, (self._saying.get(word, 0) for word in words), 0)


class Numbers:
    """Which reports state a number; `is_one` tells whether two numbers may be one."""

    def __init__(
        self, tolerance: float, is_one: Callable[[float, float], bool] = is_one_amount
    ) -> None:
        self.stated: Bits = 0
        self._tolerance = tolerance
        self._is_one = is_one
        self._stating: dict[float, Bits] = {}
        self._numbers: list[float] = []  # the distinct ones, in order

    def add(self, number: float | None, report: Bits) -> None:
        if number is None:
            return
        if number not in self._stating:
            insort(self._numbers, number)
        self._stating[number] = self._stating.get(number, 0) | report
        self.stated |= report

    def same(self, number: float | None) -> Bits:
        """The reports whose number is this one, or is near and rounds it or is rounded by it."""
        if number is None:
            return 0
        one = self._stating.get(number, 0) | self._within(number, self._tolerance, self._is_one)
        return one & self.near(number)

    def near(self, number: float | None) -> Bits:
        """The reports whose number equals this one within the tolerance."""
        if number is None:
            return 0

        def is_near(other: float) -> bool:
            return abs(number - other) <= self._tolerance * max(abs(number), abs(other))

        return self.between(
            lambda other: other >= number or is_near(other),
            lambda other: other > number and not is_near(other),
        )

    def equal(self, number: float | None) -> Bits:
        """The reports whose number is this one."""
        if number is None:
            return 0
        return self._stating.get(number, 0) | self._within(number, self._tolerance, is_equal)

    def rounding(self, number: float | None) -> Bits:
        """The reports whose number rounds this one, or that this one rounds."""
        return self._within(number, 0.1, are_roundings)

    def coarser(self, number: float | None) -> Bits:
        """The reports whose number rounds this one."""
        return self._within(number, 0.1, is_rounding)

    def rounded(self, number: float | None) -> Bits:
        """The reports whose number this one rounds."""
        return self._within(number, 0.1, lambda one, other: is_rounding(other, one))

    def close(self, number: float | None, part: float) -> Bits:
        """The reports whose number differs by no more than this part."""
        return self._within(number, part, lambda one, other: apart(one, other) <= part)

    def _within(
        self, number: float | None, part: float, is_like: Callable[[float, float], bool]
    ) -> Bits:
        if number is None or number <= 0:
            return 0
        first = bisect_left(self._numbers, number * (1 - part) * 0.999)
        end = bisect_right(self._numbers, number / (1 - part) * 1.001)
        like = (other for other in self._numbers[first:end] if is_like(number, other))
        return reduce(or_, map(self._stating.__getitem__, like), 0)

    def from_to(self, lowest: float, highest: float) -> Bits:
        """The reports whose number is neither lower nor higher."""
        return self.between(lambda number: number >= lowest, lambda number: number > highest)

    def between(self, begins: Callable[[float], bool], ended: Callable[[float], bool]) -> Bits:
        """The reports from the first number that `begins` up to the first that has `ended`."""
        if not self._numbers:
            return 0
        first = bisect_left(self._numbers, True, key=begins)
        end = bisect_left(self._numbers, True, first, key=ended)
        return reduce(or_, map(self._stating.__getitem__, self._numbers[first:end]), 0)


class Earlier:
    """All reports so far; they are added in order of publication, undated ones last."""

    def __init__(self, tolerance: float, deals_of_a_round_up: int) -> None:
        self.count = 0
        self._deals_of_a_round_up = deals_of_a_round_up
        self.stories = Words()
        self.statuses = Words()
        self.parties = Words()
        self.sites = Words()
        self.instruments = Words()
        self.securities = Words()
        self.marks = Words()
        self.currencies = Words()
        self.value = Numbers(tolerance)
        self.value_max = Numbers(tolerance)
        self._options: dict[tuple[float, float], None] = {}  # amounts with and without options
        self._gross: dict[tuple[float, float], None] = {}  # gross and critical powers
        self._beside: dict[str, set[str]] = defaultdict(set)  # parties that one report names
        self.power = Numbers(tolerance)
        self.gpus = Numbers(tolerance, is_one_count)
        self.coins = Numbers(tolerance, is_one_count)
        self.term_years = Numbers(tolerance)
        self.with_figures: Bits = 0
        self.bare: Bits = 0
        self.expanding: Bits = 0
        self.separate: Bits = 0
        self.drawn: Bits = 0
        self.primary: Bits = 0
        self.round_ups: Bits = 0
        self._dates: list[datetime] = []

    def add(self, report: Signature) -> Bits:
        """Takes in a report; returns its bit."""
        bit = 1 << self.count
        self.count += 1
        self.stories.add((report.ref.story_key,), bit)
        self.statuses.add((report.ref.report.status,), bit)
        self.parties.add(report.parties, bit)
        for party in report.parties if len(report.parties) > 1 else ():
            self._beside[party] |= report.parties
        self.sites.add(report.site, bit)
        self.instruments.add(report.instruments, bit)
        self.securities.add(report.securities, bit)
        self.marks.add(report.marks, bit)
        self.currencies.add((report.currency,), bit)
        self.value.add(report.value, bit)
        self.value_max.add(report.value_max, bit)
        if report.value is not None and report.value_max is not None:
            self._options[report.value_max, report.value] = None
        for megawatts in report.powers:
            self.power.add(megawatts, bit)
        if report.megawatts is not None and report.megawatts_gross is not None:
            self._gross[report.megawatts_gross, report.megawatts] = None
        self.gpus.add(report.gpus, bit)
        self.coins.add(report.coins, bit)
        self.term_years.add(report.term_years, bit)
        if report.has_figures:
            self.with_figures |= bit
        if report.is_bare:
            self.bare |= bit
        if report.expands:
            self.expanding |= bit
        if report.separates:
            self.separate |= bit
        if report.draws:
            self.drawn |= bit
        if report.is_primary:
            self.primary |= bit
        if report.ref.article_deals >= self._deals_of_a_round_up:
            self.round_ups |= bit
        if report.ref.published is not None:
            self._dates.append(report.ref.published)
        return bit

    @property
    def dated(self) -> Bits:
        return (1 << len(self._dates)) - 1

    def without_options(self, number: float | None) -> Bits:
        """The reports whose amount is told elsewhere with options that make it this number."""
        if number is None:
            return 0
        bases = (base for largest, base in self._options if is_equal(largest, number))
        return reduce(or_, map(self.value.same, bases), 0)

    def critical(self, megawatts: float) -> Bits:
        """The reports of a power that is told elsewhere with this one as the gross capacity."""
        loads = (load for gross, load in self._gross if is_equal(gross, megawatts))
        return reduce(or_, map(self.power.same, loads), 0)

    def named_beside(self, parties: Iterable[str]) -> Bits:
        """The reports of a party that a report names together with one of these."""
        beside = (self._beside.get(party, ()) for party in parties)
        return self.parties.saying(frozenset[str]().union(*beside))

    def within(self, reach: timedelta, of: datetime | None) -> Bits:
        """The reports that appeared at most `reach` before, or later; none for no date."""
        return 0 if of is None else self.dated & ~self.older(of, reach)

    def older(self, than: datetime, by: timedelta) -> Bits:
        """The reports that appeared more than `by` before `than`."""
        return (1 << bisect_left(self._dates, True, key=lambda date: than - date <= by)) - 1
