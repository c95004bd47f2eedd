"""Lines that tell the user how far the setting-up is."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Shows a line at once, also where the terminal lacks some of its characters."""
    _write(line + "\n")


def say_over(line: str) -> None:
    """Shows a line that the next one overwrites; nothing where output goes to a file."""
    if sys.stdout.isatty():
        _write(f"\r{line}\x1b[K")


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
