"""What each amount of a sentence is for, by the rules of `quantities/roles.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import ModelError
from extractor.reading.quantities import Amount
from extractor.reading.rulefile import read_rules

_TABLE_OF_KIND = {
    "money": "money",
    "power": "power",
    "duration": "term",
    "count": "count",
    "coins": "coins",
}
_BEFORE_REACH = 110
_AFTER_REACH = 70


@dataclass(frozen=True, slots=True)
class _RoleRule:
    role: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    context: re.Pattern[str] | None
    max_value: float


class RoleRules:
    """The role rules of every kind of amount, in the order of the file."""

    def __init__(self, path: Path) -> None:
        tables = read_rules(path)
        try:
            self._rules = {
                kind: [_compile(row) for row in tables[table]]
                for kind, table in _TABLE_OF_KIND.items()
            }
        except (ValueError, KeyError, re.error) as error:
            raise ModelError(str(path), "not a readable rule file") from error

    def role(self, amount: Amount, text: str, start: int, end: int) -> str:
        """The role of an amount in the sentence from `start` to `end`; "" for a plain one."""
        rules = self._rules.get(amount.kind)
        if rules is None:
            return ""
        before = text[max(start, amount.start - _BEFORE_REACH) : amount.start].lower()
        after = text[amount.end : min(end, amount.end + _AFTER_REACH)].lower()
        for rule in rules:
            if amount.value > rule.max_value:
                continue
            if not (rule.before and rule.before.search(before)) and not (
                rule.after and rule.after.match(after)
            ):
                continue
            if rule.context is not None and not rule.context.search(text[start:end].lower()):
                continue
            if rule.unless and rule.unless.search(before):
                continue
            return rule.role
        return ""


def _compile(row: dict[str, Any]) -> _RoleRule:
    def any_of(key: str) -> re.Pattern[str] | None:
        patterns = row.get(key)
        return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None

    context = row.get("context")
    return _RoleRule(
        role=row["role"],
        before=any_of("before"),
        after=any_of("after"),
        unless=any_of("unless"),
        context=re.compile(context) if context else None,
        max_value=float(row.get("max", float("inf"))),
    )
