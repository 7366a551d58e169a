"""`make docs`: the outputs in README.md and its picture, made anew from a real run."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from tests.readme import ROOT, make_demo, refreshed

_COLUMNS, _LINES = 100, 26
_CONTROL = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])|\r\n?|\n|[^\x1b\r\n]+")
# The svg would fetch a font from elsewhere; a reader's own monospaced font will do.
_REMOTE_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def main() -> None:
    readme = ROOT / "README.md"
    with TemporaryDirectory() as folder:
        db = make_demo(Path(folder))
        readme.write_text(refreshed(readme.read_text(encoding="utf-8"), db), encoding="utf-8")
    with TemporaryDirectory() as folder:
        lines = _screen(_in_terminal("-m", "extractor.evaluate.demo", "--db", f"{folder}/demo.db"))
    # A table is longer than a picture: its beginning, and how many deals there are.
    shown = ["$ make run", *lines[:_LINES], "…", lines[-1]]
    (ROOT / "docs" / "run.svg").write_text(_svg("\n".join(shown)), encoding="utf-8")


def _in_terminal(*words: str) -> str:
    """What Python writes to a terminal, control codes included."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, _COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(_COLUMNS)}
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while chunk := os.read(ours, 65536):
                said += chunk
        except OSError:
            pass  # so Linux says that the other end is closed
        os.close(ours)
    if process.returncode:
        sys.exit(said.decode())
    return said.decode()


def _screen(stream: str) -> list[str]:
    """The lines that remain on a terminal; of its codes, colours stay and the rest is obeyed."""
    lines, row = [""], 0
    for code in _CONTROL.finditer(stream):
        if code[2] == "A":
            row -= int(code[1] or 1)
        elif code[2] == "K":
            lines[row] = ""
        elif code[2] == "m":
            lines[row] += code[0]
        elif code[2] or code[0] == "\r":
            continue
        elif code[0] in ("\n", "\r\n"):
            row += 1
            lines += [""] * (row == len(lines))
        else:
            lines[row] += code[0]
    while lines and not Text.from_ansi(lines[-1]).plain.strip():
        lines.pop()
    return lines


def _svg(ansi: str) -> str:
    console = Console(width=_COLUMNS, record=True, file=io.StringIO())
    console.print(Text.from_ansi(ansi))
    return _REMOTE_FONT.sub("", console.export_svg(title="make run", unique_id="run"))


if __name__ == "__main__":
    main()
