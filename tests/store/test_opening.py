from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from extractor.errors import LedgerError
from extractor.store.read import open_for_reading
from extractor.store.schema import MIGRATIONS
from extractor.store.write import open_ledger

from .builders import stocked

OPENERS: tuple[Callable[[Path], object], ...] = (open_for_reading, open_ledger)


@pytest.mark.parametrize("opener", OPENERS)
def test_the_database_of_another_program_is_left_alone(
    tmp_path: Path, opener: Callable[[Path], object]
) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (id)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match=r"other\.db: is the database of another program"):
        opener(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("opener", OPENERS)
def test_a_newer_schema_is_refused(tmp_path: Path, opener: Callable[[Path], object]) -> None:
    path = stocked(tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('dealwire', 'of_tomorrow', '2030')"
        )
        newer.commit()
    with pytest.raises(LedgerError, match=r"newer dealwire .*of_tomorrow"):
        opener(path)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, opener: Callable[[Path], object]
) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear ledger, " * 400)
    with pytest.raises(LedgerError, match=r"letter\.db: is not an SQLite database"):
        opener(path)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_folder_is_no_ledger(tmp_path: Path, opener: Callable[[Path], object]) -> None:
    with pytest.raises(LedgerError, match="is a folder"):
        opener(tmp_path)


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=r"ledger\.db: .*damaged"), open_for_reading(path) as it:
        it.deals()


def test_a_missing_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(LedgerError, match="dealwire ingest"):
        open_for_reading(path)
    with pytest.raises(LedgerError, match="dealwire ingest"):
        open_ledger(path, create=False)
    assert not path.exists()


def test_an_empty_file_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(LedgerError, match="is empty"):
        open_for_reading(path)
    open_ledger(path).close()
    with open_for_reading(path) as ledger:
        assert ledger.deals() == ()


def test_a_ledger_whose_making_broke_off_at_once_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "begun.db"
    with monkeypatch.context() as patched:
        patched.setattr("extractor.store.write.MIGRATIONS", (("first_ledger", "NO;"),))
        with pytest.raises(LedgerError):
            open_ledger(path)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
            ("_sqlite_migrations",)
        ]
    with pytest.raises(LedgerError, match="is empty"):
        open_for_reading(path)
    open_ledger(path).close()
    with open_for_reading(path) as ledger:
        assert ledger.deals() == ()


def test_a_ledger_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="does not exist"):
        open_ledger(tmp_path / "no" / "ledger.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_can_be_read_but_not_filled(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    tmp_path.chmod(0o555)
    try:
        with open_for_reading(path) as ledger:
            assert len(ledger.deals()) == 5
        with pytest.raises(LedgerError, match="open the ledger"):
            open_ledger(tmp_path / "new.db")
    finally:
        tmp_path.chmod(0o755)


def test_a_ledger_is_marked_as_one_and_keeps_its_own_rules(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (0x6465616C,)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_ledger_of_the_first_schema_keeps_its_pages_and_what_is_to_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as patched:
        patched.setattr("extractor.store.write.MIGRATIONS", MIGRATIONS[:1])
        open_ledger(path).close()
    body = zlib.compress(b"<p>The mill.</p>")
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            """
            INSERT INTO feeds (id, url) VALUES (1, 'https://a.example/feed');
            INSERT INTO entries (feed_id, guid, url) VALUES
                (1, '1', 'https://a.example/1'), (1, '2', 'https://a.example/2');
            INSERT INTO articles VALUES (1, 'k', 'https://a.example/1', 'https://a.example/1',
                'T', 'a.example', '', '2025-08-14T00:00:00Z', 'en', 'Now.', 'd2', '2025-08-15');
            INSERT INTO article_versions VALUES (1, 1, 'T', 'Before.', 'd1', '2025-08-14');
            """
        )
        old.execute(
            "INSERT INTO pages (url, final_url, status, body, body_digest, fetched_at, article_id) "
            "VALUES ('https://a.example/1?utm_source=x', '', 200, ?, 'b', '2025-08-15', 1)",
            (body,),
        )
        old.commit()
    with pytest.raises(LedgerError, match="older dealwire"):
        open_for_reading(path)
    with open_ledger(path) as ledger:
        page = ledger.page("https://a.example/1?utm_source=x")
        assert page is not None and page.body == b"<p>The mill.</p>"
        ledger.fill_canonical_urls(lambda url: url.partition("?")[0])
        assert ledger.is_known("https://a.example/1")
        due = ledger.wanted.of_feed("https://a.example/feed", ledger.now())
        assert [(each.entry.url, each.edited) for each in due] == [("https://a.example/2", False)]
        ((_, earlier),) = ledger.unread_versions("rules")
        assert (earlier.text, earlier.digest, earlier.url) == (
            "Before.",
            "d1",
            "https://a.example/1",
        )
    with open_for_reading(path) as reader:
        (change,) = reader.changes()
        assert (change.text[0].removed, change.text[0].added) == ("Before.", "Now.")


def test_a_failed_migration_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = (
        ("good", "CREATE TABLE a (x); CREATE TABLE b (x);"),
        ("bad", "CREATE TABLE c (x); NO;"),
    )
    monkeypatch.setattr("extractor.store.write.MIGRATIONS", faulty)
    path = tmp_path / "ledger.db"
    with pytest.raises(LedgerError):
        open_ledger(path)
    with closing(sqlite3.connect(path)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert {"a", "b"} <= tables
    assert "c" not in tables


def test_reading_a_ledger_needs_the_standard_library_only(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    code = f"""
import sys
before = set(sys.modules)
from extractor.store.read import open_for_reading
from extractor.store.schema import MIGRATIONS
with open_for_reading({str(path)!r}) as ledger:
    ledger.deals(); ledger.deal("aa"); ledger.company("WULF"); list(ledger.export_articles())
roots = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(roots - set(sys.stdlib_module_names) - {{"extractor"}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
