"""Promises to the hosts that are asked, kept against a real server under their names."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from dataclasses import replace

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from extractor.errors import BlockedError, FetchError
from extractor.gather.fetch import Fetcher
from extractor.gather.hosts import Hosts
from extractor.gather.policy import USER_AGENT, FetchPolicy, host_rule
from extractor.gather.robots import RobotRules
from extractor.records import Page

FAST = FetchPolicy(
    delay_seconds=0, first_wait_seconds=0.01, timeout_seconds=5, allow_private=True, attempts=1
)
FILINGS = replace(FAST, contact="desk@mill.example")


class Loopback(AbstractResolver):
    """Every name is this machine's, as in a private internet."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            {
                "hostname": host,
                "host": "127.0.0.1",
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


def fetch(*urls: str, policy: FetchPolicy = FAST, in_turn: bool = False) -> list[object]:
    async def run() -> list[object]:
        async with Fetcher(policy, resolver=Loopback()) as fetcher:
            if in_turn:
                return [(await asyncio.gather(fetcher.fetch(url), return_exceptions=True))[0]
                        for url in urls]  # fmt: skip
            return await asyncio.gather(*map(fetcher.fetch, urls), return_exceptions=True)

    return asyncio.run(run())


def named(site, name: str) -> str:
    return site.url.replace("127.0.0.1", name)


def watched(site, path: str) -> list[float]:
    times: list[float] = []
    site.pages[path] = lambda request: times.append(time.monotonic()) or (200, {}, b"x")
    return times


def test_the_commission_is_asked_at_most_ten_times_a_second_over_all_its_hosts(site) -> None:
    times = watched(site, "/a")
    hosts = ("www.sec.gov", "data.sec.gov", "sec.gov", "efts.sec.gov")
    pages = fetch(*(f"{named(site, host)}/a" for host in hosts), policy=FILINGS)
    assert all(isinstance(page, Page) for page in pages)
    assert min(b - a for a, b in itertools.pairwise(sorted(times))) > 0.1


def test_the_commission_is_told_whom_to_write_to(site) -> None:
    watched(site, "/a")
    url = f"{named(site, 'www.sec.gov')}/a"
    [refused] = fetch(url)
    assert "--contact you@example.org" in str(refused)
    assert site.requests == []
    fetch(url, policy=FILINGS)
    assert site.requests[-1].headers["User-Agent"] == f"{USER_AGENT[:-1]}; desk@mill.example)"


def test_other_hosts_are_no_part_of_the_commission() -> None:
    assert host_rule("notsec.gov") is None
    assert host_rule("sec.gov.example") is None


def test_a_host_that_hangs_again_and_again_is_left_alone(site) -> None:
    def hang(request):
        if request.path != "/robots.txt":
            time.sleep(0.15)
        return (404, {}, b"")

    site.pages |= {"/a": hang, "/robots.txt": (404, {}, b"")}
    policy = replace(FAST, timeout_seconds=0.1, host_failures=3, obey_robots=False)
    failures = fetch(*[f"{site.url}/a"] * 6, policy=policy, in_turn=True)
    assert len(site.paths) <= 3  # a request may be given up before it arrives
    assert "no answer within 0.1 s" in str(failures[2])
    assert "the host failed 3 times in a row and is left alone for now" in str(failures[3])


def test_one_answer_makes_failures_forgotten(site) -> None:
    good = f"{site.url}/a"
    watched(site, "/a")
    dead = "http://127.0.0.1:9/x"  # the same host: only its port is another
    policy = replace(FAST, host_failures=2, obey_robots=False)
    found = fetch(dead, good, dead, good, dead, policy=policy, in_turn=True)
    assert [isinstance(each, Page) for each in found] == [False, True, False, True, False]
    assert "left alone" not in str(found[4])


def test_a_host_that_asks_for_a_long_pause_gets_it_from_all_requests(site) -> None:
    site.pages["/busy"] = (429, {"Retry-After": "3600"}, b"")
    watched(site, "/a")
    _, second = fetch(f"{site.url}/busy", f"{site.url}/a", in_turn=True)
    assert "429 Too Many Requests and asks to wait 3600 s" in str(second)
    assert site.paths == ["/busy"]


def test_a_host_that_asks_for_a_short_pause_gets_it_from_all_requests(site) -> None:
    answers = iter([(503, {"Retry-After": "1"}, b""), (200, {}, b"x")])
    site.pages["/busy"] = lambda request: next(answers)
    times = watched(site, "/a")
    policy = replace(FAST, attempts=2, connections_per_host=1, obey_robots=False)
    began = time.monotonic()
    pages = fetch(f"{site.url}/busy", f"{site.url}/a", policy=policy)
    assert all(isinstance(page, Page) for page in pages)
    assert times[0] - began > 0.9


def test_a_request_rate_is_a_pause_too(site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nRequest-rate: 5/1")
    times = watched(site, "/a")
    fetch(*[f"{site.url}/a"] * 3)
    assert min(b - a for a, b in itertools.pairwise(times)) > 0.15


def test_a_lost_connection_is_asked_for_again_in_its_turn_only(site) -> None:
    asked: list[float] = []

    def drop(request):
        asked.append(time.monotonic())
        request.transport.abort()
        return (200, {}, b"")

    site.pages["/a"] = drop
    policy = replace(FAST, attempts=3, delay_seconds=0.2, obey_robots=False)
    [lost] = fetch(f"{site.url}/a", policy=policy)
    assert "asked 3 times" in str(lost)
    assert len(asked) == 3
    assert min(b - a for a, b in itertools.pairwise(asked)) > 0.15


class Time:
    """The time of an event loop, which a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0
        asyncio.get_running_loop().time = lambda: self.now


def test_a_fetcher_that_runs_for_months_forgets_hosts_that_are_idle() -> None:
    async def months() -> list[int]:
        time, hosts, counts = Time(), Hosts(FAST), []
        for hour in range(60 * 24):
            hosts.host(f"https://{hour}.example/")
            hosts.host("https://daily.example/")
            counts.append(len(hosts))
            time.now += 3600
        return counts

    counts = asyncio.run(months())
    # Rules are believed for a day: so long a host is remembered, and asked no sooner for them.
    assert max(counts) <= 24 + 2
    assert counts[23] == 25


def test_too_many_hosts_are_forgotten_the_longest_unused_first() -> None:
    async def crowd() -> tuple[int, bool, bool]:
        policy = replace(FAST, most_hosts=100)
        time, hosts, most = Time(), Hosts(policy), 0
        old, kept = hosts.host("https://old.example/"), hosts.host("https://kept.example/")
        for number in range(2_000):
            time.now += 1
            hosts.host(f"https://{number}.example/")
            assert hosts.host("https://kept.example/") is kept
            most = max(most, len(hosts))
        return most, hosts.host("https://old.example/") is old, len(hosts) > 50

    most, is_old_known, are_many_left = asyncio.run(crowd())
    # What was used within the last two minutes may be between two attempts.
    assert most <= 2 * 60 + 2 + 100 // 8
    assert (is_old_known, are_many_left) == (False, True)


def test_a_host_that_is_asked_or_owed_a_pause_is_not_forgotten() -> None:
    async def crowd() -> list[bool]:
        time, hosts = Time(), Hosts(replace(FAST, most_hosts=10))
        closed, paused, asked, read = (
            hosts.host(f"https://{name}.example/") for name in ("closed", "paused", "asked", "read")
        )
        closed.close(10_000, "it failed")
        paused.pause(10_000)
        async with hosts.turn(asked), read.robots_lock:
            for number in range(99):
                time.now += 90
                hosts.host(f"https://{number}.example/")
            return [
                hosts.host(f"https://{name}.example/") is host
                for name, host in zip(
                    ("closed", "paused", "asked", "read"),
                    (closed, paused, asked, read),
                    strict=True,
                )
            ]

    assert asyncio.run(crowd()) == [True] * 4


def test_rules_that_are_believed_no_longer_are_forgotten() -> None:
    async def a_week() -> int:
        time, hosts = Time(), Hosts(FAST)
        for number in range(7 * 24):
            host = hosts.host("https://many.example/")
            rules = RobotRules("dealwire")
            host.robots[f"https://many.example:{number}/robots.txt"] = (time.now + 86_400, rules)
            hosts.host(f"https://{number}.example/")
            time.now += 3600
        return len(hosts.host("https://many.example/").robots)

    assert asyncio.run(a_week()) <= 25


def test_what_robots_forbid_is_a_page_that_is_kept_back(site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /")
    [blocked] = fetch(f"{site.url}/a")
    assert isinstance(blocked, BlockedError)
    assert (blocked.page.url, blocked.page.status) == (f"{site.url}/a", 0)


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "login"), (402, "subscribers"), (403, "refuses"), (451, "refuses")]
)
def test_a_page_that_is_kept_back_says_so(site, status: int, kind: str) -> None:
    site.pages["/a"] = (status, {}, b"no")
    [blocked] = fetch(f"{site.url}/a")
    assert isinstance(blocked, BlockedError)
    assert kind in str(blocked)
    assert blocked.status == status


def test_a_challenge_is_not_asked_again(site) -> None:
    site.pages["/a"] = (503, {"Retry-After": "1", "cf-mitigated": "challenge"}, b"")
    [blocked] = fetch(f"{site.url}/a", policy=replace(FAST, attempts=3))
    assert isinstance(blocked, BlockedError)
    assert site.paths == ["/a"]


def test_only_redirects_for_good_are_remembered(site) -> None:
    site.pages |= {
        "/a": (301, {"Location": "/b"}, b""),
        "/b": (308, {"Location": "/c"}, b""),
        "/c": (302, {"Location": "/d"}, b""),
        "/d": (200, {}, b"x"),
    }
    first, later = fetch(f"{site.url}/a", f"{site.url}/c")
    assert isinstance(first, Page) and isinstance(later, Page)
    assert (first.moved_to, first.final_url) == (f"{site.url}/c", f"{site.url}/d")
    assert later.moved_to == ""


def test_failures_carry_status_and_pause_for_those_who_plan(site) -> None:
    site.pages["/a"] = (429, {"Retry-After": "3600"}, b"")
    [failure] = fetch(f"{site.url}/a")
    assert isinstance(failure, FetchError)
    assert (failure.status, failure.retry_after) == (429, 3600.0)
