"""Promises of the reading of feeds and lists of feeds."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from extractor.errors import FeedError
from extractor.gather.feed import looks_like_feed, read_document, read_feed
from extractor.gather.opml import looks_like_opml, read_opml
from extractor.records import Entry, Feed, Page

URL = "https://mill.example/feeds/news.xml"
ENTRY = Entry(
    guid="urn:mill:7",
    url="https://mill.example/2026/lease",
    title="Mill & cloud sign a 40 MW lease",
    published=datetime(2026, 5, 27, 8, tzinfo=UTC),
    summary="A lease for ten years.",
)

RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>Mill <![CDATA[<b>News</b>]]></title>
<item><guid isPermaLink="false">urn:mill:7</guid><link>/2026/lease</link>
<title>Mill &amp;amp; cloud sign a &lt;em&gt;40 MW&lt;/em&gt; lease</title>
<pubDate>Wed, 27 May 2026 10:00:00 +0200</pubDate>
<description>&lt;p&gt;A lease for ten years.&lt;/p&gt;</description></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Mill News</title>
<entry><id>urn:mill:7</id><link rel="replies" href="/c"/>
<link rel="alternate" href="../2026/lease"/>
<title type="html">Mill &amp;amp; cloud sign a 40 MW lease</title>
<published>2026-05-27T10:00:00+02:00</published><updated>2026-06-01T00:00:00Z</updated>
<summary type="html">&lt;p&gt;A lease for ten years.&lt;/p&gt;</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>Mill News</title></channel>
<item rdf:about="urn:mill:7"><title>Mill &amp; cloud sign a 40 MW lease</title>
<link>https://mill.example/2026/lease</link><dc:date>2026-05-27T08:00Z</dc:date>
<description>A lease for ten years.</description></item></rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Mill News",
        "items": [
            {
                "id": "urn:mill:7",
                "url": "/2026/lease",
                "title": "Mill &amp; cloud sign a 40 MW lease",
                "date_published": "2026-05-27T10:00:00+02:00",
                "content_html": "<p>A lease for ten years.</p>",
            },
            "no item",
        ],
    }
)

# As real feeds are: undeclared entities and namespaces, bare ampersands, no end.
MALFORMED = """

<rss version="2.0"><channel><title>Mill News</title>
<item><guid>urn:mill:7</guid><link> https://mill.example/2026/lease
</link><title>Mill & cloud sign a 40&nbsp;MW lease</title><media:thumbnail url="x"/>
<pubDate>2026-05-27 08:00:00</pubDate>
<description>A lease for ten years.<br></description></item>"""


def page(body: str | bytes, **headers: str) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(URL, URL, 200, data, tuple(headers.items()))


@pytest.mark.parametrize(
    "body",
    [RSS, ATOM, RDF, JSON, MALFORMED, "\ufeff" + RSS, RSS.encode("utf-16")],
    ids=["rss", "atom", "rdf", "json", "malformed", "bom", "utf-16"],
)
def test_every_format_gives_the_same_entry(body: str | bytes) -> None:
    feed, entries = read_feed(page(body, etag='"7"'))
    assert feed == Feed(url=URL, title="Mill News", etag='"7"')
    assert entries == (ENTRY,)


def test_an_entry_without_an_id_is_known_by_its_url() -> None:
    _, [entry] = read_feed(page(RSS.replace('<guid isPermaLink="false">urn:mill:7</guid>', "")))
    assert entry.guid == entry.url == ENTRY.url


def test_an_entry_with_neither_id_nor_link_is_left_out() -> None:
    body = "<rss><channel><item><title>Nothing</title></item></channel></rss>"
    assert read_feed(page(body))[1] == ()


def test_an_id_that_is_no_url_is_no_link() -> None:
    body = "<rss><channel><item><guid isPermaLink='false'>7</guid></item></channel></rss>"
    [entry] = read_feed(page(body))[1]
    assert (entry.guid, entry.url) == ("7", "")


@pytest.mark.parametrize("date", ["Yesterday, 06:00", "2025-13-45", "Thu, 32 Aug 2025 02:11:00"])
def test_a_senseless_date_is_no_date(date: str) -> None:
    body = RSS.replace("Wed, 27 May 2026 10:00:00 +0200", date)
    assert read_feed(page(body))[1][0].published is None


def test_an_entry_listed_twice_is_one_entry() -> None:
    item = RSS[RSS.index("<item>") : RSS.index("</channel>")]
    assert len(read_feed(page(RSS.replace(item, item * 2)))[1]) == 1


def test_the_longer_of_content_and_summary_is_kept() -> None:
    content = "<content type='html'>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two, and longer.&lt;/p&gt;"
    body = ATOM.replace("</entry>", f"{content}</content></entry>")
    assert read_feed(page(body))[1][0].summary == "One.\n\nTwo, and longer."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"),
        ("<!doctype html><html><body><p>rss <feed></p></body></html>", "an HTML page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><title>x</title></html>", "an HTML page"),
        (b"%PDF-1.7 ...", "a binary file"),
        ("Just a moment...", "other text"),
        ('<?xml version="1.0"?><note/>', "other XML"),
        ('{"items": []}', "no feed"),
        (JSON[:-30], "JSON of the feed is invalid"),
        ('{"version": "https://jsonfeed.org/version/1", "items": 3}', "no items"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(body: str | bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason) as caught:
        read_feed(page(body))
    assert caught.value.subject == URL


def test_an_article_page_does_not_look_like_a_feed() -> None:
    html = (
        '<!DOCTYPE html><html><head><link type="application/rss+xml"></head><body>x</body></html>'
    )
    assert not looks_like_feed(page(html))
    assert all(looks_like_feed(page(body)) for body in (RSS, ATOM, RDF, JSON, MALFORMED))


def test_an_entity_bomb_does_not_go_off() -> None:
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    prologue = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{bombs}]>'
    body = RSS.replace('<?xml version="1.0"?>', prologue).replace("40 MW", "&l11;")
    started = time.monotonic()
    _, [entry] = read_feed(page(body))
    assert time.monotonic() - started < 2
    assert len(entry.title) < 200


@pytest.mark.parametrize("junk", ["<!DOCTYPE ", "<!ENTITY ", "<a", "<![CDATA[", "<!--", "&"])
def test_junk_in_masses_does_not_hang(junk: str) -> None:
    started = time.monotonic()
    read_feed(page(f"<rss>{junk * 5_000}"))
    assert time.monotonic() - started < 3


OPML = """<opml version="2.0"><body><outline text="Press">
<outline type="rss" text="Mill" xmlUrl="https://mill.example/feed"/>
<outline type="rss" title="Two" text="Two" xmlUrl="two.xml"/>
<outline type="rss" text="Again" xmlUrl="https://mill.example/feed"/>
<outline type="rss" text="Odd" xmlUrl="javascript:x"/></outline></body></opml>"""


def test_a_list_gives_its_feeds_once_and_in_order() -> None:
    assert looks_like_opml(page(OPML))
    assert [(feed.url, feed.title) for feed in read_opml(page(OPML))] == [
        ("https://mill.example/feed", "Mill"),
        ("https://mill.example/feeds/two.xml", "Two"),
    ]


@pytest.mark.parametrize("body", [RSS, "<opml><body/></opml>", "<opml><body><outline xmlUrl="])
def test_a_list_without_feeds_is_refused(body: str) -> None:
    with pytest.raises(FeedError, match=r"mill\.example"):
        read_opml(page(body))


def test_a_feed_may_name_its_elements_with_a_prefix() -> None:
    body = (
        '<!-- not <!DOCTYPE --><r:rss xmlns:r="http://backend.userland.com/rss2" version="2.0">'
        "<r:channel><r:title>Mill</r:title><r:item><r:guid>7</r:guid><r:title>A lease</r:title>"
        "</r:item></r:channel></r:rss>"
    )
    document = read_document(page(body))
    assert (document.title, [entry.title for entry in document.entries]) == ("Mill", ["A lease"])


def test_a_feed_tells_how_often_it_wants_to_be_asked() -> None:
    head = (
        "<channel><ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour>"
        "<hour>99</hour></skipHours><skipDays><day>Sunday</day><day>someday</day></skipDays>"
    )
    document = read_document(page(RSS.replace("<channel>", head)))
    assert document.least_seconds == 5400
    assert (document.skip_hours, document.skip_days) == ((0, 7), (6,))
    syndication = (
        "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>{}"
        "</sy:updatePeriod><sy:updateFrequency xmlns:sy="
        "'http://purl.org/rss/1.0/modules/syndication/'>2</sy:updateFrequency>"
    )
    for period, seconds in (("daily", 43_200), ("hourly", 0), ("sometimes", 0)):
        body = RDF.replace("<title>", syndication.format(period) + "<title>", 1)
        assert read_document(page(body)).least_seconds == seconds


@pytest.mark.parametrize(
    ("body", "kind"), [(RSS, "RSS 2.0"), (ATOM, "Atom 1.0"), (RDF, "RSS 1.0"), (JSON, "JSON Feed")]
)
def test_a_feed_is_told_by_its_kind(body: str, kind: str) -> None:
    assert read_document(page(body)).kind == kind


def test_what_is_wrong_with_a_feed_is_told() -> None:
    item = "<item><title>No id</title></item><item><guid isPermaLink='false'>8</guid></item>"
    faults = read_document(page(RSS.replace("</channel>", f"{item}</channel>"))).faults
    assert faults == (
        "entries without id or link, left out: 1",
        "entries without a link to an article: 1",
        "entries without a date: 1",
    )
    assert "not well-formed" in read_document(page(RSS[:-10])).faults[0]
