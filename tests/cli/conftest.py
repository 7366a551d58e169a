from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from extractor.cli import main
from extractor.reading import Reader
from tests.store.builders import stocked


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(scope="session")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("cli") / "ledger.db")


@pytest.fixture
def run(
    ledger_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Runs `dealwire` in this process on the stocked ledger."""
    monkeypatch.setenv("DEALWIRE_DB", str(ledger_path))

    def run(*words: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as left:
            main(list(words))
        said = capsys.readouterr()
        return Done(int(left.value.code or 0), said.out, said.err)

    yield run


_LOADED: dict[Path | None, Reader] = {}


@pytest.fixture
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are loaded once for all tests that ask for this, however often they run a verb."""
    from extractor import reading

    load = reading.load_reader

    def load_once(path: Path | None = None, *, models: Path | None = None) -> Reader:
        assert path is None
        if models not in _LOADED:
            _LOADED[models] = load(models=models)
        return _LOADED[models]

    monkeypatch.setattr(reading, "load_reader", load_once)


@pytest.fixture(scope="session")
def corpus_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved pages of the corpus, ingested with the real pipeline."""
    path = tmp_path_factory.mktemp("corpus") / "ledger.db"
    pages = Path(__file__).parents[2] / "corpus" / "sites"
    with pytest.raises(SystemExit) as left:
        main(["ingest", str(pages), "--quiet", "--db", str(path)])
    assert not left.value.code
    return path
