"""启动: from the start of the process until the first page can be used, and the memory it then holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from nehe_desktop.cli.benches.measure import Measure, seconds
from nehe_desktop.cli.benches.workshop import Workshop
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import Size
from nehe_desktop.security.laptop import Laptop, sample_key

_BUDGETS: dict[Size, tuple[str, float, float]] = {
    "village": ("一个村", 1.5, 120),
    "county": ("全县", 3.0, 200),
}
_ROOT = Path(__file__).parents[3]


def measure(workshop: Workshop) -> Iterator[Measure]:
    """A village and the county; the second start counts, as the first reads the files from the disk."""
    bare, whole = _python("pass"), _python("import nehe_desktop.app")
    yield Measure("启动", "装入程序（不含 Python 自身）", whole - bare, "s")
    for data, (name, longest, most) in _BUDGETS.items():
        if data == "county" and workshop.sizes.small:
            continue
        here = Laptop(workshop.folder, data)
        make_demo(data, here.file, sample_key(here))
        workshop.ask("probe_start", data)
        told = workshop.ask("probe_start", data)
        yield Measure(
            "启动", f"{name}：到首页可用", told["seconds"], "s", longest, told["seconds"] / bare, "空 Python"
        )
        yield Measure("启动", f"{name}：占用内存", told["resident"], "MB", most)


def _python(code: str) -> float:
    """The better of two runs of a fresh Python, in seconds."""
    command = [sys.executable, "-c", code]
    return min(seconds(lambda: subprocess.run(command, check=True, cwd=_ROOT)) for _ in range(2))
