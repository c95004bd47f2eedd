"""Kinds of value: how each is read from a hand or a sheet, shown, stored and loaded."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from nehe_desktop.core.errors import Refused

Stored = str | int | None
_SPACE = re.compile(r"[\s\u200b\ufeff\u3000]+")
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, with its false leap day
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+[\d:.]+)?")
_YES = {"是", "有", "1", "y", "yes", "true", "√", "✓", "对", "参加", "享受"}
_NO = {"否", "无", "0", "n", "no", "false", "×", "没有", "未参加", "不享受", "未享受"}


def narrow(raw: object) -> str:
    """Digits and letters in half width without spaces: for numbers and codes, never for names."""
    plain = str(raw)[:-2] if isinstance(raw, float) and raw.is_integer() else str(raw)
    return _SPACE.sub("", unicodedata.normalize("NFKC", plain)).lstrip("'")


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
        return None if blank(raw) else self.parse(raw)

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


@dataclass(frozen=True)
class Text(Kind):
    """One line of text."""

    width: int = 40
    pattern: str = ""

    def parse(self, raw: object) -> str:
        """The text, with outer spaces removed and line breaks made spaces."""
        plain = narrow(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else str(raw)
        plain = " ".join(plain.replace("\u200b", "").strip(" \t\r\n\u3000\ufeff").split("\n"))
        value = unicodedata.normalize("NFC", plain)
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """At most `width` characters, and the pattern where one is declared."""
        if value is None:
            return
        if len(value) > self.width:
            raise Refused(f"最多 {self.width} 个字，现在 {len(value)} 个字")
        if self.pattern and value and not re.fullmatch(self.pattern, value):
            raise Refused("格式不对，请核对")


@dataclass(frozen=True)
class Note(Text):
    """Several lines of text."""

    width: int = 4000
    editor: ClassVar[str] = "note"

    def parse(self, raw: object) -> str:
        """The text with its line breaks."""
        value = unicodedata.normalize("NFC", str(raw).replace("\r\n", "\n").strip())
        self.check(value)
        return value


@dataclass(frozen=True)
class Name(Kind):
    """A person's name: 1 to 30 characters of any script in GB 18030-2022, and `·` (domain §1.3)."""

    def parse(self, raw: object) -> str:
        """The name; spaces around it and between two Chinese characters are layout and go."""
        plain = unicodedata.normalize("NFC", str(raw).replace("\u200b", "").replace("\ufeff", ""))
        plain = plain.strip().replace("•", "·").replace("・", "·").replace("‧", "·").replace("．", "·")
        value = re.sub(r"(?<=[^\x00-\x7f])[ \u3000\t]+(?=[^\x00-\x7f])", "", plain)
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """1 to 30 characters, no digits and no control characters."""
        if value is None:
            return
        if not 1 <= len(value) <= 30:
            raise Refused(f"姓名要 1 到 30 个字，现在 {len(value)} 个字")
        wrong = next((c for c in value if _not_of_a_name(c)), None)
        if wrong is not None:
            raise Refused(f"姓名里不能有“{wrong}”")


def _not_of_a_name(char: str) -> bool:
    category = unicodedata.category(char)
    return (category[0] in "CN" and category not in ("Cn", "Co")) or char in '*?/\\<>|"=+@,;:，。；：、'


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


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day, stored as ISO text."""

    editor: ClassVar[str] = "day"

    def parse(self, raw: object) -> date:
        """The day from 2020-8-10, 2020.8.10, 2020年8月10日, 20200810 or an Excel serial number."""
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        return _day_of(unicodedata.normalize("NFKC", str(raw)).strip(), raw)

    def show(self, value: Any) -> str:
        """ISO, which sorts and is read alike everywhere."""
        return "" if value is None else value.isoformat()

    def store(self, value: Any) -> Stored:
        """ISO text."""
        return None if value is None else value.isoformat()

    def load(self, stored: Any) -> Any:
        """The date of ISO text."""
        return None if stored is None else date.fromisoformat(stored)


def _day_of(plain: str, raw: object) -> date:
    parts: tuple[str, ...] | None = None
    if match := _DAY.fullmatch(plain):
        parts = match.groups()
    elif re.fullmatch(r"\d{8}(\.0)?", plain):
        parts = (plain[:4], plain[4:6], plain[6:8])
    elif re.fullmatch(r"\d{4,5}(\.\d+)?", plain):
        serial = int(float(plain))
        if 3653 <= serial <= 73415:  # 1910-01-01 to 2101-01-01
            return _EXCEL_EPOCH + timedelta(days=serial)
    if parts is None:
        raise Refused(f"日期请写成 2020-08-10 这样，现在是“{raw}”")
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise Refused(f"没有 {plain} 这一天") from None


@dataclass(frozen=True)
class Month(Kind):
    """A month as text YYYYMM."""

    def parse(self, raw: object) -> str:
        """The month from 202008, 2020-8, 2020年8月 or a date."""
        if isinstance(raw, date):
            return f"{raw:%Y%m}"
        match = re.fullmatch(r"(\d{4})[-./年]?(\d{1,2})月?", narrow(raw))
        if not match or not 1 <= int(match[2]) <= 12:
            raise Refused(f"月份请写成 202008 这样，现在是“{raw}”")
        return f"{match[1]}{int(match[2]):02d}"

    def show(self, value: Any) -> str:
        """2020年8月."""
        return "" if value is None else f"{value[:4]}年{int(value[4:])}月"


@dataclass(frozen=True)
class Moment(Kind):
    """A point in time, stored as ISO text with its offset."""

    def parse(self, raw: object) -> datetime:
        """The moment; a local time is taken where no offset is written."""
        try:
            value = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
        except ValueError:
            raise Refused(f"时间请写成 2020-08-10 09:30 这样，现在是“{raw}”") from None
        return value if value.tzinfo else value.astimezone()

    def show(self, value: Any) -> str:
        """To the minute."""
        return "" if value is None else f"{value:%Y-%m-%d %H:%M}"

    def store(self, value: Any) -> Stored:
        """ISO text to the second."""
        return None if value is None else value.isoformat(timespec="seconds")

    def load(self, stored: Any) -> Any:
        """The moment of ISO text."""
        return None if stored is None else datetime.fromisoformat(stored)


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


@dataclass(frozen=True)
class Ref(Kind):
    """The id of a record of another ledger."""

    table: str = ""
    editor: ClassVar[str] = "ref"

    def parse(self, raw: object) -> str:
        """The id as it is; names are looked up by whoever knows the store."""
        return str(raw).strip()


@dataclass(frozen=True)
class IdNumber(Kind):
    """A resident ID number (18) or disability card number (20, 22); see core.identity."""

    def parse(self, raw: object) -> str:
        """The number as text, upper case; a number that Excel rounded is refused, never guessed."""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            raise Refused("证件号码被 Excel 存成了数字，后几位已经丢失，请把单元格改成文本后重新录入")
        value = narrow(raw).upper()
        if re.fullmatch(r"[\d.]+E\+?\d+", value):
            raise Refused("证件号码显示成了 1.2E+17 这样，后几位已经丢失，请找到原件重新录入")
        return value


@dataclass(frozen=True)
class Phone(Kind):
    """A telephone number as digits: 11 of a mobile, or area code and 7 to 8 of a land line."""

    def parse(self, raw: object) -> str:
        """The digits; hyphens and spaces go."""
        value = re.sub(r"[-－—()（）]", "", narrow(raw)).removesuffix(".0").removeprefix("+86")
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """A mobile number or a land line with area code (domain §1.2)."""
        if value is None or re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}", value):
            return
        if not value.isdigit():
            raise Refused(f"电话只能是数字，现在是“{value}”")
        if value.startswith("0"):
            raise Refused("固定电话要写区号加 7 位或 8 位号码，如 0452 加 7 位")
        if len(value) != 11:
            raise Refused(f"手机号要 11 位，现在 {len(value)} 位")
        raise Refused("手机号要以 13 到 19 开头")


@dataclass(frozen=True)
class Photos(Kind):
    """Attached pictures as a tuple of SHA-256 names, stored as a JSON list."""

    most: int = 6
    editor: ClassVar[str] = "photos"

    def parse(self, raw: object) -> tuple[str, ...]:
        """Names of pictures that are already kept."""
        value = tuple(raw) if isinstance(raw, list | tuple) else tuple(json.loads(str(raw)))
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """At most `most` pictures."""
        if len(value or ()) > self.most:
            raise Refused(f"最多 {self.most} 张照片，现在 {len(value)} 张")

    def show(self, value: Any) -> str:
        """How many there are."""
        return f"{len(value)} 张" if value else ""

    def store(self, value: Any) -> Stored:
        """A JSON list."""
        return json.dumps(list(value)) if value else None

    def load(self, stored: Any) -> Any:
        """The tuple of names."""
        return tuple(json.loads(stored)) if stored else ()
