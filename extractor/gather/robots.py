"""What a site's robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

ROBOTS_BYTES = 500 * 1024  # what RFC 9309 asks crawlers to read at least


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules of one host. `refusal` is why all of it is closed, "" if it is not."""

    agent: str
    rules: Protego | None = None
    refusal: str = ""

    def forbid(self, url: str) -> bool:
        """Whether the site wants a url not to be fetched by machines."""
        return self.rules is not None and not self.rules.can_fetch(url, self.agent)

    @property
    def delay_seconds(self) -> float:
        """The pause between requests that the site asks for, by Crawl-delay or Request-rate."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(self.agent)
        pause = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(self.rules.crawl_delay(self.agent) or 0), pause)


def robots_url(url: str) -> str:
    """Where the rules for a url are."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def agent_token(user_agent: str) -> str:
    """The name by which robots.txt knows a user agent: "dealwire/1.0 (...)" is "dealwire"."""
    return user_agent.partition("/")[0].partition(" ")[0] or "*"


def read_robots(status: int, body: bytes, agent: str) -> RobotRules:
    """The rules in an answer: what is missing (4xx) allows all, what fails (5xx) nothing.

    429 is a failure too: the site asks for less traffic, not for any.
    """
    if status == 429 or status >= 500:
        return unreachable(agent, f"the server answered {status}")
    if status >= 400:
        return RobotRules(agent)
    text = body[:ROBOTS_BYTES].decode("utf-8", errors="replace")
    return RobotRules(agent, Protego.parse(text))


def unreachable(agent: str, reason: str) -> RobotRules:
    """The rules of a host whose robots.txt cannot be had: nothing, for now."""
    return RobotRules(agent, refusal=f"robots.txt of the site cannot be read: {reason}")
