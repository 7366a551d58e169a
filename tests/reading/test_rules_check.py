"""Rules keep what their examples promise."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from extractor.assets import RuleFolders, models_dir, pipeline_dir, rule_folders
from extractor.errors import ModelError
from extractor.reading import Reader, load_reader
from extractor.reading.rulecheck import RuleFault, check_rules
from extractor.reading.witness import look


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shipped pipeline, to be spoilt."""
    return Path(shutil.copytree(pipeline_dir(), tmp_path / "deals"))


def _spoil(path: Path, right: str, wrong: str) -> int:
    """Replaces a piece of a file that occurs once; gives its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(right) == 1
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    return text[: text.index(right)].count("\n") + 1


def _faults(pipeline: Path) -> tuple[RuleFault, ...]:
    return check_rules(load_reader(pipeline), RuleFolders(pipeline))


def test_every_shipped_rule_matches_its_example_and_not_its_counterexample(
    reader: Reader,
) -> None:
    assert [str(fault) for fault in check_rules(reader, rule_folders())] == []


@pytest.mark.parametrize(
    ("file", "right", "wrong", "rule"),
    [
        ("quantities/money.toml", '"A$198 million"', '"198 million"', "currency AUD"),
        ("quantities/power.toml", '"half a gigawatt"', '"half a megawatt"', "unit GW"),
        ("quantities/roles.toml", '"two years ago"', '"two years"', "term role not_term"),
        (
            "frames/power.toml",
            '"The bank secured a mandate."',
            '"It secured 50 MW of grid power."',
            "",
        ),
        ("frames/language/zones.toml", '"About TeraWulf"', '"TeraWulf"', "zones"),
        (
            "frames/language/status.toml",
            '"The companies signed a definitive agreement."',
            '"The companies met."',
            "announced",
        ),
    ],
)
def test_a_wrong_example_is_named_with_its_line(
    copied: Path, file: str, right: str, wrong: str, rule: str
) -> None:
    line = _spoil(copied / file, right, wrong)
    (fault,) = _faults(copied)
    assert (fault.path, fault.line) == (copied / file, line)
    assert rule in fault.rule


def test_an_example_must_use_its_own_rule(copied: Path) -> None:
    _spoil(copied / "frames/backlog.toml", "a backlog of $12.8 billion", "$1bn of contracted sales")
    line = _spoil(
        copied / "frames/treasury.toml", '"Riot sold 475 bitcoin in April."', '"A bitcoin sale."'
    )
    assert (copied / "frames/treasury.toml", line) in [(f.path, f.line) for f in _faults(copied)]


def test_a_rule_without_a_counterexample_is_a_fault(copied: Path) -> None:
    path = copied / "frames" / "debt.toml"
    text = path.read_text(encoding="utf-8")
    counter = next(line for line in text.splitlines() if line.startswith("counterexample"))
    path.write_text(text.replace(counter + "\n", "", 1), encoding="utf-8")
    header = text.splitlines().index("[[noun]]") + 1
    (fault,) = _faults(copied)
    assert (fault.line, fault.reason) == (header, "it shows no counterexample")


def test_own_rules_are_checked_where_they_lie(tmp_path: Path) -> None:
    own = tmp_path / "deals" / "frames" / "mine.toml"
    own.parent.mkdir(parents=True)
    own.write_text(
        'type = "hosting"\n\n[[noun]]\nphrases = ["rack pact"]\n'
        'example = "IREN announced a rack lease with Microsoft."\n'
        'counterexample = "Pacts of steel rust."\n',
        encoding="utf-8",
    )
    (fault,) = check_rules(load_reader(models=tmp_path), rule_folders(tmp_path))
    assert (fault.path, fault.line, fault.rule) == (own, 5, "hosting noun rack pact")


def test_own_companies_and_cues_lie_over_the_shipped_ones(tmp_path: Path) -> None:
    frames, companies = tmp_path / "deals" / "frames", tmp_path / "deals" / "companies"
    frames.mkdir(parents=True)
    companies.mkdir()
    (frames / "hosting.toml").write_text(
        'type = "hosting"\n[[noun]]\nphrases = ["rack pact"]\n', encoding="utf-8"
    )
    (companies / "mine.csv").write_text(
        "name,category,aliases\nZorblat Compute,ai_cloud,Zorblat\nIREN,dc_developer,Iris\n",
        encoding="utf-8",
    )
    own, shipped = load_reader(models=tmp_path), load_reader()
    assert own.fingerprint != shipped.fingerprint
    assert len(own.companies) == len(shipped.companies) + 1
    text = "Iris announced a rack pact for 200 MW with Zorblat."
    (statement,) = look(own, text)
    assert [(p.name, p.category) for p in statement.parties] == [
        ("IREN", "dc_developer"),
        ("Zorblat Compute", "ai_cloud"),
    ]
    assert "hosting" in [cue.type for cue in statement.cues]
    assert "hosting" not in [cue.type for s in look(shipped, text) for cue in s.cues]


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither deals/companies"):
        load_reader(models=tmp_path)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("CleanSpark ordered 20 acres.", "no frame fits"),
        ("TeraWulf leased 200 MW to Fluidstack.", "frame hosting: verb lease"),
    ],
)
def test_the_witness_tells_what_the_frames_make_of_a_cue(
    reader: Reader, sentence: str, reason: str
) -> None:
    outcomes = [cue.outcome for statement in look(reader, sentence) for cue in statement.cues]
    assert any(reason in outcome for outcome in outcomes), outcomes


@pytest.mark.parametrize(
    ("sentence", "word", "outcome"),
    [
        ("TeraWulf leased 200 MW to Fluidstack.", "leased", "tells of deal 1: hosting"),
        ("TeraWulf opened an office with a view.", "opened", "tells of no deal"),
        ("A miner leased 200 MW to a cloud.", "leased", "no deal: no company is named"),
    ],
)
def test_the_witness_tells_what_the_weights_make_of_a_word_and_why(
    reader: Reader, sentence: str, word: str, outcome: str
) -> None:
    (statement,) = look(reader, sentence)
    (seen,) = [w for w in statement.words if w.text == word]
    assert seen.outcome.startswith(outcome)
    assert seen.reasons


def test_the_folder_of_ones_own_in_the_readme_works(tmp_path: Path) -> None:
    readme = (models_dir() / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Rules of your own")[2]
    (table,) = re.findall(r"^```csv\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    (frame,) = re.findall(r"^```toml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    for file, text in (("companies/watchlist.csv", table), ("frames/hosting.toml", frame)):
        path = tmp_path / "deals" / file
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    own = load_reader(models=tmp_path)
    assert check_rules(own, rule_folders(tmp_path)) == ()
    (sentence,) = re.findall(r'--sentence "(.+)"', section)
    (statement,) = look(own, sentence)
    assert "tells of deal 1: hosting" in " ".join(w.outcome for w in statement.words)
