from __future__ import annotations

import io
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractor.errors import LedgerError
from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.gather.url import canonical_url
from extractor.records import Article, DealReport, Entry, Fact, Page, Reading, Slot, Span, Status
from extractor.store.pages import KeptPage
from extractor.store.read import open_for_reading
from extractor.store.write import Ledger, open_ledger
from extractor.workflow import Failed, IngestSummary, ingest, reread
from tests.store.builders import COMPANIES, Company

LEASE = re.compile(r"(\w+) leased (\d+) MW to (\w+)")
BODY = (
    "The lease runs for ten years and begins as soon as the buildings are ready, the firms "
    "said in a statement on Thursday, adding that works on the campus had begun in spring."
)


class LeaseReader:
    """A language half that knows one sentence, and whether halls were handed over."""

    companies: tuple[Company, ...] = COMPANIES

    def __init__(self, fingerprint: str = "leases-1", *, finds_power: bool = True) -> None:
        self.fingerprint = fingerprint
        self._finds_power = finds_power
        self.read_keys: list[str] = []

    def read(self, article: Article) -> Reading:
        if "faulty" in article.text:
            raise KeyError("a rule fell over")
        self.read_keys.append(article.key)
        match = LEASE.search(article.text)
        if match is None:
            return Reading()
        place = Span("text", *match.span(2))
        slots = [
            Slot("company", match[1], "", Span("text", *match.span(1)), "test"),
            Slot("counterparty", match[3], "", Span("text", *match.span(3)), "test"),
        ]
        if self._finds_power:
            slots.append(Slot("megawatts", float(match[2]), "MW", place, "test"))
        fact = Fact("power", float(match[2]), "MW", place, match[2], "test")
        evidence = (Span("text", *match.span()),)
        status: Status = "completed" if "handed over" in article.text else "announced"
        report = DealReport("hosting", status, tuple(slots), evidence, "test")
        return Reading((fact,), (report,))


class Site(ThreadingHTTPServer):
    """A small site whose pages a test may change; it counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[str, str]] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def show(self, path: str, content_type: str, body: str) -> None:
        self.pages[path] = (content_type, body)

    def show_article(self, name: str, sentence: str) -> None:
        self.show(
            f"/{name}",
            "text/html; charset=utf-8",
            f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1>"
            f"<p>{sentence}</p><p>{BODY}</p></article></body></html>",
        )

    def show_feed(self, path: str, *names: str) -> None:
        items = "".join(
            f"<item><guid>{n}</guid><title>{n}</title><link>{self.url}/{n}</link>"
            "<pubDate>Thu, 14 Aug 2025 11:00:00 GMT</pubDate></item>"
            for n in names
        )
        self.show(
            path,
            "application/rss+xml",
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}'
            "</channel></rss>",
        )


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        path = self.path
        self.server.asked.append(path)
        if path not in self.server.pages:
            self.send_error(404)
            return
        content_type, text = self.server.pages[path]
        body = text.encode()
        etag = f'"{hash(text)}"'
        unchanged = self.headers.get("If-None-Match") == etag
        self.send_response(304 if unchanged else 200)
        self.send_header("Content-Type", content_type)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", "0" if unchanged else str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A test's output is no access log."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.show_article("one", "TeraWulf leased 200 MW to Fluidstack.")
        server.show_article("two", "IREN leased 300 MW to Microsoft.")
        server.show_feed("/feed.xml", "one", "two")
        yield server
        server.shutdown()
        thread.join()


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 27, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def passes(self, **time: float) -> None:
        self.time += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db", clock=clock) as opened:
        yield opened


def take(ledger: Ledger, *sources: str, reader: LeaseReader | None = None) -> IngestSummary:
    policy = FetchPolicy(
        allow_private=True, delay_seconds=0, attempts=1, obey_robots=False, timeout_seconds=5
    )
    return ingest(sources, ledger, reader or LeaseReader(), Fetcher(policy))


def companies(ledger: Ledger) -> list[str]:
    with open_for_reading(ledger.path) as reader:
        return sorted(deal.company for deal in reader.deals())


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored but for the runs and when a page was seen last."""
    with closing(sqlite3.connect(path)) as raw:
        tables = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'runs'"
        ).fetchall()
        raw.execute("UPDATE pages SET seen_at = ''")
        return {t: raw.execute(f"SELECT * FROM {t}").fetchall() for (t,) in tables}


def line(key: str, text: str) -> str:
    return json.dumps({"id": key, "title": key, "published": "2025-08-14", "text": text}) + "\n"


def test_from_a_feed_to_deals(ledger: Ledger, site: Site) -> None:
    assert take(ledger, f"{site.url}/feed.xml") == IngestSummary(
        feeds=1,
        articles_seen=2,
        articles_new=2,
        articles_read=2,
        stories=2,
        deals=2,
        failures=(),
    )
    assert companies(ledger) == ["IREN", "TeraWulf"]


def test_the_same_sources_twice_change_nothing_and_ask_little(ledger: Ledger, site: Site) -> None:
    sources = (f"{site.url}/feed.xml", f"{site.url}/one")
    take(ledger, *sources)
    before = content(ledger.path)
    site.asked.clear()
    again = LeaseReader()
    summary = take(ledger, *sources, reader=again)
    assert content(ledger.path) == before
    assert (summary.articles_new, summary.deals, again.read_keys) == (0, 2, [])
    assert sorted(site.asked) == ["/feed.xml", "/one"]


def test_a_list_of_feeds_leads_to_their_articles(ledger: Ledger, site: Site) -> None:
    outline = f'<outline type="rss" text="F" xmlUrl="{site.url}/feed.xml"/>'
    opml = f'<opml version="2.0"><head/><body>{outline}</body></opml>'
    site.show("/list.opml", "text/x-opml", opml)
    assert take(ledger, f"{site.url}/list.opml").articles_new == 2


def test_an_edited_page_is_read_again(ledger: Ledger, site: Site) -> None:
    take(ledger, f"{site.url}/one")
    site.show_article("one", "TeraWulf leased 250 MW to Fluidstack.")
    assert take(ledger, f"{site.url}/one").articles_new == 1
    with open_for_reading(ledger.path) as reader:
        assert [deal.megawatts for deal in reader.deals()] == [250.0]


def test_a_bad_source_stops_no_other(ledger: Ledger, site: Site, tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(line("a", "CoreWeave leased 5 MW to Meta.") + "{broken\n")
    site.show_feed("/feed.xml", "one", "gone")
    site.show("/empty", "text/html", "")
    missing = str(tmp_path / "none.txt")
    summary = take(ledger, missing, str(lines), f"{site.url}/feed.xml", f"{site.url}/empty")
    causes = {failure.source: failure for failure in summary.failures}
    assert set(causes) == {missing, f"{lines}:2", f"{site.url}/gone", f"{site.url}/empty"}
    assert "404" in causes[f"{site.url}/gone"].reason
    assert "JSON" in causes[f"{lines}:2"].reason
    assert companies(ledger) == ["CoreWeave", "TeraWulf"]
    assert ledger.failing() == set(causes)


def test_a_source_that_works_again_is_no_failure_any_more(
    ledger: Ledger, site: Site, clock: Clock
) -> None:
    site.show_feed("/feed.xml", "late")
    assert take(ledger, f"{site.url}/feed.xml").failures != ()
    site.show_article("late", "TeraWulf leased 200 MW to Fluidstack.")
    clock.passes(minutes=15)
    # The feed is unchanged (304): its entry is known to have led to no article.
    summary = take(ledger, f"{site.url}/feed.xml")
    assert (summary.articles_new, summary.failures) == (1, ())
    assert ledger.failing() == frozenset()


def test_a_fault_of_a_rule_costs_one_article(ledger: Ledger, tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(line("bad", "faulty") + line("good", "IREN leased 3 MW to Microsoft."))
    summary = take(ledger, str(lines))
    assert summary.failures == (Failed("bad", "reading", "KeyError: 'a rule fell over'"),)
    assert (summary.articles_read, summary.deals) == (1, 1)


def test_what_is_piped_in_is_a_source(ledger: Ledger) -> None:
    piped = io.BytesIO(line("a", "IREN leased 3 MW to Microsoft.").encode())
    summary = ingest(["-"], ledger, LeaseReader(), Fetcher(), stdin=piped)
    assert (summary.articles_new, summary.deals) == (1, 1)


def test_a_run_that_breaks_off_is_continued(ledger: Ledger, tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(
        "".join(line(f"a{n}", f"IREN leased {n} MW to Microsoft.") for n in range(1, 251))
    )

    class Interrupted(LeaseReader):
        def read(self, article: Article) -> Reading:
            if article.key == "a150":
                raise KeyboardInterrupt
            return super().read(article)

    with pytest.raises(KeyboardInterrupt):
        take(ledger, str(lines), reader=Interrupted())
    with closing(sqlite3.connect(ledger.path)) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("SELECT count(*) FROM readings").fetchone() == (100,)
    reader = LeaseReader()
    summary = take(ledger, reader=reader)
    assert len(reader.read_keys) == summary.articles_read == 150
    assert summary.deals > 0


def test_an_interruption_before_the_deals_is_made_good(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(line("a", "IREN leased 3 MW to Microsoft."))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "replace_deals", interrupt)
        with pytest.raises(KeyboardInterrupt):
            take(ledger, str(lines))
    assert companies(ledger) == []
    assert take(ledger, str(lines)).deals == 1


def killed(monkeypatch: pytest.MonkeyPatch, ledger: Ledger, method: str, after: int) -> None:
    """From the call after so many on, a method of the ledger ends the run as a kill would."""
    whole, calls = getattr(ledger, method), 0

    def short(*words: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls > after:
            raise KeyboardInterrupt
        return whole(*words, **named)

    monkeypatch.setattr(ledger, method, short)


def test_pages_that_fail_are_asked_for_at_their_times_and_then_given_up(
    ledger: Ledger, site: Site, clock: Clock
) -> None:
    site.show("/empty", "text/html", "<p>Log in.</p>")
    site.show_feed("/feed.xml", "gone", "empty", "one")
    asked: list[float] = []
    began = clock()
    for _ in range(4 * 30):
        site.asked.clear()
        summary = take(ledger, f"{site.url}/feed.xml")
        again = {"/gone", "/empty"} & set(site.asked)
        if again:
            asked.append((clock() - began).total_seconds() / 60)
            assert again == {"/gone", "/empty"}
            assert {f.source.rpartition("/")[2] for f in summary.failures} == {"gone", "empty"}
        given_up = len(asked) == 4
        assert summary.pages_postponed == (0 if again or given_up else 2)
        clock.passes(minutes=15)
    assert asked == [0, 15, 135, 1575]
    assert ledger.failing() == {f"{site.url}/gone", f"{site.url}/empty"}
    # A url that is named is asked for all the same.
    site.show_article("gone", "IREN leased 300 MW to Microsoft.")
    assert take(ledger, f"{site.url}/gone").articles_new == 1
    # So is one of an entry that says something else.
    site.show_article("empty", "CoreWeave leased 5 MW to Meta.")
    feed = site.pages["/feed.xml"][1].replace("<title>empty", "<title>full")
    site.show("/feed.xml", "application/rss+xml", feed)
    assert take(ledger, f"{site.url}/feed.xml").articles_new == 1
    assert ledger.failing() == frozenset()


def test_what_watch_has_given_up_is_not_asked_for_by_ingest(ledger: Ledger, site: Site) -> None:
    feed = f"{site.url}/feed.xml"
    take(ledger, feed)
    site.show_feed("/feed.xml", "three", "one", "two")
    site.show_article("three", "Hut leased 100 MW to CoreWeave.")
    three = Entry("three", f"{site.url}/three", "three", datetime(2025, 8, 14, 11, tzinfo=UTC), "")
    with ledger.transaction():
        ledger.add_entries(feed, [three], canonical_url)
        ledger.wanted.fetched(three.url, canonical_url(three.url))
    site.asked.clear()
    assert take(ledger, feed).failures == ()
    assert site.asked == ["/feed.xml"]


def test_pages_of_a_run_that_broke_off_are_not_fetched_again(
    ledger: Ledger, site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.show("/teaser", "text/html", "<p>Log in.</p>")
    site.show_feed("/feed.xml", "one", "teaser", "two")
    sources = (f"{site.url}/three", f"{site.url}/feed.xml")
    site.show_article("three", "Hut leased 100 MW to CoreWeave.")
    with monkeypatch.context() as patched:
        # each page is kept by itself, however many have come by then
        patched.setattr("extractor.workflow.gathering._PAGE_BATCH", 1)
        killed(patched, ledger, "add_page", 3)
        with pytest.raises(KeyboardInterrupt):
            take(ledger, *sources)
    stored = {f"/{page.url.rpartition('/')[2]}" for page in pages_of(ledger)}
    assert len(stored) == 3
    site.asked.clear()
    take(ledger, *sources)
    assert not stored & set(site.asked)
    assert companies(ledger) == ["Hut", "IREN", "TeraWulf"]
    site.asked.clear()
    clock.passes(minutes=15)
    take(ledger, *sources)  # that run came to its end: what may have changed is asked for
    assert sorted(site.asked) == ["/feed.xml", "/teaser", "/three"]


def test_an_edited_entry_is_fetched_also_if_the_run_that_saw_it_broke_off(
    ledger: Ledger, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(ledger, f"{site.url}/feed.xml")
    site.show_article("one", "TeraWulf leased 250 MW to Fluidstack.")
    feed = site.pages["/feed.xml"][1].replace("<title>one", "<title>one (corrected)")
    site.show("/feed.xml", "application/rss+xml", feed)
    with monkeypatch.context() as patched:
        killed(patched, ledger, "add_page", 0)
        with pytest.raises(KeyboardInterrupt):
            take(ledger, f"{site.url}/feed.xml")
    take(ledger, f"{site.url}/feed.xml")  # the feed itself is unchanged since: 304
    with open_for_reading(ledger.path) as reader:
        assert {deal.megawatts for deal in reader.deals()} == {250.0, 300.0}


def test_an_article_in_two_feeds_is_fetched_once(ledger: Ledger, site: Site) -> None:
    site.show_feed("/other.xml", "one")
    take(ledger, f"{site.url}/feed.xml")
    take(ledger, f"{site.url}/other.xml")
    assert site.asked.count("/one") == 1


def test_a_damaged_page_is_fetched_again_and_replaced(ledger: Ledger, site: Site) -> None:
    take(ledger, f"{site.url}/one")
    with closing(sqlite3.connect(ledger.path)) as raw:
        raw.execute("UPDATE pages SET body = x'FFFF'")
        raw.commit()
    with pytest.raises(LedgerError, match="/one: the page that is kept of it is damaged"):
        ledger.page(f"{site.url}/one")
    assert take(ledger, f"{site.url}/one").failures == ()
    page = ledger.page(f"{site.url}/one")
    assert page is not None and b"TeraWulf leased" in page.body


def test_saved_files_are_kept_and_cut_out_once(
    ledger: Ledger, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html, text = tmp_path / "a.html", tmp_path / "b.txt"
    html.write_text(site.pages["/one"][1])
    text.write_text(f"Lease\n\nIREN leased 3 MW to Microsoft. {BODY}")
    first = take(ledger, str(tmp_path))
    assert (first.articles_seen, first.articles_new) == (2, 2)
    assert sorted(page.url for page in pages_of(ledger)) == [str(html), str(text)]
    before = content(ledger.path)

    def cut_again(*_: object) -> None:
        raise AssertionError("what was cut out is not cut out again")

    monkeypatch.setattr("extractor.workflow.gathering.read_article", cut_again)
    monkeypatch.setattr("extractor.workflow.gathering.article_from_text", cut_again)
    again = take(ledger, str(tmp_path))
    assert (again.articles_seen, again.articles_new) == (2, 0)
    assert content(ledger.path) == before


def pages_of(ledger: Ledger) -> list[Page]:
    found = list(ledger.archive.pages())
    return [kept.page for kept in found if isinstance(kept, KeptPage)]


def test_other_rules_read_everything_again(ledger: Ledger, site: Site) -> None:
    take(ledger, f"{site.url}/feed.xml")
    assert take(ledger, reader=LeaseReader("leases-2")).articles_read == 2


def test_a_ledger_of_an_older_version_gets_its_deals_anew(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text(line("a", "IREN leased 3 MW to Microsoft."))
    path = tmp_path / "ledger.db"
    with open_ledger(path) as opened:
        take(opened, str(lines))
    with closing(sqlite3.connect(path)) as raw, raw:
        # What such a ledger lacks is what no assembly has filled in.
        raw.execute("DELETE FROM assembly")
        raw.execute("UPDATE deals SET principal = '', key = 'old'")
    with open_ledger(path) as opened:
        assert take(opened).deals == 1
    with open_for_reading(path) as reader:
        (deal,) = reader.deals()
    assert (deal.key != "old", deal.stories) == (True, 1)


def test_reread_tells_what_changed_and_needs_no_network(ledger: Ledger, site: Site) -> None:
    take(ledger, f"{site.url}/feed.xml")
    site.asked.clear()
    diff = reread(ledger, LeaseReader("leases-2", finds_power=False))
    assert site.asked == []
    assert (diff.articles_read, diff.deals_before, diff.deals_after) == (2, 2, 2)
    assert [each.reading.lost_facts for each in diff.changed] == [(), ()]
    powers = {
        (lost.number("megawatts"), gained.number("megawatts"))
        for each in diff.changed
        for lost, gained in zip(each.reading.lost_reports, each.reading.gained_reports, strict=True)
    }
    assert powers == {(200.0, None), (300.0, None)}
    assert reread(ledger, LeaseReader("leases-3", finds_power=False)).changed == ()


def test_an_interrupted_reread_leaves_the_ledger_as_it_was(ledger: Ledger, site: Site) -> None:
    take(ledger, f"{site.url}/feed.xml")
    before = content(ledger.path)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "deals":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reread(ledger, LeaseReader("leases-2", finds_power=False), interrupt)
    assert content(ledger.path) == before
