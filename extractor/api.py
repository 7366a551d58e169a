"""dealwire from Python: the public functions."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from extractor.errors import DealwireError
from extractor.records import Reading
from extractor.store.answers import DealRow
from extractor.store.read import LedgerReader, open_for_reading

if TYPE_CHECKING:
    from extractor.reading import Reader
    from extractor.workflow import IngestSummary

__version__ = version("dealwire")


def open_ledger(
    path: Path | str, *, as_of: datetime | None = None, known_by: datetime | None = None
) -> LedgerReader:
    """The ledger at `path`, to be asked: `open_ledger("dealwire.db").deals()`.

    With `as_of` its deals are those that had been published before that moment, with
    `known_by` those that this ledger had taken in by then. A context manager. Raises
    LedgerError where there is no ledger that can be read.
    """
    if as_of is None and known_by is None:
        return open_for_reading(path)
    from extractor.asking import open_known

    return open_known(path, as_of=as_of, known_by=known_by)


def ingest(
    *sources: str | Path, db: Path | str, allow_private: bool = False, contact: str = ""
) -> IngestSummary:
    """Takes sources into the ledger at `db` as `dealwire ingest` does.

    Sources that fail are listed in the summary. `contact` is your e-mail address, told to the
    hosts that are asked; sec.gov wants one. Raises LedgerError if the ledger cannot be
    written.
    """
    from extractor.gather.fetch import Fetcher
    from extractor.gather.policy import FetchPolicy
    from extractor.store.write import open_ledger as open_for_writing
    from extractor.workflow import ingest as take_in

    with open_for_writing(db) as ledger:
        fetcher = Fetcher(FetchPolicy(allow_private=allow_private, contact=contact))
        return take_in([str(source) for source in sources], ledger, load_reader(), fetcher)


def load_reader(path: Path | None = None) -> Reader:
    """The language half, loaded from the pipeline folder at `path` or the shipped one.

    Takes seconds; keep it. Raises ModelError where a rule cannot be read.
    """
    from extractor.reading import load_reader as load

    return load(path)


def read(text: str, *, title: str = "", reader: Reader | None = None) -> Reading:
    """The facts and deals in a text as scraped.

    Offsets refer to the text without the debris around it, as `Fact.text` shows it. Pass a
    `reader` when reading more than one. Raises ArticleError for an empty text.
    """
    from extractor.gather.article import article_from_text

    return (reader or load_reader()).read(article_from_text(text, title=title))


def to_frame(deals: Iterable[DealRow], library: Literal["", "pandas", "polars"] = "") -> Any:
    """Deals as a data frame, one row each, with the fields of DealRow as columns.

    `library` is "pandas" or "polars", by default whichever is there. Raises DealwireError
    if it is not installed.
    """
    rows = [
        {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(deal).items()
        }
        for deal in deals
    ]
    names = (library,) if library else ("pandas", "polars")
    for name in names:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        columns = list(DealRow.__dataclass_fields__)
        if name == "pandas":
            return module.DataFrame(rows, columns=columns)
        return (
            module.DataFrame(rows, infer_schema_length=None)
            if rows
            else module.DataFrame(schema=columns)
        )
    raise DealwireError(
        "to_frame", f"a data frame needs {' or '.join(names)}: pip install {names[0]}"
    )
