"""Bytes as text, by what they declare, else by what they look like."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
# The WHATWG standard reads these labels as windows-1252, because that is what was meant.
_MEANT = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252"}
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b")
_HEAD = 4096
_SAMPLE = 65_536


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page or file.

    In this order: byte order mark, UTF-8, the charset of the header or of the markup, a
    guess from the bytes. UTF-8 precedes declarations, since bytes are hardly ever valid
    UTF-8 by chance, while declarations are often wrong. Raises ValueError if the bytes
    are no text.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, errors="replace")
    if is_binary(body):
        raise ValueError("the bytes are no text")
    for encoding in ("utf-8", *_declared(body, content_type)):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode(_guess(body), errors="replace")


def is_binary(body: bytes) -> bool:
    """Whether bytes are an image, an archive, a PDF or the like."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    head = body[:_HEAD]
    return head.startswith(_BINARY) or b"\x00" in head


def _declared(body: bytes, content_type: str) -> list[str]:
    found = [match[1] for match in [_HEADER_CHARSET.search(content_type)] if match]
    for pattern in (_XML_CHARSET, _META_CHARSET):
        if match := pattern.search(body[:_HEAD]):
            found.append(match[1].decode("ascii"))
    return [_MEANT.get(name.lower(), name) for name in found if not _is_utf8(name)]


def _is_utf8(name: str) -> bool:
    return name.lower().replace("_", "-") in ("utf-8", "utf8")


def _guess(body: bytes) -> str:
    """The most plausible encoding; Western text that says nothing is windows-1252."""
    damaged = body.decode("utf-8", errors="replace").count("\ufffd")
    beyond_ascii = sum(byte > 127 for byte in body)
    # UTF-8 that was cut or patched: a few bad bytes among many good ones
    if damaged * 4 < beyond_ascii:
        return "utf-8"
    best = from_bytes(body[:_SAMPLE]).best()
    if best is None:
        raise ValueError("the encoding of the bytes cannot be told")
    # For Latin letters the guesses differ only in rare accents; the Web's default is likeliest.
    latin = best.encoding.startswith(("cp125", "iso8859", "latin", "mac", "cp437", "cp85", "cp775"))
    return "cp1252" if latin and best.alphabets and _only_latin(best.alphabets) else best.encoding


def _only_latin(alphabets: list[str]) -> bool:
    others = ("Cyrillic", "Greek", "Hebrew", "Arabic", "Thai", "CJK", "Hangul", "Hiragana")
    return not any(name.startswith(others) for name in alphabets)
