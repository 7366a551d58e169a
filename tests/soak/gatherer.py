"""Gathers the feeds of a list into a ledger, in a process that can be measured."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.store.write import open_ledger
from extractor.workflow.gathering import Gathering
from tests.faults.server import FaultResolver


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--delay", type=float, required=True)
    options = parser.parse_args()
    began = time.time()
    first_seconds = _cpu(resource.RUSAGE_SELF)
    policy = FetchPolicy(allow_private=True, delay_seconds=options.delay, timeout_seconds=10)
    done: dict[str, float] = {}

    def progress(stage: str, count: int, total: int) -> None:
        if count == total:
            done[stage] = time.time() - began

    with open_ledger(options.db) as ledger:
        gathering = Gathering(ledger, progress)
        gathering.take_files([str(options.source)])
        asyncio.run(gathering.take_urls(Fetcher(policy, resolver=FaultResolver())))
    json.dump(
        {
            "began": began,
            "seconds": time.time() - began,
            "own_cpu_seconds": _cpu(resource.RUSAGE_SELF) - first_seconds,
            "readers_cpu_seconds": _cpu(resource.RUSAGE_CHILDREN),
            "new": gathering.taken.new,
            "failures": [[failure.source, failure.reason] for failure in gathering.taken.failures],
            "done": done,
        },
        sys.stdout,
    )


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
