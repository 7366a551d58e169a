"""The HTTP client, as it suits those who read the web of strangers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

from extractor.gather.addresses import RefusedAddressError, harmless_socket, public_socket
from extractor.gather.hosts import Turn
from extractor.gather.policy import FetchPolicy

_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/feed+json,application/xml;q=0.9,*/*;q=0.5"
)
_HEADER_BYTES = 32_768  # content security policies of news sites exceed aiohttp's 8 kB


def open_session(policy: FetchPolicy, resolver: AbstractResolver | None) -> aiohttp.ClientSession:
    """A session that connects where the policy allows, keeps no cookies, asks once.

    A request that carries a Turn as its `trace_request_ctx` tells it when it was sent.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=policy.connections,
            socket_factory=harmless_socket if policy.allow_private else public_socket,
            resolver=resolver,
        ),
        timeout=aiohttp.ClientTimeout(
            total=policy.timeout_seconds, sock_connect=policy.connect_seconds
        ),
        headers={"User-Agent": policy.sent_agent, "Accept": _ACCEPT},
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=_HEADER_BYTES,
        max_field_size=_HEADER_BYTES,
        trace_configs=[_turns()],
        middlewares=(_once,),
    )


def refusal_in(error: BaseException) -> RefusedAddressError | None:
    """The refusal of an address that aiohttp has wrapped."""
    cause = cause_of(error)
    inner = getattr(cause, "os_error", cause)
    return inner if isinstance(inner, RefusedAddressError) else None


def cause_of(error: BaseException) -> BaseException | None:
    """What went wrong, under the name that aiohttp gave it."""
    return error.__cause__ if isinstance(error, _DroppedError) else error


class _DroppedError(aiohttp.ClientConnectionError):
    """A connection that was lost, under a name that aiohttp does not ask again for itself."""


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """One request is one request: a second one waits for its turn as any other."""
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, (TimeoutError, aiohttp.ClientSSLError)):
            raise
        raise _DroppedError from error


def _turns() -> aiohttp.TraceConfig:
    """Tells a host's turn when its request has left."""

    async def sent(_: object, context: SimpleNamespace, __: object) -> None:
        turn: Any = context.trace_request_ctx
        if isinstance(turn, Turn):
            turn.sent()

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(sent)
    return trace
