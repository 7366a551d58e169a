"""The network: pages fetched politely."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import aiohttp
import stamina
from aiohttp.abc import AbstractResolver

from extractor.errors import BlockedError, FetchError
from extractor.gather.answers import page_of, seconds_to_wait, status_words
from extractor.gather.blocked import NOT_ASKED, WORDS, blocked_answer
from extractor.gather.hosts import Host, Hosts
from extractor.gather.policy import FetchPolicy
from extractor.gather.robots import (
    RobotRules,
    agent_token,
    read_robots,
    robots_url,
    unreachable,
)
from extractor.gather.session import cause_of, open_session, refusal_in
from extractor.gather.url import is_web_url
from extractor.records import Page

_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
# Too many requests, and gateways that cannot reach what is behind them: worth another try.
_BUSY = (429, 502, 503, 504)

# A retry is no news to a user; without this, Python prints it to stderr when no log is set up.
logging.getLogger("stamina").addHandler(logging.NullHandler())


def _now() -> datetime:
    return datetime.now(UTC)


async def _at_once() -> None:
    """Waits for nobody."""


class Fetcher:
    """An HTTP client for one event loop; use it as `async with Fetcher() as fetcher`.

    Each request waits for its host's turn, then for one of the connections that all hosts
    share:  robots.txt -> turn of the host -> connection -> request -> redirect? again.
    Before it is sent, it waits for `room`, which whoever takes the pages may set: so no more
    pages than there are connections come for one who has no room.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._clock = clock
        self._resolver = resolver
        self._agent = agent_token(self.policy.user_agent)
        self._hosts = Hosts(self.policy)
        self._session: aiohttp.ClientSession | None = None
        self.room: Callable[[], Awaitable[None]] = _at_once

    async def __aenter__(self) -> Self:
        self._hosts = Hosts(self.policy)
        self._session = open_session(self.policy, self._resolver)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Page:
        """The page under a url, after redirects.

        With `etag` or `modified` of an earlier answer, an unchanged page comes back with
        status 304 and no body. Raises FetchError, naming the url and what was tried, for
        all that gives no page: refusals, failures, errors of the server (4xx, 5xx). What is
        kept back by a login, a paywall or the like is a BlockedError.
        """
        given = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in given.items() if value}
        page = await self._follow(url, headers)
        is_unchanged = page.status == HTTPStatus.NOT_MODIFIED and bool(headers)
        if page.status >= 300 and not is_unchanged:
            answer = f"the server answered {status_words(page.status)}{_via(page)}"
            if kind := blocked_answer(page):
                raise BlockedError(url, f"{WORDS[kind]}: {answer}", page)
            raise FetchError(url, answer, status=page.status)
        return page

    async def _follow(self, url: str, headers: dict[str, str], *, is_robots: bool = False) -> Page:
        here, moved_to = url, ""
        for _ in range(self.policy.max_redirects + 1):
            led = "" if here == url else f"it redirects to {here}: "
            if not is_web_url(here):
                raise FetchError(url, f"{led}only http and https urls can be fetched")
            host = self._hosts.host(here)
            if host.rule and host.rule.needs_contact and not self.policy.contact:
                reason = f"{host.rule.name} wants to know whom to write to: name a contact"
                raise FetchError(url, f"{led}{reason} (--contact you@example.org)")
            if self.policy.obey_robots and not is_robots:
                rules = await self._rules(host, here)
                if rules.refusal:
                    raise FetchError(url, f"{led}{rules.refusal}")
                if rules.forbid(here):
                    unasked = Page(url, here, NOT_ASKED, b"", fetched_at=self._clock())
                    raise BlockedError(url, f"{led}{WORDS['robots']}", unasked)
                self._hosts.agree(host, rules.delay_seconds)
            page = await self._request_patiently(url, here, headers, cut=is_robots)
            target = page.header("location")
            if page.status not in _REDIRECTS or not target:
                return replace(page, moved_to=moved_to)
            # The first redirect that is not for good ends what may be remembered.
            for_good = page.status in _FOR_GOOD and here == (moved_to or url)
            here = _joined(here, target)
            moved_to = here if for_good else moved_to
        raise FetchError(url, f"more than {self.policy.max_redirects} redirects, last to {here}")

    async def _rules(self, host: Host, here: str) -> RobotRules:
        address, now = robots_url(here), asyncio.get_running_loop().time()
        async with host.robots_lock:  # whoever comes second finds what the first has read
            kept = host.robots.get(address)
            if kept and kept[0] > now:
                return kept[1]
            try:
                page = await self._follow(address, {}, is_robots=True)
                rules = read_robots(page.status, page.body, self._agent)
            except FetchError as error:
                rules = unreachable(self._agent, error.reason)
            policy = self.policy
            seconds = policy.rest_seconds if rules.refusal else policy.robots_seconds
            host.robots[address] = (asyncio.get_running_loop().time() + seconds, rules)
            return rules

    async def _request_patiently(
        self, url: str, here: str, headers: dict[str, str], *, cut: bool
    ) -> Page:
        """One answer, asked for again while the connection fails or the server is busy.

        A host that fails again and again is left alone for some time.
        """
        host = self._hosts.host(here)
        try:
            page = await self._try_several_times(url, here, headers, cut)
        except _HostFailedError as failure:
            host.failures += 1
            if host.failures >= self.policy.host_failures:
                count = f"the host failed {host.failures} times in a row"
                host.close(self.policy.rest_seconds, f"{count} and is left alone for now")
            raise FetchError(url, failure.reason) from failure.__cause__
        host.failures = 0
        return page

    async def _try_several_times(
        self, url: str, here: str, headers: dict[str, str], cut: bool
    ) -> Page:
        asked = 0
        try:
            async for attempt in stamina.retry_context(
                on=self._pause,
                attempts=self.policy.attempts,
                timeout=None,
                wait_initial=self.policy.first_wait_seconds,
                wait_max=self.policy.max_wait_seconds,
                wait_jitter=self.policy.first_wait_seconds,
            ):
                with attempt:
                    asked += 1
                    return await self._request(url, here, headers, cut)
        except _BusyError as error:
            waits = f" and asks to wait {error.retry_after:.0f} s" if error.retry_after else ""
            reason = f"the server answered {status_words(error.status)}{waits}{_times(asked)}"
            if error.retry_after and error.retry_after > self.policy.max_wait_seconds:
                self._hosts.host(here).close(error.retry_after, reason)
            raise FetchError(
                url, reason, status=error.status, retry_after=error.retry_after
            ) from None
        except TimeoutError as error:
            seconds = f"{self.policy.timeout_seconds:g}"
            if isinstance(error, aiohttp.ServerTimeoutError):
                seconds = f"{self.policy.connect_seconds:g}"
            raise _HostFailedError(f"no answer within {seconds} s{_times(asked)}") from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise FetchError(url, f"{here} is no valid url") from error
        except (aiohttp.ClientError, OSError) as error:
            if refused := refusal_in(error):
                raise FetchError(url, f"refused: {refused}") from refused
            raise _HostFailedError(f"the request failed{_times(asked)}") from cause_of(error)
        raise AssertionError("a retry context returns or raises")

    def _pause(self, error: Exception) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if isinstance(error, _BusyError):
            if error.retry_after is None:
                return True
            return error.retry_after <= self.policy.max_wait_seconds and error.retry_after
        if isinstance(error, (aiohttp.ClientSSLError, TimeoutError)) or refusal_in(error):
            return False
        return isinstance(error, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError))

    async def _request(self, url: str, here: str, headers: dict[str, str], cut: bool) -> Page:
        if self._session is None:
            raise RuntimeError("a Fetcher is used inside `async with`")
        host = self._hosts.host(here)
        async with self._hosts.turn(host) as turn:
            await self.room()
            if host.refusal:
                raise FetchError(url, host.refusal)
            async with self._session.get(
                here, headers=headers, allow_redirects=False, trace_request_ctx=turn
            ) as response:
                page = await page_of(
                    response, url=url, here=here, policy=self.policy, now=self._clock(), cut=cut
                )
                if response.status in _BUSY and blocked_answer(page) != "challenge":
                    retry_after = seconds_to_wait(response, self._clock())
                    if retry_after and retry_after <= self.policy.max_wait_seconds:
                        host.pause(retry_after)
                    raise _BusyError(response.status, retry_after)
                return page


class _BusyError(Exception):
    """A server that wants to be asked later."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(status, retry_after)
        self.status = status
        self.retry_after = retry_after


class _HostFailedError(Exception):
    """No answer at all, or one that broke off."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _joined(here: str, target: str) -> str:
    """Where a redirect leads; what is no url at all is refused as such by the caller."""
    try:
        return urljoin(here, target)
    except ValueError:
        return target


def _times(asked: int) -> str:
    return f" (asked {asked} times)" if asked > 1 else ""


def _via(page: Page) -> str:
    return f" (redirected to {page.final_url})" if page.final_url != page.url else ""
