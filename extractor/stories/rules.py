"""The thresholds and patterns of models/stories.toml as records."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from extractor.assets import models_dir
from extractor.errors import ModelError


@dataclass(frozen=True, slots=True)
class Window:
    days: float
    copy_days: float


@dataclass(frozen=True, slots=True)
class TextRules:
    lead_words: int
    run_words: int
    sketch_size: int


@dataclass(frozen=True, slots=True)
class CandidateRules:
    shared_features: int
    posted_hashes: int
    shared_hashes: int
    latest: int
    common_share: float


@dataclass(frozen=True, slots=True)
class CopyRules:
    overlap: float
    template_overlap: float
    figures: float


@dataclass(frozen=True, slots=True)
class ParaphraseRules:
    names: float
    figures: float
    title: float
    background: float
    threshold: float
    undated_threshold: float
    linkage: float
    representatives: int
    unseen_articles: int


@dataclass(frozen=True, slots=True)
class EventRules:
    same_deal: float
    other_deal: float
    one_without_deal: float
    one_terminated: float
    other_parties: float
    other_amount: float
    other_stage: float
    one_digest: float


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What publishers put around the news, by the first words of a paragraph."""

    pattern: re.Pattern[str]
    ignores: Literal["paragraph", "rest"]


@dataclass(frozen=True, slots=True)
class StoryRules:
    """All of models/stories.toml; its remarks explain each figure."""

    window: Window
    text: TextRules
    candidates: CandidateRules
    copy: CopyRules
    paraphrase: ParaphraseRules
    events: EventRules
    boilerplate: tuple[Boilerplate, ...]
    stages: tuple[tuple[str, re.Pattern[str]], ...]
    digests: tuple[re.Pattern[str], ...]


def load_rules(path: Path | None = None) -> StoryRules:
    """The shipped rules, or those of another file. Raises ModelError with the path."""
    path = path or models_dir() / "stories.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return StoryRules(
            window=_section(Window, data["window"]),
            text=_section(TextRules, data["text"]),
            candidates=_section(CandidateRules, data["candidates"]),
            copy=_section(CopyRules, data["copy"]),
            paraphrase=_section(ParaphraseRules, data["paraphrase"]),
            events=_section(EventRules, data["events"]),
            boilerplate=tuple(
                Boilerplate(_pattern(rule["pattern"]), rule["ignores"])
                for rule in data["boilerplate"]
            ),
            stages=tuple((rule["name"], _pattern(rule["pattern"])) for rule in data["stage"]),
            digests=tuple(_pattern(rule["pattern"]) for rule in data["digest"]),
        )
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError, re.error) as error:
        raise ModelError(str(path), "not a file of story rules") from error


_Section = TypeVar("_Section")


def _section(kind: type[_Section], values: dict[str, Any]) -> _Section:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # always a dataclass
    if unknown := values.keys() - known:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    if missing := known - values.keys():
        raise KeyError(min(missing))
    return kind(**values)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
