"""One root error; each child names what failed: a url, or a file and a line."""

from __future__ import annotations


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
        return text


class SourceError(DealwireError):
    """A source (file, folder, line of a file) cannot be read."""


class FetchError(DealwireError):
    """A url could not be fetched."""


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
