"""Bodies of pages as they are kept in a ledger."""

from __future__ import annotations

import zlib

from extractor.errors import LedgerError

# Any body that a fetcher or a file brings fits; what unpacks to more was not packed here.
MAX_BYTES = 64 * 1024 * 1024


def pack(body: bytes) -> bytes:
    """A body, compressed; equal bodies give equal bytes."""
    return zlib.compress(body)


def unpack(packed: bytes, *, subject: str, limit: int = MAX_BYTES) -> bytes:
    """The body that was packed.

    Raises LedgerError about `subject` if it is damaged or unpacks to more than `limit` bytes.
    """
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(packed, limit + 1)
    except zlib.error as error:
        raise LedgerError(subject, "the page that is kept of it is damaged") from error
    if len(body) > limit:
        raise LedgerError(
            subject, f"the page that is kept of it unpacks to more than {limit:,} bytes"
        )
    if not reader.eof:
        raise LedgerError(subject, "the page that is kept of it is cut off")
    return body
