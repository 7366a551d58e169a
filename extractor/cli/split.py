"""`dealwire split`: a person's word that articles do not tell the story they are in."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.deciding import tell_anew
from extractor.cli.options import DEFAULT_DB, Db


def split(
    names: Annotated[
        list[str],
        typer.Argument(metavar="ARTICLE...", help="Keys or urls of articles of one story."),
    ],
    undo: Annotated[
        bool, typer.Option("--undo", help="Forget that these articles were split by hand.")
    ] = False,
    db: Db = DEFAULT_DB,
) -> None:
    """Take articles out of their story, for good: every later ingest and reread respects it.

    Several articles leave together, and stay one story if they tell one.

    \b
    Example:
      dealwire split https://gridmatters.example.com/weekly-33
    """
    from extractor.errors import QueryError
    from extractor.store.write import open_ledger

    with open_ledger(db, create=False) as ledger:
        leaving = list(dict.fromkeys(ledger.article_id(name) for name in names))
        if undo:
            touched = ledger.undo_stories(leaving, joined=False)
            if not touched:
                raise QueryError(" ".join(names), "not split by hand")
            tell_anew(ledger, {*leaving, *touched})
            return
        stories = {ledger.story_members(name) for name in names}
        if len(stories) > 1:
            raise QueryError(" ".join(names), "these are of several stories: name those of one")
        (members,) = stories
        staying = [id_ for id_ in members if id_ not in leaving]
        if not staying:
            raise QueryError(" ".join(names), "no other article is in this story")
        ledger.decide_stories([(a, b) for a in leaving for b in staying], joined=False)
        tell_anew(ledger, members)
