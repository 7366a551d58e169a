"""`dealwire eval GOLD`: how well the rules read annotated articles."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.options import Models, PageFormat, PageFormatOption
from extractor.cli.output import json_text
from extractor.cli.words import clean, plural


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="Annotated articles, one JSON object a line.")
    ],
    misses: Annotated[
        int, typer.Option("--misses", min=0, metavar="N", help="Show N wrong deals, too.")
    ] = 0,
    form: PageFormatOption = PageFormat.table,
    models: Models = None,
) -> None:
    """Score the rules on annotated articles, field by field.

    Precision, recall and F1 of each field. A line of GOLD is an article with the deals,
    companies, tickers and amounts that it states, as `dealwire extract --format json` writes it.

    \b
    Example:
      dealwire eval corpus/gold/rules_a.jsonl --misses 3
    """
    from extractor.evaluate.corpus import load_gold

    golds = load_gold(gold)
    # What costs a second to load comes after what may fail at once.
    from extractor.evaluate.floor import evaluate as measured
    from extractor.evaluate.tables import miss_lines, score_lines
    from extractor.reading import load_reader

    report = measured(golds, load_reader(models=models))
    if form is PageFormat.json:
        scores = [{**asdict(score), "f1": round(score.f1, 4)} for score in report.scores]
        missed = [asdict(miss) for miss in report.misses[:misses]]
        found = {"articles": len(golds), "scores": scores, "misses": missed}
        typer.echo(json_text(found, indent=2))
        return
    for lines in (
        score_lines(f"{gold.stem} ({plural(len(golds), 'article')})", report),
        miss_lines(report.misses[:misses]),
    ):
        for line in "".join(lines).splitlines():
            typer.echo(clean(line))
