"""Promises of lists of feeds, from and to other readers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractor.gather.opml import read_subscriptions, write_opml
from extractor.gather.text import canonical_line
from extractor.records import Feed, Page, Subscription

NAMES = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12)
    .map(lambda name: canonical_line(name).replace("/", "\u2215"))
    .filter(bool)
)
FEEDS = st.lists(
    st.tuples(st.integers(0, 99), NAMES, st.lists(NAMES, max_size=3)),
    min_size=1,
    max_size=12,
    unique_by=lambda feed: feed[0],
)


@given(FEEDS)
def test_what_is_written_is_read_again(feeds: list[tuple[int, str, list[str]]]) -> None:
    written = [
        Subscription(Feed(f"https://a.example/{number}?a=1&b=<2>", title), "/".join(folders))
        for number, title, folders in feeds
    ]
    text = write_opml(written, "Mine & <yours>")
    read = read_subscriptions(Page("list.opml", "list.opml", 200, text.encode()))
    assert set(read) == set(written)


def test_folders_of_other_readers_are_kept() -> None:
    opml = """<opml version="2.0"><body><outline text="Press"><outline text="AI / HPC">
    <outline type="rss" text="Mill" xmlUrl="https://mill.example/feed"/></outline></outline>
    <outline type="rss" xmlUrl="https://mill.example/two"/></body></opml>"""
    mill, two = read_subscriptions(Page("l", "l", 200, opml.encode()))
    assert mill.folder == "Press/AI \u2215 HPC"
    assert two.folder == ""
    assert '<outline text="AI / HPC" title="AI / HPC">' in write_opml((mill, two), "all")
