"""What the documentation shows can be done, and gives what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from extractor.gather.article import article_from_text
from extractor.reading import Reader, load_reader
from extractor.records import DealReport, Reading
from tests import readme
from tests.readme import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "models" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return readme.make_demo(tmp_path_factory.mktemp("demo"))


def test_the_readme_shows_what_its_commands_print(demo: Path) -> None:
    assert readme.refreshed(README, demo) == README, "make it anew with: make docs"


def test_the_python_of_the_readme_runs(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo.parent)
    (code,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    exec(code, {})
    assert "TeraWulf" in capsys.readouterr().out


def test_the_picture_is_a_picture() -> None:
    ElementTree.parse(ROOT / "docs" / "run.svg")


@pytest.mark.parametrize("page", [README, RULES], ids=["README", "models/README"])
def test_every_path_in_a_table_is_there(page: str) -> None:
    folder = ROOT if page is README else ROOT / "models"
    cells = re.findall(r"^\| (`[^`|]+`(?:, `[^`|]+`)*) \|", page, re.MULTILINE)
    named = [path for cell in cells for path in re.findall(r"`([^`]+)`", cell)]
    assert named
    assert [path for path in named if not list(folder.glob(path.rstrip("/")))] == []


def test_make_lists_what_it_can_do() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    listed = [line.split()[0] for line in readme.run("make", Path("none.db")).splitlines()]
    assert listed == targets.split()


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader of the models with the additions that models/README.md makes."""
    models = tmp_path_factory.mktemp("models") / "models"
    shutil.copytree(ROOT / "models", models)
    additions = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", RULES, re.MULTILINE | re.DOTALL)
    assert len(additions) >= 5
    for path, lines in additions:
        with (models / path).open("a", encoding="utf-8") as rules:
            rules.write(f"\n{lines}" if path.endswith(".toml") else lines)
    return load_reader(models / "deals")


def read(reader: Reader, text: str) -> Reading:
    return reader.read(article_from_text(text))


def only_deal(reader: Reader, text: str) -> DealReport:
    (report,) = read(reader, text).reports
    return report


def test_an_added_company_is_known_by_its_former_name(taught: Reader) -> None:
    deal = only_deal(taught, "Penumbra Mining leased 90 MW to Fluidstack.")
    assert (deal.company, deal.counterparties) == ("Umbral Compute", ("Fluidstack",))


def test_an_added_noun_opens_a_deal(taught: Reader) -> None:
    deal = only_deal(taught, "Hut 8 announced a rackspace pact with Fluidstack for 90 MW.")
    assert (deal.type, deal.counterparties) == ("hosting", ("Fluidstack",))


def test_an_added_verb_opens_a_deal(taught: Reader) -> None:
    deal = only_deal(taught, "Core Scientific will warehouse 200 MW for CoreWeave for ten years.")
    assert (deal.type, deal.company) == ("hosting", "Core Scientific")
    assert (deal.counterparties, deal.number("megawatts")) == (("CoreWeave",), 200)


def test_an_added_phrase_ends_a_deal(taught: Reader) -> None:
    deal = only_deal(taught, "Hut 8's 15-year lease with Fluidstack was put on ice.")
    assert deal.status == "terminated"


def test_an_added_currency_is_read(taught: Reader) -> None:
    facts = read(taught, "Hut 8 paid UZS 400 billion for the site.").facts
    assert [(f.value, f.unit) for f in facts if f.kind == "money"] == [(4e11, "UZS")]
