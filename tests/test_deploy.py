"""Promises of the files in deploy/: what they run is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[1] / "deploy"
DEALWIRE = Path(sysconfig.get_path("scripts"), "dealwire")


def knows(words: list[str]) -> bool:
    """Whether the command takes these options; --help comes after they were parsed."""
    done = subprocess.run([DEALWIRE, *words, "--help"], capture_output=True, text=True, check=False)
    return done.returncode == 0


def test_the_unit_runs_a_command_that_exists() -> None:
    unit = (DEPLOY / "dealwire.service").read_text()
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.M)
    command, *words = shlex.split(line)
    assert Path(command).name == "dealwire"
    assert knows(words)
    assert not knows([*words, "--no-such-option"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "dealwire.service"
    text = (DEPLOY / "dealwire.service").read_text()
    unit.write_text(text.replace("/opt/dealwire/bin/dealwire watch", f"{sys.executable} watch"))
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_container_runs_a_command_that_exists() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    (entry,) = re.findall(r"^ENTRYPOINT (\[.*\])$", text, re.M)
    (command,) = re.findall(r"^CMD (\[.*\])$", text, re.M)
    assert entry == '["dealwire"]'
    assert knows(re.findall(r'"([^"]*)"', command))
