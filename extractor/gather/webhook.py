"""Events posted to a receiver, signed as Standard Webhooks 1.0 has it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from extractor.errors import FetchError, QueryError
from extractor.gather.addresses import RefusedAddressError, public_socket
from extractor.gather.answers import seconds_to_wait
from extractor.gather.policy import USER_AGENT
from extractor.gather.url import is_web_url

_PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64
_TIMEOUT_SECONDS = 20.0
_LONGEST_RETRY_AFTER = 86_400.0


def read_secrets(text: str) -> tuple[bytes, ...]:
    """The keys in a text of one or more secrets (`whsec_` and base64), parted by spaces.

    With several, events are signed with each, so that a receiver can change to a new one.
    Raises QueryError that never holds a secret.
    """
    keys = []
    for word in text.split():
        try:
            key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
            raise QueryError(
                "the webhook secret",
                f"is not {_PREFIX} with {_LEAST_BYTES} to {_MOST_BYTES} bytes in base64 behind it",
            )
        keys.append(key)
    return tuple(keys)


def signed_headers(
    event_id: str, body: bytes, sent_at: datetime, keys: Sequence[bytes]
) -> dict[str, str]:
    """The headers of an event: its id, the time of this attempt, a signature for each key."""
    timestamp = str(int(sent_at.timestamp()))
    content = b".".join((event_id.encode(), timestamp.encode(), body))
    digests = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    signatures = (f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
    return {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


class Poster:
    """Posts events to one receiver; use it as `async with Poster(...) as poster`.

    Its url may hold secrets: only `name`, its scheme and host, is ever told.
    """

    def __init__(self, url: str, keys: Sequence[bytes], *, allow_private: bool = False) -> None:
        self.name = receiver_name(url)
        self._url = url
        self._keys = tuple(keys)
        self._allow_private = allow_private
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=None if self._allow_private else public_socket
            ),
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
            headers={"User-Agent": USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
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

    async def post(self, event_id: str, body: bytes, sent_at: datetime) -> None:
        """Posts an event. Raises FetchError unless the receiver answers that it took it (2xx)."""
        if self._session is None:
            raise RuntimeError("a Poster is used inside `async with`")
        headers = signed_headers(event_id, body, sent_at, self._keys)
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                status, retry_after = response.status, seconds_to_wait(response, sent_at)
        except TimeoutError:
            raise FetchError(self.name, f"no answer within {_TIMEOUT_SECONDS:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(self.name, _reason(error)) from None
        if 300 <= status < 400:
            reason = f"it redirects ({status}); name the address where it takes events"
            raise FetchError(self.name, reason, status=status)
        if not 200 <= status < 300:
            reason = f"it answered {status}"
            if retry_after is not None:
                retry_after = min(retry_after, _LONGEST_RETRY_AFTER)
            raise FetchError(self.name, reason, status=status, retry_after=retry_after)


def receiver_name(url: str) -> str:
    """The scheme and host of a receiver; raises QueryError for what is no http(s) url."""
    if not is_web_url(url):
        raise QueryError("--notify", "takes an http or https url")
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _reason(error: BaseException) -> str:
    """What went wrong, in words that cannot hold the receiver's url."""
    inner = getattr(error, "os_error", error)
    if isinstance(inner, RefusedAddressError):
        return f"refused: {inner} (--notify-private allows it)"
    if isinstance(inner, OSError) and inner.strerror:
        return f"cannot connect: {inner.strerror}"
    return f"the request failed ({type(error).__name__})"
