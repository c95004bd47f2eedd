"""Days, months and moments."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds.base import Kind, Stored, narrow

_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, with its false leap day
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+[\d:.]+)?")


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
