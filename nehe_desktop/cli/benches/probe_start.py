"""A process that starts the whole program and says when its first page could be used."""

from __future__ import annotations

import json
import os
import sys
import time

from nehe_desktop import app, program
from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.ui.pulse import once

_QUIET = 0.1  # seconds


class _Watched(program.Program):
    """The program, which closes once its first page has its answers."""

    quiet = 0.0  # wall time since which the first page asks nothing more

    def begin(self) -> None:
        """Begins as ever and starts to watch."""
        super().begin()
        once(self._usable, self._tell, self)

    def _usable(self) -> bool:
        """An answer may lead to another question, so the page must have been quiet for a while."""
        window = self.window
        if (
            window is None
            or window.page is None
            or not window.isVisible()
            or window.tasks.asking(window.page)
        ):
            self.quiet = 0.0
        elif not self.quiet:
            self.quiet = time.time()
        return bool(self.quiet) and time.time() - self.quiet > _QUIET

    def _tell(self) -> None:
        taken = self.quiet - float(os.environ["NEHE_BENCH_START"])
        print(json.dumps({"seconds": taken, "resident": resident()}), flush=True)
        if self.window is not None:
            self.window.close()


if __name__ == "__main__":
    program.Program = _Watched  # type: ignore[misc]
    raise SystemExit(app.main(["--demo", sys.argv[1]]))
