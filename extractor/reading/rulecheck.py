"""Rules against their own examples, which must match, and counterexamples, which must not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.assets import RuleFolders
from extractor.reading.lexicon import noun_forms, verb_forms
from extractor.reading.reader import Reader
from extractor.reading.rulefile import read_rules
from extractor.reading.tokens import Tokens
from extractor.reading.witness import SeenAmount, look
from extractor.reading.zones import load_zones

_HEADER = re.compile(r"\[{1,2}([\w.-]+)\]{1,2}\s*(?:#.*)?")
_SHOWN = re.compile(r"(?:example|counterexample)\s*=")
_KIND_OF_TABLE = {
    "money": "money",
    "power": "power",
    "term": "duration",
    "count": "count",
    "coins": "coins",
    "machines": "count",
}

# Whether a rule matches a sentence, with what was seen in the sentence.
Matches = Callable[[str], tuple[bool, str]]
Lines = dict[str, int]


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A rule whose example does not match, whose counterexample does, or that lacks one."""

    path: Path
    line: int
    rule: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What carries an example: one table of a file. `lines` are those of its keys."""

    path: Path
    table: str
    data: dict[str, Any]
    line: int
    lines: Lines

    def faults(self, name: str, matches: Matches) -> Iterator[RuleFault]:
        for key, wanted in (("example", True), ("counterexample", False)):
            sentence, line = self.data.get(key), self.lines.get(key, self.line)
            if not sentence:
                yield RuleFault(self.path, line, name, f"it shows no {key}")
                continue
            found, seen = matches(sentence)
            if found != wanted:
                verb = "matches" if found else "does not match"
                said = f"its {key} {verb}: {sentence!r}"
                yield RuleFault(self.path, line, name, f"{said} ({seen})")


def check_rules(reader: Reader, folders: RuleFolders) -> tuple[RuleFault, ...]:
    """The faults of all rules that carry examples, file by file.

    `folders` are those that `reader` was loaded from. Raises ModelError for an unreadable file.
    """
    quantities, frames = folders.pipeline / "quantities", folders.pipeline / "frames"
    own = sorted((folders.own / "frames").glob("*.toml")) if folders.own else []
    return (
        *(f for path in sorted(quantities.glob("*.toml")) for f in _check_amounts(reader, path)),
        *(f for path in [*sorted(frames.glob("*.toml")), *own] for f in _check_type(reader, path)),
        *_check_statuses(reader, frames / "language" / "status.toml"),
        *_check_zones(frames / "language" / "zones.toml"),
    )


def _check_amounts(reader: Reader, path: Path) -> Iterator[RuleFault]:
    """A unit's example has an amount in it; a role's one with that role."""
    for rule in _rules(path):
        kind = _KIND_OF_TABLE.get(rule.table, "")
        if "role" in rule.data:
            name = f"{rule.table} role {rule.data['role']}"
            fits = _has_role(kind, rule.data["role"])
        elif "code" in rule.data:
            name = f"{rule.table} {rule.data['code']}"
            fits = _is_money_in(rule.data["code"])
        elif "megawatts" in rule.data:
            name = f"unit {rule.data['names'][0]}"
            fits = _is_written_in(rule.data["names"])
        else:
            name = rule.table or path.stem
            fits = _is_of_kind(kind or "duration")
        yield from rule.faults(name, _amounts_seen(reader, fits))


def _has_role(kind: str, role: str) -> Callable[[SeenAmount], bool]:
    return lambda amount: amount.kind == kind and amount.role == role


def _is_money_in(code: str) -> Callable[[SeenAmount], bool]:
    return lambda amount: amount.kind == "money" and amount.unit == code


def _is_written_in(units: list[str]) -> Callable[[SeenAmount], bool]:
    endings = tuple(unit.lower() for unit in units)
    return lambda amount: amount.kind == "power" and amount.text.lower().endswith(endings)


def _is_of_kind(kind: str) -> Callable[[SeenAmount], bool]:
    return lambda amount: amount.kind == kind


def _amounts_seen(reader: Reader, fits: Callable[[SeenAmount], bool]) -> Matches:
    def matches(sentence: str) -> tuple[bool, str]:
        amounts = [a for statement in look(reader, sentence) for a in statement.amounts]
        seen = (f"{a.text!r} is {' '.join((a.kind, a.unit, a.role)).strip()}" for a in amounts)
        return any(map(fits, amounts)), "; ".join(seen) or "no amount is found"

    return matches


def _check_type(reader: Reader, path: Path) -> Iterator[RuleFault]:
    """The example of a verb or noun has one of its forms, and tells a deal of the type.

    It need not open one: the principal may be named elsewhere. But a cue without any party or
    amount beside it ("the stakes are high") tells nothing.
    """
    type_ = read_rules(path).get("type", "")
    for rule in _rules(path):
        if rule.table == "noun":
            words = rule.data["phrases"]
            forms = {form for phrase in words for form in noun_forms(phrase)}
        elif rule.table == "verb":
            words = [verb.partition(":")[0] for verb in rule.data["verbs"]]
            forms = {form for verb in rule.data["verbs"] for form, _, _ in verb_forms(verb)}
        else:
            continue
        name = f"{type_} {rule.table} {words[0]}"
        yield from rule.faults(name, _events_seen(reader, type_, forms))


def _events_seen(reader: Reader, type_: str, forms: set[tuple[str, ...]]) -> Matches:
    def matches(sentence: str) -> tuple[bool, str]:
        statements = look(reader, sentence)
        cues = [cue for statement in statements for cue in statement.cues]
        seen = "; ".join(f"{cue.text!r}: {cue.outcome}" for cue in cues if cue.types)
        if not any(tuple(Tokens(cue.text).lower) in forms for cue in cues):
            return False, f"no word of this rule is a cue in it; {seen}"
        told = {
            cue.type
            for statement in statements
            if statement.parties or statement.amounts
            for cue in statement.cues
            if not cue.points_back
        }
        return type_ in told, seen

    return matches


def _check_statuses(reader: Reader, path: Path) -> Iterator[RuleFault]:
    for rule in _rules(path):
        name = rule.data["name"]

        def matches(sentence: str, name: str = name) -> tuple[bool, str]:
            tokens = Tokens(sentence)
            found = reader.frames.status.find(tokens, 0, len(tokens))
            return name in found, f"found: {', '.join(found) or 'no status'}"

        yield from rule.faults(f"status {name}", matches)


def _check_zones(path: Path) -> Iterator[RuleFault]:
    pattern = load_zones(path)

    def matches(line: str) -> tuple[bool, str]:
        found = pattern.match(line)
        return found is not None, f"zone: {found.lastgroup if found else 'news'}"

    for rule in _rules(path):
        yield from rule.faults("zones", matches)


def _rules(path: Path) -> Iterator[_Rule]:
    """The tables of a file that carry an example or, as rows of a list, should."""
    text = path.read_text(encoding="utf-8")
    places = _places(text)
    data = read_rules(path)
    if "example" in data:
        line, lines = places.get("", [(1, {})])[0]
        yield _Rule(path, "", data, line, lines)
    for table, value in data.items():
        rows = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows):
            if not isinstance(row, dict) or ("example" not in row and row is value):
                continue
            known = places.get(table, [])
            line, lines = known[number] if number < len(known) else (1, {})
            yield _Rule(path, table, row, line, lines)


def _places(text: str) -> dict[str, list[tuple[int, Lines]]]:
    """Where each table of a TOML text begins, and where in it the examples stand.

    tomllib tells no lines, so headers are counted; the house form has one on its own line.
    """
    places: dict[str, list[tuple[int, Lines]]] = {"": [(1, {})]}
    current = places[""][0][1]
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line.strip())
        if header is not None:
            current = {}
            places.setdefault(header[1], []).append((number, current))
        elif _SHOWN.match(line):
            current[line.partition("=")[0].strip()] = number
    return places
