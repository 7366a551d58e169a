"""The verbs of `dealwire`, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli import (
    articles,
    changes,
    companies,
    company,
    conflicts,
    deals,
    evaluate,
    explain,
    export,
    extract,
    feeds,
    ingest,
    join,
    prune,
    replay,
    reread,
    rules,
    search,
    show,
    split,
    stats,
    stories,
    story,
    watch,
    why,
)

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts faster and reads well in a pipe
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dealwire {version('dealwire')}")
        raise typer.Exit


@app.callback()
def dealwire(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    """Crypto-mining and AI-infrastructure news in, a ledger of deals out.

    Begin with `dealwire ingest SOURCE...`, then ask: `dealwire deals`.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command()(ingest.ingest)
app.add_typer(feeds.app, name="feeds")
app.command()(watch.watch)
app.command()(deals.deals)
app.command()(show.show)
app.command()(conflicts.conflicts)
app.command()(articles.articles)
app.command()(changes.changes)
app.command()(stories.stories)
app.command()(story.story)
app.command()(why.why)
app.command()(join.join)
app.command()(split.split)
app.command()(companies.companies)
app.command()(company.company)
app.command()(search.search)
app.add_typer(export.app, name="export")
app.command()(reread.reread)
app.command()(replay.replay)
app.command()(prune.prune)
app.command()(stats.stats)
app.command()(extract.extract)
app.command()(explain.explain)
app.command("eval")(evaluate.evaluate)
app.add_typer(rules.app, name="rules")
