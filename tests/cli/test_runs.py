"""Verbs that write a ledger beside others that do."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.canonical import said
from tests.store.builders import stocked

from .conftest import Run

pytestmark = pytest.mark.usefixtures("one_reader")


def test_a_locked_ledger_is_waited_for_then_named(run: Run, tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    line = tmp_path / "a.jsonl"
    line.write_text('{"id": "new", "text": "IREN leased 3 MW to Microsoft."}\n')
    before = said(path)
    words = ("ingest", str(line), "--db", str(path), "--quiet", "--wait")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        done = run(*words, "0.5")
        assert time.monotonic() - began >= 0.5
        other.execute("ROLLBACK")
    assert (done.code, done.out) == (1, "")
    assert f"error: {path}: cannot write the ledger: another process is writing to it" in done.err
    assert said(path) == before
    assert run(*words, "0.5").code == 0
    assert ("new",) in [row[:1] for row in said(path, "articles")["articles"]]
