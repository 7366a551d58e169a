"""The language half: an article in, its facts and deals out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from extractor import assets
from extractor.errors import ModelError
from extractor.reading.components import Companies, Component, Frames, Layer
from extractor.reading.gate import Gate
from extractor.reading.gazetteer import Company
from extractor.reading.reports import span_at, to_report
from extractor.reading.tokens import Tokens
from extractor.records import Article, Fact, FactKind, Reading, Span

_KINDS: dict[str, FactKind] = {
    "money": "money",
    "power": "power",
    "count": "count",
    "coins": "coins",
    "duration": "duration",
    "percent": "percent",
}


class Reader:
    """Reads articles with a loaded pipeline. Same input, same output; no state between."""

    def __init__(self, nlp: Language, trade: Path, fingerprint: str = "") -> None:
        """`trade` is the file of words that make a text one of this trade."""
        self._nlp = nlp
        plain = (n for c in self.companies for n in c.names if n not in c.ambiguous)
        self._gate = Gate(trade, plain)
        self.fingerprint = fingerprint

    @property
    def companies(self) -> tuple[Company, ...]:
        """The companies that the pipeline knows by name."""
        component = self._nlp.get_pipe("companies")
        assert isinstance(component, Companies)
        return component.finder.companies

    @property
    def frames(self) -> Frames:
        """The rules of deals, for those who explain them."""
        component = self._nlp.get_pipe("frames")
        assert isinstance(component, Frames)
        return component

    def layer(self, text: str, title: str = "") -> Layer:
        """What the components find in a text, as they hand it on."""
        layer = Layer(Tokens(f"{title}\n\n{text}" if title else text), len(title))
        for _, component in self._nlp.pipeline:
            if isinstance(component, Component):  # they need no Doc
                component.read(layer)
        return layer

    def read(self, article: Article) -> Reading:
        """Every fact with its span, and the deals that the article reports.

        General news, without any word of the trade, is not read: it gives nothing.
        """
        if not (self._gate.passes(article.title) or self._gate.passes(article.text)):
            return Reading((), ())
        title, layer = article.title, self.layer(article.text, article.title)
        facts = [
            Fact(
                _KINDS[q.amount.kind],
                q.amount.value,
                q.amount.unit,
                *_place(q.amount.start, q.amount.end, title, article),
                q.amount.rule,
                q.role,
            )
            for q in layer.quantities
            if _within(q.amount.start, q.amount.end, len(title))
        ]
        tokens = layer.tokens
        for mention in layer.companies:
            start, end = tokens.starts[mention.first], tokens.ends[mention.last - 1]
            facts.append(
                Fact(
                    "company",
                    mention.name,
                    "",
                    *_place(start, end, title, article),
                    mention.rule,
                    mention.category,
                )
            )
        facts += [
            Fact("ticker", t.symbol, "", *_place(t.start, t.end, title, article), t.rule)
            for t in layer.tickers
        ]
        reports = tuple(to_report(draft, len(title)) for draft in layer.drafts)
        facts.sort(key=lambda f: (f.span.part == "text", f.span.start, f.span.end, f.kind))
        return Reading(tuple(facts), reports)


def _within(start: int, end: int, title_length: int) -> bool:
    """Whether an amount lies in one part; none reaches over the blank line."""
    return not (start < title_length < end)


def _place(start: int, end: int, title: str, article: Article) -> tuple[Span, str]:
    span = span_at(start, end, len(title))
    return span, span.of(article)


def load_reader(path: Path | None = None, *, models: Path | None = None) -> Reader:
    """The reader of the pipeline folder at `path`, by default the shipped one.

    `models` is a user's own folder of rules, see `assets.rule_folders`. Raises ModelError,
    naming the file, where a rule cannot be read.
    """
    folders = assets.RuleFolders(path) if path else assets.rule_folders(models)
    trade = folders.pipeline / "frames" / "language" / "trade.toml"
    return Reader(load_pipeline(folders), trade, fingerprint(folders))


def load_pipeline(folders: assets.RuleFolders) -> Language:
    """The spaCy pipeline with the user's own rows laid over it."""
    own: dict[str, Any] = {}
    if folders.own is not None:
        own = {
            f"components.{name}.own": str(folders.own / name) for name in ("companies", "frames")
        }
    try:
        return spacy.load(folders.pipeline, config=own)
    except ModelError:
        raise
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(str(folders.pipeline), "not a pipeline that spaCy can load") from error


def fingerprint(folders: assets.RuleFolders) -> str:
    """A digest of the rule files and of the code that reads them.

    Readings made under one fingerprint need no second reading.
    """
    digest = hashlib.sha256()
    code = sorted(Path(__file__).parent.rglob("*.py"))
    roots = [folders.pipeline, *([folders.own] if folders.own else [])]
    rules = [p for root in roots for p in sorted(root.rglob("*")) if p.is_file()]
    for path in [*rules, *code]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
