"""Promises of webhooks: signed as the standard has it, posted to whom they may be."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from extractor.errors import FetchError, QueryError
from extractor.gather.webhook import Poster, read_secrets, signed_headers
from tests.conftest import Receiver

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NOW = datetime(2026, 5, 27, 8, tzinfo=UTC)
BODY = '{"type":"deal.created","data":{"company":"Søren & Co"}}'.encode()


def post(url: str, *, allow_private: bool = True, sent_at: datetime | None = None) -> None:
    async def run() -> None:
        async with Poster(url, read_secrets(SECRET), allow_private=allow_private) as poster:
            await poster.post("evt_1", BODY, sent_at or datetime.now(UTC))

    asyncio.run(run())


def test_a_receiver_can_verify_what_it_gets(receiver: Receiver) -> None:
    post(receiver.url)
    [(headers, body)] = receiver.got
    assert body == BODY
    assert headers["webhook-id"] == "evt_1"
    assert Webhook(SECRET).verify(body, headers)["type"] == "deal.created"


def test_while_a_secret_is_changed_the_old_and_the_new_one_verify() -> None:
    headers = signed_headers("evt_1", BODY, datetime.now(UTC), read_secrets(f"{OLD} {SECRET}"))
    for secret in (OLD, SECRET):
        assert Webhook(secret).verify(BODY, headers)
    assert headers["webhook-signature"].count("v1,") == 2


def test_the_signature_is_that_of_the_reference_library() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    ours = signed_headers("evt_1", BODY, moment, read_secrets(SECRET))["webhook-signature"]
    assert ours == Webhook(SECRET).sign("evt_1", moment, BODY.decode())


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_no base64!", "x" * 200])
def test_a_weak_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(QueryError, match="base64") as caught:
        read_secrets(secret)
    assert secret not in str(caught.value) or secret == "whsec_"


@pytest.mark.parametrize(
    ("answer", "words", "status", "retry_after"),
    [
        ((500, {}), "it answered 500", 500, None),
        ((429, {"Retry-After": "90"}), "it answered 429", 429, 90.0),
        ((503, {"Retry-After": "Wed, 27 May 2026 08:02:00 GMT"}), "it answered 503", 503, 120.0),
        ((503, {"Retry-After": "Wed, 27 May 2026 07:00:00 GMT"}), "it answered 503", 503, 0.0),
        ((503, {"Retry-After": "Fri, 27 May 2033 08:00:00 GMT"}), "it answered 503", 503, 86_400),
        ((503, {"Retry-After": "soon"}), "it answered 503", 503, None),
        ((302, {"Location": "http://169.254.169.254/"}), "it redirects", 302, None),
    ],
)
def test_what_is_not_taken_is_told(
    receiver: Receiver, answer: tuple[int, dict[str, str]], words: str, status: int,
    retry_after: float | None,
) -> None:  # fmt: skip
    receiver.answers = [answer]
    with pytest.raises(FetchError, match=words) as caught:
        post(receiver.url, sent_at=NOW)
    assert (caught.value.status, caught.value.retry_after) == (status, retry_after)
    assert len(receiver.got) == 1


def test_a_private_address_is_refused_unless_allowed(receiver: Receiver) -> None:
    with pytest.raises(FetchError, match="--notify-private allows it"):
        post(receiver.url, allow_private=False)
    assert receiver.got == []


def test_no_secret_of_the_url_is_told(receiver: Receiver) -> None:
    url, port = receiver.url, receiver.server_port
    receiver.answers = [(401, {})]
    failures = []
    for target in (url, url.replace(str(port), "1"), url.replace("127.0.0.1", "nowhere.invalid")):
        with pytest.raises(FetchError) as caught:
            post(target)
        failures.append(f"{caught.value} {caught.value.__cause__}")
    assert not any(word in " ".join(failures) for word in ("user", "pass", "token", "abc", "hook"))


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///etc/passwd", "a.example", ""])
def test_only_web_addresses_are_receivers(url: str) -> None:
    with pytest.raises(QueryError, match="http"):
        Poster(url, read_secrets(SECRET))
