"""`python -m extractor.evaluate.merging`: how well told transactions become deals again."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from extractor.assets import pipeline_dir
from extractor.deals import assemble, load_cues, load_sources
from extractor.errors import ModelError
from extractor.names import company_key
from extractor.reading.gazetteer import Company, load_companies
from extractor.records import Deal, DealReport, ReportRef, Slot, SlotName, Span

_FOLDER = Path(__file__).parents[2] / "corpus" / "merging"
_NUMBERS: Mapping[str, SlotName] = {
    "value": "value",
    "value_max": "value_max",
    "mw": "megawatts",
    "gross": "megawatts_gross",
    "years": "term_years",
    "gpus": "gpus",
    "coins": "coins",
}
_UNITS = {"mw": "MW", "gross": "MW", "years": "years"}


@dataclass(frozen=True, slots=True)
class Told:
    """A file of transactions as articles tell them, with what should become of them."""

    name: str
    refs: tuple[ReportRef, ...]
    transaction_of: tuple[str, ...]  # of each report, by name
    expected: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a file: counts of right answers, with a line for each wrong one."""

    pairs: int
    pairs_found: int
    pairs_right: int
    asked: Mapping[str, int]
    right: Mapping[str, int]
    misses: tuple[str, ...]

    @property
    def f1(self) -> float:
        """Pairwise: two reports of one transaction in one deal."""
        return 2 * self.pairs_right / (self.pairs + self.pairs_found)


def load_told(path: Path) -> Told:
    """The transactions of a file. Raises ModelError with its path."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        cues, sources = load_cues(), load_sources()
        refs: list[ReportRef] = []
        names: list[str] = []
        for deal in data["deal"]:
            for said in deal["reports"]:
                article = data["articles"][said["in"]]
                kind = sources.kind(
                    urls=(f"https://{article['site']}/{said['in']}",),
                    site=article["site"],
                    opening="",
                )
                refs.append(
                    ReportRef(
                        said["in"],
                        article["story"],
                        article["on"],
                        # Each report stands at a place of its own.
                        _report(deal, said, Span("text", len(refs), len(refs) + 1)),
                        source=kind,
                        cues=cues.of(said.get("says", "")),
                        article_deals=article.get("deals", 1),
                    )
                )
                names.append(deal["name"])
        return Told(path.stem, tuple(refs), tuple(names), tuple(data["deal"]))
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(str(path), "not a file of told transactions") from error


def _report(deal: Mapping[str, Any], said: Mapping[str, Any], place: Span) -> DealReport:
    currency = said.get("currency", "USD")
    slots = [Slot("company", said.get("as", deal["company"]), "", place, "told")]
    slots += [Slot("counterparty", name, "", place, "told") for name in said.get("with", ())]
    slots += [Slot("backer", name, "", place, "told") for name in said.get("backers", ())]
    for short, name in _NUMBERS.items():
        if short in said:
            unit = currency if short.startswith("value") else _UNITS.get(short, "")
            slots.append(Slot(name, float(said[short]), unit, place, "told"))
    return DealReport(deal["type"], said.get("status", "announced"), tuple(slots), (place,), "told")


@cache
def _companies() -> Mapping[str, Company]:
    """The shipped companies by name."""
    return {company.name: company for company in load_companies(pipeline_dir() / "companies")}


def category(name: str) -> str:
    """The category of a shipped company, "" for others."""
    company = _companies().get(name)
    return company.category if company else ""


def resolver() -> Callable[[str], str]:
    """Any name of a shipped company to its current one."""
    current: dict[str, str] = {}
    companies = _companies().values()
    for names in ("name", "aliases", "former_names"):
        for company in companies:
            given = getattr(company, names)
            for name in (given,) if isinstance(given, str) else given:
                current.setdefault(company_key(name), company.name)
    return lambda name: current.get(company_key(name), name)


def score(told: Told, resolve: Callable[[str], str]) -> Score:
    """Assembles the reports of a file and compares the deals with what is expected."""
    deals = assemble(told.refs, resolve, category=category)
    place_of = {id(ref): place for place, ref in enumerate(told.refs)}
    found = [[place_of[id(ref)] for ref in deal.reports] for deal in deals]
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    misses: list[str] = []

    def ask(what: str, of: str, wanted: object, got: object) -> None:
        asked[what] += 1
        right[what] += wanted == got
        if wanted != got:
            misses.append(f"{of}: {what}: expected {wanted}, got {got}")

    wanted_pairs = set(_pairs(_grouped(told.transaction_of).values()))
    found_pairs = set(_pairs(found))
    deal_of = {
        name: max(deals, key=lambda deal: len(places & {place_of[id(r)] for r in deal.reports}))
        for name, members in _grouped(told.transaction_of).items()
        for places in [set(members)]
    }
    for expected in told.expected:
        name = expected["name"]
        deal = deal_of[name]
        parts = {told.transaction_of[place_of[id(ref)]] for ref in deal.reports}
        ask("one deal", name, {name}, parts)
        ask("principal", name, expected["company"], deal.company)
        ask("status", name, expected["status"], deal.status)
        loose = expected.get("loose", ())
        for slot, value in expected["agreed"].items():
            if slot not in loose:
                ask("agreed", f"{name}, {slot}", float(value), getattr(deal, slot))
        _ask_conflicts(ask, expected, deal, loose)
        _ask_links(ask, expected, deal, {deal_of[other].key: other for other in deal_of})
        for moment in expected.get("as_of", ()):
            _ask_moment(ask, told, moment, deal, resolve, name)
    return Score(
        len(wanted_pairs),
        len(found_pairs),
        len(wanted_pairs & found_pairs),
        asked,
        right,
        tuple(misses),
    )


Ask = Callable[[str, str, object, object], None]


def _ask_conflicts(ask: Ask, expected: Mapping[str, Any], deal: Deal, loose: Sequence[str]) -> None:
    labels = {
        (conflict.slot, claim.number): claim.label
        for conflict in deal.conflicts
        for claim in conflict.claims
        if claim.label
    }
    for slot, value, label in expected.get("conflicts", ()):
        number = float(value)
        if slot in loose:
            agreed = getattr(deal, slot)
            number = next((n for s, n in labels if s == slot and n != agreed), number)
        ask(
            "label", f"{expected['name']}, {slot} {number:g}", label, labels.pop((slot, number), "")
        )
    for (slot, number), label in labels.items():
        ask("label", f"{expected['name']}, {slot} {number:g}", "", label)


def _ask_links(ask: Ask, expected: Mapping[str, Any], deal: Deal, names: Mapping[str, str]) -> None:
    wanted = set()
    if base := expected.get("expands"):
        wanted.add(("expands", base["deal"], base["total"]))
    wanted |= {("sums", part, False) for part in expected.get("sums", ())}
    got = {(link.kind, names.get(link.key, link.key), link.total) for link in deal.links}
    ask("links", expected["name"], wanted, got)


def _ask_moment(
    ask: Ask,
    told: Told,
    moment: Mapping[str, Any],
    deal: Deal,
    resolve: Callable[[str], str],
    name: str,
) -> None:
    """What was known of a deal at the end of a day: nothing, or these values."""
    day: date = moment["on"]
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    refs = [ref for ref in told.refs if ref.published is not None and ref.published < end]
    known = next(
        (each for each in assemble(refs, resolve, category=category) if each.key == deal.key), None
    )
    wanted = {slot: value for slot, value in moment.items() if slot != "on"}
    got = {slot: getattr(known, slot) for slot in wanted} if known else {}
    ask("as of", f"{name}, {day}", (bool(wanted), wanted), (known is not None, got))


def _grouped(names: Iterable[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        groups[name].append(place)
    return groups


def _pairs(groups: Iterable[Iterable[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from combinations(sorted(group), 2)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.evaluate.merging")
    parser.add_argument("files", nargs="*", type=Path, help="by default those of corpus/merging")
    parser.add_argument("--misses", action="store_true", help="show what went wrong")
    options = parser.parse_args(arguments)
    resolve = resolver()
    for path in options.files or sorted(_FOLDER.glob("*.toml")):
        told = load_told(path)
        got = score(told, resolve)
        sys.stdout.write(
            f"{told.name} ({len(told.expected)} transactions, {len(told.refs)} reports)\n"
            f"  pairwise F1  {got.f1:.3f}   "
            f"P {got.pairs_right / max(got.pairs_found, 1):.3f}  "
            f"R {got.pairs_right / max(got.pairs, 1):.3f}\n"
        )
        for what, count in got.asked.items():
            sys.stdout.write(f"  {what:12} {got.right.get(what, 0)}/{count}\n")
        if options.misses:
            sys.stdout.writelines(f"    {miss}\n" for miss in got.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
