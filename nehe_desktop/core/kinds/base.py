"""What every kind of value can do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

Stored = str | int | None
_UNKEPT = re.compile(r"[\ud800-\udfff\0]")
_SPACE = re.compile(r"[\s\u200b\ufeff\u3000]+")


def narrow(raw: object) -> str:
    """Digits and letters in half width without spaces: for numbers and codes, never for names."""
    plain = str(raw)[:-2] if isinstance(raw, float) and raw.is_integer() else str(raw)
    return _SPACE.sub("", unicodedata.normalize("NFKC", plain)).lstrip("'")


def whole(text: str) -> str:
    """A text without what no database keeps: halves of characters, and the character that is nothing."""
    return text if text.isascii() and "\0" not in text else _UNKEPT.sub("", text)


def blank(raw: object) -> bool:
    """Whether a typed text or a cell holds nothing."""
    return raw is None or (isinstance(raw, str) and not _SPACE.sub("", raw))


@dataclass(frozen=True)
class Kind:
    """A kind of value. `read` takes what was typed or a cell's value; None means nothing was said."""

    column: ClassVar[str] = "TEXT"
    editor: ClassVar[str] = "line"

    def read(self, raw: object) -> Any:
        """The value of what was typed or found in a cell; raises Refused."""
        kept = whole(raw) if isinstance(raw, str) else raw
        return None if blank(kept) else self.parse(kept)

    def parse(self, raw: object) -> Any:
        """The value of something that is not blank; raises Refused."""
        raise NotImplementedError

    def check(self, value: Any) -> None:
        """Refuses a value that was not read but handed over by the program."""

    def show(self, value: Any) -> str:
        """The value as a person reads it; empty for None."""
        return "" if value is None else str(value)

    def store(self, value: Any) -> Stored:
        """The value as SQLite keeps it."""
        return value

    def load(self, stored: Any) -> Any:
        """The value of what SQLite kept."""
        return stored
