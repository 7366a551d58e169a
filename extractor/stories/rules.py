"""The thresholds and patterns of models/stories.toml as records."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.stories.rarity import Rarity, load_rarity

LIKENESSES = (
    "base",
    "shared_names",
    "figures",
    "lead_figures",
    "figures_opposed",
    "names_and_figures",
    "title_words",
    "title_likeness",
    "title_names_opposed",
    "title_name_missing",
    "title_amount_shared",
    "title_amounts_differ",
    "subject_missing",
    "other_breadth",
    "other_principals",
    "same_deal",
    "other_deal",
    "other_principal",
    "other_status",
    "other_terms",
    "other_offering",
    "days_apart",
    "same_site",
    "other_weekday",
    "same_stage",
    "other_stage",
    "one_ended",
    "one_digest",
    "one_comment",
    "both_comment",
)


@dataclass(frozen=True, slots=True)
class Window:
    days: float
    copy_days: float


@dataclass(frozen=True, slots=True)
class TextRules:
    lead_words: int
    opening_words: int
    background: float
    run_words: int
    sketch_size: int


@dataclass(frozen=True, slots=True)
class CandidateRules:
    shared_rarity: float
    shared_features: int
    least_rarity: float
    posted_hashes: int
    shared_hashes: int
    nearest: int
    compared: int


@dataclass(frozen=True, slots=True)
class CopyRules:
    overlap: float
    verbatim: float
    template_overlap: float
    figures: float
    names: float
    lead: float


@dataclass(frozen=True, slots=True)
class ParaphraseRules:
    threshold: float
    linkage: float
    representatives: int


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What publishers put around the news, by the first words of a paragraph."""

    pattern: re.Pattern[str]
    ignores: Literal["paragraph", "rest"]


@dataclass(frozen=True, slots=True)
class StoryRules:
    """All of models/stories.toml; its remarks explain each figure.

    All patterns but those of boilerplate are for text in lower case.
    """

    window: Window
    text: TextRules
    candidates: CandidateRules
    copy: CopyRules
    paraphrase: ParaphraseRules
    weights: Mapping[str, float]
    boilerplate: tuple[Boilerplate, ...]
    any_boilerplate: re.Pattern[str]
    furniture: re.Pattern[str]
    stages: tuple[tuple[str, re.Pattern[str]], ...]
    endings: tuple[re.Pattern[str], ...]
    digests: tuple[re.Pattern[str], ...]
    comments: tuple[re.Pattern[str], ...]
    rarity: Rarity


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
            weights=_weights(data["weights"]),
            boilerplate=tuple(
                Boilerplate(_pattern(rule["pattern"]), rule["ignores"])
                for rule in data["boilerplate"]
            ),
            any_boilerplate=_pattern(_any(data["boilerplate"])),
            furniture=_lower_case(f"{_any(data['furniture'])}$"),
            stages=tuple((rule["name"], _lower_case(rule["pattern"])) for rule in data["stage"]),
            endings=_patterns(data["ending"]),
            digests=_patterns(data["digest"]),
            comments=_patterns(data["comment"]),
            rarity=load_rarity(path.with_name(str(data["rarity"]["table"]))),
        )
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError, re.error) as error:
        raise ModelError(str(path), "not a file of story rules") from error


_Section = TypeVar("_Section")


def _section(kind: type[_Section], values: dict[str, Any]) -> _Section:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # always a dataclass
    _check(values, known)
    return kind(**values)


def _weights(values: dict[str, Any]) -> dict[str, float]:
    _check(values, set(LIKENESSES))
    return {name: float(value) for name, value in values.items()}


def _check(values: dict[str, Any], known: set[str]) -> None:
    if unknown := values.keys() - known:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    if missing := known - values.keys():
        raise KeyError(min(missing))


def _patterns(rules: list[dict[str, Any]]) -> tuple[re.Pattern[str], ...]:
    return tuple(_lower_case(str(rule["pattern"])) for rule in rules)


def _any(rules: list[dict[str, Any]]) -> str:
    """One pattern for all: most texts match none, and are done with one look."""
    return "(?:" + "|".join(f"(?:{rule['pattern']})" for rule in rules) + ")"


def _lower_case(text: str) -> re.Pattern[str]:
    """A pattern for English in lower case.

    It is three times as fast as to ignore the case; to know the letters of other languages
    would take half as long again.
    """
    if text != text.lower():
        raise ValueError(f"not in lower case: {text}")
    return re.compile(text, re.ASCII)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)
