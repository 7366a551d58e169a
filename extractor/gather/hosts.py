"""Whose turn it is: the requests of each host, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from extractor.gather.policy import FetchPolicy, HostRule, host_rule
from extractor.gather.robots import RobotRules

_LOOK_SECONDS = 600.0  # between two looks for hosts to forget


@dataclass(slots=True)
class Host:
    """What is remembered about a host; times are of the event loop."""

    places: asyncio.Semaphore
    delay_seconds: float
    rule: HostRule | None = None
    next_start: float = 0.0
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: dict[str, tuple[float, RobotRules]] = field(default_factory=dict)
    failures: int = 0  # in a row
    closed_until: float = 0.0
    closed_why: str = ""
    used_at: float = 0.0
    under_way: int = 0  # requests that are sent, or wait for their turn

    def pause(self, seconds: float) -> None:
        """No request starts before the pause that the host asked for is over."""
        self.next_start = max(self.next_start, asyncio.get_running_loop().time() + seconds)

    def close(self, seconds: float, why: str) -> None:
        """Leave the host alone; requests that wait for their turn fail with `why`."""
        self.closed_until = asyncio.get_running_loop().time() + seconds
        self.closed_why = why

    @property
    def refusal(self) -> str:
        """Why the host is left alone for now, "" if it is not."""
        return self.closed_why if asyncio.get_running_loop().time() < self.closed_until else ""

    def is_idle(self, now: float) -> bool:
        """Whether nobody asks the host, and it is owed no pause."""
        is_asked = self.under_way or self.robots_lock.locked()
        return not is_asked and max(self.next_start, self.closed_until) <= now


class Turn:
    """One request's right to start; the host's next one has to wait until it was sent."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._is_sent = False

    def sent(self) -> None:
        """The request left this machine: the pause before the next one begins."""
        if not self._is_sent:
            self._is_sent = True
            self.host.pause(self.host.delay_seconds)
            self.host.starting.release()


class Hosts:
    """The hosts that were asked lately, with the connections that they share.

    One is forgotten once its robots.txt would have to be read anew, or sooner, the longest
    unused first, if there are too many. One that is asked or owed a pause never is.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._connections = asyncio.Semaphore(policy.connections)
        self._hosts: dict[str, Host] = {}
        self._next_look = 0.0

    def __len__(self) -> int:
        return len(self._hosts)

    def host(self, url: str) -> Host:
        """The host of a url; hosts below a name that has a rule of its own are one."""
        name = (urlsplit(url).hostname or "").rstrip(".")
        rule = host_rule(name)
        key = rule.name if rule else name
        now = asyncio.get_running_loop().time()
        if key not in self._hosts:
            self._forget(now)
            places = asyncio.Semaphore(self._policy.connections_per_host)
            self._hosts[key] = Host(places, self._policy.delay_seconds, rule)
            self.agree(self._hosts[key], 0.0)
        self._hosts[key].used_at = now
        return self._hosts[key]

    def agree(self, host: Host, asked: float) -> None:
        """Fix the host's pause between requests: the longest of what is asked by all sides."""
        policy = self._policy
        own = max(policy.delay_seconds, host.rule.delay_seconds if host.rule else 0.0)
        host.delay_seconds = max(own, min(asked, policy.max_delay_seconds))

    @asynccontextmanager
    async def turn(self, host: Host) -> AsyncIterator[Turn]:
        """A place among the host's requests, then one of the shared connections.

        The shared one is taken last, after the host's pause: a slow host's queue blocks no
        other host.
        """
        loop = asyncio.get_running_loop()
        host.under_way += 1
        try:
            async with host.places:
                await host.starting.acquire()
                turn = Turn(host)
                try:
                    # Again, since the host may ask for a longer pause while this one sleeps.
                    while not host.refusal and (wait := host.next_start - loop.time()) > 0:
                        await asyncio.sleep(wait)
                    async with self._connections:
                        yield turn
                finally:
                    turn.sent()
        finally:
            host.under_way -= 1
            host.used_at = loop.time()

    def _forget(self, now: float) -> None:
        policy = self._policy
        is_full = len(self._hosts) >= policy.most_hosts
        if not is_full and now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        # Between two attempts nobody holds the host.
        rested = now - 2 * policy.max_wait_seconds
        idle = sorted(
            (host.used_at, key)
            for key, host in self._hosts.items()
            if host.used_at <= rested and host.is_idle(now)
        )
        least = policy.most_hosts * 7 // 8  # some more, so that not each new host looks again
        for used_at, key in idle:
            if now - used_at < policy.robots_seconds and not (is_full and len(self) > least):
                break
            del self._hosts[key]
        for host in self._hosts.values():
            for address in [a for a, (until, _) in host.robots.items() if until <= now]:
                del host.robots[address]
