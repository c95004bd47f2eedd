"""Whole numbers, measures and money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds.base import Kind, Stored, narrow


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number between two bounds."""

    low: int = 0
    high: int = 2**53
    unit: str = ""
    column: ClassVar[str] = "INTEGER"
    editor: ClassVar[str] = "number"

    def parse(self, raw: object) -> int:
        """The number; thousands separators and the unit may stand in the text."""
        plain = narrow(raw).replace(",", "").removesuffix(self.unit)
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise Refused(f"要填数字，现在是“{raw}”") from None
        if not number.is_finite() or number != number.to_integral_value():
            raise Refused(f"要填整数，现在是“{raw}”")
        self.check(int(number))
        return int(number)

    def check(self, value: Any) -> None:
        """Between the bounds."""
        if value is not None and not self.low <= value <= self.high:
            raise Refused(f"要在 {self.low} 到 {self.high} 之间，现在是 {value}")


@dataclass(frozen=True)
class Year(Whole):
    """A calendar year."""

    low: int = 1900
    high: int = 2100

    def parse(self, raw: object) -> int:
        """The year; 年 may stand behind it."""
        return super().parse(narrow(raw).removesuffix("年"))


@dataclass(frozen=True)
class Measure(Kind):
    """A decimal number with fixed places, half-up; stored as a scaled integer."""

    places: int = 2
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(10**9)
    unit: str = ""
    column: ClassVar[str] = "INTEGER"
    editor: ClassVar[str] = "number"

    def parse(self, raw: object) -> Decimal:
        """The number, rounded half-up to the places."""
        plain = narrow(raw).replace(",", "").removesuffix(self.unit)
        value = self.round(self.number(plain, raw))
        self.check(value)
        return value

    def number(self, plain: str, raw: object) -> Decimal:
        """The decimal that a plain text writes; raises Refused."""
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise Refused(f"要填数字，现在是“{raw}”") from None
        if not number.is_finite():
            raise Refused(f"要填数字，现在是“{raw}”")
        return number

    def round(self, number: Decimal) -> Decimal:
        """Half-up to the places (domain, Conventions)."""
        return number.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)

    def check(self, value: Any) -> None:
        """Between the bounds."""
        if value is not None and not self.low <= value <= self.high:
            raise Refused(f"要在 {self.low} 到 {self.high} {self.unit}之间，现在是 {value}")

    def show(self, value: Any) -> str:
        """Thousands separated, all places."""
        return "" if value is None else f"{value:,.{self.places}f}"

    def store(self, value: Any) -> Stored:
        """The scaled integer."""
        return None if value is None else int(self.round(Decimal(value)).scaleb(self.places))

    def load(self, stored: Any) -> Any:
        """The decimal of a scaled integer."""
        return None if stored is None else Decimal(stored).scaleb(-self.places)


@dataclass(frozen=True)
class Money(Measure):
    """An amount in yuan; stored as integer fen."""

    unit: str = "元"
    high: Decimal = Decimal(10**12)
    editor: ClassVar[str] = "money"

    def parse(self, raw: object) -> Decimal:
        """The amount; 元, 万元, 亿元 and the yuan sign may stand in the text."""
        plain = narrow(raw).replace(",", "").lstrip("¥￥").removesuffix("元")
        factor = {"万": 10**4, "亿": 10**8}.get(plain[-1:], 1)
        value = self.round(self.number(plain.rstrip("万亿"), raw) * factor)
        self.check(value)
        return value
