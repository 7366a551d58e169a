"""How a library is asked: texts as a JSON list in, seconds with the amounts of each out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

Amount = tuple[str, float, str]  # kind, whole currency units or MW, ISO 4217 code or "MW"


def answer(find: Callable[[str], list[Amount]]) -> None:
    """Runs a finder over the texts on stdin; what fails on one text finds nothing there."""
    texts = json.load(sys.stdin)
    find("It paid $1 million for 1 MW.")  # what loads late is no part of the speed
    amounts, errors = [], 0
    started = time.perf_counter()
    for text in texts:
        try:
            amounts.append(find(text))
        except Exception as error:  # noqa: BLE001 any failure of a library is a finding
            errors += 1
            amounts.append([])
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
    seconds = time.perf_counter() - started
    json.dump({"seconds": seconds, "amounts": amounts, "errors": errors}, sys.stdout)
