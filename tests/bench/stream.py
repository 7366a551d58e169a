"""A stream of articles with known stories: copies, paraphrases, look-alikes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from extractor.records import Article, DealReport, Fact, Reading, Slot, Span

_START = datetime(2025, 1, 1, tzinfo=UTC)
_PER_DAY = 300  # what some 300 feeds bring
_SYLLABLES = (
    "bar bel bin bor bra cal cam cor cru dal den dor dun ed el fal fen fir gar gol grim hal "
    "hed hul ir is jan jun kel kir lan lor lum mar med mor nar nor ol or pel pin quar rad ros "
    "rut sal sil sten tam tor tul ul ur ven vol wes wil yar yon zan zel "
).split()
_ENDINGS = tuple("Digital Energy Compute Grid Power Infrastructure Cloud Capital".split())
_SITES = tuple(f"outlet{n}.example.com" for n in range(60))
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Two ways to tell an event that have no five words in a row in common.
_TELLINGS = (
    (
        "{a} leases {mw} MW to {b}",
        "{a} has signed a lease with {b} for {mw} MW at its {site} campus, the company said on "
        "{day}. The agreement is worth ${sum} million over the initial term and covers {acres} "
        "acres beside the {site} substation.\n\n"
        "Construction starts in spring, and {person} will lead it. The tenant may extend twice, "
        "which would add ${more} million.",
    ),
    (
        "{b} takes halls of {a} for ${sum} million",
        "In {site}, {b} found what it had looked for: room for its machines. Landlord {a} will "
        "provide {mw} MW there, according to {person}.\n\n"
        "Rent comes to ${sum} million before options, with ${more} million on top if the renter "
        "stays longer. Some {acres} acres change hands as well, it emerged on {day}.",
    ),
    (
        "Tenant found: {b} moves into {site}",
        "A deal over {mw} MW was struck on {day} between {a} and {b}. It brings the owner ${sum} "
        "million and leaves the door open for ${more} million more. {person}, who negotiated it, "
        "called {site} the best address in the county; {acres} acres belong to it.",
    ),
)
# Filler of no meaning: two writers have no run of words in common.
_WORDS = (
    "after again analysts around because before between board brokers building called capacity "
    "clients could demand during early engineers even every expected further ground halls half "
    "however interest investors land large last later local market might month nearly never "
    "noise often only other people plans price quarter rarely rather region rivals seen several "
    "shares since slowly some space still supply their there though tenants under until usually "
    "water weeks where which while without would year".split()
)


@dataclass(frozen=True, slots=True)
class Streamed:
    """An article as the stage gets it, with the event that it tells."""

    article: Article
    reading: Reading
    event: int


def stream(count: int, seed: int = 1) -> Iterator[Streamed]:
    """So many articles in order of publication, the same for the same seed.

    Of ten events six are told once, two with a copy, one with a paraphrase, one with both
    twice. A third of the events are look-alikes: the same parties a day later with other
    figures, told by the same words.
    """
    chance = random.Random(seed)
    names = _names(chance, 4000)
    waiting: list[tuple[float, int, Streamed]] = []
    number = event = 0
    hour = 0.0
    before: dict[str, object] | None = None
    while number < count + 400:
        hour += chance.expovariate(_PER_DAY / 24 / 1.7)
        like = before if before is not None and chance.random() < 0.33 else None
        later = chance.uniform(20, 72) if like else 0.0
        facts = _event(chance, names, like)
        before = None if like is not None else facts
        telling = int(str(facts["telling"]))
        for way, lag in _plan(chance):
            kind = telling if way != "paraphrase" else (telling + chance.choice((1, 2))) % 3
            article = _told(
                chance, names, facts, kind, way == "copy", hour + lag + later, number, event
            )
            waiting.append((hour + lag + later, number, article))
            number += 1
        event += 1
    waiting.sort(key=lambda item: item[:2])
    yield from (streamed for _, _, streamed in waiting[:count])


def _names(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 3)))).title()
        found[f"{word} {chance.choice(_ENDINGS)}"] = None
    return list(found)


def _plan(chance: random.Random) -> list[tuple[str, float]]:
    kind = chance.random()
    plan = [("first", 0.0)]
    if 0.6 <= kind < 0.8 or kind >= 0.9:
        plan.append(("copy", chance.uniform(0.2, 200)))
    if kind >= 0.8:
        plan.append(("paraphrase", chance.uniform(0.5, 40)))
    if kind >= 0.9:
        plan += [("copy", chance.uniform(0.2, 100)), ("paraphrase", chance.uniform(0.5, 40))]
    return plan


def _event(
    chance: random.Random, names: list[str], like: dict[str, object] | None
) -> dict[str, object]:
    # Few names are told of often, most seldom.
    a, b = (names[int(len(names) * chance.random() ** 2)] for _ in range(2))
    return {
        "a": like["a"] if like else a,
        "b": like["b"] if like else (b if b != a else names[0]),
        "site": like["site"] if like else "".join(chance.sample(_SYLLABLES, 3)).title(),
        "person": "".join(chance.sample(_SYLLABLES, 2)).title()
        + " "
        + chance.choice(_SYLLABLES).title(),
        "telling": like["telling"] if like else chance.randrange(3),
        "mw": chance.randint(11, 990),
        "sum": chance.randint(101, 9990),
        "more": chance.randint(101, 9990),
        "acres": chance.randint(11, 990),
        "day": chance.choice(_WEEKDAYS),
    }


def _told(
    chance: random.Random,
    names: list[str],
    facts: dict[str, object],
    kind: int,
    edited: bool,
    hour: float,
    number: int,
    event: int,
) -> Streamed:
    title, text = (part.format(**facts) for part in _TELLINGS[kind])
    # The filler of an article is its writer's: a copy takes it over, all but a sentence.
    writer = random.Random(event * 3 + kind)
    filler = [_filler(writer, names) for _ in range(9)]
    if edited:
        filler[chance.randrange(9)] = _filler(chance, names)
        text = text.replace("said on", "announced on").replace("according to", "says")
    body = "\n\n".join((text, " ".join(filler[:5]), " ".join(filler[5:])))
    site = chance.choice(_SITES)
    article = Article(
        key=f"a{number:07}",
        url=f"https://{site}/{number}",
        canonical_url=f"https://{site}/{number}",
        title=title,
        site=site,
        author="",
        published=_START + timedelta(hours=hour),
        language="en",
        text=body,
        digest=hashlib.sha256(f"{title}\n{body}".encode()).hexdigest(),
    )
    return Streamed(article, _reading(article, facts), event)


def _filler(chance: random.Random, names: list[str]) -> str:
    words = chance.choices(_WORDS, k=12)
    words.insert(chance.randrange(3, 9), f"{chance.choice(names)}, {chance.randint(11, 99)}")
    return f"{' '.join(words)}."


def _reading(article: Article, facts: dict[str, object]) -> Reading:
    found: list[Fact] = []
    slots: list[Slot] = []
    for name, kind, unit, literal in (
        ("company", "company", "", str(facts["a"])),
        ("counterparty", "company", "", str(facts["b"])),
        ("value", "money", "USD", f"${facts['sum']} million"),
        ("value_max", "money", "USD", f"${facts['more']} million"),
        ("megawatts", "power", "MW", f"{facts['mw']} MW"),
    ):
        value: str | float = literal
        if kind != "company":
            value = float(
                str(facts[{"value": "sum", "value_max": "more", "megawatts": "mw"}[name]])
            )
            value *= 1e6 if kind == "money" else 1
        for part, words in (("title", article.title), ("text", article.text)):
            at = words.find(literal)
            if at >= 0:
                span = Span(part, at, at + len(literal))  # type: ignore[arg-type]
                found.append(Fact(kind, value, unit, span, literal, "made up"))  # type: ignore[arg-type]
                slots.append(Slot(name, value, unit, span, "made up"))  # type: ignore[arg-type]
    place = (Span("text", 0, 80),)
    report = DealReport("hosting", "announced", tuple(slots), place, "made up")
    return Reading(tuple(found), (report,))
