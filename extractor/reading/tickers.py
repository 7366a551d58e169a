"""Stock symbols that a text writes, in any of the notations of the press."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.companies import CompanyMention
from extractor.reading.tokens import Tokens
from extractor.reading.unknown import shortens
from extractor.reading.wordlists import WordLists

_EXCHANGE = (
    r"(?:NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|NYSE(?:[\s-]?(?:American|Arca|AMERICAN|ARCA|MKT))?|AMEX|TSX[\s-]?V|TSXV|TSX|CSE|NEO|ASX|"
    r"LSE|AIM|OTC(?:QB|QX|MKTS|PK)?|OTC\s?Pink|XETRA|Xetra|XETR|ETR|FRA|FWB|Frankfurt|FRANKFURT|HKEX|HKG|SEHK|Cboe(?:\s(?:BZX|Canada))?|CBOE|EPA|Euronext(?:\s\w+)?|AMS|OSE|Oslo|OSL|NZX|KLSE|Bursa|BME|BMV|HEL|CPH|TWSE|TPEX|IDX|"
    r"STO|KRX|KOSDAQ|SGX|TASE|ADX|DFM|TYO|TSE|JSE|B3|BVMF|SIX|Euronext\sGrowth|SZSE|SSE|NSE|BSE|ticker|Ticker|tickers|symbol|symbols)"
)
_SYMBOL = r"[A-Z][A-Z0-9]{0,6}(?:[.\-][A-Z]{1,3})?"
_NOTED = re.compile(
    rf"\b(?:{_EXCHANGE})(?:\s(?:Growth|Prime|Standard|Venture|Main|Star|First\s?North))?(?:\s?(?:\||/|and|&|,|;)\s?(?:{_EXCHANGE}))*\s?(?::|\||\s(?=[\"“'‘]?[A-Z]{{2,5}}\b)|-)\s?[\"“'‘]?(?P<symbol>\d{{4,6}}|\d[A-Z]{{2}}|{_SYMBOL})\b"
    rf"(?P<more>(?:\s?(?:,|/|and|&)\s?[\"“'‘]?[A-Z][A-Z0-9]{{1,5}}\b(?!\s?[:|]))*)"
)
_SYMBOLS_QUOTED = re.compile(
    r"\b(?:symbols?|tickers?),?\s+(?:symbol\s+)?[\"“'‘(]*(?P<symbol>[A-Z][A-Z0-9]{1,5}|\d{4,6})\b"
    r"(?P<more>(?:[\"”'’]*\s(?:and|&)\s[\"“'‘]*[A-Z]{3,5}\b)?)"
)
_CASHTAG = re.compile(r"\$(?<![\w$]\$)(?P<symbol>[A-Z]{2,5}(?:\.[A-Z]{1,2})?)\b(?![.,]?\d)")
_REUTERS = re.compile(
    r"\b(?P<symbol>[A-Z]{2,5})\.(?:O|OQ|N|K|A|PK|TO|V|L|AX|HK|DE|PA|T|OL|ST|KS|SI|MI|F|SW|AS|CN|NE)\b(?!\.)"
)
_PARENTHESES = re.compile(
    rf"\(\s?(?P<symbol>{_SYMBOL})(?P<more>(?:\s?[,/;]\s?{_SYMBOL})*)"
    r"(?P<move>\s?[,:]?\s?(?:\+|-|−|▲|▼)?\d[\d.,]*\s?%|\s+on\s+(?:the\s+)?[A-Z][\w ]{1,20})?\s?\)"
)


# each with what it cannot do without: quicker to look for
_NOTATIONS = (
    (_CASHTAG, re.compile(r"\$[A-Z]"), "cashtag"),
    (_REUTERS, re.compile(r"[A-Z][A-Z]\.[A-Z]"), "reuters code"),
    (_SYMBOLS_QUOTED, re.compile(r"symbol|ticker"), "symbol named"),
)
_NEVER = frozenset(("AI", "BTC", "ETH", "US", "UK"))
_LISTED_WORDS = frozenset(("NDA", "SPA", "REC", "REN", "IFT"))  # symbols too, behind an exchange
_REACH = 80
_QUOTES = frozenset("\"“'‘(")
_LISTED = frozenset(("listed", "quoted", "trade", "trades", "traded", "trading"))
_STOCK = ("stock", "stock's", "shares", "share", "Shares", "inventory")
_ANY_VERBS = frozenset(("is", "was", "added", "gained", "lost", "closed", "opened", "ended"))
# what follows a symbol that stands for its share
_MOVES = frozenset(
    (
        "shares", "stock", "fell", "rose", "slid", "sank", "jumped", "climbed", "dropped", "gained",
        "slipped", "surged", "soared", "plunged", "tumbled", "rallied", "closed", "ended", "opened",
        "trades", "traded", "lost", "added", "dipped", "advanced", "declined", "popped", "rises",
        "falls", "gains", "drops", "slides", "jumps", "is", "was", "holders",
    )
)  # fmt: skip


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
        self._never_listed = words.not_tickers - words.assets - _LISTED_WORDS
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
        moving = self._moving(tokens, companies)
        noted = (
            *_noted(tokens.text),
            *self._in_parentheses(tokens, companies, moving),
            *_codes(tokens, companies),
        )
        for mention in noted:
            if self._may_be_symbol(mention):
                found.setdefault(mention.start, mention)
        declared = {mention.symbol for mention in found.values()} | moving
        for mention in self._bare_symbols(tokens, companies, declared):
            found.setdefault(mention.start, mention)
        return sorted(found.values(), key=lambda mention: mention.start)

    def _moving(self, tokens: Tokens, companies: Sequence[CompanyMention]) -> set[str]:
        """Unknown symbols that are listed, or move and shorten a company's name: "HRLN fell"."""
        candidates = {
            word
            for word in set(tokens.words)
            if word.isupper()
            and 3 <= len(word) <= 5
            and word.isalpha()
            and word not in self._not_tickers
            and word not in self._names
        }
        if not candidates:
            return candidates
        names = {tokens.span_text(m.first, m.last) for m in companies}
        found = set()
        for index, word in enumerate(tokens.words[:-1]):
            if word not in candidates:
                continue
            if self._is_listed_as(tokens, index):
                found.add(word)
            if tokens.lower[index + 1] not in _MOVES:
                continue
            weak = tokens.lower[index + 1] in _ANY_VERBS
            if any(
                name != word and shortens(word, name) and not (weak and _abbreviates(word, name))
                for name in names
            ):
                found.add(word)
        return found

    def _is_listed_as(self, tokens: Tokens, index: int) -> bool:
        """Whether "will trade as" or "is listed under" stands before the word."""
        at = index - 2 if tokens.words[index - 1] in _QUOTES else index - 1
        return at > 0 and tokens.lower[at] in ("as", "under") and tokens.lower[at - 1] in _LISTED

    def _may_be_symbol(self, mention: TickerMention) -> bool:
        symbol = mention.symbol
        if mention.rule == "exchange notation" and symbol not in _NEVER:
            return symbol in self._known or symbol not in self._never_listed
        if symbol in _NEVER or (mention.rule == "reuters code" and symbol in self._not_tickers):
            return False
        return symbol in self._known or symbol not in self._not_tickers

    def _in_parentheses(
        self, tokens: Tokens, companies: Sequence[CompanyMention], moving: set[str]
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
                if short and self._owner.get(symbol) != mention.name and symbol not in moving:
                    continue
            elif before.endswith(_STOCK):
                rule = "behind its stock"  # "The stock (OQDI) rose"
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
    for pattern, needed, rule in _NOTATIONS:
        for match in pattern.finditer(text) if needed.search(text) else ():
            yield _mention(match["symbol"], match.start("symbol"), rule)
            if "more" in pattern.groupindex:
                yield from _more(match, rule)


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


_CODE = re.compile(r"\s?\(\s?(?P<symbol>\d{4})(?:\.[A-Z]{1,2})?\s?\)")


def _codes(tokens: Tokens, companies: Sequence[CompanyMention]) -> Iterator[TickerMention]:
    """Four digits in parentheses behind a company, unless they are a year: "Gumi (3903)"."""
    for mention in companies:
        match = _CODE.match(tokens.text, tokens.ends[mention.last - 1])
        if match and match["symbol"][:2] not in ("19", "20"):
            yield _mention(match["symbol"], match.start("symbol"), "code in parentheses")


def _abbreviates(symbol: str, name: str) -> bool:
    """Whether the symbol is made of the name's first letters ("CIPCO", "GRDA")."""
    words: list[str] = re.findall(r"[\w&]+", name)
    initials = "".join(word[0] for word in words).upper()
    capitals = "".join(word[0] for word in words if word[0].isupper())
    if len(words) >= 3 and len(capitals) >= 3 and symbol.startswith(capitals[: len(symbol)]):
        # "CIPCO" goes on with the last word, "TDPX" does not
        return words[-1].upper().startswith(symbol[len(capitals) - 1 :])
    return symbol in (initials, capitals)
