"""Promises of the outbox: each new deal once, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractor.store.outbox import DealNews, Event
from extractor.store.write import Ledger, open_ledger
from tests.store.builders import DEALS, stock

NOW = datetime(2026, 5, 27, 8, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def compose(news: DealNews) -> Event:
    return Event(f"evt_{news.deal.key}{news.was}", news.deal.key, "{}")


def announced(ledger: Ledger) -> set[str]:
    return {new.deal.key for new in ledger.outbox.announce(NOW, compose)}


def test_deals_from_before_the_first_receiver_are_no_news(ledger: Ledger) -> None:
    stock(ledger)
    ledger.outbox.begin(NOW)
    assert announced(ledger) == set()


def test_new_deals_are_news_once_whoever_took_them_in(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    ledger.outbox.begin(NOW)  # as a second `watch` does
    assert announced(ledger) == {deal.key for deal in DEALS}
    assert announced(ledger) == set()
    assert ledger.outbox.waiting() == len(DEALS)


def test_deals_from_before_a_date_are_old_news_for_good(ledger: Ledger) -> None:
    dates = sorted(deal.first_published for deal in DEALS if deal.first_published)
    since = dates[-1]
    assert dates[0] < since
    ledger.outbox.begin(NOW)
    stock(ledger)
    news = ledger.outbox.announce(NOW, compose, since)
    assert {new.deal.key for new in news} == {
        deal.key for deal in DEALS if not deal.first_published or deal.first_published >= since
    }
    assert announced(ledger) == set()


def test_when_it_began_is_remembered(ledger: Ledger) -> None:
    assert ledger.outbox.begin(NOW) == NOW
    assert ledger.outbox.begin(NOW + timedelta(days=30)) == NOW


def test_deals_that_are_told_anew_under_other_keys_are_no_news(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    announced(ledger)
    ledger.replace_deals([replace(deal, key=f"x{deal.key[1:]}") for deal in DEALS])
    assert announced(ledger) == set()


def test_a_status_that_changes_without_another_article_is_no_news(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    announced(ledger)
    ledger.replace_deals([replace(deal, status="terminated") for deal in DEALS])
    assert announced(ledger) == set()


def test_news_tell_which_articles_report_them(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    news = {new.deal.key: new for new in ledger.outbox.announce(NOW, compose)}
    for deal in DEALS:
        keys = {ref.article_key for ref in deal.reports}
        assert {source.key for source in news[deal.key].sources} == keys


def test_events_wait_until_they_are_taken(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    announced(ledger)
    outbox, later = ledger.outbox, NOW + timedelta(minutes=5)
    first, second, *_ = outbox.due(NOW, 99)
    outbox.sent(first.webhook_id, NOW)
    outbox.failed(second.webhook_id, "it answered 500", later)
    waiting = [event.webhook_id for event in outbox.due(NOW, 99)]
    assert first.webhook_id not in waiting and second.webhook_id not in waiting
    assert outbox.next_moment() == NOW
    assert replace(second, attempts=1) in outbox.due(later, 99)


def test_news_and_deals_are_kept_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.outbox.begin(NOW)
    stock(ledger)
    with pytest.raises(KeyboardInterrupt), ledger.transaction():
        announced(ledger)
        raise KeyboardInterrupt
    assert ledger.outbox.waiting() == 0
    assert len(announced(ledger)) == len(DEALS)
