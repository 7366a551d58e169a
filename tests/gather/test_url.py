"""Promises of canonical_url."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assets import models_dir
from extractor.gather.url import canonical_url, host_of, is_web_url

STORY = "https://example.com/2026/05/miner-signs-lease"


@pytest.mark.parametrize(
    "link",
    [
        STORY,
        STORY + "/",
        STORY + "#comments",
        STORY + "?utm_source=rss&utm_medium=feed",
        STORY + "?fbclid=abc&gclid=d&mc_cid=e&ref=home",
        STORY + "/amp",
        STORY + "/amp/",
        STORY + "?amp=1",
        STORY + "?outputType=amp",
        "HTTPS://WWW.Example.COM:443/2026/05/miner-signs-lease",
        "http://example.com/2026/05/miner-signs-lease",
        "http://example.com:80/2026/05/miner-signs-lease",
        "https://m.example.com/2026/05/miner-signs-lease",
        "https://amp.example.com/2026/05/miner-signs-lease",
        "https://example.com/2026/05/miner%2Dsigns%2dlease",
        "https://example-com.cdn.ampproject.org/c/s/example.com/2026/05/miner-signs-lease",
        "https://www.google.com/amp/s/example.com/2026/05/miner-signs-lease/amp/",
        f"  {STORY}\n",
    ],
)
def test_links_to_one_page_share_a_key(link: str) -> None:
    assert canonical_url(link) == STORY


def test_the_rest_of_the_query_is_kept_in_one_order() -> None:
    assert canonical_url("https://a.com/x?b=2&utm_term=z&a=1") == "https://a.com/x?a=1&b=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.com/x?id=1", "https://a.com/x?id=2"),
        ("https://a.com/X", "https://a.com/x"),
        ("https://a.com:8443/x", "https://a.com/x"),
        ("https://news.a.com/x", "https://a.com/x"),
        ("https://m.me/x", "https://me/x"),
        ("https://a.com/x%2Fy", "https://a.com/x/y"),
        ("https://a.com/x%2fy", "https://a.com/x/y"),
        ("https://a.com/camp", "https://a.com/c"),
    ],
)
def test_different_pages_keep_different_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_a_server_with_its_own_port_keeps_its_scheme() -> None:
    assert canonical_url("http://127.0.0.1:8765/a/") == "http://127.0.0.1:8765/a"


@pytest.mark.parametrize("word", ["", "not a url", "mailto:a@b.c", "http://[::1", "http://a:x/"])
def test_what_is_no_web_url_comes_back_as_it_is(word: str) -> None:
    assert canonical_url(word) == word


@given(
    st.one_of(
        st.text(),
        st.builds(
            "{}://{}{}{}{}".format,
            st.sampled_from(["http", "HTTPS", "ftp"]),
            st.sampled_from(
                ["www.m.amp.a.com", "Bücher.de:443", "[::1]:80", "google.com", "x", "a_b.org."]
            ),
            st.text("/amp.%2fF5é \\@:s+~", max_size=12).map("/{}".format),
            st.text("?&=autm_ref%20+é;", max_size=12).map("?{}".format),
            st.text("#ab", max_size=3),
        ),
    )
)
def test_a_key_is_its_own_key(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.parametrize(
    "rule",
    tomllib.loads((models_dir() / "urls.toml").read_text())["tracking"],
    ids=lambda rule: str(rule["parameter"]),
)
def test_each_tracking_rule_drops_its_example(rule: dict[str, str]) -> None:
    assert canonical_url(f"https://a.com/x?id=7&{rule['example']}") == "https://a.com/x?id=7"


def test_host_and_kind_of_a_word() -> None:
    assert host_of("https://www.example.com/x") == "example.com"
    assert is_web_url("https://a.com") and not is_web_url("a.com/x")
