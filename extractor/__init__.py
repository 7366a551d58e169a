"""dealwire: from crypto-mining and AI-infrastructure news to a ledger of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# The public names. Each is imported when it is first used, so that `import extractor` is
# light and a question to a ledger never loads the language half.
_HOMES = {
    "Article": "extractor.records",
    "DealDetail": "extractor.store.answers",
    "DealQuery": "extractor.store.query",
    "DealRow": "extractor.store.answers",
    "DealwireError": "extractor.errors",
    "LedgerReader": "extractor.store.read",
    "Reading": "extractor.records",
    "__version__": "extractor.api",
    "ingest": "extractor.api",
    "load_reader": "extractor.api",
    "open_ledger": "extractor.api",
    "read": "extractor.api",
    "to_frame": "extractor.api",
}

if TYPE_CHECKING:
    from extractor.api import __version__, ingest, load_reader, open_ledger, read, to_frame
    from extractor.errors import DealwireError
    from extractor.records import Article, Reading
    from extractor.store.answers import DealDetail, DealRow
    from extractor.store.query import DealQuery
    from extractor.store.read import LedgerReader

__all__ = [
    "Article",
    "DealDetail",
    "DealQuery",
    "DealRow",
    "DealwireError",
    "LedgerReader",
    "Reading",
    "__version__",
    "ingest",
    "load_reader",
    "open_ledger",
    "read",
    "to_frame",
]


def __getattr__(name: str) -> Any:
    """PEP 562: a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
