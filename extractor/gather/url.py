"""Urls as comparison keys: one key for one page, whatever link led to it."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from extractor.assets import models_dir

_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_SUFFIX = re.compile(r"(?:/amp|/amp\.html|\.amp)$")
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(s/)?(?P<inner>[^/]+\.[^/]+/.*)$")
_GOOGLE_AMP = re.compile(r"^/amp(?=/)")
_IP_LITERAL = re.compile(r"^(?:\[.*\]|[0-9.]+)$")
_ESCAPED_SLASH = re.compile("%2f", re.I)
# what RFC 3986 allows unescaped in a path
_PATH_SAFE = "/:@!$&'()*+,;=-._~"


@lru_cache(maxsize=8192)  # a run asks several times for each url
def canonical_url(url: str) -> str:
    """The comparison key of a url: equal for links that lead to one page.

    Scheme and host in lower case, https where the port does not say otherwise, no default
    port, no www., m. or amp. host, no /amp, no fragment, no tracking parameters, the rest
    of the query sorted, no slash at the end. What is no http(s) url comes back stripped.
    Applying it twice changes nothing.
    """
    key = url.strip()
    for _ in range(8):  # an AMP address may wrap another url; each pass unwraps one layer
        simpler = _simplify(key)
        if simpler == key:
            break
        key = simpler
    return key


def is_web_url(word: str) -> bool:
    """Whether a word is an http(s) url with a host."""
    try:
        parts = urlsplit(word.strip())
        return parts.scheme.lower() in _DEFAULT_PORTS and bool(parts.hostname)
    except ValueError:
        return False


def without_login(url: str) -> str:
    """A url without the name and password that it may carry for its server."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=netloc))


def host_of(url: str) -> str:
    """The host of a url without www. and its like: the name of a site that gives none."""
    return _host(urlsplit(url).hostname or "") if is_web_url(url) else ""


def _simplify(url: str) -> str:
    if not is_web_url(url):
        return url
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return url
    inner = _wrapped(parts.hostname or "", parts.path, parts.query)
    if inner:
        return inner
    scheme, host = parts.scheme.lower(), _host(parts.hostname or "")
    if port == _DEFAULT_PORTS[scheme]:
        port = None
    if port is None and not _IP_LITERAL.match(host):
        scheme = "https"  # with a port of its own, http may be another server
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((scheme, netloc, _path(parts.path), _query(parts.query), ""))


def _wrapped(host: str, path: str, query: str) -> str:
    """The publisher's url inside an address of an AMP cache."""
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host) and _GOOGLE_AMP.match(path):
        path = _GOOGLE_AMP.sub("", path)
    elif not host.endswith(".cdn.ampproject.org"):
        return ""
    match = _AMP_CACHE.match(path)
    return f"https://{match['inner']}" + (f"?{query}" if query else "") if match else ""


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    with suppress(UnicodeError):  # names that IDNA 2003 does not know stay as written
        host = host.encode("idna").decode("ascii").lower()
    while True:
        label, _, rest = host.partition(".")
        if label not in _rules().mirrors or "." not in rest:
            return host
        host = rest


def _path(path: str) -> str:
    # Escapes that mean the character itself are undone, all others get one spelling.
    pieces = (unquote_to_bytes(piece) for piece in _ESCAPED_SLASH.split(path))
    plain = "%2F".join(quote(piece, safe=_PATH_SAFE) for piece in pieces)
    while True:
        shorter = _AMP_SUFFIX.sub("", plain.rstrip("/"))
        if shorter == plain:
            return plain
        plain = shorter


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted(pair for pair in pairs if not _rules().is_tracking(pair[0]))
    return urlencode(kept, errors="surrogateescape")


@dataclass(frozen=True, slots=True)
class _Rules:
    tracking: frozenset[str]
    tracking_prefixes: tuple[str, ...]
    mirrors: frozenset[str]

    def is_tracking(self, parameter: str) -> bool:
        name = parameter.lower()
        return name in self.tracking or name.startswith(self.tracking_prefixes)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    with (models_dir() / "urls.toml").open("rb") as file:
        data = tomllib.load(file)
    names = [str(rule["parameter"]).lower() for rule in data["tracking"]]
    return _Rules(
        tracking=frozenset(name for name in names if not name.endswith("*")),
        tracking_prefixes=tuple(name[:-1] for name in names if name.endswith("*")),
        mirrors=frozenset(str(rule["label"]) for rule in data["mirror"]),
    )
