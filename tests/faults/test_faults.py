"""Every fault of the table has the outcome that the table says, through the real ingest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.records import Article, Reading
from extractor.store.write import Ledger, open_ledger
from extractor.workflow import Failed, IngestSummary, ingest, replay
from tests.faults.server import FaultResolver, FaultServer
from tests.faults.table import FAULTS, Fault

POLICY = FetchPolicy(
    allow_private=True,
    delay_seconds=0,
    first_wait_seconds=0.01,
    timeout_seconds=5.0,
    max_bytes=2_000_000,
)


class SilentReader:
    """A language half that finds nothing: here the network is on trial."""

    companies = ()
    fingerprint = "silent"

    def read(self, article: Article) -> Reading:
        return Reading()


@dataclass
class Run:
    """One ingest of all faults at once, and a second one after it."""

    server: FaultServer
    database: Path
    first: IngestSummary
    second: IngestSummary
    asked_first: list[tuple[str, str]]
    ledger: Ledger

    def rows(self, sql: str, fault: Fault) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.database)) as raw:
            return raw.execute(sql, {"host": f"http://{fault.name}.test:%"}).fetchall()

    def failures(self, fault: Fault, summary: IngestSummary) -> list[Failed]:
        own = (self.server.url(fault.name, ""), f"http://169.254.169.254/?{fault.name}")
        return [each for each in summary.failures if each.source.startswith(own)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("faults")
    server = FaultServer({fault.name: fault.handler for fault in FAULTS})
    with server.running(), open_ledger(folder / "ledger.db") as ledger:
        opml = folder / "feeds.opml"
        resolver = FaultResolver({"metadata": "169.254.169.254"})

        def take_in(faults: Sequence[Fault]) -> IngestSummary:
            opml.write_text(_opml(server, faults))
            asked = [fault for fault in faults if fault.source != "listed feed"]
            sources = [
                server.url(f.name, "/feed" if f.source == "feed" else "/page") for f in asked
            ]
            fetcher = Fetcher(POLICY, resolver=resolver)
            return ingest([*sources, str(opml)], ledger, SilentReader(), fetcher)

        first = take_in(FAULTS)
        asked = [(request.host, request.path) for request in server.asked]
        # Those that hang would only hang once more.
        second = take_in([fault for fault in FAULTS if "no answer" not in fault.fails])
        yield Run(server, ledger.path, first, second, asked, ledger)


def _opml(server: FaultServer, faults: Sequence[Fault]) -> str:
    outlines = "".join(
        f'<outline type="rss" xmlUrl="{server.url(fault.name, "/feed")}"/>'
        for fault in faults
        if fault.source == "listed feed"
    )
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


def test_the_table_is_long_enough() -> None:
    assert len(FAULTS) >= 40
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_outcome(run: Run, fault: Fault) -> None:
    found = run.rows("SELECT title || char(10) || text FROM articles WHERE url LIKE :host", fault)
    failures = run.failures(fault, run.first)
    assert (len(found), [each.reason for each in failures if fault.fails not in each.reason]) == (
        fault.articles,
        [],
    )
    assert bool(failures) == bool(fault.fails)
    path = "/page" if fault.source == "page" else "/feed"
    assert run.asked_first.count((fault.name, path)) == fault.asked
    for (text,) in found:
        assert fault.says in text
        assert not fault.never_says or fault.never_says not in text


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.warns], ids=lambda fault: fault.name
)
def test_what_stands_before_a_page_is_told_with_its_article(run: Run, fault: Fault) -> None:
    warnings = run.rows(
        """
        SELECT w.kind FROM article_warnings AS w JOIN articles AS a ON a.id = w.article_id
        WHERE a.url LIKE :host
        """,
        fault,
    )
    assert warnings == [(fault.warns,)]


def test_no_bomb_is_swallowed_whole(run: Run) -> None:
    for name in ("bombs-with-gzip", "sends-without-end", "feeds-without-end"):
        assert run.server.sent[name] < 40_000_000


def test_nothing_reaches_a_metadata_service(run: Run) -> None:
    assert not [request for request in run.server.asked if "169.254" in request.host]


def test_a_second_run_finds_the_same(run: Run) -> None:
    assert run.second.articles_new == 0
    again = {(each.source, each.stage) for each in run.second.failures}
    assert again <= {(each.source, each.stage) for each in run.first.failures}


def test_a_replay_finds_the_same_without_network(run: Run) -> None:
    diff = replay(run.ledger, SilentReader(), rehearsal=True)
    assert diff.pages >= 50
    assert diff.recut == ()
    known = {each.source for each in run.first.failures}
    assert {failure.source for failure in diff.failures} <= known
