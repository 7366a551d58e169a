"""A built distribution, installed where no checkout is near."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
NEWS = (
    "TeraWulf leases 200 MW to Fluidstack\n\n"
    "TeraWulf signed a ten-year hosting lease with Fluidstack for 200 MW, worth $3.7 billion.\n"
)


def build(target: str, source: Path, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder],
        cwd=source, check=True, capture_output=True,
    )  # fmt: skip
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@dataclass(frozen=True)
class Home:
    """A virtual environment, and a folder to work in."""

    folder: Path

    def run(self, command: str, *words: str | Path) -> str:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "DEALWIRE"))}
        done = subprocess.run(
            [self.folder / "venv" / "bin" / command, *words],
            cwd=self.folder, env=env, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The wheel in an environment of its own, which borrows the dependencies of this one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    subprocess.run(
        [*pip, "install", "-qq", "--no-deps", "--no-index", wheel], check=True, capture_output=True
    )
    # Packages in a folder that a .pth file names come after those that are installed, and
    # the .pth files in that folder, such as the one of this checkout, do not count.
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Home(folder)


def test_the_wheel_holds_package_and_models_only(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "extractor/models/deals/config.cfg" in names
    assert "extractor/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"extractor", "dealwire"}


def test_the_installed_command_is_that_of_the_wheel(home: Home, wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    assert home.run("dealwire", "--version") == f"dealwire {version}"
    where = home.run("python", "-c", "import extractor; print(extractor.__file__)")
    assert Path(where).is_relative_to(home.folder.resolve())


def test_the_installed_command_finds_its_models(home: Home) -> None:
    (home.folder / "some.txt").write_text(NEWS)
    home.run("dealwire", "ingest", "some.txt", "--db", "ledger.db")
    listed = home.run("dealwire", "deals", "--db", "ledger.db", "--format", "csv")
    assert all(words in listed for words in ("TeraWulf", "Fluidstack", "3700000000", "200"))


def test_plain_spacy_loads_the_installed_pipeline(home: Home) -> None:
    code = (
        "import spacy, sys; from importlib.metadata import distribution, entry_points;"
        "dealwire = distribution('dealwire');"
        "print({e.group for e in dealwire.entry_points} >= {'spacy_factories'});"
        "nlp = spacy.load(dealwire.locate_file('extractor/models/deals'));"
        "print(*nlp.pipe_names)"
    )
    assert home.run("python", "-c", code).split() == ["True", "quantities", "companies", "frames"]


def test_a_wheel_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert (source / "Makefile").is_file()
    assert (source / "corpus" / "feeds.opml").is_file()
    with ZipFile(wheel) as ours, ZipFile(build("wheel", source, tmp_path / "wheel")) as theirs:
        assert theirs.namelist() == ours.namelist()
