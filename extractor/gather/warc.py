"""Web archives in WARC, the form that crawlers and libraries share."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractor.errors import SourceError
from extractor.gather.dates import read_date
from extractor.gather.url import is_web_url
from extractor.records import Entry, Page

SUFFIXES = (".warc", ".warc.gz")
_MAX_BODY_BYTES = 64 * 1024 * 1024
_CHUNK = 65_536
_PAGES = ("text/html", "application/xhtml+xml")
_GZIP = b"\x1f\x8b"
# They describe the bytes on the wire, while a page holds what was in them.
_WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")
_TOLD = {"url", "final_url", "status", "headers", "entry"}
_OURS = "dealwire"  # marks the metadata records that `write_warc` adds
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page of a web archive, with what a feed had said of it where the archive tells."""

    page: Page
    entry: Entry | None = None


def write_warc(out: BinaryIO, pages: Iterable[ArchivedPage]) -> int:
    """Writes pages as gzipped WARC 1.1; how many. The same pages give the same bytes.

    Each is a response (a resource if it was a file), followed by a metadata record of JSON
    that tells the url as it was asked for and what a feed said of it.
    """
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    count = 0
    for count, archived in enumerate(pages, start=1):  # noqa: B007 counted beyond the loop
        response = _response(writer, archived.page)
        writer.write_record(response)
        writer.write_record(_metadata(writer, archived, response))
    return count


def read_warc(path: str) -> Iterator[ArchivedPage | SourceError]:
    """The HTML pages of a WARC file, plain or gzipped, in their order.

    Other records (requests, images, errors of servers) are passed over. A damaged archive is
    read up to the damage, which comes as a SourceError that names the record.
    """
    number = 0
    try:
        with _opened(path) as stream, closing(ArchiveIterator(stream)) as records:
            waiting: _Response | None = None
            for number, record in enumerate(records, start=1):
                if waiting is not None:
                    told = _told(record, waiting.id)
                    yield from waiting.pages(told)
                waiting = _read_response(record, f"{path}: record {number}")
            if waiting is not None:
                yield from waiting.pages(None)
    except OSError as error:
        failure = SourceError(path, f"it cannot be read: {error.strerror or error}")
        failure.__cause__ = error
        yield failure
    except (_DamagedError, ArchiveLoadFailed) as error:
        failure = SourceError(f"{path}: record {number + 1}", "the archive is damaged here")
        failure.__cause__ = error
        yield failure


class _DamagedError(Exception):
    """The compressed bytes are faulty or end too early."""


class _Unpacked(io.RawIOBase):
    """The bytes of a gzipped archive, however its records were compressed.

    warcio would take a faulty or missing end for the end of the archive.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=file)
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        try:
            # No more than one piece at a time, so that what precedes the damage comes through.
            data = self._file.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _DamagedError(str(error)) from error
        self._read += len(data)
        return data

    def tell(self) -> int:
        return self._read


@dataclass(frozen=True, slots=True)
class _Response:
    """A page of which the next record may tell more; `failure` if it cannot be used."""

    id: str
    page: Page
    is_html: bool
    failure: SourceError | None = None

    def pages(self, told: dict[str, Any] | None) -> Iterator[ArchivedPage | SourceError]:
        if self.failure:
            yield self.failure
        elif told is not None:
            page = replace(
                self.page,
                url=str(told["url"]),
                final_url=str(told["final_url"]),
                status=int(told["status"]),
                headers=tuple((str(name), str(value)) for name, value in told["headers"]),
            )
            yield ArchivedPage(page, _entry_of(told["entry"]))
        elif self.is_html:
            yield ArchivedPage(self.page)


def _opened(path: str) -> Any:
    """The bytes of an archive; closing it closes the file."""
    file = Path(path).open("rb")  # noqa: SIM115 closed by whoever asked
    head = file.peek(2)[:2]
    if head != _GZIP:
        return file
    unpacked = _Unpacked(file)
    whole = unpacked.close

    def close() -> None:
        whole()
        file.close()

    unpacked.close = close  # type: ignore[method-assign]
    return unpacked


def _read_response(record: Any, place: str) -> _Response | None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource"):
        return None
    # An answer in place of a page is one of ours if the next record tells of it.
    is_page = record.rec_type == "resource" or _is_success(record)
    code = record.http_headers.get_statuscode() if record.http_headers else ""
    headers = _headers(record)
    kind = next((value for name, value in headers if name == "content-type"), "")
    page = Page(
        url=url,
        final_url=url if is_web_url(url) else "",
        status=int(code) if code.isdecimal() else 200,
        body=_body(record),
        headers=headers,
        fetched_at=read_date(record.rec_headers.get_header("WARC-Date") or ""),
    )
    failure = None
    if len(page.body) > _MAX_BODY_BYTES:
        failure = SourceError(place, f"the page is larger than {_MAX_BODY_BYTES >> 20} MB")
    id_ = record.rec_headers.get_header("WARC-Record-ID") or ""
    is_html = is_page and kind.split(";")[0].strip().lower() in _PAGES
    return _Response(id_, page, is_html, failure if is_html else None)


def _body(record: Any) -> bytes:
    """The bytes without transfer and content encoding, up to one byte more than the limit."""
    body: bytes = record.content_stream().read(_MAX_BODY_BYTES + 1)
    while record.raw_stream.read(_CHUNK):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise _DamagedError("the record ends too early")
    return body


def _is_success(record: Any) -> bool:
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    return bool(status.isdecimal()) and 200 <= int(status) < 300


def _headers(record: Any) -> tuple[tuple[str, str], ...]:
    if record.http_headers is None:
        kind = record.rec_headers.get_header("Content-Type") or ""
        return (("content-type", kind),) if kind else ()
    return tuple(
        (name.lower(), value)
        for name, value in record.http_headers.headers
        if name.lower() not in _WIRE_HEADERS
    )


def _told(record: Any, id_: str) -> dict[str, Any] | None:
    """What a metadata record of ours tells of the page before it."""
    headers = record.rec_headers
    if record.rec_type != "metadata" or headers.get_header("WARC-Refers-To") != id_:
        return None
    try:
        told = json.loads(record.content_stream().read(_MAX_BODY_BYTES))
    except ValueError:
        return None  # that of another program
    is_ours = isinstance(told, dict) and told.get("software") == _OURS
    return told if is_ours and told.keys() >= _TOLD else None


def _response(writer: WARCWriter, page: Page) -> Any:
    is_web = is_web_url(page.final_url or page.url)
    fetched = page.fetched_at or datetime.fromtimestamp(0, UTC)
    date = fetched.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {"WARC-Record-ID": _record_id(page, "page"), "WARC-Date": date}
    body = io.BytesIO(page.body)
    if not is_web:
        kind = _in_ascii(page.header("content-type")) or "text/html"
        return writer.create_warc_record(
            f"file:///{quote(page.url.lstrip('/'))}",
            "resource",
            payload=body,
            length=len(page.body),
            warc_content_type=kind,
            warc_headers_dict=headers,
        )
    stated = [(_in_ascii(name), _in_ascii(value)) for name, value in page.headers]
    length = ("content-length", str(len(page.body)))
    http = StatusAndHeaders(f"{page.status} ", [*stated, length], "HTTP/1.1")
    return writer.create_warc_record(
        page.final_url or page.url,
        "response",
        payload=body,
        length=len(page.body),
        http_headers=http,
        warc_headers_dict=headers,
    )


def _in_ascii(text: str) -> str:
    """A header as a record can hold it: whatever is not printable ASCII is percent-encoded.

    warcio would do so, but fails for some. Bytes that were no UTF-8 are written as they came.
    """
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    return quote(data, safe=_PRINTABLE)


def _metadata(writer: WARCWriter, archived: ArchivedPage, response: Any) -> Any:
    page, entry = archived.page, archived.entry
    told = {
        "software": _OURS,
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "headers": page.headers,  # as they were: a response escapes them, a resource has none
        "entry": entry
        and {
            "guid": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "published": entry.published and entry.published.isoformat(),
            "summary": entry.summary,
        },
    }
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return writer.create_warc_record(
        response.rec_headers.get_header("WARC-Target-URI"),
        "metadata",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type="application/json",
        warc_headers_dict={
            "WARC-Record-ID": _record_id(page, "metadata"),
            "WARC-Date": response.rec_headers.get_header("WARC-Date"),
            "WARC-Refers-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )


def _record_id(page: Page, part: str) -> str:
    """A name that is the same for the same page, whenever it is written."""
    digest = zlib.crc32(page.body)
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{part} {digest:x} {page.url} {page.fetched_at}')}>"


def _entry_of(told: Any) -> Entry | None:
    if not isinstance(told, dict):
        return None
    words = {name: str(told.get(name) or "") for name in ("guid", "url", "title", "summary")}
    published = read_date(str(told.get("published") or ""))
    return Entry(**words, published=published)
