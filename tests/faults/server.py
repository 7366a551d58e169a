"""A web server that misbehaves on purpose: each of its hosts has one fault."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

SUFFIX = ".test"  # RFC 2606: never a name of the real web


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for; `count` says how often it asked for this path before."""

    host: str
    path: str
    headers: Mapping[str, str]
    count: int


def head_of(
    status: str = "200 OK",
    headers: Mapping[str, str] = MappingProxyType({}),
    content_type: str = "text/html; charset=utf-8",
) -> bytes:
    """What stands before a body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Reply:
    """The way back to the client, down to single bytes."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.bytes_sent = 0

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
        self.bytes_sent += len(data)

    async def send(
        self,
        body: bytes | str = b"",
        *,
        status: str = "200 OK",
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        if status.startswith(("204", "304")):
            data = b""
        await self.head(
            status=status,
            headers={"Content-Length": str(len(data)), **(headers or {})},
            content_type=content_type,
        )
        await self.raw(data)

    async def head(
        self,
        *,
        status: str = "200 OK",
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        await self.raw(head_of(status, headers or {}, content_type))

    async def stall(self) -> None:
        """Nothing more, until the client has had enough."""
        await asyncio.sleep(3600)

    def reset(self) -> None:
        """An end without goodbye: the client's kernel is told RST instead of FIN."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Handler = Callable[[Request, Reply], Awaitable[None]]


@dataclass
class FaultServer:
    """Serves `handlers` by host and counts what is asked for; its port is the same for all."""

    handlers: Mapping[str, Handler]
    port: int = 0
    asked: list[Request] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)

    def url(self, name: str, path: str = "/page") -> str:
        return f"http://{name}{SUFFIX}:{self.port}{path}"

    def count(self, name: str, path: str) -> int:
        return sum(request.host == name and request.path == path for request in self.asked)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = Reply(writer)
        name = ""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                key.strip().lower(): value.strip()
                for key, _, value in (line.partition(":") for line in head[1:] if line)
            }
            name = headers.get("host", "").split(":")[0].removesuffix(SUFFIX)
            path = head[0].split(" ")[1]
            request = Request(name, path, headers, self.count(name, path))
            self.asked.append(request)
            if handler := self.handlers.get(name):
                await handler(request, reply)
            else:
                await reply.send("no such host", status="404 Not Found")
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client had enough, as it should, or the server ends
        finally:
            self.sent[name] = self.sent.get(name, 0) + reply.bytes_sent
            with contextlib.suppress(ConnectionError):
                writer.close()

    @contextmanager
    def running(self) -> Iterator[FaultServer]:
        """The server in a thread of its own."""
        ready, stopped = threading.Event(), asyncio.Event()
        loops: list[asyncio.AbstractEventLoop] = []

        async def live() -> None:
            loops.append(asyncio.get_running_loop())
            server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stopped.wait()
            server.close()

        # What still stalls is cancelled when the loop ends.
        thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            loops[0].call_soon_threadsafe(stopped.set)
            thread.join(10)


class FaultResolver(AbstractResolver):
    """Leads all names of the fault server to it, and some where none may be led."""

    def __init__(self, elsewhere: Mapping[str, str] | None = None) -> None:
        self._elsewhere = elsewhere or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        name = host.removesuffix(SUFFIX)
        if name == host or name == "unknown":
            return await ThreadedResolver().resolve(host, port, family)
        address = self._elsewhere.get(name, "127.0.0.1")
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        found: ResolveResult = {
            "hostname": host,
            "host": address,
            "port": port,
            "family": kind,
            "proto": 0,
            "flags": socket.AI_NUMERICHOST,
        }
        return [found]

    async def close(self) -> None:
        """Nothing is kept open."""
