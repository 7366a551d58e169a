"""Promises of the fetcher, kept against a real server."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web

from extractor.errors import FetchError
from extractor.gather import addresses
from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.records import Page

FAST = FetchPolicy(delay_seconds=0, first_wait_seconds=0.01, timeout_seconds=5, allow_private=True)
NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)


def fetch(
    *urls: str, policy: FetchPolicy = FAST, etag: str = "", modified: str = ""
) -> list[Page | FetchError]:
    async def run() -> list[Page | FetchError]:
        async with Fetcher(policy, clock=lambda: NOW) as fetcher:
            asked = (fetcher.fetch(url, etag=etag, modified=modified) for url in urls)
            found = await asyncio.gather(*asked, return_exceptions=True)
        for one in found:
            if not isinstance(one, (Page, FetchError)):
                raise one
        return found

    return asyncio.run(run())


def fails(url: str, policy: FetchPolicy = FAST) -> FetchError:
    [found] = fetch(url, policy=policy)
    assert isinstance(found, FetchError)
    assert found.subject == url
    return found


def test_a_page_comes_with_its_headers_and_time(site) -> None:
    site.pages["/a"] = (200, {"Content-Type": "text/html", "ETag": '"1"'}, b"<p>hello</p>")
    [page] = fetch(f"{site.url}/a")
    assert (page.url, page.final_url, page.status) == (f"{site.url}/a", f"{site.url}/a", 200)
    assert page.body == b"<p>hello</p>"
    assert page.header("ETag") == '"1"'
    assert page.fetched_at == NOW


def test_the_client_says_who_it_is(site) -> None:
    site.pages["/a"] = (200, {}, b"x")
    fetch(f"{site.url}/a")
    assert site.requests[0].headers["User-Agent"].startswith("dealwire/")
    fetch(f"{site.url}/a", policy=replace(FAST, user_agent="desk/2"))
    assert site.requests[-1].headers["User-Agent"] == "desk/2"


def test_an_unchanged_page_is_not_sent_again(site) -> None:
    def answer(request: web.Request):
        known = request.headers.get("If-None-Match") == '"1"'
        dated = request.headers.get("If-Modified-Since") == "Wed, 27 May 2026 10:00:00 GMT"
        return (304, {"ETag": '"1"'}, b"") if known and dated else (200, {}, b"x")

    site.pages["/feed"] = answer
    [page] = fetch(f"{site.url}/feed", etag='"1"', modified="Wed, 27 May 2026 10:00:00 GMT")
    assert (page.status, page.body) == (304, b"")


def test_redirects_lead_to_the_final_url(site) -> None:
    site.pages["/old"] = (301, {"Location": "/new?a=1"}, b"")
    site.pages["/new"] = (200, {}, b"x")
    [page] = fetch(f"{site.url}/old")
    assert (page.url, page.final_url) == (f"{site.url}/old", f"{site.url}/new?a=1")


def test_a_circle_of_redirects_ends(site) -> None:
    site.pages["/a"] = (302, {"Location": "/a"}, b"")
    assert "redirects" in str(fails(f"{site.url}/a"))


def test_a_redirect_to_another_scheme_is_refused(site) -> None:
    site.pages["/a"] = (302, {"Location": "file:///etc/passwd"}, b"")
    assert "only http and https" in str(fails(f"{site.url}/a"))


def test_no_host_is_asked_until_there_is_room_for_its_page(site) -> None:
    site.pages["/a"] = (200, {}, b"x")

    async def run() -> tuple[int, Page]:
        room = asyncio.Event()
        async with Fetcher(replace(FAST, obey_robots=False)) as fetcher:
            fetcher.room = room.wait
            fetching = asyncio.create_task(fetcher.fetch(f"{site.url}/a"))
            await asyncio.sleep(0.1)
            asked = len(site.requests)
            room.set()
            return asked, await fetching

    asked, page = asyncio.run(run())
    assert (asked, page.body) == (0, b"x")


@pytest.mark.parametrize("url", ["ftp://example.com/x", "file:///etc/hosts", "nonsense", "http://"])
def test_only_web_urls_are_fetched(url: str) -> None:
    assert "only http and https" in str(fails(url))


def test_an_error_of_the_server_is_told_and_not_repeated(site) -> None:
    site.pages["/a"] = (500, {}, b"oops")
    assert "500 Internal Server Error" in str(fails(f"{site.url}/a"))
    assert "404 Not Found" in str(fails(f"{site.url}/gone"))
    assert site.paths == ["/a", "/gone"]


def test_a_busy_server_is_asked_again_when_it_wishes(site) -> None:
    answers = iter([(503, {"Retry-After": "0"}, b""), (429, {}, b""), (200, {}, b"x")])
    site.pages["/a"] = lambda request: next(answers)
    [page] = fetch(f"{site.url}/a")
    assert (page.body, len(site.paths)) == (b"x", 3)


def test_a_busy_server_that_asks_for_too_long_a_pause_is_left_alone(site) -> None:
    site.pages["/a"] = (429, {"Retry-After": "86400"}, b"")
    site.pages["/b"] = (503, {"Retry-After": "Wed, 27 May 2026 13:00:00 GMT"}, b"")
    assert "429 Too Many Requests and asks to wait 86400 s" in str(fails(f"{site.url}/a"))
    assert "asks to wait 3600 s" in str(fails(f"{site.url}/b"))
    assert site.paths == ["/a", "/b"]


def test_a_server_that_stays_busy_is_given_up(site) -> None:
    site.pages["/a"] = (503, {}, b"")
    assert "503 Service Unavailable (asked 3 times)" in str(fails(f"{site.url}/a"))


def test_a_dead_host_is_tried_several_times_and_the_cause_is_kept() -> None:
    error = fails("http://127.0.0.1:9/x", replace(FAST, obey_robots=False))
    assert "asked 3 times" in str(error)
    assert error.__cause__ is not None


def test_a_slow_server_runs_into_the_timeout(site) -> None:
    site.pages["/a"] = lambda request: time.sleep(0.6) or (200, {}, b"x")
    policy = replace(FAST, timeout_seconds=0.2, obey_robots=False)
    assert "no answer within 0.2 s" in str(fails(f"{site.url}/a", policy))


def test_a_body_beyond_the_limit_is_refused_also_when_compressed(site) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    site.pages["/plain"] = (200, {}, b"x" * 2_000)
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    assert "larger than 1,000 bytes" in str(
        fails(f"{site.url}/plain", replace(FAST, max_bytes=1_000))
    )
    assert "larger than 100,000 bytes" in str(
        fails(f"{site.url}/bomb", replace(FAST, max_bytes=100_000))
    )


def test_a_compressed_page_is_unpacked(site) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    site.pages["/a"] = (200, headers, gzip.compress(b"<p>hello</p>"))
    [page] = fetch(f"{site.url}/a")
    assert page.body == b"<p>hello</p>"
    assert page.header("content-encoding") == ""


def test_a_body_that_is_not_what_it_says_is_an_error(site) -> None:
    site.pages["/a"] = (200, {"Content-Encoding": "gzip"}, b"this is no gzip")
    assert "the request failed" in str(fails(f"{site.url}/a"))


def test_robots_txt_is_obeyed_and_read_once(site) -> None:
    robots = b"User-agent: dealwire\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"
    site.pages |= {"/robots.txt": (200, {}, robots), "/a": (200, {}, b"a"), "/b": (200, {}, b"b")}
    a, b, private = fetch(f"{site.url}/a", f"{site.url}/b", f"{site.url}/private/x")
    assert (a.body, b.body) == (b"a", b"b")
    assert "robots.txt of the site forbids it" in str(private)
    assert [request.path for request in site.requests].count("/robots.txt") == 1


def test_a_redirect_does_not_lead_around_robots_txt(site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private")
    site.pages["/a"] = (302, {"Location": "/private"}, b"")
    assert "robots.txt" in str(fails(f"{site.url}/a"))
    assert site.paths == ["/a"]


def test_a_host_whose_robots_txt_fails_is_left_alone_for_now(site) -> None:
    site.pages |= {"/robots.txt": (500, {}, b""), "/a": (200, {}, b"x")}
    assert "cannot be read: the server answered 500" in str(fails(f"{site.url}/a"))
    [page] = fetch(f"{site.url}/a", policy=replace(FAST, obey_robots=False))
    assert page.body == b"x"


def test_requests_to_one_host_keep_their_distance(site) -> None:
    times: list[float] = []
    site.pages["/a"] = lambda request: times.append(time.monotonic()) or (200, {}, b"x")
    policy = replace(FAST, delay_seconds=0.15, obey_robots=False)
    fetch(*[f"{site.url}/a"] * 3, policy=policy)
    assert min(late - early for early, late in itertools.pairwise(times)) > 0.1


def test_the_crawl_delay_of_a_site_is_kept_within_bounds(site) -> None:
    times: list[float] = []
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 900")
    site.pages["/a"] = lambda request: times.append(time.monotonic()) or (200, {}, b"x")
    fetch(*[f"{site.url}/a"] * 3, policy=replace(FAST, max_delay_seconds=0.15))
    assert 0.1 < times[2] - times[1] < 2


def test_a_host_is_asked_only_so_often_at_once(site) -> None:
    site.pages["/a"] = (200, {}, b"x")
    pages = fetch(*[f"{site.url}/a"] * 12, policy=replace(FAST, connections_per_host=1))
    assert [page.body for page in pages] == [b"x"] * 12


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_private_addresses_are_refused_when_connecting(site, host: str) -> None:
    site.pages["/a"] = (200, {}, b"secret")
    url = site.url.replace("127.0.0.1", host) + "/a"
    for policy in (FetchPolicy(delay_seconds=0), FetchPolicy(delay_seconds=0, obey_robots=False)):
        assert "the address is private" in str(fails(url, policy))
    assert site.requests == []


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001", "0177.0.0.1"])
def test_odd_spellings_of_a_private_address_reach_nothing(site, host: str) -> None:
    fails(site.url.replace("127.0.0.1", host), FetchPolicy(delay_seconds=0, attempts=1))
    assert site.requests == []


def test_a_redirect_to_a_private_address_is_refused(site, monkeypatch) -> None:
    # The server's own address plays the public one, so that the first request succeeds.
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    site.pages["/a"] = (302, {"Location": site.url.replace("127.0.0.1", "127.0.0.2")}, b"")
    policy = replace(FAST, allow_private=False, obey_robots=False)
    assert "the address is private" in str(fails(f"{site.url}/a", policy))


def test_a_senseless_retry_after_is_passed_over(site) -> None:
    answers = iter([(503, {"Retry-After": "soon"}, b""), (200, {}, b"x")])
    site.pages["/a"] = lambda request: next(answers)
    [page] = fetch(f"{site.url}/a")
    assert page.body == b"x"
