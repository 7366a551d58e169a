"""The faults of the web that a gatherer meets, each with what has to come of it."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import brotli
from backports import zstd

from tests.faults.server import Handler, Reply, Request, head_of

Source = Literal["page", "feed", "listed feed"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One behaviour of a host, and its outcome.

    `source` is how the host comes to be asked: by the url of a page, of a feed, or as a feed
    in a list. `articles` are taken in; `fails` is in the reason of the one failure, if there
    is one; `asked` is how often the source is asked for; `warns` is the kind of the articles'
    warning.
    """

    name: str
    handler: Handler
    source: Source = "page"
    articles: int = 0
    fails: str = ""
    asked: int = 1
    warns: str = ""
    says: str = ""  # words of the article
    never_says: str = ""


FAULTS: list[Fault] = []


def fault(
    source: Source = "page",
    *,
    articles: int = 0,
    fails: str = "",
    asked: int = 1,
    warns: str = "",
    says: str = "",
    never_says: str = "",
) -> Callable[[Handler], Handler]:
    """Puts a handler into the table; its function's name is that of its host."""

    def add(handler: Handler) -> Handler:
        name = handler.__name__.replace("_", "-")  # type: ignore[attr-defined]

        async def answer(request: Request, reply: Reply) -> None:
            if request.path == "/robots.txt" and not name.startswith("robots"):
                await reply.send("", status="404 Not Found")
            elif request.path.startswith("/good"):
                await reply.send(article(request.path))
            else:
                await handler(request, reply)

        FAULTS.append(Fault(name, answer, source, articles, fails, asked, warns, says, never_says))
        return handler

    return add


WORDS = (
    "The miner leased 40 megawatts at its old paper mill to the cloud firm for ten years.",
    "The lease is worth $310 million over its first term, the two companies said on Monday.",
    "Deliveries of power begin in autumn, once the substation has been rebuilt by the utility.",
)
SUMMARY = "The miner leased 40 megawatts to the cloud firm, a contract worth $310 million."


def article(name: str, *more: str) -> str:
    paragraphs = "".join(f"<p>{words}</p>" for words in (*WORDS, *more))
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'>"
        f"<title>Mill leased {name}</title></head>"
        f"<body><article><h1>Mill leased {name}</h1>{paragraphs}</article></body></html>"
    )


def item(path: str, *, guid: str | None = None, more: str = "") -> str:
    name = f"<guid isPermaLink='false'>{path if guid is None else guid}</guid>"
    name = "" if guid == "" else name
    return f"<item>{name}<title>Mill {path}</title><link>{path}</link>{more}</item>"


def rss(*items: str, prologue: str = "", link: str = "/") -> str:
    return (
        f"<?xml version='1.0' encoding='utf-8'?>{prologue}<rss version='2.0'><channel>"
        f"<title>Mill News</title><link>{link}</link>{''.join(items)}</channel></rss>"
    )


GOOD = article("well").encode()
XML = "application/rss+xml"

# ---------------------------------------------------------------- the connection


@fault(fails="the request failed (asked 3 times)", asked=3)
async def closes_at_once(request: Request, reply: Reply) -> None:
    """An open port with nobody behind it."""


@fault(fails="no answer within 5 s")
async def never_answers(request: Request, reply: Reply) -> None:
    await reply.stall()


@fault(fails="no answer within 5 s")
async def stalls_within_the_headers(request: Request, reply: Reply) -> None:
    await reply.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/h")
    await reply.stall()


@fault(fails="no answer within 5 s")
async def stalls_before_the_body(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": "5000"})
    await reply.stall()


@fault(fails="no answer within 5 s")
async def stalls_within_the_body(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": "50000"})
    await reply.raw(GOOD)
    await reply.stall()


@fault(fails="no answer within 5 s")
async def drips(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": str(len(GOOD))})
    for byte in GOOD:
        await reply.raw(bytes([byte]))
        await asyncio.sleep(0.02)


@fault(articles=1)
async def is_slow_but_within_the_limit(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": str(len(GOOD))})
    for start in range(0, len(GOOD), 200):
        await reply.raw(GOOD[start : start + 200])
        await asyncio.sleep(0.02)


@fault(fails="the request failed (asked 3 times)", asked=3)
async def resets_before_the_answer(request: Request, reply: Reply) -> None:
    reply.reset()


@fault(fails="the request failed (asked 3 times)", asked=3)
async def resets_within_the_headers(request: Request, reply: Reply) -> None:
    await reply.raw(b"HTTP/1.1 200 OK\r\nContent-")
    reply.reset()


@fault(fails="the request failed (asked 3 times)", asked=3)
async def resets_within_the_body(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": str(len(GOOD))})
    await reply.raw(GOOD[:300])
    await asyncio.sleep(0.05)
    reply.reset()


@fault(articles=1, asked=2)
async def resets_once(request: Request, reply: Reply) -> None:
    if request.count == 0:
        reply.reset()
    else:
        await reply.send(GOOD)


# ---------------------------------------------------------------- the form of the answer


@fault(fails="the request failed (asked 3 times)", asked=3)
async def promises_more_than_it_sends(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Content-Length": str(len(GOOD) + 100)})
    await reply.raw(GOOD)


@fault(fails="the request failed")
async def sends_more_than_it_promises(request: Request, reply: Reply) -> None:
    # In one piece: where the surplus comes later, the client may have hung up before.
    await reply.raw(head_of(headers={"Content-Length": str(len(GOOD) // 2)}) + GOOD)


@fault(articles=1)
async def tells_no_length(request: Request, reply: Reply) -> None:
    await reply.head()
    await reply.raw(GOOD)


@fault(articles=1)
async def sends_chunks(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Transfer-Encoding": "chunked"})
    for start in range(0, len(GOOD), 100):
        piece = GOOD[start : start + 100]
        await reply.raw(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    await reply.raw(b"0\r\n\r\n")


@fault(fails="the request failed (asked 3 times)", asked=3)
async def breaks_off_within_a_chunk(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Transfer-Encoding": "chunked"})
    await reply.raw(b"ffff\r\n" + GOOD)


@fault(fails="the request failed")
async def counts_chunks_in_words(request: Request, reply: Reply) -> None:
    await reply.head(headers={"Transfer-Encoding": "chunked"})
    await reply.raw(b"twenty\r\n" + GOOD)


@fault(fails="the request failed")
async def speaks_another_protocol(request: Request, reply: Reply) -> None:
    await reply.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")


@fault(articles=1)
async def speaks_http_1_0(request: Request, reply: Reply) -> None:
    await reply.raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + GOOD)


@fault(fails="the request failed")
async def sends_one_huge_header(request: Request, reply: Reply) -> None:
    await reply.send(GOOD, headers={"X-Filler": "x" * 200_000})


@fault(fails="the request failed")
async def sends_headers_without_end(request: Request, reply: Reply) -> None:
    await reply.raw(b"HTTP/1.1 200 OK\r\n")
    for n in range(200_000):
        await reply.raw(f"X-{n}: filler\r\n".encode())


# ---------------------------------------------------------------- compression


@fault(articles=1)
async def packs_with_gzip(request: Request, reply: Reply) -> None:
    await reply.send(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"})


@fault(articles=1)
async def packs_with_brotli(request: Request, reply: Reply) -> None:
    await reply.send(brotli.compress(GOOD), headers={"Content-Encoding": "br"})


@fault(articles=1)
async def packs_with_zstd(request: Request, reply: Reply) -> None:
    await reply.send(zstd.compress(GOOD), headers={"Content-Encoding": "zstd"})


@fault(articles=1)
async def packs_with_raw_deflate(request: Request, reply: Reply) -> None:
    packer = zlib.compressobj(wbits=-15)
    body = packer.compress(GOOD) + packer.flush()
    await reply.send(body, headers={"Content-Encoding": "deflate"})


@fault(fails="the request failed", asked=3)
async def says_gzip_but_is_not(request: Request, reply: Reply) -> None:
    await reply.send(GOOD, headers={"Content-Encoding": "gzip"})


_packer = zlib.compressobj(9, wbits=31)
_GZIP_HEAD = _packer.compress(bytes(1_000_000)) + _packer.flush(zlib.Z_FULL_FLUSH)
_GZIP_BLOCK = _packer.compress(bytes(1_000_000)) + _packer.flush(zlib.Z_FULL_FLUSH)
_BROTLI_BOMB = brotli.compress(bytes(50_000_000), quality=1)
_ZSTD_BOMB = zstd.compress(bytes(50_000_000))


@fault(fails="larger than 2,000,000 bytes")
async def bombs_with_gzip(request: Request, reply: Reply) -> None:
    """Ten gigabytes of zeros in ten megabytes."""
    await reply.head(headers={"Content-Encoding": "gzip"})
    await reply.raw(_GZIP_HEAD)
    for _ in range(10_000):
        await reply.raw(_GZIP_BLOCK)


@fault(fails="the page unpacks to")
async def bombs_with_brotli(request: Request, reply: Reply) -> None:
    await reply.send(_BROTLI_BOMB, headers={"Content-Encoding": "br"})


@fault(fails="the page unpacks to")
async def bombs_with_zstd(request: Request, reply: Reply) -> None:
    await reply.send(_ZSTD_BOMB, headers={"Content-Encoding": "zstd"})


@fault(fails="larger than 2,000,000 bytes")
async def sends_without_end(request: Request, reply: Reply) -> None:
    await reply.head()
    while True:
        await reply.raw(b"<p>" + b"and so on " * 20_000)


# ---------------------------------------------------------------- redirects


@fault(fails="more than 8 redirects", asked=9)
async def redirects_to_itself(request: Request, reply: Reply) -> None:
    await reply.send(status="302 Found", headers={"Location": "/page"})


@fault(fails="more than 8 redirects")
async def redirects_on_and_on(request: Request, reply: Reply) -> None:
    step = int(request.path.rpartition("/")[2]) if request.path[-1].isdigit() else 0
    await reply.send(status="301 Moved Permanently", headers={"Location": f"/step/{step + 1}"})


@fault(articles=1)
async def redirects_to_the_article(request: Request, reply: Reply) -> None:
    await reply.send(status="307 Temporary Redirect", headers={"Location": "good?a=1"})


@fault(fails="the server answered 301")
async def redirects_nowhere(request: Request, reply: Reply) -> None:
    await reply.send(status="301 Moved Permanently")


@fault(fails="only http and https urls")
async def redirects_to_a_file(request: Request, reply: Reply) -> None:
    await reply.send(status="302 Found", headers={"Location": "file:///etc/passwd"})


@fault(fails="only http and https urls")
async def redirects_to_nonsense(request: Request, reply: Reply) -> None:
    await reply.send(status="302 Found", headers={"Location": "http://[::1"})


def _redirect_to(name: str, url: str, fails: str = "refused: the address is private") -> None:
    async def redirect(request: Request, reply: Reply) -> None:
        await reply.send(status="302 Found", headers={"Location": url})

    redirect.__name__ = name
    fault(fails=fails)(redirect)


# Private addresses are allowed to the tests, which live on the loopback; metadata services are
# not even then. test_fetch shows the same for all private addresses.
_redirect_to("redirects_to_a_metadata_service", "http://169.254.169.254/latest/meta-data/")
_redirect_to("redirects_to_it_in_decimal", "http://2852039166/", "is no valid url")
_redirect_to("redirects_to_it_in_hexadecimal", "http://0xa9.0xfe.0xa9.0xfe/")
_redirect_to("redirects_to_it_in_octal", "http://0251.0376.0251.0376/", "is no valid url")
_redirect_to("redirects_to_it_in_ipv6", "http://[::ffff:169.254.169.254]/")
_redirect_to("redirects_to_it_by_nat64", "http://[64:ff9b::a9fe:a9fe]/")
_redirect_to("redirects_to_it_by_name", "http://metadata.test/")

# ---------------------------------------------------------------- statuses


def _answers(name: str, status: str, fails: str, *, asked: int = 1, **headers: str) -> None:
    async def answer(request: Request, reply: Reply) -> None:
        await reply.send("sorry", status=status, headers=headers)

    answer.__name__ = name
    fault(fails=fails, asked=asked)(answer)


_answers("answers_404", "404 Not Found", "the server answered 404")
_answers("answers_410", "410 Gone", "the server answered 410")
_answers("answers_500", "500 Internal Server Error", "the server answered 500")
_answers("answers_599", "599 Whatever", "the server answered 599")
_answers("answers_204", "204 No Content", "the page is empty")
_answers("answers_304_unasked", "304 Not Modified", "the server answered 304")
_answers("answers_401", "401 Unauthorized", "the site asks for a login")
_answers("answers_402", "402 Payment Required", "the article is for subscribers")
_answers("answers_403", "403 Forbidden", "the site refuses to show the page")
_answers("answers_451", "451 Unavailable", "the site refuses to show the page")
_answers("answers_429", "429 Too Many Requests", "429 Too Many Requests (asked 3 times)", asked=3)
_answers("answers_503", "503 Service Unavailable", "(asked 3 times)", asked=3)
_answers(
    "answers_429_for_a_day",
    "429 Too Many Requests",
    "asks to wait 86400 s",
    **{"Retry-After": "86400"},
)
_answers(
    "answers_503_until_next_year",
    "503 Service Unavailable",
    "asks to wait",
    **{"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"},
)


def _recovers(name: str, status: str, **headers: str) -> None:
    async def answer(request: Request, reply: Reply) -> None:
        if request.count == 0:
            await reply.send("later", status=status, headers=headers)
        else:
            await reply.send(GOOD)

    answer.__name__ = name
    fault(articles=1, asked=2)(answer)


_recovers("is_busy_and_says_when", "429 Too Many Requests", **{"Retry-After": "0"})
_recovers("is_busy_and_talks_nonsense", "503 Service Unavailable", **{"Retry-After": "soon"})
_recovers("is_busy_for_a_moment", "503 Service Unavailable")
_recovers("has_a_gateway_that_slept", "502 Bad Gateway")

# ---------------------------------------------------------------- robots.txt


def _robots(
    name: str,
    rules: str | bytes,
    *,
    status: str = "200 OK",
    articles: int = 0,
    fails: str = "",
    asked: int = 0,
) -> None:
    async def answer(request: Request, reply: Reply) -> None:
        if request.path == "/robots.txt":
            await reply.send(rules, status=status, content_type="text/plain")
        else:
            await reply.send(GOOD)

    answer.__name__ = f"robots_{name}"
    fault(articles=articles, fails=fails, asked=asked)(answer)


_robots("forbids", "User-agent: *\nDisallow: /", fails="robots.txt of the site forbids it")
_robots("allows_us_alone", "User-agent: *\nDisallow: /\n\nUser-agent: dealwire\nAllow: /\n",
        articles=1, asked=1)  # fmt: skip
_robots("fails", "", status="500 Internal Server Error", fails="cannot be read: the server")
_robots("is_missing", "", status="404 Not Found", articles=1, asked=1)
_robots("is_forbidden", "", status="403 Forbidden", articles=1, asked=1)
_robots("is_a_page", GOOD, articles=1, asked=1)
_robots("is_binary", bytes(range(256)) * 20, articles=1, asked=1)
_robots("is_huge", "User-agent: *\nAllow: /\n" + "# filler\n" * 400_000, articles=1, asked=1)


@fault(fails="robots.txt of the site cannot be read: no answer within 5 s", asked=0)
async def robots_never_comes(request: Request, reply: Reply) -> None:
    await reply.stall()


@fault(fails="robots.txt of the site cannot be read: more than 8 redirects", asked=0)
async def robots_goes_in_circles(request: Request, reply: Reply) -> None:
    await reply.send(status="302 Found", headers={"Location": "/robots.txt"})


# ---------------------------------------------------------------- what the page is


def _page(
    name: str,
    body: bytes | str,
    content_type: str = "text/html; charset=utf-8",
    *,
    articles: int = 0,
    fails: str = "",
    says: str = "",
    never_says: str = "",
) -> None:
    async def answer(request: Request, reply: Reply) -> None:
        await reply.send(body, content_type=content_type)

    answer.__name__ = name
    fault(articles=articles, fails=fails, says=says, never_says=never_says)(answer)


ACCENTS = "Der Vertrag für das Kraftwerk läuft über zehn Jahre, heißt es in Köln und Orléans."
_bare = article("Köln", ACCENTS).replace("<meta charset='utf-8'>", "")
_page("claims_utf_8_but_is_latin_1", _bare.encode("cp1252"), articles=1, says=ACCENTS)
_page("claims_latin_1_but_is_utf_8", _bare.encode(), "text/html; charset=iso-8859-1",
      articles=1, says=ACCENTS)  # fmt: skip
_page("claims_an_unknown_charset", _bare.encode("cp1252"), "text/html; charset=x-mill",
      articles=1, says=ACCENTS)  # fmt: skip
_page("is_in_utf_16", _bare.encode("utf-16"), "text/html", articles=1, says=ACCENTS)
_page("is_empty", "", fails="the page is empty")
_page("is_a_pdf", b"%PDF-1.7\n" + bytes(500), fails="this is a PDF")
_page("is_an_image_called_a_page", b"\x89PNG\r\n\x1a\n" + bytes(500), fails="a binary file")
_page("is_noise", bytes(range(1, 256)) * 40, fails="page")
_page("holds_no_article", "<html><body><p>Soon.</p></body></html>", fails="no article was found")
_page("is_a_tower", "<div>" * 5_000 + f"<p>{WORDS[0]}</p>" + "</div>" * 5_000, fails="page")
_page("steers_terminals", article("\x1b[31mred\x1b[0m\x07", "\x1b]0;owned\x07 and \u202eback."),
      articles=1, never_says="\x1b")  # fmt: skip
_page("carries_a_script", article("<script>alert(1)</script>", "<script>alert(2)</script>"),
      articles=1, never_says="alert(2)")  # fmt: skip
_page("asks_for_proof_of_being_human",
      "<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies "
      "to continue</p><script>window._cf_chl_opt={}</script></body></html>",
      fails="the site asks for proof that a human reads it")  # fmt: skip

# ---------------------------------------------------------------- what stands before a page


def _blocks(name: str, kind: str, body: str, status: str = "200 OK", **headers: str) -> None:
    """A feed whose one page is kept back: the feed's summary serves."""

    async def answer(request: Request, reply: Reply) -> None:
        if request.path == "/feed":
            told = f"<description>{SUMMARY}</description>"
            await reply.send(rss(item("/kept-back", more=told)), content_type=XML)
        elif request.path == "/kept-back":
            await reply.send(body, status=status, headers=headers)
        else:
            await reply.send(LOGIN)

    answer.__name__ = name
    fault("feed", articles=1, warns=kind, says=SUMMARY)(answer)


LOGIN = "<html><title>Log in</title><body><form><input type=password></form></body></html>"
CHALLENGE = "<html><head><title>Just a moment...</title></head><body></body></html>"
_blocks("challenges", "challenge", CHALLENGE, "403 Forbidden", **{"cf-mitigated": "challenge"})
_blocks("challenges_as_if_busy", "challenge", CHALLENGE, "503 Service Unavailable")
_blocks("challenges_with_a_smile", "challenge", CHALLENGE)
_blocks("wants_a_login", "login", "", "302 Found", Location="/users/sign_in?to=/kept-back")
_blocks("wants_consent", "consent", "", "302 Found", Location="/privacy-gate?to=/kept-back")
_blocks("forbids", "forbidden", "no", "403 Forbidden")
_blocks("wants_money", "paywall", "pay", "402 Payment Required")
_blocks(
    "shows_a_teaser",
    "paywall",
    "<html><body><article><h1>Mill</h1><p>The miner leased its mill.</p>"
    "<div>Subscribe to continue reading</div></article></body></html>",
)

# ---------------------------------------------------------------- feeds


def _feed(
    name: str,
    body: bytes | str,
    *,
    source: Source = "feed",
    content_type: str = XML,
    articles: int = 0,
    fails: str = "",
    says: str = "",
    never_says: str = "",
) -> None:
    async def answer(request: Request, reply: Reply) -> None:
        if request.path in ("/feed", "/"):
            await reply.send(body, content_type=content_type)
        else:
            await reply.send("gone", status="404 Not Found")

    answer.__name__ = name
    fault(source, articles=articles, fails=fails, says=says, never_says=never_says)(answer)


LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    + "]>"
)
OUTSIDE = "<!DOCTYPE rss [<!ENTITY out SYSTEM 'file:///etc/passwd'>]>"

_feed("is_a_healthy_feed", rss(item("/good/1"), item("/good/2")), articles=2)
_feed("laughs_a_billion_times", rss(item("/good/1"), item("&l11;/x", guid="2"), prologue=LAUGHS),
      articles=1, fails="404")  # fmt: skip
_feed("reads_files_of_the_reader", rss(item("/good/1", more="<description>&out;</description>"),
      prologue=OUTSIDE), articles=1, never_says="root:")  # fmt: skip
_feed("has_broken_xml", rss(item("/good/1"), "<item><title>& < </titel></item>", item("/good/2")),
      articles=1)  # fmt: skip
_feed("is_cut_off", rss(item("/good/1"), item("/good/2"))[:-80], articles=1)
_feed("has_one_guid_for_all", rss(item("/good/1", guid="7"), item("/good/2", guid="7")), articles=1)
_feed("has_no_guids", rss(item("/good/1", guid=""), item("/good/2", guid="")), articles=2)
_feed("has_relative_links", rss(item("good/1"), item("../good/2"), link=""), articles=2)
_feed("has_bad_dates", rss(item("/good/1", more="<pubDate>yesterday at noon</pubDate>"),
      item("/good/2", more="<pubDate>Mon, 99 Foo 20255 99:99:99 XYZ</pubDate>")),
      articles=2)  # fmt: skip
_feed("has_no_links", rss("<item><guid isPermaLink='false'>7</guid><title>Mill</title></item>"),
      fails="no link in 7")  # fmt: skip
_feed("links_to_files", rss(item("file:///etc/passwd", guid="7"),
      item("javascript:alert(1)", guid="8"), item("/good/1")),
      articles=1, fails="no link in")  # fmt: skip
_feed("links_to_a_metadata_service", rss(item("http://169.254.169.254/?links-to-a-metadata-service")),
      fails="refused: the address is private")  # fmt: skip
_feed("has_no_entries", rss())
_feed("is_utf_16", rss(item("/good/1")).replace("utf-8", "utf-16").encode("utf-16"), articles=1)
_feed("is_html", article("no feed"), source="listed feed", content_type="text/html",
      fails="no feed but an HTML page")  # fmt: skip
_feed("is_an_empty_feed", "", source="listed feed", fails="the feed is empty")
_feed("is_json_cut_off", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ',
      content_type="application/feed+json", source="listed feed",
      fails="the JSON of the feed is invalid")  # fmt: skip
_feed("is_json_without_items", '{"version": "https://jsonfeed.org/version/1.1"}',
      content_type="application/feed+json", source="listed feed", fails="has no items")  # fmt: skip
_feed("names_itself_for_terminals", rss(item("/good/1")).replace(
      "Mill News", "\x1b[2JMill"), articles=1)  # fmt: skip


@fault("listed feed", fails="larger than 2,000,000 bytes")
async def feeds_without_end(request: Request, reply: Reply) -> None:
    await reply.head(content_type=XML)
    await reply.raw(rss().partition("</channel>")[0].encode())
    number = 0
    while True:
        number += 1
        await reply.raw(item(f"/good/{number}").encode() * 2_000)


@fault("listed feed", fails="no answer within 5 s")
async def feeds_never(request: Request, reply: Reply) -> None:
    await reply.stall()


@fault("feed", articles=1)
async def is_unchanged_when_asked_again(request: Request, reply: Reply) -> None:
    if request.headers.get("if-none-match") == '"1"':
        await reply.send(status="304 Not Modified", headers={"ETag": '"1"'})
    else:
        await reply.send(rss(item("/good/1")), content_type=XML, headers={"ETag": '"1"'})
