"""A measured number beside its budget, and how to take one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

Unit = str
_RATES = ("/s",)
_NUMBERS = {
    "s": "{:.2f} s",
    "ms": "{:.1f} ms",
    "MB": "{:.0f} MB",
    "×": "{:.2f} 倍",
    "/s": "{:,.0f}/s",
    "B": "{:.1f} B",
    "台": "{:.0f} 台",
    "处": "{:.0f} 处",
}


@dataclass(frozen=True)
class Measure:
    """What was measured: `least` is a ratio that must be reached, `against` names the peer.

    Lower is better, but for rates; `either` says that the budget or the ratio is enough.
    """

    subject: str
    what: str
    value: float
    unit: Unit
    budget: float | None = None
    ratio: float | None = None
    against: str = ""
    least: float | None = None
    either: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None where there is none."""
        if self.budget is None and self.least is None:
            return None
        rate = self.unit in _RATES
        within = self.budget is None or (self.value >= self.budget if rate else self.value <= self.budget)
        beside = self.least is None or (self.ratio or 0) >= self.least
        return within or beside if self.either else within and beside

    def shown(self, value: float | None) -> str:
        """A number with its unit."""
        return "" if value is None else _NUMBERS[self.unit].format(value)


def seconds(job: Callable[[], Any]) -> float:
    """Wall seconds of a job."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def at_share(values: Sequence[float], share: float) -> float:
    """The value below which such a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def resident() -> float:
    """Megabytes of this process in memory."""
    if sys.platform == "win32":
        return _resident_on_windows()
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    resource: Any = import_module("resource")  # not on Windows
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 2**20  # macOS: the peak, in bytes


def _resident_on_windows() -> float:
    """WorkingSetSize, the fourth field of PROCESS_MEMORY_COUNTERS."""
    ctypes: Any = import_module("ctypes")  # its memory is not the program's
    counters = (ctypes.c_size_t * 10)()
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo(
        ctypes.c_void_p(kernel.GetCurrentProcess()), counters, ctypes.sizeof(counters)
    )
    return counters[2] / 2**20
