"""Promises of `dealwire feeds`, with a real site."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractor.records import Feed, Subscription
from extractor.store.write import open_ledger
from tests.cli.conftest import Done, Run
from tests.conftest import Site

FEED = (
    b"<rss version='2.0'><channel><title>Mill News</title><item><guid>1</guid><title>A lease"
    b"</title><link>/1</link><pubDate>Thu, 14 Aug 2025 11:00:00 GMT</pubDate></item>"
    b"</channel></rss>"
)
RSS = {"Content-Type": "application/rss+xml"}
HERE = ("--allow-private", "--delay", "0")
Feeds = Callable[..., Done]


@pytest.fixture
def feeds(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Feeds:
    """Runs `dealwire feeds` on a ledger of its own."""
    monkeypatch.setenv("DEALWIRE_DB", str(tmp_path / "ledger.db"))
    return lambda *words, **given: run("feeds", *words, **given)


def urls(feeds: Feeds) -> list[str]:
    return [row["url"] for row in json.loads(feeds("list", "--format", "json").out)]


def home_of(site: Site, link: str) -> None:
    page = f"<html><head>{link}</head><body><p>Mill</p></body></html>"
    site.pages["/"] = 200, {"Content-Type": "text/html"}, page.encode()


def test_the_feed_of_a_home_page_is_found(feeds: Feeds, site: Site) -> None:
    kinds = {"/comments": "comments", "/news": "news"}
    links = (
        f'<link rel="alternate" type="application/rss+xml" href="{path}" title="{title}">'
        for path, title in kinds.items()
    )
    home_of(site, "".join(links))
    site.pages.update(dict.fromkeys(kinds, (200, RSS, FEED)))
    done = feeds("add", f"{site.url}/", *HERE)
    assert (done.code, urls(feeds)) == (0, [f"{site.url}/news"])
    assert "RSS 2.0 “Mill News”, 1 entry, newest 2025-08-14" in done.err
    assert f"the page also links: {site.url}/comments" in done.err
    again = feeds("add", f"{site.url}/", *HERE)
    assert "0 feeds added, 1 known before" in again.err


def test_a_feed_that_no_page_links_is_found_where_feeds_are(feeds: Feeds, site: Site) -> None:
    home_of(site, "")
    site.pages["/rss.xml"] = 200, RSS, FEED
    assert feeds("add", f"{site.url}/", *HERE).code == 0
    assert urls(feeds) == [f"{site.url}/rss.xml"]


def test_a_feed_that_moved_for_good_is_added_where_it_is(feeds: Feeds, site: Site) -> None:
    site.pages["/old"] = 301, {"Location": "/new"}, b""
    site.pages["/new"] = 200, RSS, FEED
    feeds("add", f"{site.url}/old", *HERE)
    assert urls(feeds) == [f"{site.url}/new"]


def test_the_default_feeds_come_without_a_look_at_the_network(feeds: Feeds) -> None:
    assert "feeds added" in feeds("add", "--default").err
    assert len(urls(feeds)) > 90
    assert all(url.startswith("https://") for url in urls(feeds))


def test_what_cannot_be_added_is_named_with_what_to_do(feeds: Feeds, site: Site) -> None:
    site.pages["/news"] = 200, RSS, FEED
    done = feeds("add", f"{site.url}/none", f"{site.url}/news", *HERE)
    assert done.code == 1
    assert (
        f"failed {site.url}/none: the server answered 404 Not Found; nothing is there" in done.err
    )
    assert urls(feeds) == [f"{site.url}/news"]
    assert "--allow-private allows it" in feeds("add", f"{site.url}/news").err
    assert feeds("add").code == 2
    assert "http" in feeds("add", "ftp://a.example/", "--unchecked").err


def test_lists_go_out_as_they_came_in(feeds: Feeds, tmp_path: Path) -> None:
    opml = tmp_path / "in.opml"
    outline = '<outline type="rss" text="Mill" title="Mill" xmlUrl="https://u:p@mill.example/f"/>'
    opml.write_text(
        f'<opml version="2.0"><head/><body><outline text="Press">{outline}</outline></body></opml>'
    )
    assert feeds("import", str(opml)).code == 0
    exported = feeds("export").out
    assert "https://u:p@mill.example/f" in exported
    assert '<outline text="Press" title="Press">' in exported
    piped = feeds("import", "-", stdin=exported.encode())
    assert "0 feeds added, 1 known before" in piped.err
    assert feeds("import", str(tmp_path / "none.opml")).code == 1
    opml.write_text("<rss/>")
    assert "this is no OPML" in feeds("import", str(opml)).err


def test_a_list_on_the_web_is_imported(feeds: Feeds, site: Site) -> None:
    body = b'<opml version="2.0"><body><outline type="rss" text="F" xmlUrl="/f"/></body></opml>'
    site.pages["/list.opml"] = 200, {}, body
    feeds("import", f"{site.url}/list.opml", *HERE)
    assert urls(feeds) == [f"{site.url}/f"]
    hint = feeds("add", f"{site.url}/list.opml", *HERE).err
    assert f"dealwire feeds import {site.url}/list.opml" in hint


def test_a_list_shows_pace_and_troubles_but_no_passwords(feeds: Feeds, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        book = ledger.subscriptions
        well = Subscription(
            Feed("https://well.example/f", "Well", next_poll=now + timedelta(minutes=25.5)),
            interval_seconds=1800,
            last_poll=now,
            last_success=now - timedelta(hours=2, seconds=5),
            moved_to="https://new.example/f",
        )
        ill = Subscription(
            Feed("https://me:pw@ill.example/f?token=7", "Ill", failures=3, next_poll=now),
            last_poll=now,
            last_error="the server answered 410 Gone (redirected to https://me:pw@ill.example/)",
            is_gone=True,
        )
        book.add([well, ill])
        book.save(well)
        book.save(ill)
    out = " ".join(feeds("list").out.split())
    for words in ("30 min in 25 min 2 h ago", "moved to", "never", "3 gone", "server answered 410"):
        assert words in out
    for form in ("table", "json", "csv", "markdown"):
        shown = feeds("list", "--format", form).out
        assert "pw" not in shown and "token=7" not in shown


def test_a_feed_is_removed_by_its_url(feeds: Feeds) -> None:
    feeds("add", "https://mill.example/feed.xml", "https://b.example/", "--unchecked")
    wrong = feeds("remove", "https://mill.example/feed")
    assert wrong.code == 2
    assert "did you mean https://mill.example/feed.xml?" in wrong.err
    assert feeds("remove", "https://mill.example/feed.xml").code == 0
    assert urls(feeds) == ["https://b.example/"]


def test_a_check_stores_nothing_and_says_what_is_wrong(feeds: Feeds, site: Site) -> None:
    faulty = FEED.replace(b"<title>Mill", b"<ttl>90</ttl><title>Mill").replace(
        b"</channel>",
        b"<item><guid isPermaLink='false'>x</guid><title>No link</title></item></channel>",
    )
    site.pages["/news"] = 200, {**RSS, "ETag": '"1"'}, faulty
    site.pages["/gone"] = 410, {}, b""
    home_of(site, "")
    done = feeds(
        "check", f"{site.url}/news", f"{site.url}/gone", f"{site.url}/", *HERE
    )  # fmt: skip
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{site.url}/news: RSS 2.0 “Mill News”, 2 entries, newest 2025-08-14",
        "  asks to be left alone for 1.5 h",
        "  entries without a link to an article: 1",
        "  entries without a date: 1",
    ]
    assert "it was closed for good" in done.err
    assert "this is no feed, it links none" in done.err
    assert feeds("list").code == 1  # there is no ledger


def test_a_check_without_urls_asks_all_watched_feeds(feeds: Feeds, site: Site) -> None:
    site.pages["/news"] = 200, RSS, FEED
    feeds("add", f"{site.url}/news", "--unchecked")
    done = feeds("check", *HERE)
    assert (done.code, done.out.count("Mill News")) == (0, 1)
    assert "sent whole each time" in done.out
