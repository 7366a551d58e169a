"""The door to models/: the same folder in a checkout and in an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

from extractor.errors import ModelError

_HERE = Path(__file__).resolve().parent


def models_dir() -> Path:
    """The folder with the shipped rules.

    `DEALWIRE_MODELS` overrides it; an installed wheel carries it inside the package, a
    checkout beside it.
    """
    chosen = os.environ.get("DEALWIRE_MODELS")
    places = [Path(chosen)] if chosen else [_HERE / "models", _HERE.parent / "models"]
    for place in places:
        if (place / "deals" / "config.cfg").is_file():
            return place
    raise ModelError(str(places[-1]), "no models folder here (deals/config.cfg is missing)")


def pipeline_dir() -> Path:
    """The spaCy pipeline folder, ready for `spacy.load`."""
    return models_dir() / "deals"
