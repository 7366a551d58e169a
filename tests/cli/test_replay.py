"""`dealwire replay`, with the real pipeline over a small web."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.cli import main
from extractor.errors import ArticleError
from extractor.gather.kept import read_kept
from extractor.records import Article, Entry, Page
from tests.canonical import TABLES, differences, said
from tests.outlets import line_of, marked_rows, outlets

from .conftest import Run

pytestmark = pytest.mark.usefixtures("one_reader")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger of pages, feeds and files; one page was edited between two ingests."""
    folder = tmp_path_factory.mktemp("web")
    path = folder / "ledger.db"
    with outlets(marked_rows(20), folder) as (server, sources):
        for _ in range(2):
            with pytest.raises(SystemExit):
                here = ("--db", str(path), "--allow-private", "--delay", "0", "--quiet")
                main(["ingest", *sources, *here])
            kind, page = server.pages["/a/6"]
            server.pages["/a/6"] = (kind, page.replace("</article>", "<p>It was edited.</p>"))
    yield path  # the server is gone


@pytest.fixture
def ledger(first_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(first_run, tmp_path / "ledger.db"))


def test_a_replay_gives_the_same_ledger_without_network(
    run: Run, ledger: Path, first_run: Path
) -> None:
    assert len(said(first_run, "versions")["versions"]) == 1
    done = run("replay", "--db", str(ledger))
    assert (done.code, done.out) == (0, "")
    assert "20 pages cut out again, 0 articles changed; 20 read again, 0 say" in done.err
    assert differences(first_run, ledger) == []


def test_a_ledger_grows_again_from_its_pages(run: Run, ledger: Path, first_run: Path) -> None:
    with closing(sqlite3.connect(ledger)) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM articles WHERE id IN (SELECT article_id FROM pages)")
        raw.execute("DELETE FROM stories")
        raw.execute("DELETE FROM deals")
        raw.commit()
    done = run("replay", "--db", str(ledger), "--quiet")
    assert done.code == 0
    assert done.out.count("+ an article is found") == 18
    assert differences(first_run, ledger) == []


def test_what_other_code_would_change_is_shown_before_it_is_done(
    run: Run, ledger: Path, first_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = next(key for key, *_ in said(ledger, "articles")["articles"] if "/a/1" in str(key))

    def otherwise(page: Page, entry: Entry | None = None) -> Article:
        found = read_kept(page, entry)
        if found.key == lost:
            raise ArticleError(page.url, "no article was found")
        text = found.text.replace("MW", "kW")
        return replace(found, text=text, digest=f"{found.digest}{text == found.text}")

    with monkeypatch.context() as patched:
        patched.setattr("extractor.workflow.replaying.read_kept", otherwise)
        rehearsed = run("replay", "--db", str(ledger), "--dry-run")
        assert differences(first_run, ledger) == []
        done = run("replay", "--db", str(ledger))
    assert rehearsed.out == done.out
    assert "then; nothing was changed" in rehearsed.err
    assert done.code == 1 and f"failed {lost.replace('https', 'http')}: no article" in done.err
    assert "  - no article is found any more\n" in done.out
    assert "MW-]{+" in done.out and "  - power " in done.out and "  + power " in done.out
    assert lost not in [key for key, *_ in said(ledger, "articles")["articles"]]
    assert run("replay", "--db", str(ledger), "--quiet").code == 0
    assert differences(first_run, ledger) == []


def test_an_interrupted_replay_leaves_the_ledger_as_it_was(
    run: Run, ledger: Path, first_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extractor.workflow.rereading.tell", interrupt)
    done = run("replay", "--db", str(ledger))
    assert (done.code, done.err.splitlines()[-1]) == (
        130,
        "stopped: the ledger is as it was before",
    )
    assert differences(first_run, ledger) == []


def test_a_damaged_page_costs_only_itself(run: Run, ledger: Path, first_run: Path) -> None:
    with closing(sqlite3.connect(ledger)) as raw:
        (url,) = raw.execute("SELECT url FROM pages LIMIT 1").fetchone()
        raw.execute("UPDATE pages SET body = x'ffff' WHERE url = ?", (url,))
        raw.commit()
    done = run("replay", "--db", str(ledger), "--quiet")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"failed {url}: the page that is kept of it is damaged")
    assert differences(first_run, ledger, "articles", "facts", "deals") == []


def test_exported_pages_make_the_same_articles_elsewhere(
    run: Run, ledger: Path, tmp_path: Path
) -> None:
    archive, other = tmp_path / "pages.warc.gz", tmp_path / "other.db"
    done = run("export", "pages", "--warc", str(archive), "--db", str(ledger))
    assert (done.code, done.out, done.err) == (0, "", f"20 pages in {archive}\n")
    lines = tmp_path / "lines.jsonl"
    rows = marked_rows(20)
    lines.write_text(line_of(rows[9]) + line_of(rows[19]))
    done = run("ingest", str(archive), str(lines), "--db", str(other), "--quiet")
    assert done.code == 1  # one page holds no article, here as there
    tables = set(TABLES) - {"feeds", "entries", "failures"}
    assert differences(ledger, other, *sorted(tables)) == []
    again = tmp_path / "again.warc.gz"
    run("export", "pages", "--warc", str(again), "--db", str(other))
    assert again.read_bytes() == archive.read_bytes()


def test_an_archive_that_cannot_be_written_leaves_nothing(
    run: Run, ledger: Path, tmp_path: Path
) -> None:
    done = run("export", "pages", "--warc", str(tmp_path / "no" / "a.warc.gz"), "--db", str(ledger))
    assert done.code == 1 and "a.warc.gz: cannot be written" in done.err
