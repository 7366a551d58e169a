"""The door to models/: the shipped rules, with those of a user's own folder over them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ModelError

_HERE = Path(__file__).resolve().parent
_CHOSEN = "DEALWIRE_MODELS"


@dataclass(frozen=True, slots=True)
class RuleFolders:
    """Where rules of reading lie: a spaCy pipeline, and rows of one's own to lay over it."""

    pipeline: Path
    own: Path | None = None


def models_dir() -> Path:
    """The folder with all rules: the shipped one, or a whole one named by `DEALWIRE_MODELS`.

    An installed wheel carries the shipped one inside the package, a checkout beside it.
    """
    chosen = os.environ.get(_CHOSEN)
    places = [_HERE / "models", _HERE.parent / "models"]
    for place in [Path(chosen), *places] if chosen else places:
        if _is_whole(place):
            return place
    raise ModelError(str(places[-1]), "no models folder here (deals/config.cfg is missing)")


def pipeline_dir() -> Path:
    """The spaCy pipeline folder, ready for `spacy.load`."""
    return models_dir() / "deals"


def rule_folders(models: Path | None = None) -> RuleFolders:
    """The rules to read with when a user names the folder `models`, or `DEALWIRE_MODELS` does.

    A folder as whole as the shipped one stands in its place. One that holds nothing but
    `deals/companies/*.csv` or `deals/frames/*.toml` is laid over it. Raises ModelError for
    a folder that holds neither.
    """
    chosen = os.environ.get(_CHOSEN)
    folder = models or (Path(chosen) if chosen else None)
    if folder is None:
        return RuleFolders(pipeline_dir())
    if _is_whole(folder):
        return RuleFolders(folder / "deals")
    own = folder / "deals"
    if not any((*own.glob("companies/*.csv"), *own.glob("frames/*.toml"))):
        raise ModelError(
            str(folder), "it holds neither deals/companies/*.csv nor deals/frames/*.toml"
        )
    return RuleFolders(pipeline_dir(), own)


def _is_whole(folder: Path) -> bool:
    return (folder / "deals" / "config.cfg").is_file()
