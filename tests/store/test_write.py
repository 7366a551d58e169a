from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractor.errors import LedgerError
from extractor.records import Deal, Entry, Feed, Page
from extractor.store.feeds import Arrived
from extractor.store.write import Ledger, open_ledger

from .builders import (
    COMPANIES,
    DEALS,
    LEASE,
    NOON,
    READINGS,
    STORIES,
    Company,
    article,
    stock,
    stocked,
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db", clock=lambda: NOON) as opened:
        yield opened


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"
        )
    ]
    content = {t: sorted(connection.execute(f"SELECT * FROM {t}"), key=repr) for t in tables}
    connection.close()
    return content


def test_what_is_stored_comes_back_unchanged(ledger: Ledger) -> None:
    stock(ledger)
    assert ledger.readings() == list(READINGS)
    assert ledger.stories() == STORIES
    assert list(ledger.articles()) == [each for each, _ in READINGS]


def test_storing_everything_twice_changes_nothing(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    once = dump(path)
    stocked(path)
    assert dump(path) == once


def test_the_same_article_is_new_only_once(ledger: Ledger) -> None:
    assert [ledger.add_article(LEASE), ledger.add_article(LEASE)] == [True, False]


def test_an_edited_article_is_a_new_version_to_be_read_again(ledger: Ledger) -> None:
    stock(ledger)
    edited = article("lease", "TeraWulf leased 250 MW.", title=LEASE.title)
    assert ledger.add_article(edited)
    assert ledger.unread("rules-1") == (edited,)
    old = sqlite3.connect(ledger.path).execute("SELECT text FROM article_versions").fetchall()
    assert old == [(LEASE.text,)]


def test_two_texts_under_one_key_come_to_rest(ledger: Ledger) -> None:
    other = article("lease", "Another text.")
    assert [ledger.add_article(a) for a in (LEASE, other, LEASE, other)] == [
        True,
        True,
        False,
        False,
    ]


def test_articles_read_by_other_rules_are_unread(ledger: Ledger) -> None:
    stock(ledger)
    assert ledger.unread("rules-1") == ()
    assert len(ledger.unread("rules-2")) == len(READINGS)


def test_a_reading_needs_its_version_of_the_article(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="lease: this version"):
        ledger.save_reading(*READINGS[0], "rules-1")


def test_a_page_is_kept_to_the_byte_and_once(ledger: Ledger) -> None:
    page = Page(
        "https://a.example/x",
        "https://a.example/y",
        200,
        b"\x00\xff<html>" * 500,
        (("etag", '"1"'), ("content-type", "text/html")),
        NOON,
    )
    ledger.add_page(page)
    ledger.add_page(page)
    assert ledger.page(page.url) == page
    assert sqlite3.connect(ledger.path).execute("SELECT count(*) FROM pages").fetchone() == (1,)
    (size,) = sqlite3.connect(ledger.path).execute("SELECT length(body) FROM pages").fetchone()
    assert size < len(page.body) / 10


def test_only_new_or_edited_entries_come_back(ledger: Ledger) -> None:
    feed = Feed("https://a.example/feed", "A", '"e"', "", datetime(2026, 1, 1, tzinfo=UTC), 2)
    ledger.add_feed(feed)
    first, second = Entry("1", "https://a.example/1"), Entry("2", "https://a.example/2", "T")
    assert ledger.feed(feed.url) == feed
    assert ledger.add_entries(feed.url, (first, second), str.lower).new == (first, second)
    edited = replace(second, title="T2")
    assert ledger.add_entries(feed.url, (first, edited), str.lower) == Arrived((), (edited,))
    assert ledger.add_entries(feed.url, (first, edited), str.lower).fresh == ()


def test_a_failure_stays_until_the_source_works(ledger: Ledger) -> None:
    ledger.add_failure("https://a.example", "page", "404")
    ledger.add_failure("https://a.example", "page", "500")
    rows = sqlite3.connect(ledger.path).execute("SELECT reason FROM failures").fetchall()
    assert rows == [("500",)]
    ledger.clear_failure("https://a.example")
    assert not sqlite3.connect(ledger.path).execute("SELECT 1 FROM failures").fetchall()


def test_nothing_of_a_broken_transaction_is_kept(ledger: Ledger) -> None:
    with pytest.raises(KeyboardInterrupt), ledger.transaction():
        ledger.add_article(LEASE)
        raise KeyboardInterrupt
    assert list(ledger.articles()) == []


def test_a_deal_must_rest_on_stored_reports(ledger: Ledger) -> None:
    stock(ledger)
    doubled = (*DEALS, replace(DEALS[0], key="zz"))
    with pytest.raises(LedgerError, match="not in the ledger"):
        ledger.replace_deals(doubled)
    before: tuple[Deal, ...] = DEALS  # the transaction kept the earlier deals
    rows = sqlite3.connect(ledger.path).execute("SELECT key FROM deals ORDER BY id").fetchall()
    assert rows == [(deal.key,) for deal in before]


def test_a_party_of_no_list_becomes_a_company(ledger: Ledger) -> None:
    stock(ledger)
    ledger.replace_deals([*DEALS[1:], replace(DEALS[0], counterparties=("Nobody Knows Inc.",))])
    query = "SELECT name FROM companies WHERE NOT listed"
    assert sqlite3.connect(ledger.path).execute(query).fetchall() == [("Nobody Knows Inc.",)]
    ledger.replace_deals(DEALS)
    assert sqlite3.connect(ledger.path).execute(query).fetchall() == []


def test_every_name_of_a_company_leads_to_the_current_one(ledger: Ledger) -> None:
    assert ledger.sync_companies(COMPANIES)
    assert not ledger.sync_companies(COMPANIES)
    assert ledger.sync_companies([*COMPANIES[1:], Company("TeraWulf", "miner", ("TW",))])
    resolve = ledger.resolver()
    names = ("TW", "TERAWULF INC.", "Iris Energy", "CORZ", "Unheard Of")
    assert [resolve(n) for n in names] == ["TeraWulf", "TeraWulf", "IREN", "CORZ", "Unheard Of"]


def test_the_category_of_a_listed_company_is_known_by_its_current_name(ledger: Ledger) -> None:
    ledger.sync_companies(COMPANIES)
    stock(ledger)
    category = ledger.categories()
    names = ("TeraWulf", "Microsoft", "Iris Energy", "Unheard Of")
    assert [category(name) for name in names] == ["miner", "hyperscaler", "", ""]


@pytest.mark.parametrize(
    "place", ["'text', 5, 5", "'text', -1, 5", "'body', 1, 5", "'text', NULL, 5"]
)
def test_a_number_without_a_place_cannot_be_stored(ledger: Ledger, place: str) -> None:
    stock(ledger)
    connection = sqlite3.connect(ledger.path)
    for table, columns, values in (
        ("facts", "article_id, kind, literal, rule", "1, 'money', '$5', 'r'"),
        ("report_slots", "report_id, slot, rule", "1, 'value', 'r'"),
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(
                f"INSERT INTO {table} ({columns}, number, unit, part, start_char, end_char) "
                f"VALUES ({values}, 5, 'USD', {place})"
            )
    connection.close()


def test_a_run_that_broke_off_leaves_the_ledger_untold(ledger: Ledger) -> None:
    stock(ledger)
    assert ledger.is_told()
    run = ledger.start_run("ingest", "rules-1")
    assert not ledger.is_told()
    ledger.finish_run(run, articles_new=0, articles_read=0, failures=0)
    assert ledger.is_told()
    ledger.add_article(article("more", "More."))
    ledger.save_reading(article("more", "More."), READINGS[3][1].__class__(), "rules-1")
    assert not ledger.is_told()
