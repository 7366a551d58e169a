"""The corpus server behaves as a small internet."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from extractor.evaluate.corpus import load_corpus
from extractor.evaluate.serve import PLACEHOLDER, serve_corpus


@pytest.fixture(scope="module")
def base():
    with serve_corpus() as url:
        yield url


def get(url: str, **headers: str) -> tuple[bytes, str, str]:
    with urlopen(Request(url, headers=headers)) as answer:
        return answer.read(), answer.headers["Content-Type"], answer.headers["ETag"]


def refusal(url: str, **headers: str) -> int:
    with pytest.raises(HTTPError) as error:
        get(url, **headers)
    error.value.close()
    return error.value.code


def test_links_of_feeds_lead_back_to_the_server(base):
    feed = json.loads(get(f"{base}/feeds/hashwire.json")[0])
    for item in feed["items"]:
        assert item["url"].startswith(f"{base}/sites/hashwire.example.com/")
        assert item["title"].encode() in get(item["url"])[0].replace(b"&amp;", b"&")


def test_no_feed_shows_the_placeholder(base):
    opml = get(f"{base}/")[0].decode()
    feeds = [part.split('"')[0] for part in opml.split('xmlUrl="')[1:]]
    assert len(feeds) >= 6
    assert not any(PLACEHOLDER in get(url)[0] for url in feeds)


def test_an_unchanged_page_is_not_sent_twice(base):
    etag = get(f"{base}/feeds.opml")[2]
    assert refusal(f"{base}/feeds.opml", **{"If-None-Match": etag}) == 304


def test_tracking_parameters_and_a_final_slash_do_not_matter(base):
    gold = next(g for g in load_corpus() if g.page)
    path = gold.row.url.removeprefix(f"https://{gold.row.site}")
    body, content_type, _ = get(f"{base}/sites/{gold.row.site}{path}/?utm_source=feed")
    assert body == gold.page.read_bytes()
    assert content_type == "text/html"


@pytest.mark.parametrize("path", ["/sites/none", "/../pyproject.toml", "/README.md", "/gold"])
def test_what_is_no_page_is_not_found(base, path):
    assert refusal(base + path) == 404


def test_gold_stays_hidden(base):
    gold = next(g for g in load_corpus() if g.page)
    folder = f"{base}/sites/{gold.row.site}/"
    path = gold.row.url.removeprefix(f"https://{gold.row.site}/")
    for name in (f"{path}.gold.json", f"{path}.gold"):
        assert refusal(folder + name) == 404
