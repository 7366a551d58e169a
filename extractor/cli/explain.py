"""`dealwire explain ARTICLE`: which rule made what, or why none did."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.extract import report_line
from extractor.cli.fields import FIELDS, field_value
from extractor.cli.options import DEFAULT_DB, Db, Models
from extractor.cli.output import line_width
from extractor.cli.passages import marked_lines
from extractor.cli.words import clean, plural
from extractor.errors import DealwireError, QueryError
from extractor.records import Article, Reading, Slot

if TYPE_CHECKING:  # the rules are loaded once the article is there
    from extractor.reading.witness import SeenAmount, SeenParty, SeenStatement


def explain(
    article: Annotated[
        str,
        typer.Argument(metavar="[ARTICLE]", help="A key or url in the ledger, a file, or -."),
    ] = "",
    sentence: Annotated[
        str,
        typer.Option(
            "--sentence", metavar="TEXT", help="Explain this one: of the article, or by itself."
        ),
    ] = "",
    models: Models = None,
    db: Db = DEFAULT_DB,
) -> None:
    """Tell which words made which field of a deal.

    The article is read anew with the rules as they are now; numbers in parentheses are
    probabilities. With --sentence, what the rules see in that sentence: companies, amounts
    with their roles, what the frames make of its cues, and which words the weights hold for
    a deal, or not, and why.

    \b
    Example:
      dealwire explain --sentence "Riot rejected a bid from Hut 8."
    """
    if not article and not sentence:
        raise QueryError("explain", "name an article, or a --sentence TEXT")
    found = _article(article, db) if article else None
    # What costs a second to load comes after what may fail at once.
    from extractor.reading import load_reader

    reader = load_reader(models=models)
    if not sentence and found is not None:
        lines = _deals(found, reader.read(found), line_width())
    else:
        from extractor.reading.witness import look

        text, title = (found.text, found.title) if found else (sentence, "")
        seen = look(reader, text, title)
        if found:
            wanted = " ".join(sentence.split())
            seen = tuple(s for s in seen if wanted in " ".join(s.sentence.split()))
        if not seen:
            where = "the article" if found else "it"
            raise QueryError(
                f"sentence {sentence}",
                f"{where} has no such sentence outside of page furniture and legal matter",
            )
        lines = _sight(seen)
    for line in lines:
        typer.echo(line)


def _article(word: str, db: Path) -> Article:
    """The article of a file if there is one, else the ledger's."""
    if word != "-" and not Path(word).is_file():
        from extractor.store.read import open_for_reading

        with open_for_reading(db) as ledger:
            return ledger.article(word)
    from extractor.gather.files import articles_in

    first, *others = [*articles_in([word], sys.stdin.buffer)][:2]
    if isinstance(first, DealwireError):
        raise first
    if others:
        raise QueryError(word, "it holds several articles; one can be explained at a time")
    return first


def _deals(article: Article, reading: Reading, width: int) -> Iterator[str]:
    if article.title:
        yield clean(article.title)
    yield plural(len(reading.reports), "deal") if reading.reports else "no deals"
    if not reading.reports:
        yield "Ask about a sentence with --sentence TEXT."
    for number, report in enumerate(reading.reports, start=1):
        yield ""
        yield f"{number}. {report_line(report)}"
        yield f"   told by: {clean(report.rule)}"
        by_sentence: dict[tuple[str, int, int], list[Slot]] = {}
        for slot in report.slots:
            by_sentence.setdefault((slot.span.part, slot.span.start, slot.span.end), []).append(
                slot
            )
        for slots in by_sentence.values():
            for slot in slots:
                value = clean(field_value(slot.name, slot.value, slot.unit))
                yield f"   {FIELDS.get(slot.name, slot.name)}: {value}  ({clean(slot.rule)})"
            yield from (f"       {line}" for line in _stated(article, slots[0], width - 7))


def _stated(article: Article, slot: Slot, width: int) -> Iterator[str]:
    from extractor.store.passage import sentence_around

    span = slot.span
    text = article.title if span.part == "title" else article.text
    left, right = sentence_around(text, span.start, span.end)
    yield from marked_lines(text[left:right], span.start - left, span.end - left, width)


def _sight(seen: tuple[SeenStatement, ...]) -> Iterator[str]:
    for sentence, statements in groupby(seen, key=lambda statement: statement.sentence):
        yield clean(sentence)
        for statement in statements:
            if statement.text != sentence:
                yield f"  | {clean(statement.text)}"
            yield from (f"    {line}" for line in _statement(statement))
        yield ""


def _statement(statement: SeenStatement) -> Iterator[str]:
    if statement.parties:
        yield f"companies  {clean('; '.join(map(_party, statement.parties)))}"
    if statement.amounts:
        yield f"amounts    {clean('; '.join(map(_amount, statement.amounts)))}"
    if statement.statuses:
        yield f"status     {', '.join(statement.statuses)}"
    if statement.passed_over:
        yield f"guarded    {clean(', '.join(statement.passed_over))}: no cues are read in it"
    for cue in statement.cues:
        means = f" ({', '.join(cue.types)})" if cue.types else ""
        yield f"cue        {clean(cue.text)!r}, {cue.kind}{means}: {clean(cue.outcome)}"
    for word in statement.words:
        likely = f"{word.type} {word.probability:.2f}"
        why = f"; for it: {', '.join(map(repr, word.reasons))}" if word.reasons else ""
        yield f"word       {clean(word.text)!r} ({likely}): {word.outcome}{clean(why)}"


def _party(party: SeenParty) -> str:
    category = f"{party.category}, " if party.category else ""
    return f"{party.name} ({category}{party.place})"


def _amount(amount: SeenAmount) -> str:
    value = field_value(amount.kind, amount.value, amount.unit)
    role = f", {amount.role.replace('_', ' ')}" if amount.role else ""
    return f'"{amount.text}" ({amount.kind} {value}{role})'
