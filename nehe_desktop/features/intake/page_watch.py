"""How far a reader or writer is, for the bar of a job."""

from __future__ import annotations

from nehe_desktop.spreadsheets.sheets import Progress as Watch
from nehe_desktop.ui.tasks import Progress


def watched(progress: Progress, what: str) -> Watch:
    """A job's progress for a reader that stops by itself when it is cancelled."""

    def tell(done: int, total: int) -> None:
        if not progress.cancelled:
            progress.step(done, total, f"{what} {done} / {total}" if total else f"{what} {done}")

    return tell
