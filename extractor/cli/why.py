"""`dealwire why A B`: why two articles are, or are not, one story."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import DEFAULT_DB, Db, PageFormat, PageFormatOption
from extractor.cli.output import line_width
from extractor.cli.words import clean, count, date, money, power
from extractor.store.answers import StoryPair, as_json
from extractor.store.read import open_for_reading

if TYPE_CHECKING:
    from extractor.stories.explain import Why

_FIGURE = re.compile(r"([A-Z]{3}|MW|[#%y])(\d[\d.e+-]*)")


def why(
    left: Annotated[str, typer.Argument(metavar="A", help="Key or url of an article.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Tell why two articles are, or are not, one story.

    With the score, what speaks for and against it, and the rare names and figures that both
    or only one of them has.

    \b
    Example:
      dealwire why https://wire.example.com/a https://hashwire.example.com/b
    """
    with open_for_reading(db) as ledger:
        pair = ledger.story_pair(left, right)
    from extractor.stories.explain import explain
    from extractor.stories.rules import load_rules

    found = explain(*pair.bodies, load_rules())
    if form is PageFormat.json:
        page = {
            "articles": as_json(pair.articles),
            "stories": list(pair.stories),
            "decision": as_json(pair.decision),
            **as_json(found),
        }
        typer.echo(json.dumps(page, ensure_ascii=False, indent=2))
        return
    for line in _page(pair, found, line_width()):
        typer.echo(line)


def _page(pair: StoryPair, found: Why, width: int) -> Iterator[str]:
    verdict = found.verdict
    word = "one story" if verdict.same else "not one story"
    yield f"{word}: {verdict.reason}, score {verdict.score:.2f} (one story from {found.threshold})"
    for letter, article in zip("AB", pair.articles, strict=True):
        place = f"{article.site or article.key}, {date(article.published) or 'undated'}"
        yield clean(f"  {letter}  {place}  {article.title}")
    yield from _in_ledger(pair)
    yield ""
    apart = "at an unknown distance" if found.hours is None else f"{found.hours:.0f} hours apart"
    yield f"{apart}; {found.overlap:.0%} of the shorter text's runs of words are in the other"
    if found.hours is not None and found.hours > found.window_days * 24:
        yield f"too far apart: beyond {found.window_days:g} days it is another event"
    if found.grounds:
        yield ""
        yield "what counts, for (+) or against (-) one story"
        for ground in found.grounds:
            if abs(ground.effect) >= 0.05:
                yield f"  {ground.effect:+6.2f}  {_words(ground.name, ground.value)}"
    yield ""
    for heading, features in (
        ("both", found.shared),
        ("only A, in its lead", found.only_left),
        ("only B, in its lead", found.only_right),
    ):
        text = ", ".join(map(_feature, features)) or "nothing"
        yield from textwrap.wrap(clean(f"{heading}: {text}"), width, subsequent_indent="    ")


def _in_ledger(pair: StoryPair) -> Iterator[str]:
    one, other = pair.stories
    yield f"in the ledger: {'story ' + one if one == other else f'stories {one} and {other}'}"
    if pair.decision is not None:
        what = "one story" if pair.decision.joined else "not one story"
        yield f"decided by hand on {date(pair.decision.at)}: {what}"


def _words(name: str, value: float) -> str:
    text = name.replace("_", " ")
    return text if value == 1 else f"{text} ({value:.2f})"


def _feature(feature: str) -> str:
    match = _FIGURE.fullmatch(feature)
    if match is None:
        return feature.title()
    unit, number = match[1], float(match[2])
    if unit == "MW":
        return power(number)
    if unit == "%":
        return f"{number:g}%"
    if unit == "y":
        return f"{number:g} years"
    return count(number) if unit == "#" else money(number, unit)
