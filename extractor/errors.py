"""One root error; each child names what failed: a url, or a file and a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.records import Page

# What a url may carry that is nobody else's business: a password before the host, keys that
# a feed's address holds as parameters.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@]*@")
_KEYS = re.compile(
    r"(?<=[?&;])((?:[\w.-]*[_.-])?(?:api-?key|key|token|secret|password|passwd|pwd|auth"
    r"|signature|sig|sid|session))=[^\s&;#]+",
    re.I,
)


def without_secrets(text: str) -> str:
    """A text for screens and logs, with the passwords and keys of its urls left out."""
    if "://" not in text:
        return text
    return _KEYS.sub(r"\1=***", _CREDENTIALS.sub("***@", text))


class DealwireError(Exception):
    """What a user of dealwire can be told: `subject` failed because of `reason`."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(subject, reason)
        self.subject = subject
        self.reason = reason

    def __str__(self) -> str:
        text = f"{self.subject}: {self.reason}"
        cause = self.__cause__
        if cause is not None and str(cause) and str(cause) not in text:
            text += f" ({type(cause).__name__}: {cause})"
        return without_secrets(text)


class SourceError(DealwireError):
    """A source (file, folder, line of a file) cannot be read."""


class FetchError(DealwireError):
    """A url could not be fetched.

    `status` is what the server answered, 0 without an answer; `retry_after` the seconds that
    it asks to wait.
    """

    def __init__(
        self, subject: str, reason: str, *, status: int = 0, retry_after: float | None = None
    ) -> None:
        super().__init__(subject, reason)
        self.status = status
        self.retry_after = retry_after


class BlockedError(FetchError):
    """A page is kept back from us; `page` is what came in its place."""

    def __init__(self, subject: str, reason: str, page: Page) -> None:
        super().__init__(subject, reason, status=page.status)
        self.page = page


class FeedError(DealwireError):
    """A page is not a feed that can be read."""


class ArticleError(DealwireError):
    """A page holds no article that can be read."""


class ModelError(DealwireError):
    """A rule file is faulty; the subject is its path and line."""


class LedgerError(DealwireError):
    """A database cannot be opened, read or written."""


class QueryError(DealwireError):
    """A question to the ledger is malformed; the reason suggests a valid one."""
