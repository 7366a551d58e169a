"""How politely hosts are asked."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

USER_AGENT = f"dealwire/{version('dealwire')} (+https://github.com/dealwire/dealwire)"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How to treat the hosts that are asked, and how much to take from them."""

    user_agent: str = USER_AGENT
    connections: int = 24
    connections_per_host: int = 2
    delay_seconds: float = 1.0  # between the starts of two requests to one host
    max_delay_seconds: float = 30.0  # the longest pause that a robots.txt can ask for
    timeout_seconds: float = 30.0  # of one request with its body
    connect_seconds: float = 10.0
    attempts: int = 3
    first_wait_seconds: float = 0.5  # before the second attempt; it doubles from there
    max_wait_seconds: float = 60.0  # the longest Retry-After that is waited for
    max_bytes: int = 10 * 1024 * 1024  # of the body, decompressed
    max_redirects: int = 8
    obey_robots: bool = True
    robots_seconds: float = 24 * 3600.0  # how long rules are believed
    robots_failure_seconds: float = 600.0  # how long a host without readable rules is left alone
    allow_private: bool = False  # addresses of this machine and its networks
