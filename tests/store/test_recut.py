"""Pages that give something else than before make the ledger that they would have made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.records import Article, Page
from extractor.store.pages import KeptPage
from extractor.store.write import Ledger, open_ledger
from tests.canonical import differences, said

from .builders import NOON, article

TOLD = ("articles", "versions", "pages")
# What a page gives: nothing, or one of four texts under one of three keys.
GIVEN = st.one_of(
    st.none(), st.builds(article, st.sampled_from("abc"), st.sampled_from(("1", "2", "3", "4")))
)


def ledger_at(path: Path) -> Ledger:
    moments = (NOON + timedelta(minutes=n) for n in count())
    return open_ledger(path, clock=lambda: next(moments))


def page(number: int) -> Page:
    return Page(f"https://a.example/{number}", "", 200, str(number).encode())


def fill(ledger: Ledger, given: Sequence[Article | None]) -> None:
    for number, each in enumerate(given):
        ledger.add_page(page(number), article=each)


def kept(ledger: Ledger) -> Iterator[KeptPage]:
    for each in ledger.archive.pages():
        assert isinstance(each, KeptPage)
        yield each


def recut(ledger: Ledger, given: Sequence[Article | None]) -> tuple[str, ...]:
    """The keys of the articles that changed."""
    ledger.archive.begin_recut()
    for each in kept(ledger):
        ledger.archive.note_recut(each.id, given[int(each.page.body)])
    found = ledger.archive.settle_recut()
    return tuple((diff.after or diff.before).key for diff in found)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "ledger.db"
    ledger_at(path).close()
    return path


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(GIVEN, GIVEN), max_size=7))
def test_cutting_out_anew_gives_what_a_first_run_would_have_given(
    empty: Path, given: list[tuple[Article | None, Article | None]]
) -> None:
    before, after = [first for first, _ in given], [second for _, second in given]
    with TemporaryDirectory() as folder:
        one, other = (Path(shutil.copy(empty, Path(folder, name))) for name in ("1.db", "2.db"))
        with ledger_at(one) as ledger:
            fill(ledger, before)
            assert recut(ledger, before) == ()
            recut(ledger, after)
            assert recut(ledger, after) == ()
        with ledger_at(other) as ledger:
            fill(ledger, after)
        assert differences(one, other, *TOLD) == []


def test_a_version_without_a_page_keeps_its_place(tmp_path: Path) -> None:
    first, second, third = (article("a", text) for text in ("First.", "Second.", "Third."))
    with ledger_at(tmp_path / "ledger.db") as ledger:
        ledger.add_page(page(0), article=first)
        ledger.add_article(second)
        ledger.add_page(page(1), article=third)
        better = (article("a", "First!"), third)
        assert recut(ledger, better) == ()  # the present version is the same
        assert list(ledger.articles()) == [third]
        assert sorted(v.text for _, v in ledger.versions()) == ["First!", "Second."]
        assert recut(ledger, (None, None)) == ("a",)
        assert list(ledger.articles()) == [second]


def test_an_article_of_no_page_stays(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger_at(path) as ledger:
        ledger.add_article(article("alone", "It came as a line of JSON."))
        ledger.add_page(page(0), article=article("a", "It came as a page."))
        recut(ledger, (None,))
    assert [row[0] for row in said(path, "articles")["articles"]] == ["alone"]
