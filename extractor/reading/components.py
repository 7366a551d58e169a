"""The spaCy components of the pipeline in models/deals, registered by entry points.

    text -> tokenizer -> quantities -> companies -> frames -> Doc

`doc.spans["quantities"]`, `["companies"]`, `["tickers"]`, `["sites"]` hold what was found;
`doc._.deals` the deals as plain dictionaries; `doc.user_data["dealwire"]` all of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from extractor.reading.companies import CompanyFinder, CompanyMention
from extractor.reading.deals import DealFinder
from extractor.reading.deals.drafts import Draft
from extractor.reading.deals.scene import ArticleText, Scene, SceneBuilder
from extractor.reading.gazetteer import load_companies
from extractor.reading.lexicon import Lexicon
from extractor.reading.quantities import Amount, QuantityGrammar
from extractor.reading.roles import RoleRules
from extractor.reading.sites import SiteFinder, SiteMention
from extractor.reading.statementbuilder import StatementBuilder
from extractor.reading.statements import Quantity
from extractor.reading.statusrules import StatusRules
from extractor.reading.tickers import TickerFinder, TickerMention
from extractor.reading.tokens import Sentence, Tokens, split_sentences
from extractor.reading.wordlists import WordLists, load_words
from extractor.reading.zones import load_zones

LAYER = "dealwire"


@dataclass(slots=True)
class Layer:
    """What the components found in one text; offsets are characters of `tokens.text`."""

    tokens: Tokens
    title_end: int = 0
    amounts: list[Amount] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    companies: list[CompanyMention] = field(default_factory=list)
    tickers: list[TickerMention] = field(default_factory=list)
    sites: list[SiteMention] = field(default_factory=list)
    words: WordLists | None = None
    drafts: list[Draft] = field(default_factory=list)


def make_tokenizer() -> Callable[[Language], RuleTokenizer]:
    """Registered as the tokenizer `dealwire_tokenizer`."""
    return lambda nlp: RuleTokenizer(nlp.vocab)


class RuleTokenizer:
    """Tokens of `extractor.reading.tokens` as a spaCy Doc; nothing to save or train."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        tokens = Tokens(text)
        words: list[str] = []
        spaces: list[bool] = []
        end = 0
        for word, start, stop in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
            _add_gap(text[end:start], words, spaces)
            words.append(word)
            spaces.append(False)
            end = stop
        _add_gap(text[end:], words, spaces)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data[LAYER] = Layer(tokens)
        return doc

    def to_disk(self, path: Path, **_: Any) -> None:
        """Rules have no state of their own."""

    def from_disk(self, path: Path, **_: Any) -> RuleTokenizer:
        return self

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> RuleTokenizer:
        return self


def _add_gap(gap: str, words: list[str], spaces: list[bool]) -> None:
    """White space between two tokens: one space belongs to the token before it."""
    if not gap:
        return
    if gap[0] == " " and words:
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


def _layer(doc: Doc) -> Layer:
    layer = doc.user_data.get(LAYER)
    if layer is None:
        layer = doc.user_data[LAYER] = Layer(Tokens(doc.text))
    return layer


class Component(ABC):
    """A step of the pipeline: reads a layer, and shows spaCy's users what it found."""

    def __call__(self, doc: Doc) -> Doc:
        layer = _layer(doc)
        self.read(layer)
        self.show(layer, doc)
        return doc

    @abstractmethod
    def read(self, layer: Layer) -> None:
        """Add what this step finds in the layer's text."""

    @abstractmethod
    def show(self, layer: Layer, doc: Doc) -> None:
        """Lay what was found over the tokens of the Doc."""


class Quantities(Component):
    """Amounts with their roles."""

    def __init__(self, name: str) -> None:
        self.name = name

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Quantities:
        self._grammar = QuantityGrammar(Path(path))
        return self

    def read(self, layer: Layer) -> None:
        layer.amounts = self._grammar.find(layer.tokens.text)

    def show(self, layer: Layer, doc: Doc) -> None:
        doc.spans["quantities"] = _spans(doc, ((a.start, a.end, a.kind) for a in layer.amounts))


class Companies(Component):
    """Company mentions, tickers and places; `own` is a folder of a user's own company files."""

    def __init__(self, name: str, own: str = "") -> None:
        self.name = name
        self._own = Path(own) if own else None

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Companies:
        words = load_words(Path(path))
        companies = load_companies(Path(path), self._own)
        self.finder = CompanyFinder(companies, words)
        self._sites = SiteFinder(words)
        symbols = [(t, c.name) for c in companies for t in (c.ticker, *c.former_tickers) if t]
        self._tickers = TickerFinder(words, symbols, [n for c in companies for n in c.names])
        self._words = words
        self._zones = load_zones(Path(path).parent / "frames" / "language" / "zones.toml")
        return self

    def read(self, layer: Layer) -> None:
        tokens = layer.tokens
        layer.words = self._words
        layer.sentences = split_sentences(tokens, layer.title_end, self._zones)
        layer.companies = self.finder.find(tokens, layer.sentences)
        layer.tickers = self._tickers.find(tokens, layer.companies)
        taken = {i for m in layer.companies for i in range(m.first, m.last)}
        taken.update(i for a in layer.amounts for i in _tokens_of(tokens, a.start, a.end))
        layer.sites = self._sites.find(tokens, layer.sentences, taken)

    def show(self, layer: Layer, doc: Doc) -> None:
        tokens = layer.tokens
        doc.spans["companies"] = _spans(
            doc,
            (
                (tokens.starts[m.first], tokens.ends[m.last - 1], m.category)
                for m in layer.companies
            ),
        )
        doc.spans["tickers"] = _spans(doc, ((t.start, t.end, "ticker") for t in layer.tickers))
        doc.spans["sites"] = _spans(
            doc, ((tokens.starts[s.first], tokens.ends[s.last - 1], "site") for s in layer.sites)
        )


class Frames(Component):
    """Deals, from the companies and amounts and the words between them.

    `own` is a folder of a user's own frames; `lexicon` and `status` are what was loaded.
    Without weights, as before they are learned, no deals are found.
    """

    def __init__(self, name: str, own: str = "") -> None:
        self.name = name
        self._own = Path(own) if own else None
        self._scenes: SceneBuilder | None = None

    def from_disk(self, path: Path, exclude: Iterable[str] = ()) -> Frames:
        folder = Path(path)
        self.lexicon = Lexicon(folder, folder / "language" / "common.toml", self._own)
        self._roles = RoleRules(folder.parent / "quantities" / "roles.toml")
        self.status = StatusRules(folder / "language" / "status.toml")
        weights = folder.parent / "weights"
        learned = (weights / "triggers.tsv").is_file()
        self.finder = DealFinder.load(weights, self.status) if learned else None
        return self

    def read(self, layer: Layer) -> None:
        if layer.words is None:
            return
        scene = self.scene(layer)
        if self.finder is not None:
            layer.drafts = self.finder.find(scene)

    def show(self, layer: Layer, doc: Doc) -> None:
        """Nothing: `doc._.deals` looks into the layer."""

    def scene(self, layer: Layer) -> Scene:
        """What was found in a text before its deals, laid out for the weights."""
        assert layer.words is not None  # the companies component has run
        if self._scenes is None:
            builder = StatementBuilder(self.lexicon, layer.words)
            self._scenes = SceneBuilder(self.lexicon, builder)
        layer.quantities = list(self._with_roles(layer))
        return self._scenes.build(self.article_text(layer))

    def article_text(self, layer: Layer) -> ArticleText:
        """What was found in a text before its deals, as the deal finder takes it."""
        title_last = bisect_right(layer.tokens.ends, layer.title_end)
        return ArticleText(
            layer.tokens,
            layer.sentences,
            layer.companies,
            layer.quantities,
            layer.sites,
            title_last,
        )

    def _with_roles(self, layer: Layer) -> Iterable[Quantity]:
        """Amounts on their tokens, each with its role in its sentence."""
        tokens = layer.tokens
        sentence_starts = [tokens.starts[s.first] for s in layer.sentences]
        for amount in layer.amounts:
            place = _tokens_of(tokens, amount.start, amount.end)
            index = bisect_right(sentence_starts, amount.start) - 1
            if index < 0:
                continue
            sentence = layer.sentences[index]
            role = self._roles.role(
                amount, tokens.text, tokens.starts[sentence.first], tokens.ends[sentence.last - 1]
            )
            yield Quantity(place.start, place.stop, amount, role)


def _tokens_of(tokens: Tokens, start: int, end: int) -> range:
    """The tokens that characters `start` to `end` touch."""
    return range(bisect_right(tokens.starts, start) - 1, bisect_left(tokens.ends, end) + 1)


def _spans(doc: Doc, places: Iterable[tuple[int, int, str]]) -> list[Span]:
    spans = (doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in places)
    return [span for span in spans if span is not None]


@Language.factory("dealwire_quantities")
def make_quantities(nlp: Language, name: str) -> Quantities:
    return Quantities(name)


@Language.factory("dealwire_companies")
def make_companies(nlp: Language, name: str, own: str = "") -> Companies:
    return Companies(name, own)


@Language.factory("dealwire_frames")
def make_frames(nlp: Language, name: str, own: str = "") -> Frames:
    return Frames(name, own)


def _deals(doc: Doc) -> list[dict[str, Any]]:
    from extractor.reading.reports import plain_deal

    return [plain_deal(d, doc.text) for d in _layer(doc).drafts]


if not Doc.has_extension("deals"):
    Doc.set_extension("deals", getter=_deals)
