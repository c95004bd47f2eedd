"""How long what is posted has to hang, by the kind of matter (domain §1.9); the county sets the days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MONITOR, FUNDS, OTHER, LASTING = "监测对象", "资金项目", "其他公示", "长期张贴"
MATTERS = (LASTING, MONITOR, FUNDS, OTHER)

SETTINGS: Mapping[str, tuple[str, int]] = {
    MONITOR: ("post_days_monitor", 5),
    FUNDS: ("post_days_funds", 10),
    OTHER: ("post_days_other", 7),
}
"""The setting with the least days of each, and the days as shipped, for a laptop that has no settings yet."""

_LONGEST = 365
_ROW = "SELECT value, source FROM setting WHERE name = ? AND (year = ? OR year IS NULL) ORDER BY year IS NULL LIMIT 1"


@dataclass(frozen=True)
class Term:
    """The least number of days, the first and the last counted, and where that is written."""

    days: int
    source: str = ""

    def ends(self, since: date) -> date:
        """The first day on which it may be over."""
        return since + timedelta(days=self.days - 1)


One = Callable[[str, Sequence[Any]], tuple[Any, ...] | None]
"""What gives the first row of a query."""


def term_of(one: One, matter: str, year: int) -> Term | None:
    """How long a matter has to hang in a year; None for what hangs as long as it is true.

    A setting that makes no sense counts as not set.
    """
    if matter not in SETTINGS:
        return None
    name, days = SETTINGS[matter]
    value, source = one(_ROW, (name, year)) or ("", "")
    known = str(value).isdecimal() and 0 < int(value) <= _LONGEST
    return Term(int(value), source) if known else Term(days)
