"""What a screen shows of numbers that identify people, until somebody asks to see them (domain §1.9)."""

from __future__ import annotations

from nehe_desktop.core.fields import Field

SHOWN_FOR = 60
"""Seconds for which a person who asked sees the whole numbers (domain §11.3)."""


def masked(private: str, text: str) -> str:
    """The text with its middle covered, by the kind of privacy of its field."""
    if private == "id":
        return _covered(text, 4, 4)
    if private == "phone":
        return _covered(text, 3, 4)
    if private == "bank":
        return _covered(text, 0, 4)
    return text


def _covered(text: str, head: int, tail: int) -> str:
    """The first and last characters with stars between; all stars where that would show everything."""
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[-tail:] if hidden > 0 else "*" * len(text)


def shown(field: Field, value: object, *, whole: bool = False) -> str:
    """A field's value as the screen shows it."""
    text = field.kind.show(value)
    return text if whole else masked(field.private, text)
