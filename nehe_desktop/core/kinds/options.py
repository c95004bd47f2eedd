"""Choices of a list, and yes or no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds.base import Kind, Stored, blank, narrow

_YES = {"是", "有", "1", "y", "yes", "true", "√", "✓", "对", "参加", "享受"}
_NO = {"否", "无", "0", "n", "no", "false", "×", "没有", "未参加", "不享受", "未享受"}

Options = tuple[tuple[str, str], ...]


def options_of(options: Sequence[str] | Mapping[str, str]) -> Options:
    """Pairs of code and label; a plain sequence gives labels that are their own codes."""
    if isinstance(options, Mapping):
        return tuple(options.items())
    return tuple((label, label) for label in options)


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list of options; the value is the code."""

    options: Options = ()
    editor: ClassVar[str] = "choice"

    def parse(self, raw: object) -> Any:
        """The code of a code or a label; refuses with the options that there are."""
        plain = narrow(raw)
        for code, label in self.options:
            if plain in (code, narrow(label), f"{code}{narrow(label)}", f"{code}.{narrow(label)}"):
                return code
        raise Refused(f"“{raw}”不在选项里，可选：{self.offered()}")

    def offered(self) -> str:
        """The labels, the first twelve of them."""
        labels = [label for _, label in self.options]
        return "、".join(labels[:12]) + ("……" if len(labels) > 12 else "")

    def check(self, value: Any) -> None:
        """One of the codes."""
        if value is not None and value not in dict(self.options):
            raise Refused(f"“{value}”不在选项里，可选：{self.offered()}")

    def show(self, value: Any) -> str:
        """The label; an unknown code from a newer program is shown as it is."""
        return "" if value is None else str(dict(self.options).get(value, value))


@dataclass(frozen=True)
class Choices(Choice):
    """Several of a list of options; the value is a tuple of codes in the order of the list."""

    editor: ClassVar[str] = "choices"

    def parse(self, raw: object) -> tuple[str, ...]:
        """Codes of a sequence, or of labels parted by 、，,；; or spaces."""
        parts = raw if isinstance(raw, list | tuple) else re.split(r"[、，,；;/\s]+", str(raw).strip())
        found = {super(Choices, self).parse(part) for part in parts if not blank(part)}
        return tuple(code for code, _ in self.options if code in found)

    def check(self, value: Any) -> None:
        """All of them codes of the list."""
        for code in value or ():
            super().check(code)

    def show(self, value: Any) -> str:
        """Labels parted by 、."""
        return "、".join(super(Choices, self).show(code) for code in value or ())

    def store(self, value: Any) -> Stored:
        """Codes parted by commas, none as empty text."""
        return ",".join(value) if value else None

    def load(self, stored: Any) -> Any:
        """The tuple of codes."""
        return tuple(stored.split(",")) if stored else ()


@dataclass(frozen=True)
class Flag(Kind):
    """是 or 否."""

    column: ClassVar[str] = "INTEGER"
    editor: ClassVar[str] = "flag"

    def parse(self, raw: object) -> bool:
        """True or False from the many ways an office writes yes and no."""
        if isinstance(raw, bool):
            return raw
        plain = narrow(raw).lower()
        if plain in _YES or plain in _NO:
            return plain in _YES
        raise Refused(f"要填“是”或“否”，现在是“{raw}”")

    def show(self, value: Any) -> str:
        """是 or 否; empty where nobody has said."""
        return "" if value is None else "是" if value else "否"

    def store(self, value: Any) -> Stored:
        """1 or 0."""
        return None if value is None else int(value)

    def load(self, stored: Any) -> Any:
        """A bool."""
        return None if stored is None else bool(stored)
