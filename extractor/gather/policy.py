"""How politely hosts are asked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from extractor.assets import models_dir
from extractor.errors import ModelError

USER_AGENT = f"dealwire/{version('dealwire')} (+https://github.com/dealwire/dealwire)"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How to treat the hosts that are asked, and how much to take from them."""

    user_agent: str = USER_AGENT
    contact: str = ""  # an address where hosts can complain, told in the User-Agent
    connections: int = 64
    connections_per_host: int = 2
    delay_seconds: float = 1.0  # between the starts of two requests to one host
    max_delay_seconds: float = 30.0  # the longest pause that a robots.txt can ask for
    timeout_seconds: float = 30.0  # of one request with its body
    connect_seconds: float = 10.0
    attempts: int = 3
    first_wait_seconds: float = 0.5  # before the second attempt; it doubles from there
    max_wait_seconds: float = 60.0  # the longest Retry-After that is waited for
    max_bytes: int = 10 * 1024 * 1024  # of the body, decompressed
    max_ratio: int = 200  # of decompressed to compressed bytes; pages and feeds reach 50
    max_redirects: int = 8
    obey_robots: bool = True
    robots_seconds: float = 24 * 3600.0  # how long rules are believed
    host_failures: int = 5  # failures in a row after which a host is left alone
    rest_seconds: float = 600.0  # how long it is, as one whose robots.txt cannot be read
    most_hosts: int = 4096  # that are remembered, but for those that are owed a pause
    allow_private: bool = False  # addresses of this machine and its networks

    @property
    def sent_agent(self) -> str:
        """The User-Agent with the contact in it."""
        if not self.contact:
            return self.user_agent
        if self.user_agent.endswith(")"):
            return f"{self.user_agent[:-1]}; {self.contact})"
        return f"{self.user_agent} ({self.contact})"


@dataclass(frozen=True, slots=True)
class HostRule:
    """What one host, with all below its name, asks for."""

    name: str
    delay_seconds: float
    needs_contact: bool

    def covers(self, host: str) -> bool:
        return host == self.name or host.endswith(f".{self.name}")


def host_rule(host: str) -> HostRule | None:
    """The rule of models/hosts.toml for a host, if there is one."""
    return next((rule for rule in _rules() if rule.covers(host)), None)


@lru_cache(maxsize=1)
def _rules() -> tuple[HostRule, ...]:
    path = models_dir() / "hosts.toml"
    with path.open("rb") as file:
        data = tomllib.load(file)
    try:
        return tuple(
            HostRule(str(rule["name"]), float(rule["delay_seconds"]), bool(rule["needs_contact"]))
            for rule in data["host"]
        )
    except (KeyError, ValueError) as error:
        raise ModelError(str(path), "a rule is incomplete") from error
