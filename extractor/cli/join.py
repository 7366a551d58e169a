"""`dealwire join`: a person's word that articles tell one story."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.deciding import tell_anew
from extractor.cli.options import DEFAULT_DB, Db


def join(
    names: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Keys of stories, or keys or urls of articles."),
    ],
    undo: Annotated[
        bool, typer.Option("--undo", help="Forget what was joined by hand in these stories.")
    ] = False,
    db: Db = DEFAULT_DB,
) -> None:
    """Make stories one, for good: every later ingest and reread respects it.

    An article stands for its whole story; to move one article alone, `split` it first.

    \b
    Example:
      dealwire join 5d1c3a7e 8f20bb01
    """
    from extractor.errors import QueryError
    from extractor.store.write import open_ledger

    with open_ledger(db, create=False) as ledger:
        ids = list(dict.fromkeys(id_ for name in names for id_ in ledger.story_members(name)))
        if undo:
            if not ledger.undo_stories(ids, joined=True):
                raise QueryError(" ".join(names), "nothing was joined by hand here")
        elif len({ledger.story_members(name) for name in names}) < 2:
            raise QueryError(" ".join(names), "name at least two stories, or articles of two")
        else:
            ledger.decide_stories([(ids[0], other) for other in ids[1:]], joined=True)
        tell_anew(ledger, ids)
