"""The outputs that README.md shows, as the commands give them now."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def make_demo(folder: Path) -> Path:
    """The ledger that `make run` leaves behind, made in the same way."""
    path = folder / "demo.db"
    demo = [sys.executable, "-m", "extractor.evaluate.demo", "--port", "0", "--db", path]
    subprocess.run(demo, cwd=ROOT, check=True, capture_output=True)
    return path


def refreshed(text: str, db: Path) -> str:
    """The page with each command of its console blocks followed by what it prints now."""

    def block(match: re.Match[str]) -> str:
        commands = [line[2:] for line in match[1].splitlines() if line.startswith("$ ")]
        runs = [f"$ {command}\n{run(command, db)}" for command in commands]
        return "```console\n" + "\n".join(runs) + "```"

    return _CONSOLE.sub(block, text)


def run(command: str, db: Path) -> str:
    """What a terminal of 100 columns shows of a command, its exit code being 0."""
    scripts = sysconfig.get_path("scripts")
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "DEALWIRE_DB": str(db),
        "PYTHONUNBUFFERED": "1",  # stdout and stderr in the order in which they are written
    }
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=env, check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.stdout
