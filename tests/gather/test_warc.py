"""Web archives, ours and those of others."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractor.errors import SourceError
from extractor.gather.warc import ArchivedPage, read_warc, write_warc
from extractor.records import Entry, Page

MOMENT = datetime(2025, 8, 14, 11, 30, tzinfo=UTC)
HTML = (("content-type", "text/html"),)
# Bytes of a header that are no UTF-8 come as lone surrogates; nobody sends a line break.
LINE = st.text(st.characters(min_codepoint=32), max_size=20)
HEADERS = st.lists(
    st.tuples(st.sampled_from(("content-type", "etag", "x-a", "last-modified")), LINE), max_size=4
)
ENTRIES = st.builds(
    Entry, st.text(min_size=1), st.text(), st.text(), st.none() | st.just(MOMENT), st.text()
)
PAGES = st.builds(
    Page,
    st.just("https://a.example/x?y=1&z=2") | st.just("folder/a b#1.html"),
    st.just("https://a.example/final") | st.just(""),
    st.sampled_from((0, 200, 203, 403)),
    st.binary(),
    HEADERS.map(tuple),
    st.just(MOMENT),
)


def written(*pages: ArchivedPage) -> bytes:
    out = io.BytesIO()
    assert write_warc(out, pages) == len(pages)
    return out.getvalue()


def read(data: bytes, name: str = "a.warc.gz") -> list[ArchivedPage | SourceError]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return list(read_warc(str(path)))


@settings(max_examples=60, deadline=None)
@example([ArchivedPage(Page("https://a.example/x", "", 200, b"", (("etag", ";\xa0=0"),), MOMENT))])
@example([ArchivedPage(Page("https://a.example/x", "", 200, b"", (("etag", "\udce9"),), MOMENT))])
@given(st.lists(st.builds(ArchivedPage, PAGES, st.none() | ENTRIES), max_size=4))
def test_what_is_written_comes_back(archived: list[ArchivedPage]) -> None:
    data = written(*archived)
    assert written(*archived) == data
    assert read(data) == archived


def test_any_tool_reads_what_is_written() -> None:
    page = Page("https://a.example/old", "https://a.example/new", 200, b"<p>x", HTML, MOMENT)
    first, second = ArchiveIterator(io.BytesIO(written(ArchivedPage(page))), check_digests=True)
    assert (first.rec_type, second.rec_type) == ("response", "metadata")
    assert first.rec_headers.get_header("WARC-Target-URI") == "https://a.example/new"
    assert first.rec_headers.get_header("WARC-Date") == "2025-08-14T11:30:00Z"


@pytest.mark.parametrize(
    ("sent", "written_as"),
    [
        ('"1"; a=b%20c', '"1"; a=b%20c'),
        (";\xa0=0", ";%C2%A0=0"),
        ("caf\udce9", "caf%E9"),  # Latin-1, as the fetcher hands it on
        ("\ud800", "%ED%A0%80"),
        ("a\r\nset-cookie: b", "a%0D%0Aset-cookie: b"),
    ],
)
def test_other_tools_find_headers_percent_encoded_where_no_record_can_hold_them(
    sent: str, written_as: str
) -> None:
    page = Page("https://a.example/x", "", 200, b"x", (*HTML, ("etag", sent)), MOMENT)
    (first, *_) = ArchiveIterator(io.BytesIO(written(ArchivedPage(page))))
    assert first.http_headers.get_header("etag") == written_as
    assert [name for name, _ in first.http_headers.headers] == [
        "content-type", "etag", "content-length",
    ]  # fmt: skip


def foreign(*records: tuple[str, str, str, list[tuple[str, str]], bytes]) -> bytes:
    """Records of another crawler: type, url, status, HTTP headers, body."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for kind, url, status, headers, body in records:
        http = StatusAndHeaders(status, headers, "HTTP/1.1")
        dated = {"WARC-Date": "2025-08-14T11:30:00Z"}
        writer.write_record(
            writer.create_warc_record(
                url, kind, io.BytesIO(body), len(body), http_headers=http, warc_headers_dict=dated
            )
        )
    return out.getvalue()


def test_pages_of_other_crawlers_are_unwrapped_and_the_rest_passed_over() -> None:
    body = gzip.compress(b"<p>The mill.</p>", mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    wire = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    kind = ("Content-Type", "text/html; charset=utf-8")
    url = "https://a.example/x"
    data = foreign(
        ("request", url, "GET /x HTTP/1.1", [("Host", "a.example")], b""),
        ("response", url, "200 OK", [kind, *wire, ("ETag", '"1"')], chunked),
        ("response", url, "404 Not Found", [kind], b"<p>gone</p>"),
        ("response", "https://a.example/i.png", "200 OK", [("Content-Type", "image/png")], b"x"),
    )
    page = Page(
        url,
        url,
        200,
        b"<p>The mill.</p>",
        (("content-type", "text/html; charset=utf-8"), ("etag", '"1"')),
        MOMENT,
    )
    for form in (data, gzip.compress(data)):  # in one piece or record by record
        assert read(form) == [ArchivedPage(page)]


def test_a_damaged_archive_is_read_up_to_the_damage() -> None:
    pages = [
        ArchivedPage(Page(f"https://a.example/{n}", "", 200, bytes([n]) * 5000, HTML, MOMENT))
        for n in range(3)
    ]
    whole = written(*pages)
    for cut in (len(whole) - 5, len(whole) * 2 // 3):
        *good, failure = read(whole[:cut])
        assert good == pages[: len(good)] and len(good) in (1, 2, 3)
        assert isinstance(failure, SourceError)
        assert "a.warc.gz: record " in failure.subject and "damaged" in failure.reason
    plain = foreign(("response", "https://a.example/x", "200 OK", list(HTML), b"<p>" * 99))
    for data in (plain[:-100], b"no archive at all", b"\x1f\x8bno gzip"):
        (failure,) = read(data)
        assert isinstance(failure, SourceError)


def test_a_missing_archive_is_told(tmp_path: Path) -> None:
    (failure,) = read_warc(str(tmp_path / "none.warc"))
    assert isinstance(failure, SourceError) and "cannot be read" in failure.reason


@pytest.mark.parametrize("told", [b"{}", b"no json", b'{"software": "other"}', b"[1]"])
def test_metadata_of_other_programs_is_passed_over(told: bytes) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    id_ = "<urn:uuid:1>"
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            "https://a.example/x",
            "response",
            io.BytesIO(b"<p>"),
            3,
            http_headers=http,
            warc_headers_dict={"WARC-Record-ID": id_},
        )
    )
    writer.write_record(
        writer.create_warc_record(
            "https://a.example/x",
            "metadata",
            io.BytesIO(told),
            len(told),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Refers-To": id_},
        )
    )
    (found,) = read(out.getvalue())
    assert isinstance(found, ArchivedPage) and found.entry is None
