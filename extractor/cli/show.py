"""`dealwire show DEAL`: a deal with the sentences behind every field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import typer

from extractor.cli.deals import other_side
from extractor.cli.fields import FIELDS, field_value
from extractor.cli.moment import open_at
from extractor.cli.options import DEFAULT_DB, AsOf, Db, KnownBy, PageFormat, PageFormatOption
from extractor.cli.output import json_text, line_width
from extractor.cli.passages import marked_lines
from extractor.cli.words import clean, date, money, plural, power
from extractor.store.answers import ClaimRow, DealDetail, DealRow, Source, Statement, as_json


def show(
    deal: Annotated[str, typer.Argument(metavar="DEAL", help="Its key, or the beginning of it.")],
    as_of: AsOf = "",
    known_by: KnownBy = "",
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Show a deal with the sentence behind every field.

    Each sentence comes with its article and date; the words that state the field are marked.
    Beside each value stands how many independent stories say so (copies of one text are one
    story), and how it differs from the agreed one where it does. * marks a primary source:
    a company's release, or what it filed.

    \b
    Example:
      dealwire show e4ea0ff2
    """
    with open_at(db, as_of, known_by) as ledger:
        detail = ledger.deal(deal)
    if form is PageFormat.json:
        typer.echo(json_text(as_json(detail), indent=2))
        return
    width = line_width()
    for line in _page(detail, width):
        typer.echo(line)


def _page(detail: DealDetail, width: int) -> Iterator[str]:
    deal = detail.deal
    yield f"{deal.key}  {deal.type}, {deal.status}"
    yield clean(" with ".join(name for name in (deal.company, other_side(deal)) if name))
    yield _reported(detail)
    yield from _links(detail)
    yield from _checks(detail)
    claims = {(c.slot, article): c for c in detail.claims for article in c.articles}
    for said in _by_value(detail, claims):
        first = said[0]
        yield ""
        value = clean(field_value(first.slot, first.value, first.unit))
        claim = claims.get((first.slot, first.source.key))
        agreed = _is_agreed(deal, first, claim)
        note = _voices(said, claim, agreed=agreed)
        if agreed and (rounding := _rounding(detail.claims, first.slot)):
            note += f", rounded by {rounding} more"
        yield f"{FIELDS.get(first.slot, first.slot)}: {value}  ({note})"
        yield from _sentences(said, width)
    if detail.history:
        yield ""
        yield "history"
        for step in detail.history:
            yield f"    {date(step.since) or 'undated':10}  {step.status:11}  {clean(step.article)}"
    yield ""
    yield plural(len(detail.sources), "source")
    for source in detail.sources:
        kind = f" ({source.kind})" if source.kind else ""
        yield f"    {_source(source)}{kind}  {clean(source.title)}".rstrip()
        yield f"      {clean(source.url or source.key)}"


def _reported(detail: DealDetail) -> str:
    """`told by 3 independent stories in 9 articles, a release and a filing among them`."""
    deal = detail.deal
    kinds = [f"a {kind}" for kind in sorted({s.kind for s in detail.sources if s.kind})]
    kinds = ["a company's own page" if kind == "a company" else kind for kind in kinds]
    told = plural(deal.stories, "independent story", "independent stories")
    among = f", {' and '.join(kinds)} among them" if kinds else ", no primary source among them"
    if deal.articles == 1:
        among = f", {kinds[0]}" if kinds else ", no primary source"
    return f"told by {told} in {plural(deal.articles, 'article')}{among}"


def _links(detail: DealDetail) -> Iterator[str]:
    for link in detail.links:
        figures = (money(link.value, link.currency), power(link.megawatts))
        told = ", ".join(figure for figure in figures if figure) or "no figures"
        other = clean(", ".join((link.company, *link.counterparties)))
        note = ""
        if link.is_total:
            note = "; figures here are the new total" if link.kind == "expands" else ""
            note = note or "; its figures are the new total, with these"
        kind = "same amount as" if link.kind == "same amount" else link.kind
        yield f"{kind} {link.deal[:8]} of {date(link.published)}: {other}: {told}{note}"
    if detail.deal.left_out:
        yield f"not counted in sums: {detail.deal.left_out}"


def _checks(detail: DealDetail) -> Iterator[str]:
    for check in detail.checks:
        # The name says what the figure is: "$ per MW-year".
        what = check.name.removeprefix("$ ")
        band = f"{money(check.low)} to {money(check.high)}"
        yield f"check: {money(check.number)} {what} is {check.verdict} (most are {band})"
        if check.hint:
            yield f"    perhaps {check.hint}"


def _voices(said: list[Statement], claim: ClaimRow | None, *, agreed: bool) -> str:
    """`3 stories*`, `1 story since 2025-09-16; not the agreed value: contradiction`."""
    stories = claim.stories if claim else len({s.source.story for s in said})
    primary = claim.primary if claim else any(s.source.kind for s in said)
    told = plural(stories, "story", "stories") + ("*" if primary else "")
    if claim is not None:
        told += f" since {date(claim.since)}" if claim.since else ""
    if agreed:
        return told
    return f"{told}; not the agreed value" + (f": {claim.label}" if claim else "")


def _rounding(claims: Iterable[ClaimRow], slot: str) -> int:
    """How many stories state the agreed value of a field with fewer digits."""
    return sum(c.stories for c in claims if c.slot == slot and c.label == "rounding")


def _by_value(
    detail: DealDetail, claims: Mapping[tuple[str, str], ClaimRow]
) -> list[list[Statement]]:
    """Statements by field and value: fields as people ask, the agreed value first."""
    order = list(FIELDS)
    found: dict[tuple[str, str | float, str], list[Statement]] = {}
    for said in detail.statements:
        found.setdefault((said.slot, said.value, said.unit), []).append(said)
    return sorted(
        found.values(),
        key=lambda said: (
            order.index(said[0].slot),
            not _is_agreed(detail.deal, said[0], claims.get((said[0].slot, said[0].source.key))),
        ),
    )


def _is_agreed(deal: DealRow, said: Statement, claim: ClaimRow | None) -> bool:
    """Whether the ledger has this value in its row of the deal."""
    if claim is not None:
        return claim.label == "agreed"
    if said.slot == "counterparty":
        return said.value in deal.counterparties
    if said.slot == "backer":
        return said.value in deal.backers
    return bool(getattr(deal, said.slot) == said.value)


def _sentences(said: list[Statement], width: int) -> Iterator[str]:
    """Each sentence once, its words marked, under it the articles that print it."""
    sources: dict[tuple[str, int, int], list[Source]] = {}
    for statement in said:
        place = (statement.sentence, statement.start, statement.end)
        sources.setdefault(place, []).append(statement.source)
    for (sentence, start, end), printed in sources.items():
        for line in marked_lines(sentence, start, end, width - 4):
            yield "    " + line
        yield f"      {'; '.join(dict.fromkeys(_source(source) for source in printed))}"


def _source(source: Source) -> str:
    """Who said so, and when; the list at the end has the addresses."""
    mark = "*" if source.kind else ""
    return clean(f"{source.site or source.key}{mark}, {date(source.published) or 'undated'}")
