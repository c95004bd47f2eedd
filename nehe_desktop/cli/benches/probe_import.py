"""A process that imports a list in a worker while its window's thread beats, and says how long each part took."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.cli.benches.workshop import opened
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.pulse import Pulse, application
from nehe_desktop.ui.tasks import Progress, Tasks


def imported(store: Store, path: Path) -> dict[str, float]:
    """Reads, compares and stores the list."""
    window, found = application(), {}
    tasks = Tasks(print, print)

    def work(progress: Progress) -> dict[str, float]:
        start = time.perf_counter()
        plan = plan_households(store, open_workbook(path), Options(create_villages=True), progress.step)
        planned = time.perf_counter()
        receipt = apply_plan(store, plan, progress.step)
        stored = time.perf_counter()
        return {"compare": planned - start, "store": stored - planned, "rows": receipt.inserted}

    def done(answer: dict[str, float]) -> None:
        found.update(answer)
        window.quit()

    pulse = Pulse()
    tasks.run("导入", work, done, failed=lambda _: window.quit())
    window.exec()
    tasks.close()
    beats = sorted(pulse.late)
    late = {"stall": pulse.longest, "usual": beats[int(len(beats) * 0.999)], "resident": resident()}
    return {**found, **late}


if __name__ == "__main__":
    with opened(Path(sys.argv[2])) as empty:
        print(json.dumps(imported(empty, Path(sys.argv[1]))), flush=True)
