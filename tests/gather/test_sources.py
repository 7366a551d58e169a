"""Promises of expand."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractor.errors import SourceError
from extractor.gather.article import GivenArticle, read_article
from extractor.gather.dataset import JsonLine
from extractor.gather.sources import (
    Expanded,
    FeedFile,
    HtmlFile,
    OpmlFile,
    TextFile,
    UrlSource,
    expand,
)

FEED = "<rss version='2.0'><channel><title>Mill</title></channel></rss>"
OPML = "<opml version='2.0'><body><outline xmlUrl='https://a.com/feed'/></body></opml>"
HTML = "<html><body><p>The mill.</p></body></html>"
RECORD = {"id": "a-1", "title": "Mill", "published": "2026-05-27", "text": "The mill runs."}
GIVEN = GivenArticle(
    text="The mill runs.", key="a-1", title="Mill", published=datetime(2026, 5, 27, tzinfo=UTC)
)


def kinds(items: list[Expanded]) -> list[str]:
    return [type(item).__name__ for item in items]


def failure(items: list[Expanded]) -> str:
    [item] = items
    assert isinstance(item, SourceError)
    return str(item)


def piped(text: str | bytes) -> list[Expanded]:
    data = text.encode() if isinstance(text, str) else text
    return list(expand(["-"], io.BytesIO(data)))


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.xml", FEED, FeedFile),
        ("a.rss", FEED, FeedFile),
        ("a.json", '{"version": "https://jsonfeed.org/version/1", "items": []}', FeedFile),
        ("a.opml", OPML, OpmlFile),
        ("a.xml", OPML, OpmlFile),
        ("a.html", HTML, HtmlFile),
        ("a.HTM", HTML, HtmlFile),
        ("a.txt", "The mill runs.", TextFile),
        ("a.jsonl", json.dumps(RECORD), JsonLine),
    ],
)
def test_a_file_is_what_it_holds(tmp_path: Path, name: str, text: str, kind: type) -> None:
    [item] = expand([write(tmp_path / name, text)])
    assert type(item) is kind


def test_a_url_is_left_to_the_network() -> None:
    assert list(expand(["https://a.com/x", "HTTP://a.com"])) == [
        UrlSource("https://a.com/x"),
        UrlSource("HTTP://a.com"),
    ]


def test_a_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.html", "a/b.xml", ".hidden/x.txt", ".x.txt", "pic.png", "c.json"):
        write(tmp_path / name, FEED if name.endswith("xml") else "{}")
    items = list(expand([str(tmp_path)]))
    assert kinds(items) == ["TextFile", "FeedFile", "HtmlFile"]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert "no file of a known kind" in failure(list(expand([str(tmp_path)])))


def test_records_come_with_their_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", f"\n{json.dumps(RECORD)}\n")
    assert list(expand([path])) == [JsonLine(path, 2, GIVEN)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "x"', "not valid JSON"),
        ("[1]", "an article is a JSON object, not a list"),
        ('{"text": 3}', "`text` must be a text, not a number"),
        ('{"text": "x", "title": ["y"]}', "`title` must be a text, not a list"),
        ('{"text": "x", "id": true}', "`id` must be a text, not true or false"),
        ('{"text": "x", "published": "soon"}', "`published` must be a date"),
        ('{"text": "  "}', "no text"),
        ('{"title": "x"}', "no text"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_faulty_line_names_file_and_line_and_stops_nothing(
    tmp_path: Path, line: str, reason: str
) -> None:
    good = json.dumps(RECORD)
    path = write(tmp_path / "a.jsonl", f"{good}\n{line}\n{good}\n")
    first, faulty, last = expand([path])
    assert isinstance(first, JsonLine) and isinstance(last, JsonLine)
    assert isinstance(faulty, SourceError)
    assert faulty.subject == f"{path}:2"
    assert reason in faulty.reason


def test_a_number_is_an_id_and_null_is_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": 7, "text": "x", "url": null}')
    [item] = expand([path])
    assert isinstance(item, JsonLine)
    assert (item.record.key, item.record.url) == ("7", "")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("nowhere.txt", "there is no such file or folder"),
        ("a.com/feed", "as a url it is https://a.com/feed"),
        ("ftp://a.com/x", "only http and https"),
        ("https://", "the url has no host"),
        ("a\0b", "there is no such file"),
        ("x" * 5000, "there is no such file"),
    ],
)
def test_a_word_that_is_nothing_is_told(word: str, reason: str) -> None:
    assert reason in failure(list(expand([word])))


def test_a_bad_source_stops_no_other(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", "The mill runs.")
    items = list(expand(["nowhere.txt", good, "ftp://a.com", good]))
    assert kinds(items) == ["SourceError", "TextFile", "SourceError", "TextFile"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.png", b"x", "unknown kind of file"),
        ("a.txt", b"", "empty"),
        ("a.jsonl", b"", "holds no article"),
        ("a.txt", b"%PDF-1.7", "no text"),
        ("a.txt", b"ab\x00\x01\x02", "no text"),
        ("a.xml", b"<note/>", "no article, feed or list"),
        ("a.json", b"{}", "no article, feed or list"),
        ("a.jsonl", b'{"text": "\xff"}', "not in UTF-8"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert reason in failure(list(expand([str(tmp_path / name)])))


def test_a_file_without_permission_is_told_with_its_cause(tmp_path: Path, monkeypatch) -> None:
    path = write(tmp_path / "a.txt", "The mill runs.")

    def denied(*_: object, **__: object) -> None:  # root may read all, so the refusal is played
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Path, "open", denied)
    [item] = expand([path])
    assert isinstance(item, SourceError)
    assert "Permission denied" in str(item) and isinstance(item.__cause__, PermissionError)


def test_a_text_of_urls_is_a_list_of_urls(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "# press\nhttps://a.com/1\n\nhttps://a.com/2\n")
    assert list(expand([path])) == [
        UrlSource("https://a.com/1", f"{path}:2"),
        UrlSource("https://a.com/2", f"{path}:4"),
    ]


def test_a_text_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Der Preis stieg auf 5 € für Größe".encode("cp1252"))
    [item] = expand([str(tmp_path / "a.txt")])
    assert isinstance(item, TextFile) and item.text.endswith("5 € für Größe")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (json.dumps(RECORD), JsonLine),
        ("\n" + json.dumps(RECORD), JsonLine),
        ("https://a.com/1\n", UrlSource),
        (HTML, HtmlFile),
        ("<!-- saved -->\n" + HTML, HtmlFile),
        (FEED, FeedFile),
        (OPML, OpmlFile),
        ('{\n "version": "https://jsonfeed.org/version/1",\n "items": []}', FeedFile),
        ("The mill runs.\n\nIt is leased.", TextFile),
    ],
)
def test_standard_input_is_told_by_its_content(text: str, kind: type) -> None:
    [item] = piped(text)
    assert type(item) is kind


def test_lines_of_standard_input_keep_their_numbers() -> None:
    items = piped("\n\n" + json.dumps(RECORD) + "\n{oops\n")
    assert isinstance(items[0], JsonLine) and items[0].place == "-:3"
    assert isinstance(items[1], SourceError) and items[1].subject == "-:4"


def test_an_empty_or_missing_standard_input_is_told() -> None:
    assert "nothing came in" in failure(piped("\n"))
    assert "no text" in failure(piped(b"\x00\x01\x02"))
    assert "nothing is piped in" in failure(list(expand(["-"])))


def test_a_saved_page_keeps_its_path_as_its_name(tmp_path: Path) -> None:
    sentence = "The old paper mill was leased to a cloud firm for ten years. "
    head = "<link rel='canonical' href='https://mill.example/lease'>"
    html = f"<html><head>{head}</head><body><p>{sentence * 6}</p></body></html>"
    [item] = expand([write(tmp_path / "a.html", html)])
    assert isinstance(item, HtmlFile) and item.page.url == str(tmp_path / "a.html")
    assert read_article(item.page).key == "https://mill.example/lease"
