"""The command line: one file a verb."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Runs `dealwire` and leaves with its exit code.

    0: all is well, 1: something failed, 2: the question was wrong.
    """
    try:
        # Imported here so that `import extractor.cli` costs nothing.
        from extractor.cli.app import app
        from extractor.errors import DealwireError, QueryError

        try:
            try:
                app(arguments, prog_name="dealwire")
            finally:
                sys.stdout.flush()
        except DealwireError as error:
            _complain(str(error))
            sys.exit(2 if isinstance(error, QueryError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has enough, as in `dealwire deals | head -1`. Python would
        # flush once more on its way out: let it flush into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _complain(message: str) -> None:
    from extractor.cli.words import clean

    print(f"error: {clean(message)}", file=sys.stderr)  # noqa: T201 the one place for errors
