"""Stories in a ledger grow article by article, and come out the same whatever the order."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.records import Page
from extractor.store.pages import KeptPage
from extractor.store.schema import MIGRATIONS
from extractor.store.write import Ledger, open_ledger
from extractor.stories import fingerprint, group
from extractor.workflow.parts import no_progress
from extractor.workflow.telling import tell_stories
from tests.stories.builders import Told, grouped, told
from tests.stories.test_group import galaxy, lease, notes, production, rewrite, roundup

SHARED = (
    "Quarrystone lets {mw} MW at Amarillo to Nebelwerk for ${sum} million, {who} said on {day}."
)


def note(key: str, mw: int, total: int, who: str, day: str, hours: float | None) -> Told:
    text = SHARED.format(mw=mw, sum=total, who=who, day=day)
    names = ("Quarrystone", "Nebelwerk")
    return told(key, f"Quarrystone lets {mw} MW", text, companies=names, hours=hours)


POOL: tuple[Told, ...] = (
    lease(),
    rewrite(),
    roundup(),
    galaxy("g1", "Galaxy said on Friday that it had closed a project financing of", 26),
    galaxy("g2", "Mike Novogratz's firm has borrowed", 30),
    production("April", 463, "38.8", 0),
    production("May", 445, "52.6", 20),
    notes("Proposes", "500", 0, status="proposed"),
    notes("Prices", "900", 24, " It was upsized from $500 million."),
    note("n1", 58, 830, "the landlord", "Monday", 1),
    note("n2", 58, 830, "its chief", "Monday", 3),
    note("n3", 58, 830, "a filing", "Monday", 60),
    note("n4", 97, 1210, "the landlord", "Thursday", 61),
    note("n5", 58, 830, "the landlord", "Monday", None),
)


def store(ledger: Ledger, articles: Iterable[Told]) -> None:
    with ledger.transaction():
        for article, reading in articles:
            ledger.add_article(article)
            ledger.save_reading(article, reading, "test")


def in_batches(path: Path, batches: Sequence[Sequence[Told]]) -> set[frozenset[str]]:
    """Each batch is a run of its own, in a process that remembers nothing."""
    for batch in batches:
        with open_ledger(path) as ledger:
            store(ledger, batch)
            tell_stories(ledger, no_progress)
    with open_ledger(path) as ledger:
        return grouped(ledger.stories())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(POOL), st.lists(st.integers(0, len(POOL)), max_size=5))
def test_the_order_of_arrival_does_not_change_the_stories(
    articles: list[Told], cuts: list[int]
) -> None:
    ends = [0, *sorted(cuts), len(articles)]
    batches = [articles[a:b] for a, b in pairwise(ends)]
    with TemporaryDirectory() as folder:
        assert in_batches(Path(folder) / "ledger.db", batches) == grouped(group(POOL))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as opened:
        yield opened


def test_a_story_keeps_its_key_when_an_earlier_article_comes_in(ledger: Ledger) -> None:
    store(ledger, [rewrite()])
    tell_stories(ledger, no_progress)
    (before,) = ledger.stories()
    store(ledger, [lease()])
    tell_stories(ledger, no_progress)
    (after,) = ledger.stories()
    assert after.key == before.key
    assert [(m.article_key, m.tied_to) for m in after.members] == [("wire", ""), ("brief", "wire")]


def test_only_what_a_new_article_touches_is_told_again(ledger: Ledger) -> None:
    store(ledger, [lease(), *POOL[3:6]])
    assert tell_stories(ledger, no_progress) == {"wire", "g1", "g2", "April"}
    store(ledger, [rewrite()])
    assert tell_stories(ledger, no_progress) == {"wire", "brief"}
    assert tell_stories(ledger, no_progress) == frozenset()


def test_an_edited_article_leaves_the_story_that_it_no_longer_tells(ledger: Ledger) -> None:
    store(ledger, [lease(), rewrite()])
    tell_stories(ledger, no_progress)
    edited = told("brief", "Correction", "This item was withdrawn by the editors.", hours=30)
    store(ledger, [edited])
    assert tell_stories(ledger, no_progress) == {"wire", "brief"}
    assert grouped(ledger.stories()) == {frozenset({"wire"}), frozenset({"brief"})}


def test_an_edited_article_that_was_not_read_again_is_in_no_story(ledger: Ledger) -> None:
    store(ledger, [lease(), rewrite()])
    tell_stories(ledger, no_progress)
    article, _ = rewrite()
    ledger.add_article(replace(article, text="Other words.", digest="other"))
    tell_stories(ledger, no_progress)
    assert grouped(ledger.stories()) == {frozenset({"wire"})}


def test_an_article_that_another_program_deleted_is_in_nobodys_way(ledger: Ledger) -> None:
    store(ledger, [lease(), roundup()])
    tell_stories(ledger, no_progress)
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM articles WHERE key = 'wire'")
    store(ledger, [rewrite()])
    tell_stories(ledger, no_progress)
    assert {frozenset({"brief"})} <= grouped(ledger.stories())
    # Nor are stories that it deleted missed for good.
    before = ledger.stories()
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM stories")
    tell_stories(ledger, no_progress)
    assert grouped(ledger.stories()) >= grouped(story for story in before if story.members)


def test_a_page_that_gives_no_article_any_more_leaves_its_story(ledger: Ledger) -> None:
    (article, reading), pages = lease(), [Page("https://a.example/wire", "", 200, b"wire")]
    ledger.add_page(pages[0], article=article)
    store(ledger, [(article, reading), rewrite()])
    tell_stories(ledger, no_progress)
    assert grouped(ledger.stories()) == {frozenset({"wire", "brief"})}
    (key,) = (story.key for story in ledger.stories())
    ledger.archive.begin_recut()
    (kept,) = ledger.archive.pages()
    assert isinstance(kept, KeptPage)
    ledger.archive.note_recut(kept.id, None)
    ledger.archive.settle_recut()
    assert tell_stories(ledger, no_progress) == {"brief"}
    (story,) = ledger.stories()
    assert (story.key, [member.article_key for member in story.members]) == (key, ["brief"])
    # It comes back as it was, and nothing is left of stories without members.
    ledger.add_page(pages[0], article=article)
    store(ledger, [(article, reading)])
    tell_stories(ledger, no_progress)
    assert grouped(ledger.stories()) == {frozenset({"wire", "brief"})}
    with closing(sqlite3.connect(ledger.path)) as raw:
        assert raw.execute("SELECT count(*) FROM stories").fetchone() == (1,)


def test_other_rules_tell_all_stories_anew(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    store(ledger, [lease(), rewrite()])
    tell_stories(ledger, no_progress)
    before = ledger.stories()
    monkeypatch.setattr("extractor.stories.fingerprint", lambda: "other rules")
    assert tell_stories(ledger, no_progress) == {"wire", "brief"}
    assert ledger.stories() == before


def test_what_an_older_dealwire_kept_of_articles_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as patched:
        patched.setattr("extractor.store.write.MIGRATIONS", MIGRATIONS[:-1])
        with open_ledger(path) as ledger:
            store(ledger, [lease(), rewrite()])
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            f"""
            INSERT INTO story_profiles VALUES (1, 0, x'', '[]');
            INSERT INTO story_postings (key, at, article_id) VALUES (7, 0, 1);
            INSERT INTO story_rules VALUES ('{fingerprint()}');
            INSERT INTO stories (id, key) VALUES (1, 'aa');
            INSERT INTO story_members (article_id, story_id, ordinal, score, reason)
            VALUES (1, 1, 0, 1.0, 'first');
            DELETE FROM story_pending WHERE article_id = 1;
            """
        )
    with open_ledger(path) as ledger:
        tell_stories(ledger, no_progress)
        assert grouped(ledger.stories()) == grouped(group([lease(), rewrite()]))


def test_a_run_that_breaks_off_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    articles = [
        note(f"a{n:03}", 40 + n // 2, 700 + n // 2, f"person {n}", "Monday", 120 * (n // 2))
        for n in range(60)
    ]
    random.Random(3).shuffle(articles)

    def interrupt(stage: str, done: int, total: int) -> None:
        if done > 20:
            raise KeyboardInterrupt

    with open_ledger(path) as ledger:
        store(ledger, articles)
        with pytest.raises(KeyboardInterrupt):
            tell_stories(ledger, interrupt)
    with closing(sqlite3.connect(path)) as raw:
        (waiting,) = raw.execute("SELECT count(*) FROM story_pending").fetchone()
        (there,) = raw.execute("SELECT count(*) FROM story_members").fetchone()
        assert (0 < waiting < 60) and there == 60 - waiting
    with open_ledger(path) as ledger:
        tell_stories(ledger, no_progress)
        assert grouped(ledger.stories()) == grouped(group(articles))


def test_nothing_of_a_forgotten_article_stays_in_the_index(ledger: Ledger) -> None:
    store(ledger, [lease(), rewrite()])
    tell_stories(ledger, no_progress)
    with closing(sqlite3.connect(ledger.path)) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM readings")
        raw.commit()
    tell_stories(ledger, no_progress)
    assert ledger.stories() == ()
    with closing(sqlite3.connect(ledger.path)) as raw:
        for table in ("story_profiles", "story_postings", "story_ties", "story_pending"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
