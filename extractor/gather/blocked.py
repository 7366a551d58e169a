"""Pages that stand before an article: challenges, logins, consent, paywalls."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Literal, get_args
from urllib.parse import urlsplit

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.gather.url import canonical_url
from extractor.records import Page

Kind = Literal["challenge", "login", "consent", "paywall", "forbidden", "robots"]
_Place = Literal["header", "address", "title", "markup", "text", "page"]

WORDS: dict[Kind, str] = {
    "challenge": "the site asks for proof that a human reads it",
    "login": "the site asks for a login",
    "consent": "the site asks for consent to cookies first",
    "paywall": "the article is for subscribers",
    "forbidden": "the site refuses to show the page",
    "robots": "robots.txt of the site forbids it",
}
# The status of a page that stands for an answer that we were forbidden to ask for.
NOT_ASKED = 0
_STATUSES: dict[int, Kind] = {
    NOT_ASKED: "robots",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.PAYMENT_REQUIRED: "paywall",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: "forbidden",
}
_SPACES = re.compile(r"\s+")


def blocked_answer(page: Page) -> Kind | None:
    """What an answer that is no page (4xx, 5xx) was kept back for; None: it just failed.

    A challenge may come under any status; it shows in headers or markup.
    """
    markup = page.body.decode("utf-8", errors="replace")
    title = re.search(r"<title[^>]*>([^<]*)</title>", markup, re.I)
    found = (
        _search("header", _headers(page))
        or _search("markup", [markup], only=("challenge",))
        or _search("title", [_one_line(title[1])] if title else [], only=("challenge",))
    )
    return found or _STATUSES.get(page.status)


def blocked_page(page: Page, title: str, markup: str, text: str, shown: str) -> Kind | None:
    """What stands before the article on a page that came as if all were well.

    `text` is what would be taken for the article, `shown` all words of the page, which are
    looked at only if the text is short.
    """
    found = _search("header", _headers(page)) or _search("address", _address(page))
    if found or not is_short(text):
        return found
    return (
        _search("title", [title])
        or _search("markup", [markup])
        or _search("text", [_one_line(text)])
        or _search("page", [_one_line(shown)])
    )


def is_short(text: str) -> bool:
    """Whether a text is so short that something may stand before the article."""
    return len(text) < _rules().most_characters


def _headers(page: Page) -> list[str]:
    return [f"{name}: {value.strip().lower()}" for name, value in page.headers]


def _address(page: Page) -> list[str]:
    """Host and path where the request ended, if that is another place than it was sent to."""
    if canonical_url(page.final_url) == canonical_url(page.url):
        return []
    parts = urlsplit(page.final_url)
    return [f"{parts.hostname or ''}{parts.path or '/'}"]


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _search(where: _Place, texts: Sequence[str], only: Sequence[Kind] = ()) -> Kind | None:
    for sign in _rules().signs:
        if sign.where == where and (not only or sign.kind in only):
            if any(sign.is_in(text) for text in texts):
                return sign.kind
    return None


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a page says that it is not the article."""

    kind: Kind
    where: _Place
    pattern: re.Pattern[str]

    def is_in(self, text: str) -> bool:
        whole = self.where in ("address", "title")
        return bool(self.pattern.fullmatch(text) if whole else self.pattern.search(text))


@dataclass(frozen=True, slots=True)
class _Rules:
    most_characters: int
    signs: tuple[Sign, ...]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    path = models_dir() / "blocked.toml"
    with path.open("rb") as file:
        data = tomllib.load(file)
    try:
        signs = tuple(
            Sign(rule["kind"], rule["where"], re.compile(rule["pattern"], re.I))
            for rule in data["sign"]
        )
        most_characters = int(data["most_characters"])
    except (KeyError, re.error) as error:
        raise ModelError(str(path), "a sign is incomplete or its pattern is faulty") from error
    for sign in signs:
        if sign.kind not in get_args(Kind) or sign.where not in get_args(_Place):
            raise ModelError(str(path), f"unknown kind or place: {sign.kind}, {sign.where}")
    return _Rules(most_characters, signs)
