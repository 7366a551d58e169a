"""Promises of the reading of articles."""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from extractor.errors import ArticleError
from extractor.gather.article import (
    GivenArticle,
    article_from_record,
    article_from_text,
    read_article,
)
from extractor.gather.losses import with_tables
from extractor.gather.text import digest_of
from extractor.records import Article, Entry, Page

URL = "https://mill.example/2026/lease"
NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
PARAGRAPHS = (
    "Quarry Compute has leased its old paper mill to the cloud firm Nimbus for ten years.",
    "The lease covers 40 megawatts and is worth $310 million, the two companies said today.",
    "Deliveries of power begin in autumn, once the substation has been rebuilt by the utility.",
)
TEXT = "\n\n".join(PARAGRAPHS)


def html(body: str, head: str = "") -> str:
    menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", "Deals", "Jobs"))
    return (
        f"<!DOCTYPE html><html lang='en-US'><head><title>Mill leased | Mill News</title>{head}"
        f"</head><body><nav><ul>{menu}</ul></nav><article><h1>Mill leased</h1>{body}</article>"
        "<footer><p>© 2026 Mill News</p></footer></body></html>"
    )


def page(body: str | bytes, content_type: str = "text/html", final_url: str = URL) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(URL, final_url, 200, data, (("content-type", content_type),))


BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
HEAD = """<link rel="canonical" href="/2026/lease?utm_source=x">
<meta property="og:site_name" content="Mill News"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2026-05-27T14:00:00+02:00">"""


def test_a_page_becomes_an_article() -> None:
    assert read_article(page(html(BODY, HEAD))) == Article(
        key=URL,
        url=URL,
        canonical_url=URL,
        title="Mill leased",
        site="Mill News",
        author="Jane Doe",
        published=NOON,
        language="en",
        text=TEXT,
        digest=digest_of("Mill leased", TEXT),
    )


def test_a_page_under_another_url_has_the_key_of_its_canonical_link() -> None:
    article = read_article(page(html(BODY, HEAD), final_url="https://copy.example/x?id=3"))
    assert article.url == "https://copy.example/x?id=3"
    # a relative link is relative to where the page was found
    assert article.key == article.canonical_url == "https://copy.example/2026/lease"


def test_a_canonical_link_to_the_home_page_is_a_mistake() -> None:
    head = '<link rel="canonical" href="https://mill.example/">'
    assert read_article(page(html(BODY, head))).key == URL


def test_the_feed_tells_what_the_page_does_not() -> None:
    bare = f"<html><body><div>{BODY}</div></body></html>"
    entry = Entry("7", URL, "Mill leased to cloud", NOON, "Short.")
    article = read_article(page(bare), entry)
    assert (article.title, article.published) == ("Mill leased to cloud", NOON)
    assert article.site == "mill.example"
    assert article.text == TEXT


def test_the_page_knows_better_than_the_feed() -> None:
    entry = Entry("7", URL, "Another title", datetime(2026, 5, 29, tzinfo=UTC))
    article = read_article(page(html(BODY, HEAD)), entry)
    assert (article.title, article.published) == ("Mill leased", NOON)


def test_json_ld_tells_date_and_site() -> None:
    head = """<script type="application/ld+json">{"@graph": [{"@type": "WebPage"},
    {"@type": ["NewsArticle"], "datePublished": "2026-05-27T12:00:00Z",
     "publisher": {"name": "Mill News"}}]}</script>
    <script type="application/ld+json">{oops</script>"""
    article = read_article(page(html(BODY, head)))
    assert (article.published, article.site) == (NOON, "Mill News")


def test_lists_and_tables_become_lines() -> None:
    body = (
        f"<p>{PARAGRAPHS[0]}</p><ul><li>40 MW at the mill</li><li>Ten <b>years</b></li></ul>"
        "<table><tr><th>Year</th><th>MW</th></tr><tr><td>2026</td><td>15</td></tr>"
        f"<tr><td>2027</td><td>40</td></tr></table><p>{PARAGRAPHS[1]}<br>{PARAGRAPHS[2]}</p>"
    )
    assert read_article(page(html(body))).text == (
        f"{PARAGRAPHS[0]}\n\n- 40 MW at the mill\n- Ten years\n\n"
        f"| Year | MW |\n| 2026 | 15 |\n| 2027 | 40 |\n\n{PARAGRAPHS[1]}\n{PARAGRAPHS[2]}"
    )


def test_the_charset_of_the_markup_counts() -> None:
    body = html(f"{BODY}<p>The price is €40 million for the Größe.</p>", "<meta charset=cp1252>")
    article = read_article(page(body.encode("cp1252"), "text/html"))
    assert article.text.endswith("€40 million for the Größe.")


def test_a_saved_page_takes_its_url_from_its_canonical_link() -> None:
    saved = Page(
        "pages/lease.html", "", 200, html(BODY, HEAD.replace('"/2026', f'"{URL}')).encode()
    )
    bare = Page("pages/lease.html", "", 200, html(BODY).encode())
    assert read_article(saved).url.startswith(URL)
    assert read_article(bare).url == ""
    assert read_article(bare).key == read_article(bare).digest


def test_where_the_page_holds_too_little_the_summary_serves() -> None:
    entry = Entry("7", URL, "Mill leased", NOON, TEXT)
    assert read_article(page(html("<p>Read more after the login.</p>")), entry).text == TEXT


def test_a_plain_text_page_is_an_article_too() -> None:
    article = read_article(page(f"Mill leased\n\n{TEXT}", "text/plain; charset=utf-8"))
    assert (article.title, article.text) == ("Mill leased", TEXT)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n ", "text/html", "empty"),
        (b"%PDF-1.7 x", "text/html", "a PDF"),
        (b"anything", "application/pdf", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "an image"),
        (b"\x89PNG\r\n\x1a\n", "", "a binary file"),
        (b'{"a": 1}', "application/json", "JSON"),
        (b"<html><body></body></html>", "text/html", "no article"),
        (b"<html><body><p>Enable JavaScript to continue.</p></body></html>", "", "no article"),
        (html("<p>Please log in.</p>").encode(), "text/html", "no article"),
        (b"<", "text/html", "no "),
        (b"<!-- x -->", "text/html", "no "),
    ],
)
def test_what_is_no_article_is_refused_by_name(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        read_article(page(body, content_type))
    assert caught.value.subject == URL


@given(st.binary(max_size=300) | st.text("<>/apdivtble &;'\"=![]-", max_size=80).map(str.encode))
def test_no_page_breaks_the_reader(body: bytes) -> None:
    try:
        read_article(page(body))
    except ArticleError as error:
        assert error.subject == URL


SCRAPED = f"Home News Mill leased to cloud\n\nMill leased to cloud\n\n{TEXT}\n\nSource link\n"


def test_a_scraped_text_becomes_an_article() -> None:
    article = article_from_text(SCRAPED)
    assert (article.title, article.text) == ("Mill leased to cloud", TEXT)
    assert article.key == article.digest == digest_of("Mill leased to cloud", TEXT)


def test_a_syndicated_text_has_the_key_of_its_source() -> None:
    article = article_from_text(f"{TEXT}\n\nSource: {URL}?utm_source=rss")
    assert article.key == article.canonical_url == URL
    assert article.site == "mill.example"
    assert (
        article_from_text(f"{TEXT}\n\nSource: {URL}", url="https://a.com/x").key
        == "https://a.com/x"
    )


def test_what_is_given_precedes_what_the_debris_tells() -> None:
    text = f"Mill leased to cloud\nBy Jane Doe\nMay 29, 2026\n{TEXT}"
    told = article_from_text(text)
    given = article_from_text(text, key="7", author="Desk", published=NOON)
    assert (told.author, told.published) == ("Jane Doe", datetime(2026, 5, 29, tzinfo=UTC))
    assert (given.key, given.author, given.published) == ("7", "Desk", NOON)
    assert told.text == given.text == TEXT


@given(st.text() | st.lists(st.sampled_from(SCRAPED.split("\n")), max_size=8).map("\n".join))
def test_an_article_made_of_an_article_is_the_same(text: str) -> None:
    try:
        article = article_from_text(text)
    except ArticleError:
        return
    again = article_from_text(article.text, title=article.title)
    assert (again.title, again.text, again.digest) == (article.title, article.text, article.digest)


def test_a_record_is_trusted_as_it_is() -> None:
    text = "MINING\n\n3 min read\n\nThe mill\u00a0runs.\r\n\r\n\r\nSource link"
    article = article_from_record(GivenArticle(text=text, key="a-1", title="Mill", published=NOON))
    assert article.text == "MINING\n\n3 min read\n\nThe mill runs.\n\nSource link"
    assert (article.key, article.title, article.published) == ("a-1", "Mill", NOON)


def test_a_text_without_words_is_refused_by_its_place() -> None:
    with pytest.raises(ArticleError, match=r"a/b\.txt"):
        article_from_text("Home\n\nSource link", place="a/b.txt")
    with pytest.raises(ArticleError, match=r"d\.jsonl:3"):
        article_from_record(GivenArticle(text=" \u200b "), place="d.jsonl:3")


# What stands before an article, and what a page's text lost


SUMMARY = "Quarry Compute has leased its paper mill to Nimbus, a contract worth $310 million."
ENTRY = Entry("7", URL, "Mill leased to cloud", NOON, SUMMARY)


def warned(article: Article) -> list[str]:
    return [warning.kind for warning in article.warnings]


def test_a_page_kept_back_leaves_the_word_to_its_feed() -> None:
    kept_back = page("<html><title>Just a moment...</title><body><p>Checking</p></body></html>")
    article = read_article(kept_back, ENTRY)
    assert (article.title, article.text, article.url) == (ENTRY.title, SUMMARY, URL)
    assert warned(article) == ["challenge"]
    with pytest.raises(ArticleError, match="asks for proof that a human reads it"):
        read_article(kept_back)
    with pytest.raises(ArticleError, match="asks for proof"):
        read_article(kept_back, Entry("7", URL, "Mill", NOON, "Short."))


def test_a_teaser_is_kept_where_the_feed_tells_less() -> None:
    teaser = html(f"<p>{PARAGRAPHS[0]}</p><p>Subscribe to continue reading</p>")
    assert PARAGRAPHS[0] in read_article(page(teaser)).text
    assert warned(read_article(page(teaser))) == ["paywall"]
    longer = Entry("7", URL, "Mill", NOON, TEXT)
    assert read_article(page(teaser), longer).text == TEXT


@pytest.mark.parametrize(
    "around",
    [
        "<aside>Subscribe to continue reading our newsletter</aside>",
        "<div>We and our 842 partners store and access information</div>",
        "<script type='application/ld+json'>{\"isAccessibleForFree\": false}</script>",
    ],
)
def test_an_article_that_is_all_there_is_not_kept_back(around: str) -> None:
    body = "".join(f"<p>{words}</p>" for words in PARAGRAPHS * 7)
    article = read_article(page(html(f"{around}{body}"), final_url=URL), ENTRY)
    assert article.warnings == ()
    assert PARAGRAPHS[1] in article.text


def test_an_answer_that_is_no_page_is_told_by_the_feed() -> None:
    refused = Page(URL, URL, 403, b"no", (("content-type", "text/html"),))
    assert warned(read_article(refused, ENTRY)) == ["forbidden"]
    unasked = Page(URL, URL, 0, b"")
    assert warned(read_article(unasked, ENTRY)) == ["robots"]


def test_an_amp_page_is_the_article_it_is_a_copy_of() -> None:
    link = f'<link rel="canonical" href="{URL}">'
    amp = html(BODY, link).replace("<html ", "<html amp ")
    article = read_article(page(amp, final_url="https://amp.mill.example/2026/lease/amp"))
    assert article.key == article.canonical_url == URL
    bare = read_article(page(html(BODY), final_url="https://mill.example/2026/lease/amp/"))
    assert bare.key == URL


def test_passwords_do_not_become_part_of_an_article() -> None:
    article = read_article(page(html(BODY), final_url="https://me:secret@mill.example/x"))
    assert article.url == "https://mill.example/x"


FIGURES = (
    "<table><tr><th>Tranche</th><th>Power</th><th>Value</th></tr>"
    "<tr><td>First</td><td>25 MW</td><td>$193.75 million</td></tr>"
    "<tr><td>Second</td><td>15 MW</td><td>$116.25 million</td></tr></table>"
)


def test_a_table_that_the_text_lost_comes_back_after_its_paragraph() -> None:
    before, *after = (f"<p>{words}</p>" for words in PARAGRAPHS * 2)
    text = TEXT + "\n\n" + TEXT
    tree = tree_of(f"<article>{before}<div>{FIGURES}</div>{''.join(after)}</article>")
    mended, warnings = with_tables(tree, text)
    first, rest = mended.split("\n\n", 1)
    assert first == PARAGRAPHS[0]
    assert rest.startswith("| Tranche | Power | Value |\n| First | 25 MW | $193.75 million |")
    assert warnings == ()
    assert with_tables(tree, mended) == (mended, ())


@pytest.mark.parametrize(
    "place",
    [
        "<aside>{}</aside><article>{{}}</article>",
        "<article>{{}}</article><div>{}</div>",
        "<footer>{}</footer><article>{{}}</article>",
        "<article><nav>{}</nav>{{}}</article>",
    ],
)
def test_a_table_beside_the_article_stays_there(place: str) -> None:
    paragraphs = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    tree = tree_of(place.format(FIGURES).format(paragraphs))
    assert with_tables(tree, TEXT) == (TEXT, ())


def test_figures_lost_outside_of_tables_are_told() -> None:
    grid = "<div><div>25 MW</div><div>$193.75 million</div><div>$116.25 million</div></div>"
    first, *rest = (f"<p>{words}</p>" for words in PARAGRAPHS)
    tree = tree_of(f"<article>{first}{grid}{''.join(rest)}</article>")
    text, [(kind, words)] = with_tables(tree, TEXT)
    assert text == TEXT
    assert kind == "lost figures"
    assert "25 MW, $193.75 million, $116.25 million" in words


def tree_of(body: str) -> HtmlElement:
    return lxml.html.document_fromstring(f"<html><body>{body}</body></html>")
