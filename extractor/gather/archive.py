"""Bodies of pages as they are kept in a ledger."""

from __future__ import annotations

import gzip
import zlib

from extractor.errors import DealwireError

# Any body that the fetcher accepts fits; what unpacks to more was not packed here.
MAX_BYTES = 64 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class ArchiveError(DealwireError):
    """A kept body is damaged."""


def pack(body: bytes) -> bytes:
    """A body as gzip, which every tool can read; equal bodies give equal bytes."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def unpack(packed: bytes, *, subject: str = "archived page", limit: int = MAX_BYTES) -> bytes:
    """The body that was packed. Raises ArchiveError if it is damaged or beyond `limit` bytes."""
    reader = zlib.decompressobj(_GZIP)
    try:
        body = reader.decompress(packed, limit + 1)
    except zlib.error as error:
        raise ArchiveError(subject, "the kept body is damaged") from error
    if len(body) > limit:
        raise ArchiveError(subject, f"the kept body unpacks to more than {limit:,} bytes")
    if not reader.eof:
        raise ArchiveError(subject, "the kept body is cut off")
    return body
