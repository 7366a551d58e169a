"""What a server answers, taken in with care."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from extractor.errors import FetchError
from extractor.gather.policy import FetchPolicy
from extractor.gather.robots import ROBOTS_BYTES
from extractor.records import Page

_CHUNK = 65_536
_ERROR_BYTES = 65_536  # what is read of an error's page: enough to tell what it is
_RATIO_FROM = 1024 * 1024  # smaller bodies do no harm, however well they were compressed
# They describe the bytes on the wire, while a page holds what was in them.
_WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")


async def page_of(
    response: aiohttp.ClientResponse,
    *,
    url: str,
    here: str,
    policy: FetchPolicy,
    now: datetime,
    cut: bool = False,
) -> Page:
    """The page in an answer from `here`, which `url` led to.

    Of an error's page only the beginning is read, and where it is to be `cut`; nothing of a
    redirect: nobody reads that. Raises FetchError for a body beyond the policy.
    """
    if 300 <= response.status < 400:
        body = b""
    elif cut or response.status >= 400:
        body = await _beginning(response, ROBOTS_BYTES if cut else _ERROR_BYTES)
    else:
        body = await _whole(response, url, policy)
    headers = tuple(
        (name.lower(), value)
        for name, value in response.headers.items()
        if name.lower() not in _WIRE_HEADERS
    )
    return Page(url, here, response.status, body, headers, now)


async def _beginning(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) >= most:
            response.close()
            break
    return bytes(body)


async def _whole(response: aiohttp.ClientResponse, url: str, policy: FetchPolicy) -> bytes:
    """The body, decompressed chunk by chunk, so that no small bomb becomes a large one."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > policy.max_bytes:
            raise FetchError(url, f"the page is larger than {policy.max_bytes:,} bytes")
        if len(body) > max(_RATIO_FROM, policy.max_ratio * response.content.total_raw_bytes):
            raise FetchError(url, f"the page unpacks to {policy.max_ratio} times its size")
    return bytes(body)


def seconds_to_wait(response: aiohttp.ClientResponse, now: datetime) -> float | None:
    """The seconds that a busy server asks to wait; a date counts from now."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def status_words(status: int) -> str:
    """`404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
