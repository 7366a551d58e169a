"""Stock symbols that a text writes, in any of the notations of the press."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
        self._not_tickers = words.not_tickers
        self._known = {symbol for symbol, _ in symbols if symbol} | words.symbols
        self._owner = dict(symbols)
        self._names = {name.upper() for name in names}
        plain = {s for s in self._known if len(s) >= 3 and s.isalpha()}
        self._bare = {s for s in plain if s not in self._names and s not in words.not_tickers}

    def find(self, tokens: Tokens, companies: Sequence[CompanyMention]) -> list[TickerMention]:
        """Every mention of a ticker, in order of place."""
        text = tokens.text
        found: dict[int, TickerMention] = {}

        def note(symbol: str, start: int, rule: str) -> None:
            plain = symbol.split(".")[0]
            if plain in ("AI", "BTC", "ETH", "US", "UK") or (
                plain in self._not_tickers and plain not in self._known
            ):
                return
            found.setdefault(start, TickerMention(plain, start, start + len(symbol), rule))

        for match in _NOTED.finditer(text):
            note(match["symbol"], match.start("symbol"), "exchange notation")
            for more in re.finditer(_SYMBOL, match["more"] or ""):
                note(more.group(), match.start("more") + more.start(), "exchange notation")
        for pattern, rule in (
            (_CASHTAG, "cashtag"),
            (_REUTERS, "reuters code"),
            (_SYMBOLS_QUOTED, "symbol named"),
        ):
            for match in pattern.finditer(text):
                if rule != "reuters code" or match["symbol"] not in self._not_tickers:
                    note(match["symbol"], match.start("symbol"), rule)
        ends = {tokens.ends[m.last - 1]: m for m in companies}
        for match in _PARENTHESES.finditer(text):
            self._in_parentheses(match, text, ends, note)
        declared = {m.symbol for m in found.values()}
        inside = {i for m in companies for i in range(m.first, m.last)}
        for index, word in enumerate(tokens.words):
            if (
                word in self._bare
                and index not in inside
                and (word in declared or (len(word) >= 4 or not self._is_word(tokens, index)))
            ):
                if not self._in_capitals(tokens, index):
                    note(word, tokens.starts[index], "bare symbol")
            elif word in declared and index not in inside and not self._in_capitals(tokens, index):
                note(word, tokens.starts[index], "bare symbol")
        return sorted(found.values(), key=lambda m: m.start)

    def _in_parentheses(self, match, text, ends, note) -> None:  # type: ignore[no-untyped-def]
        """ "(CIFR)" is a ticker behind a company, unless it abbreviates the name."""
        symbol = match["symbol"]
        before = match.start()
        while before and text[before - 1] == " ":
            before -= 1
        mention = ends.get(before)
        if symbol in self._not_tickers and symbol not in self._known:
            return
        if mention is not None:
            owner = self._owner.get(symbol)
            initials = _initials(text[:before], symbol)
            if (initials or symbol in self._names) and owner != mention.name:
                return
            if (
                mention.rule == "known name"
                and symbol not in self._known
                and _is_acronym(symbol, text, before)
            ):
                return
            note(symbol, match.start("symbol"), "in parentheses")
        elif symbol in self._known and len(symbol) >= 3 and not _initials(text[:before], symbol):
            note(symbol, match.start("symbol"), "known symbol in parentheses")
        else:
            return
        for more in re.finditer(_SYMBOL, match["more"] or ""):
            note(more.group(), match.start("more") + more.start(), "in parentheses")

    def _is_word(self, tokens: Tokens, index: int) -> bool:
        return tokens.lower.count(tokens.lower[index]) > tokens.words.count(tokens.words[index])

    def _in_capitals(self, tokens: Tokens, index: int) -> bool:
        """Whether the neighbours are capitals too: a heading, not a symbol."""
        around = tokens.words[max(0, index - 2) : index] + tokens.words[index + 1 : index + 3]
        beside = tokens.words[index - 1 : index] + tokens.words[index + 1 : index + 2]
        return sum(map(_is_capital, around)) >= 2 or any(
            _is_capital(w) and w not in self._known for w in beside
        )


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _initials(before: str, symbol: str) -> bool:
    """Whether the symbol's letters begin the capitalised words right before it."""
    words = [w for w in re.findall(r"[\w&]+", before)[-8:] if w[0].isupper()]
    return len(symbol) >= 2 and "".join(w[0] for w in words[-len(symbol) :]).upper() == symbol


def _is_acronym(symbol: str, text: str, before: int) -> bool:
    words = re.findall(r"[\w&]+", text[max(0, before - 60) : before])
    return "".join(w[0] for w in words[-len(symbol) :]).upper() == symbol
