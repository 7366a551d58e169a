"""Files of rules, read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from extractor.errors import ModelError


def read_rules(path: Path) -> dict[str, Any]:
    """The tables of a TOML file of rules. Raises ModelError with the path."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(str(path), "not a readable rule file") from error
