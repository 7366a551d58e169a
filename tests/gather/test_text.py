"""Promises of canonical text, encodings and dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.gather.dates import read_date, read_written_date
from extractor.gather.encoding import decode
from extractor.gather.text import canonical_line, canonical_text, digest_of, plain_text


@given(st.text() | st.text("a \u00a0\n\r\t\u2029\u200b\u0301\ufeff\x00\ud800", max_size=30))
def test_canonical_text_is_its_own_canonical_text(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    assert canonical_line(canonical_line(text)) == canonical_line(text)
    assert len(digest_of("", once)) == 32


@given(st.text())
def test_words_and_punctuation_survive(text: str) -> None:
    def visible(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and not c.isspace())

    assert visible(canonical_text(canonical_text(text))) == visible(canonical_text(text))
    plain = "".join(c for c in text if c.isascii() and (c.isprintable() or c == "\n"))
    assert canonical_text(plain).split() == plain.split()


def test_layout_is_always_alike() -> None:
    text = "\ufeffOne\u00a0two \r\nthree\u200b  four\t\r\n\r\n\r\n\r\n  \u2022 Cafe\u0301\x07 \n"
    assert canonical_text(text) == "One two\nthree four\n\n\u2022 Caf\u00e9"


def test_markup_becomes_plain_text() -> None:
    assert plain_text("<p>A &amp; <b>B</b></p><script>x()</script><p>C<br/>D</p>") == (
        "A & B\n\nC\n\nD"
    )
    assert plain_text("Revenue < $5bn and > $3bn") == "Revenue < $5bn and > $3bn"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Größe €5".encode(), "", "Größe €5"),
        ("Größe €5".encode(), "text/html; charset=iso-8859-1", "Größe €5"),
        ("Größe €5".encode("cp1252"), "text/html; charset=ISO-8859-1", "Größe €5"),
        (b"<meta charset='windows-1251'>" + "Цена".encode("cp1251"), "", None),
        (b"<?xml version='1.0' encoding='iso-8859-2'?>" + "Łódź".encode("iso-8859-2"), "", None),
        ("Der Preis stieg auf 5 € für Größe".encode("cp1252"), "", None),
        ("Größe".encode("utf-16"), "", "Größe"),
        (b"caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9 cut \xc3", "", None),
        (b"hello", "text/html; charset=nonsense", "hello"),
    ],
)
def test_bytes_become_the_text_that_was_meant(
    body: bytes, content_type: str, text: str | None
) -> None:
    found = decode(body, content_type)
    assert found == text if text else any(w in found for w in ("Цена", "Łódź", "Größe", "café"))


@pytest.mark.parametrize("body", [b"%PDF-1.7 x", b"\x89PNG\r\n", b"abc\x00\x01\x02"])
def test_binary_bytes_are_no_text(body: bytes) -> None:
    with pytest.raises(ValueError, match="no text"):
        decode(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused_as_such(body: bytes) -> None:
    try:
        decode(body)
    except UnicodeError:
        raise
    except ValueError:
        pass


DAY = datetime(2026, 5, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-27", DAY),
        ("2026-05-27T10:00:00Z", DAY.replace(hour=10)),
        ("2026-05-27T10:00:00+02:00", DAY.replace(hour=8)),
        ("Wed, 27 May 2026 10:00:00 GMT", DAY.replace(hour=10)),
        ("Wed, 27 May 2026 10:00:00 -0400", DAY.replace(hour=14)),
        ("May 27, 2026", DAY),
        ("27th May 2026", DAY),
        ("May 27, 2026, 3:41 PM ET", DAY.replace(hour=19, minute=41)),
        ("May 27, 2026 12:05 a.m.", DAY.replace(minute=5)),
        ("yesterday", None),
        ("2026-13-45", None),
        ("Thu, 32 Aug 2025 02:11:00 +0000", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_dates_are_read_as_aware_utc(text: str, moment: datetime | None) -> None:
    assert read_date(text) == moment


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:+]{0,12}", fullmatch=True))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for moment in (read_date(text), read_written_date(text)):
        assert moment is None or moment.tzinfo is UTC
