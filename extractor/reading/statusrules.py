"""How far a deal has come, by the phrases of `language/status.toml`."""

from __future__ import annotations

from pathlib import Path

from extractor.errors import ModelError
from extractor.reading.rulefile import read_rules
from extractor.reading.tokens import Tokens

# words that put a whole clause under a condition, however far before the phrase
_CONDITIONS = frozenset(
    "once if when until expected unless subject upon before should would".split()
)
ORDER = ("terminated", "proposed", "completed", "announced", "outstanding")


class StatusRules:
    """Finds the status that a stretch of tokens states."""

    def __init__(self, path: Path) -> None:
        rules = read_rules(path)
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, frozenset[str]]]] = {}
        for row in rules["status"]:
            if row["name"] not in ORDER:
                raise ModelError(str(path), f"unknown status {row['name']!r}")
            undone = frozenset(row.get("not_after", ()))
            for phrase in row["phrases"]:
                words = tuple(Tokens(phrase).lower)
                self._by_first.setdefault(words[0], []).append((words, row["name"], undone))
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))

    def find(self, tokens: Tokens, first: int, last: int) -> list[str]:
        """The statuses that phrases between `first` and `last` state, in order."""
        lower = tokens.lower
        found = []
        for index in range(first, last):
            for words, name, undone in self._by_first.get(lower[index], ()):
                if tuple(lower[index : index + len(words)]) != words:
                    continue
                near = set(lower[max(first, index - 3) : index])
                far = set(lower[max(first, index - 7) : index]) & _CONDITIONS
                if not (near | far) & undone:
                    found.append(name)
                break
        return found
