"""Which paragraphs are news and which are page furniture or legal matter."""

from __future__ import annotations

import re
from pathlib import Path

from extractor.errors import ModelError
from extractor.reading.rulefile import read_rules


def load_zones(path: Path) -> re.Pattern[str]:
    """One pattern for the start of a line; its group `rest` ends the news."""
    rules = read_rules(path)
    try:
        rest, line = "|".join(rules["rest"]), "|".join(rules["line"])
        return re.compile(rf"\s*(?:(?P<rest>{rest})|(?P<line>{line}))")
    except (KeyError, re.error) as error:
        raise ModelError(str(path), "not a readable rule file") from error
