"""A process that starts the whole program and says when its first page could be used."""

from __future__ import annotations

import json
import os
import sys
import time

from nehe_desktop import app, program
from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.ui.pulse import once


class _Watched(program.Program):
    """The program, which closes once its first page has its answers."""

    def begin(self) -> None:
        """Begins as ever and starts to watch."""
        super().begin()
        once(self._usable, self._tell, self)

    def _usable(self) -> bool:
        window = self.window
        return window is not None and window.isVisible() and not window.tasks.asking(window.page)

    def _tell(self) -> None:
        taken = time.time() - float(os.environ["NEHE_BENCH_START"])
        print(json.dumps({"seconds": taken, "resident": resident()}), flush=True)
        if self.window is not None:
            self.window.close()


if __name__ == "__main__":
    program.Program = _Watched  # type: ignore[misc]
    raise SystemExit(app.main(["--demo", sys.argv[1]]))
