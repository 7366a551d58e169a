"""Signs of what stands before an article."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from extractor.assets import models_dir

with (models_dir() / "blocked.toml").open("rb") as _file:
    SIGNS: list[dict[str, Any]] = tomllib.load(_file)["sign"]


def _found(sign: dict[str, Any], line: str) -> bool:
    pattern = re.compile(sign["pattern"], re.I)
    whole = sign["where"] in ("address", "title")
    return bool(pattern.fullmatch(line) if whole else pattern.search(line))


@pytest.mark.parametrize(
    ("sign", "line"),
    [(sign, line) for sign in SIGNS for line in sign["example"]],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_a_sign_matches_its_examples(sign: dict[str, Any], line: str) -> None:
    assert _found(sign, line)


@pytest.mark.parametrize(
    ("sign", "line"),
    [(sign, line) for sign in SIGNS for line in sign["counterexample"]],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_a_sign_passes_its_counterexamples_over(sign: dict[str, Any], line: str) -> None:
    assert not _found(sign, line)
