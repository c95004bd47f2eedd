"""Texts, names, and the references and numbers that are kept as text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds.base import Kind, Stored, narrow


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
