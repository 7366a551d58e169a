"""Promises of the schedule in a ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractor.gather.url import canonical_url
from extractor.records import Article, Entry, Feed, Subscription
from extractor.store.feeds import Arrived
from extractor.store.read import open_for_reading
from extractor.store.write import Ledger, open_ledger

URL = "https://mill.example/feed"
NOW = datetime(2026, 5, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        opened.subscriptions.add([Subscription(Feed(URL, "Mill"))])
        yield opened


def entry(number: int, **other: str) -> Entry:
    given = Entry(
        guid=f"guid-{number}",
        url=f"https://mill.example/{number}",
        title=f"Lease {number}",
        published=NOW - number * HOUR,
        summary=f"The lease of {number} MW.",
    )
    return replace(given, **other)


def poll(ledger: Ledger, *entries: Entry, at: datetime = NOW) -> Arrived:
    after = Subscription(replace(ledger.feed(URL), next_poll=at + HOUR), "", 3600, at, at)
    return ledger.subscriptions.save_poll(URL, entries, canonical_url, lambda _: after)[1]


def wanted(ledger: Ledger, at: datetime = NOW) -> list[str]:
    return [each.entry.url for each in ledger.wanted.of_watched_feeds(at, 100)]


def rows(ledger: Ledger) -> int:
    with open_for_reading(ledger.path) as reader:
        return reader.feeds()[0].entries


ENTRIES = tuple(entry(number) for number in range(1, 6))


def other_ids(each: Entry) -> Entry:
    return replace(each, guid=f"new-{each.guid}")


def tracked_links(each: Entry) -> Entry:
    return replace(each, guid=f"{each.url}?utm_source=rss", url=f"{each.url}/?utm_source=rss#top")


def moved_site(each: Entry) -> Entry:
    url = each.url.replace("mill.example/", "news.mill.example/2026/")
    return replace(each, guid=url, url=url)


@pytest.mark.parametrize("changed", [other_ids, tracked_links, moved_site])
def test_changed_ids_or_links_do_not_bring_all_entries_again(
    ledger: Ledger, changed: Callable[[Entry], Entry]
) -> None:
    poll(ledger, *ENTRIES)
    for url in wanted(ledger):
        ledger.wanted.fetched(url, canonical_url(url))
    for _ in range(3):
        assert poll(ledger, *map(changed, ENTRIES)) == Arrived()
        assert poll(ledger, *ENTRIES) == Arrived()
    assert wanted(ledger) == []
    assert rows(ledger) == len(ENTRIES)


def test_entries_that_share_a_link_are_told_apart_by_what_they_say(ledger: Ledger) -> None:
    home = "https://mill.example/news"
    assert len(poll(ledger, *(entry(number, url=home) for number in range(1, 6))).new) == 5
    assert poll(ledger, *(entry(number, url=home) for number in range(1, 6))) == Arrived()
    assert wanted(ledger) == [home]


def test_entries_that_share_a_title_are_told_apart_by_their_links(ledger: Ledger) -> None:
    weekly = [entry(n, title="Weekly report", summary="") for n in range(1, 4)]
    undated = [replace(each, published=None) for each in weekly]
    assert len(poll(ledger, *undated).new) == 3


def test_an_edited_entry_is_wanted_again(ledger: Ledger) -> None:
    poll(ledger, *ENTRIES)
    for url in wanted(ledger):
        ledger.wanted.fetched(url, canonical_url(url))
    edited = entry(3, title="Lease 3, corrected")
    assert poll(ledger, *ENTRIES[:2], edited) == Arrived((), (edited,))
    assert wanted(ledger) == [edited.url]


def test_what_another_feed_brought_is_not_fetched_again(ledger: Ledger) -> None:
    url = "https://mill.example/1"
    ledger.add_article(Article("1", url, url, "t", "", "", None, "", "text", "digest"))
    poll(ledger, entry(1, url=f"{url}?utm_medium=feed"), entry(2))
    assert wanted(ledger) == ["https://mill.example/2"]


def test_a_page_that_failed_waits_and_one_that_is_given_up_stays_so(ledger: Ledger) -> None:
    poll(ledger, entry(1), entry(2), entry(3, url=""))
    assert len(wanted(ledger)) == 2
    one, two = "https://mill.example/1", "https://mill.example/2"
    ledger.wanted.postponed(one, one, NOW + HOUR)
    ledger.wanted.fetched(two, two)
    assert wanted(ledger) == []
    assert ledger.subscriptions.next_moment(NOW) == NOW + HOUR
    [again] = ledger.wanted.of_watched_feeds(NOW + HOUR, 9)
    assert (again.entry, again.tries) == (entry(1), 1)
    poll(ledger, entry(1), entry(2), at=NOW + HOUR)
    assert len(wanted(ledger, NOW + HOUR)) == 1


def test_feeds_that_wait_longest_come_first(ledger: Ledger) -> None:
    ledger.subscriptions.add(Subscription(Feed(f"https://{n}.example/")) for n in "abc")
    poll(ledger, at=NOW - 3 * HOUR)
    due = [each.feed.url for each in ledger.subscriptions.due(NOW, 9)]
    assert due == ["https://a.example/", "https://b.example/", "https://c.example/", URL]
    assert [each.feed.url for each in ledger.subscriptions.due(NOW - 3 * HOUR, 9)] == due[:3]
    assert ledger.subscriptions.next_moment(NOW) == NOW - 2 * HOUR


def test_a_removed_feed_is_let_alone_and_comes_back_with_its_past(ledger: Ledger) -> None:
    poll(ledger, *ENTRIES)
    assert ledger.subscriptions.remove(URL)
    assert not ledger.subscriptions.remove(URL)
    assert (wanted(ledger), ledger.subscriptions.due(NOW + 9 * HOUR, 9)) == ([], ())
    assert ledger.subscriptions.next_moment(NOW) is None
    assert ledger.subscriptions.add([Subscription(Feed(URL), "Press")]) == 1
    assert ledger.subscriptions.add([Subscription(Feed(URL))]) == 0
    [due] = ledger.subscriptions.due(NOW, 9)
    assert (due.feed.title, due.folder) == ("Mill", "Press")
    assert poll(ledger, *ENTRIES) == Arrived()


def test_a_poll_that_breaks_off_leaves_nothing_behind(ledger: Ledger) -> None:
    def break_off(_: Arrived) -> Subscription:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.subscriptions.save_poll(URL, ENTRIES, canonical_url, break_off)
    assert (rows(ledger), wanted(ledger)) == (0, [])
