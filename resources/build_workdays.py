"""Makes reference/workdays.tsv from the maintained package chinesecalendar (test extra): run once a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

YEARS = range(2019, 2027)
TARGET = Path(__file__).parent / "reference" / "workdays.tsv"
SOURCE = "国务院办公厅关于部分节假日安排的通知"
_SATURDAY = 5


def exceptions() -> Iterator[tuple[date, str, str]]:
    """Days that do not follow the week, and holidays that fall on weekends: day, kind, holiday."""
    day = date(YEARS.start, 1, 1)
    while day.year in YEARS:
        off, holiday = chinese_calendar.get_holiday_detail(day)
        if off and holiday:
            yield day, "法定", _name(holiday)
        elif not off and day.weekday() >= _SATURDAY:
            yield day, "调休上班", _name(holiday)
        day += timedelta(days=1)


def _name(holiday: str | None) -> str:
    """The Chinese name, which the package sets on the members of its enumeration."""
    return getattr(chinese_calendar.Holiday(holiday), "chinese", "") if holiday else ""


def main() -> None:
    """Writes the table."""
    lines = [
        f"# 来源：{SOURCE}，经开源包 chinesecalendar 整理；只列法定假日和与周一至周五上班不同的日子",
        "day\tkind\tname\tsource",
        *(f"{day}\t{kind}\t{name}\t{SOURCE}" for day, kind, name in exceptions()),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
