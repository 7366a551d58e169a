"""Promises of the pace at which feeds are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.gather.feedrules import feed_rules
from extractor.gather.pace import Poll, after_poll, least_seconds
from extractor.records import Feed, Page, Subscription

RULES = feed_rules().pace
NOW = datetime(2026, 5, 27, 8, 30, tzinfo=UTC)  # a Wednesday
FEED = Subscription(Feed("https://mill.example/feed", "Mill"), interval_seconds=3600)


def wait(before: Subscription, poll: Poll, chance: float = 0.0) -> timedelta:
    after = after_poll(before, poll, RULES, chance)
    assert after.feed.next_poll is not None
    return after.feed.next_poll - poll.at


@pytest.mark.parametrize(
    ("entries", "new", "minutes"),
    [(12, 12, 30), (12, 9, 30), (12, 8, 60), (12, 4, 60), (12, 3, 90), (12, 0, 90), (0, 0, 90)],
)
def test_many_duplicates_make_a_feed_slower_and_few_make_it_faster(
    entries: int, new: int, minutes: int
) -> None:
    assert wait(FEED, Poll(NOW, entries=entries, new=new)) == timedelta(minutes=minutes)


@given(
    polls=st.lists(
        st.builds(
            lambda entries, share, error, status, least, retry: Poll(
                NOW,
                error,
                status,
                entries,
                int(entries * share),
                least_seconds=least,
                retry_after=retry,
            ),
            st.integers(0, 100),
            st.floats(0, 1),
            st.sampled_from(["", "", "down"]),
            st.sampled_from([200, 304, 404, 410, 500]),
            st.floats(0, 1e9),
            st.none() | st.floats(0, 1e9),
        ),
        max_size=60,
    ),
    chance=st.floats(0, 1),
)
def test_whatever_happens_a_feed_is_asked_neither_too_often_nor_never(
    polls: list[Poll], chance: float
) -> None:
    feed = Subscription(Feed("https://mill.example/feed"))
    for poll in polls:
        gap = wait(feed, poll, chance).total_seconds()
        assert gap >= RULES.floor
        assert gap <= max(RULES.ceiling, RULES.longest_retry_after, RULES.gone) * 1.1
        feed = after_poll(feed, poll, RULES, chance)
        assert RULES.floor <= (feed.interval_seconds or RULES.first) <= RULES.ceiling


def test_failures_double_the_wait_up_to_a_day_and_a_success_ends_that() -> None:
    feed, waits = FEED, []
    for _ in range(7):
        waits.append(wait(feed, Poll(NOW, "the server answered 500", 500)))
        feed = after_poll(feed, Poll(NOW, "the server answered 500", 500), RULES, 0)
    assert [gap.total_seconds() / 3600 for gap in waits] == [1, 2, 4, 8, 16, 24, 24]
    assert (feed.feed.failures, feed.last_error) == (7, "the server answered 500")
    well = after_poll(feed, Poll(NOW, entries=2, new=1), RULES, 0)
    assert (well.feed.failures, well.last_error, well.interval_seconds) == (0, "", 3600)


def test_retry_after_is_obeyed_beyond_the_ceiling() -> None:
    assert wait(FEED, Poll(NOW, "busy", 503, retry_after=200_000)) == timedelta(seconds=200_000)


def test_a_gone_feed_is_asked_once_a_week_until_it_comes_back() -> None:
    gone = after_poll(FEED, Poll(NOW, "410 Gone", 410), RULES, 0)
    assert gone.is_gone
    assert wait(FEED, Poll(NOW, "410 Gone", 410)) == timedelta(days=7)
    assert not after_poll(gone, Poll(NOW, entries=1), RULES, 0).is_gone


def test_a_moved_feed_that_is_no_more_is_asked_at_its_own_address_again() -> None:
    moved = after_poll(FEED, Poll(NOW, moved_to="https://new.example/feed"), RULES, 0)
    assert moved.address == "https://new.example/feed"
    lost = after_poll(moved, Poll(NOW, "410 Gone", 410), RULES, 0)
    assert (lost.address, lost.is_gone) == (FEED.feed.url, False)
    back = after_poll(moved, Poll(NOW, moved_to=FEED.feed.url), RULES, 0)
    assert (back.address, back.moved_to) == (FEED.feed.url, "")


def test_jitter_only_delays() -> None:
    poll = Poll(NOW, entries=2, new=1, least_seconds=4 * 3600)
    waits = [wait(FEED, poll, chance).total_seconds() for chance in (0, 0.5, 1)]
    assert waits == [4 * 3600, 4 * 3600 + 180, 4 * 3600 + 360]


def test_hours_and_days_that_a_feed_skips_are_skipped() -> None:
    half = Poll(NOW, entries=2, new=1)
    assert wait(FEED, replace(half, skip_hours=(9, 10))) == timedelta(hours=2, minutes=30)
    thursday = timedelta(hours=15, minutes=30)
    assert wait(FEED, replace(half, skip_days=(2,))) == thursday
    # a feed that skips all hours is asked nevertheless
    assert wait(FEED, replace(half, skip_hours=tuple(range(24)))) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=1800"}, 1800),
        ({"cache-control": "max-age=1800", "age": "600"}, 1200),
        ({"cache-control": "max-age=60", "expires": "Wed, 27 May 2026 12:30:00 GMT"}, 60),
        ({"cache-control": "no-cache, max-age=1800"}, 0),
        ({"expires": "Wed, 27 May 2026 09:00:00 GMT"}, 1800),
        ({"expires": "Wed, 27 May 2026 09:00:00", "date": "Wed, 27 May 2026 08:50:00 GMT"}, 600),
        ({"expires": "Wed, 27 May 2020 09:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({}, 0),
    ],
)
def test_freshness_is_what_the_headers_say(headers: dict[str, str], seconds: float) -> None:
    page = Page("https://a.example", "https://a.example", 200, b"", tuple(headers.items()))
    assert least_seconds(page, NOW) == seconds
