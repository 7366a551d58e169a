"""Stock symbols that a text writes, in any of the notations of the press."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.companies import CompanyMention
from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_EXCHANGE = (
    r"(?:NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|NYSE(?:[\s-]?(?:American|Arca|AMERICAN|ARCA|MKT))?|AMEX|TSX[\s-]?V|TSXV|TSX|CSE|NEO|ASX|"
    r"LSE|AIM|OTC(?:QB|QX|MKTS|PK)?|OTC\s?Pink|XETRA|Xetra|XETR|ETR|FRA|FWB|Frankfurt|HKEX|HKG|SEHK|Cboe(?:\s(?:BZX|Canada))?|CBOE|EPA|Euronext(?:\s\w+)?|AMS|OSE|Oslo|OSL|"
    r"STO|KRX|KOSDAQ|SGX|TASE|ADX|DFM|TYO|TSE|JSE|B3|BVMF|SIX|Euronext\sGrowth|SZSE|SSE|NSE|BSE|ticker|Ticker|tickers|symbol|symbols)"
)
_SYMBOL = r"[A-Z][A-Z0-9]{0,5}(?:[.\-][A-Z]{1,3})?"
_NOTED = re.compile(
    rf"\b(?:{_EXCHANGE})(?:\s(?:Growth|Prime|Standard|Venture|Main|Star|First\s?North))?(?:\s?(?:\||/|and|&|,|;)\s?(?:{_EXCHANGE}))*\s?(?::|\||\s(?=[\"“'‘]?[A-Z]{{2,5}}\b)|-)\s?[\"“'‘]?(?P<symbol>\d{{4,6}}|{_SYMBOL})\b"
    rf"(?P<more>(?:\s?(?:,|/|and|&)\s?[\"“'‘]?[A-Z][A-Z0-9]{{1,5}}\b(?!\s?[:|]))*)"
)
_SYMBOLS_QUOTED = re.compile(
    r"\b(?:symbols?|tickers?)\s+(?:symbol\s+)?[\"“'‘(]*(?P<symbol>[A-Z][A-Z0-9]{1,5}|\d{4,6})\b"
)
_CASHTAG = re.compile(r"(?<![\w$])\$(?P<symbol>[A-Z]{2,5}(?:\.[A-Z]{1,2})?)\b(?![.,]?\d)")
_REUTERS = re.compile(
    r"\b(?P<symbol>[A-Z]{2,5})\.(?:O|OQ|N|K|A|PK|TO|V|L|AX|HK|DE|PA|T|OL|ST|KS|SI|MI|F|SW|AS|CN|NE)\b(?!\.)"
)
_PARENTHESES = re.compile(
    rf"\(\s?(?P<symbol>{_SYMBOL})(?P<more>(?:\s?[,/;]\s?{_SYMBOL})*)"
    r"(?P<move>\s?[,:]?\s?(?:\+|-|−|▲|▼)?\d[\d.,]*\s?%|\s+on\s+(?:the\s+)?[A-Z][\w ]{1,20})?\s?\)"
)


_NOTATIONS = ((_CASHTAG, "cashtag"), (_REUTERS, "reuters code"), (_SYMBOLS_QUOTED, "symbol named"))
_NEVER = frozenset(("AI", "BTC", "ETH", "US", "UK"))
_REACH = 80


@dataclass(frozen=True, slots=True)
class TickerMention:
    """A symbol at characters `start` to `end` of the text."""

    symbol: str
    start: int
    end: int
    rule: str


class TickerFinder:
    """Finds tickers; bare symbols only when the company files know them."""

    def __init__(
        self, words: WordLists, symbols: Sequence[tuple[str, str]], names: Sequence[str]
    ) -> None:
        """`symbols` are pairs of a symbol and its company, `names` all companies' names."""
        self._not_tickers = words.not_tickers
        self._owner = {symbol: owner for symbol, owner in symbols if symbol}
        self._known = self._owner.keys() | words.symbols
        self._names = {name.upper() for name in names}
        self._bare = {
            symbol
            for symbol in self._known
            if len(symbol) >= 3
            and symbol.isalpha()
            and symbol not in self._names
            and symbol not in words.not_tickers
        }

    def find(self, tokens: Tokens, companies: Sequence[CompanyMention]) -> list[TickerMention]:
        """Every mention of a ticker, in order of place."""
        found: dict[int, TickerMention] = {}
        noted = (*_noted(tokens.text), *self._in_parentheses(tokens, companies))
        for mention in noted:
            if self._may_be_symbol(mention):
                found.setdefault(mention.start, mention)
        declared = {mention.symbol for mention in found.values()}
        for mention in self._bare_symbols(tokens, companies, declared):
            found.setdefault(mention.start, mention)
        return sorted(found.values(), key=lambda mention: mention.start)

    def _may_be_symbol(self, mention: TickerMention) -> bool:
        symbol = mention.symbol
        if symbol in _NEVER or (mention.rule == "reuters code" and symbol in self._not_tickers):
            return False
        return symbol in self._known or symbol not in self._not_tickers

    def _in_parentheses(
        self, tokens: Tokens, companies: Sequence[CompanyMention]
    ) -> Iterator[TickerMention]:
        """ "(CIFR)" behind a company, unless it abbreviates the company's name."""
        text = tokens.text
        ends = {tokens.ends[m.last - 1]: m for m in companies}
        for match in _PARENTHESES.finditer(text):
            symbol = match["symbol"]
            before = text[: match.start()].rstrip(" ")
            mention = ends.get(len(before))
            if mention is not None:
                rule = "in parentheses"
                name = before[tokens.starts[mention.first] :]
                short = _abbreviates(symbol, name) or symbol in self._names
                if short and self._owner.get(symbol) != mention.name:
                    continue
            else:
                rule = "known symbol in parentheses"
                if symbol not in self._known or len(symbol) < 3 or _initials(before) == symbol:
                    continue
            yield _mention(symbol, match.start("symbol"), rule)
            yield from _more(match, "in parentheses")

    def _bare_symbols(
        self, tokens: Tokens, companies: Sequence[CompanyMention], declared: set[str]
    ) -> Iterator[TickerMention]:
        """Symbols used like names: known ones, and those that the text has declared."""
        inside = {i for m in companies for i in range(m.first, m.last)}
        used = set(self._symbols_for_names(tokens, companies))
        for index, word in enumerate(tokens.words):
            if index not in used and (
                index in inside or not (word in declared or word in self._bare)
            ):
                continue
            is_word = len(word) == 3 and word not in declared and _is_also_word(tokens, index)
            if not is_word and not self._in_capitals(tokens, index):
                yield _mention(word, tokens.starts[index], "bare symbol")

    def _symbols_for_names(
        self, tokens: Tokens, companies: Sequence[CompanyMention]
    ) -> Iterator[int]:
        """Tokens that spell a company's symbol where the text otherwise calls it by a name.

        In "Marathon has 14,025 bitcoin. MARA closed at $21" the symbol is a ticker; in "MARA
        said", in a text that knows no other name, it is the name.
        """
        texts: dict[str, set[str]] = {}
        for mention in companies:
            text = tokens.span_text(mention.first, mention.last)
            texts.setdefault(mention.name, set()).add(text)
        for mention in companies:
            word = tokens.words[mention.first]
            if mention.last - mention.first == 1 and self._owner.get(word) == mention.name:
                others = (text for text in texts[mention.name] if text.split()[0] != word)
                if any(others):
                    yield mention.first

    def _in_capitals(self, tokens: Tokens, index: int) -> bool:
        """Whether the neighbours are capitals too: a heading, not a symbol."""
        words = tokens.words
        around = words[max(0, index - 2) : index] + words[index + 1 : index + 3]
        beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
        return sum(map(_is_capital, around)) >= 2 or any(
            _is_capital(word) and word not in self._known for word in beside
        )


def _mention(symbol: str, start: int, rule: str) -> TickerMention:
    return TickerMention(symbol.split(".")[0], start, start + len(symbol), rule)


def _noted(text: str) -> Iterator[TickerMention]:
    """Symbols that the text's notation marks as such."""
    for match in _NOTED.finditer(text):
        yield _mention(match["symbol"], match.start("symbol"), "exchange notation")
        yield from _more(match, "exchange notation")
    for pattern, rule in _NOTATIONS:
        for match in pattern.finditer(text):
            yield _mention(match["symbol"], match.start("symbol"), rule)


def _more(match: re.Match[str], rule: str) -> Iterator[TickerMention]:
    """The further symbols of a list: "(NASDAQ: HUT, RIOT)"."""
    for more in re.finditer(_SYMBOL, match["more"] or ""):
        yield _mention(more.group(), match.start("more") + more.start(), rule)


def _is_also_word(tokens: Tokens, index: int) -> bool:
    """Whether the text uses the same letters in lower case."""
    return tokens.lower.count(tokens.lower[index]) > tokens.words.count(tokens.words[index])


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _initials(before: str) -> str:
    """The first letters of the capitalised words right before a parenthesis."""
    words = re.findall(r"[\w&]+", before[-_REACH:])
    letters = ""
    for word in reversed(words):
        if not word[0].isupper() and word not in ("of", "and", "&"):
            break
        letters = (word[0] if word[0].isupper() else "") + letters
    return letters


def _abbreviates(symbol: str, name: str) -> bool:
    """Whether the symbol is made of the name's first letters ("CIPCO", "GRDA")."""
    words = re.findall(r"[\w&]+", name)
    initials = "".join(word[0] for word in words).upper()
    capitals = "".join(word[0] for word in words if word[0].isupper())
    if len(words) >= 3 and len(capitals) >= 3 and symbol.startswith(capitals[: len(symbol)]):
        return True
    return symbol in (initials, capitals)
