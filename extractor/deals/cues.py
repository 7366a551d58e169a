"""What the sentences of a report hint at beyond its figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractor.assets import models_dir
from extractor.errors import ModelError


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of models/cues.toml, each one expression."""

    expressions: Mapping[str, re.Pattern[str]]

    def of(self, sentences: str) -> tuple[str, ...]:
        """The names of the cues that these sentences give.

        A cue whose phrases capture a word has it at the end of its name: "mark 2030".
        """
        text = sentences.lower()
        found: dict[str, None] = {}
        for name, words in self.expressions.items():
            if not words.groups:
                if words.search(text):
                    found[name] = None
                continue
            for match in words.finditer(text):
                found[f"{name} {match[match.lastindex or 0]}"] = None
        return tuple(found)


def load_cues(path: Path | None = None) -> Cues:
    """The shipped cues, or those of another file. Raises ModelError with the path."""
    path = path or models_dir() / "cues.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Cues({rule["name"]: _either(rule["phrases"]) for rule in data["cue"]})
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError, re.error) as error:
        raise ModelError(str(path), "not a file of cues") from error


def _either(phrases: list[str]) -> re.Pattern[str]:
    # Upper and lower case at once would be four times as slow.
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")
