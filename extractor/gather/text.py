"""Text in its canonical form, to which every offset refers."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|blockquote|section|article|figure|figcaption|pre)"
    r"\b[^<>]*>",
    re.I,
)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.I | re.S)
# A tag begins with a letter, so that "a share < $5 and > $3" stays.
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_LINES = re.compile("\n{3,}")
# Zero-width spaces and joiners of words, the soft hyphen, marks of direction: they print
# nothing and split the words that rules look for. Joiners (U+200C, U+200D) spell words in
# some scripts, so they stay.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def canonical_text(text: str) -> str:
    """A text whose words and punctuation are the same and whose layout is always alike.

    NFC; one kind of line end and of space; no spaces around lines; at most one blank line
    in a row; no control or invisible characters. Applying it twice changes nothing.
    """
    text = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _CONTROL.sub("", text)))
    lines = (line.strip(" ") for line in _SPACES.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def canonical_line(text: str) -> str:
    """A title or a name on one line."""
    return " ".join(canonical_text(text).split())


def digest_of(title: str, text: str) -> str:
    """The first 16 bytes of the SHA-256 of a canonical title and text, as 32 hex digits."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:32]


def plain_text(markup: str) -> str:
    """The text of a fragment of HTML, such as a feed's title or summary."""
    text = _TAG.sub("", _BLOCK_TAG.sub("\n\n", _UNSEEN.sub("", markup)))
    return canonical_text(html.unescape(text))
