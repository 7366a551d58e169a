"""`dealwire rules`: the rules themselves."""

from __future__ import annotations

import typer

from extractor.cli.options import Models
from extractor.cli.words import clean, plural

app = typer.Typer(no_args_is_help=True, help="Check the rules that articles are read by.")


@app.callback()
def rules() -> None:
    """Check the rules that articles are read by."""


@app.command()
def check(models: Models = None) -> None:
    """Try every rule on its own example and counterexample.

    A rule must match the one and not the other. Each fault is named with file and line;
    the exit code is then 1.

    \b
    Example:
      dealwire rules check
    """
    from extractor.assets import rule_folders
    from extractor.reading import load_reader
    from extractor.reading.rulecheck import check_rules

    faults = check_rules(load_reader(models=models), rule_folders(models))
    for fault in faults:
        typer.echo(clean(str(fault)))
    typer.echo(plural(len(faults), "fault") if faults else "no faults", err=True)
    if faults:
        raise typer.Exit(1)
