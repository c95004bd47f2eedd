"""The three kinds of error: a value, a record, the world. Anything else is a bug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


class Refused(ValueError):
    """A value that cannot be taken, with a Chinese sentence that says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a record; a warning may be confirmed by a person."""

    field: str
    sentence: str
    level: Level = "error"
    rule: str = ""  # number of the data-quality rule, such as DQ04


class Invalid(ValueError):
    """A record that cannot be stored, with every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(problem.sentence for problem in self.problems))


class Overtaken(Invalid):
    """What somebody wrote meets what came from elsewhere while he wrote; looking at it once is enough."""


class Trouble(RuntimeError):
    """The world does not let us: a full disk, a file open elsewhere. Shown as a notice with advice."""

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice
