"""The network: pages fetched politely."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import stamina

from extractor.errors import FetchError
from extractor.gather.addresses import RefusedAddressError, public_socket
from extractor.gather.policy import FetchPolicy
from extractor.gather.robots import (
    RobotRules,
    agent_token,
    read_robots,
    robots_url,
    unreachable,
)
from extractor.gather.url import is_web_url
from extractor.records import Page

_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/feed+json,application/xml;q=0.9,*/*;q=0.5"
)
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_CHUNK = 65_536
_HEADER_BYTES = 32_768  # content security policies of news sites exceed aiohttp's 8 kB
# They describe the bytes on the wire, while a page holds what was in them.
_WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")

# A retry is no news to a user; without this, Python prints it to stderr when no log is set up.
logging.getLogger("stamina").addHandler(logging.NullHandler())


def _now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """An HTTP client for one event loop; use it as `async with Fetcher() as fetcher`.

    Each request waits for its host's turn, then for one of the connections that all hosts
    share:  robots.txt -> turn of the host -> connection -> request -> redirect? again.
    """

    def __init__(
        self, policy: FetchPolicy | None = None, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._clock = clock
        self._agent = agent_token(self.policy.user_agent)
        self._connections = asyncio.Semaphore(self.policy.connections)
        self._hosts: dict[str, _Host] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        policy = self.policy
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=policy.connections,
                socket_factory=None if policy.allow_private else public_socket,
            ),
            timeout=aiohttp.ClientTimeout(
                total=policy.timeout_seconds, sock_connect=policy.connect_seconds
            ),
            headers={"User-Agent": policy.user_agent, "Accept": _ACCEPT},
            cookie_jar=aiohttp.DummyCookieJar(),
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
        )
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
        all that gives no page: refusals, failures, errors of the server (4xx, 5xx).
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        page = await self._follow(url, {name: value for name, value in headers.items() if value})
        if page.status >= 300 and page.status != HTTPStatus.NOT_MODIFIED:
            raise FetchError(url, f"the server answered {_status(page.status)}{_via(page)}")
        return page

    async def _follow(self, url: str, headers: dict[str, str], *, robots: bool = True) -> Page:
        here = url
        for _ in range(self.policy.max_redirects + 1):
            if not is_web_url(here):
                where = "" if here == url else f"it redirects to {here}: "
                raise FetchError(url, f"{where}only http and https urls can be fetched")
            if robots and self.policy.obey_robots:
                await self._ask_leave(url, here)
            page = await self._request_patiently(url, here, headers)
            target = page.header("location")
            if page.status not in _REDIRECTS or not target:
                return page
            here = urljoin(here, target)
        raise FetchError(url, f"more than {self.policy.max_redirects} redirects, last to {here}")

    async def _ask_leave(self, url: str, here: str) -> None:
        host = self._host(here)
        rules = await self._rules(host, here)
        if reason := rules.why_not(here):
            raise FetchError(url, reason if here == url else f"it redirects to {here}: {reason}")
        host.delay_seconds = min(
            max(self.policy.delay_seconds, rules.delay_seconds),
            max(self.policy.delay_seconds, self.policy.max_delay_seconds),
        )

    async def _rules(self, host: _Host, here: str) -> RobotRules:
        address, now = robots_url(here), asyncio.get_running_loop().time()
        async with host.robots_lock:  # whoever comes second finds what the first has read
            kept = host.robots.get(address)
            if kept and kept[0] > now:
                return kept[1]
            try:
                page = await self._follow(address, {}, robots=False)
                rules = read_robots(page.status, page.body, self._agent)
            except FetchError as error:
                rules = unreachable(self._agent, error.reason)
            policy = self.policy
            seconds = policy.robots_failure_seconds if rules.refusal else policy.robots_seconds
            host.robots[address] = (asyncio.get_running_loop().time() + seconds, rules)
            return rules

    async def _request_patiently(self, url: str, here: str, headers: dict[str, str]) -> Page:
        """One answer, asked for again while the connection fails or the server is busy."""
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
                    return await self._request(url, here, headers)
        except _BusyError as error:
            waits = f" and asks to wait {error.retry_after:.0f} s" if error.retry_after else ""
            reason = f"the server answered {_status(error.status)}{waits}{_times(asked)}"
            raise FetchError(url, reason) from None
        except TimeoutError as error:
            reason = f"no answer within {self.policy.timeout_seconds:g} s{_times(asked)}"
            raise FetchError(url, reason) from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise FetchError(url, f"{here} is no valid url") from error
        except (aiohttp.ClientError, OSError) as error:
            refused = _refused(error)
            reason = f"refused: {refused}" if refused else f"the request failed{_times(asked)}"
            raise FetchError(url, reason) from (refused or error)
        raise AssertionError("a retry context returns or raises")

    def _pause(self, error: Exception) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if isinstance(error, _BusyError):
            if error.retry_after is None:
                return True
            return error.retry_after <= self.policy.max_wait_seconds and error.retry_after
        if isinstance(error, aiohttp.ClientSSLError) or _refused(error):
            return False
        return isinstance(error, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError))

    async def _request(self, url: str, here: str, headers: dict[str, str]) -> Page:
        if self._session is None:
            raise RuntimeError("a Fetcher is used inside `async with`")
        async with (
            self._turn(here),
            self._session.get(here, headers=headers, allow_redirects=False) as response,
        ):
            if response.status in _BUSY:
                raise _BusyError(response.status, self._retry_after(response))
            # The body of a redirect or an error is nobody's reading.
            body = await self._body(url, response) if response.status < 300 else b""
            return Page(
                url=url,
                final_url=here,
                status=response.status,
                body=body,
                headers=tuple(
                    (name.lower(), value)
                    for name, value in response.headers.items()
                    if name.lower() not in _WIRE_HEADERS
                ),
                fetched_at=self._clock(),
            )

    async def _body(self, url: str, response: aiohttp.ClientResponse) -> bytes:
        """The body, decompressed chunk by chunk, so that no small bomb becomes a large one."""
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self.policy.max_bytes:
                raise FetchError(url, f"the page is larger than {self.policy.max_bytes:,} bytes")
        return bytes(body)

    def _retry_after(self, response: aiohttp.ClientResponse) -> float | None:
        """The seconds that a busy server asks to wait; a date counts from now."""
        text = response.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._clock()).total_seconds())

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """A place among the host's requests, then one of the shared connections.

        The shared one is taken last: a slow host's queue blocks no other host.
        """
        host, loop = self._host(url), asyncio.get_running_loop()
        async with host.places:
            start = max(loop.time(), host.next_start)
            host.next_start = start + host.delay_seconds
            await asyncio.sleep(max(0.0, start - loop.time()))
            async with self._connections:
                yield

    def _host(self, url: str) -> _Host:
        name = urlsplit(url).hostname or ""
        if name not in self._hosts:
            places = asyncio.Semaphore(self.policy.connections_per_host)
            self._hosts[name] = _Host(places, self.policy.delay_seconds)
        return self._hosts[name]


@dataclass(slots=True)
class _Host:
    """What is remembered about a host while the fetcher lives."""

    places: asyncio.Semaphore
    delay_seconds: float
    next_start: float = 0.0
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: dict[str, tuple[float, RobotRules]] = field(default_factory=dict)


class _BusyError(Exception):
    """A server that wants to be asked later."""

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(status, retry_after)
        self.status = status
        self.retry_after = retry_after


def _refused(error: BaseException) -> RefusedAddressError | None:
    """The refusal of an address that aiohttp has wrapped."""
    inner = getattr(error, "os_error", error)
    return inner if isinstance(inner, RefusedAddressError) else None


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _times(asked: int) -> str:
    return f" (asked {asked} times)" if asked > 1 else ""


def _via(page: Page) -> str:
    return f" (redirected to {page.final_url})" if page.final_url != page.url else ""
