"""Addresses of one text compare equal."""

import pytest

from extractor.stories.urls import address


@pytest.mark.parametrize(
    "url",
    [
        "https://www.wire.example.com/2025/a",
        "http://wire.example.com/2025/a/",
        "https://m.wire.example.com/2025/a?utm_source=x&fbclid=1#top",
        "https://amp.wire.example.com/2025/a",
        "https://wire.example.com/2025/a/amp/",
    ],
)
def test_ways_to_write_one_address(url):
    assert address(url) == "wire.example.com/2025/a"


def test_a_query_that_names_the_page_stays():
    assert address("https://a.example/?p=17&utm_source=x") == "a.example?p=17"


@pytest.mark.parametrize("url", ["", "https://a.example", "https://a.example/", "no address"])
def test_a_front_page_names_no_text(url):
    assert address(url) == ""
