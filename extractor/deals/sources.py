"""Which articles are primary sources: a company's own words, or what it filed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractor.assets import models_dir
from extractor.errors import ModelError

OPENING = 500  # characters of a text in which a wire prints its mark


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    hosts: tuple[str, ...]
    host_labels: frozenset[str]
    sites: frozenset[str]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The kinds of primary sources in models/sources.toml."""

    kinds: tuple[_Kind, ...]

    def kind(self, *, urls: tuple[str, ...], site: str, opening: str) -> str:
        """The kind of source that an article is, "" for one that only retells.

        `opening` is the beginning of its text: a release that somebody reprints word for
        word keeps the mark of its wire.
        """
        hosts = {host for url in urls if (host := _host(url))} | {site.casefold()}
        for kind in self.kinds:
            if site.casefold() in kind.sites or any(kind_of(host, kind) for host in hosts):
                return kind.name
        begins = opening[:OPENING].casefold()
        return next((k.name for k in self.kinds if any(mark in begins for mark in k.marks)), "")


def kind_of(host: str, kind: _Kind) -> bool:
    """Whether a host belongs to a kind of source, by its domain or its first label."""
    if host.partition(".")[0] in kind.host_labels and host.count(".") > 1:
        return True
    return any(host == known or host.endswith(f".{known}") for known in kind.hosts)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # a key that is no url
        return ""


def load_sources(path: Path | None = None) -> Sources:
    """The shipped kinds of sources, or those of another file. Raises ModelError."""
    path = path or models_dir() / "sources.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Sources(tuple(_kind(rule) for rule in data["source"]))
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(str(path), "not a file of sources") from error


def _kind(rule: Mapping[str, Any]) -> _Kind:
    return _Kind(
        name=rule["kind"],
        hosts=tuple(rule.get("hosts", ())),
        host_labels=frozenset(rule.get("host_labels", ())),
        sites=frozenset(name.casefold() for name in rule.get("sites", ())),
        marks=tuple(mark.casefold() for mark in rule.get("marks", ())),
    )
