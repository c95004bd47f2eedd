"""A process that changes the key of a laptop and kills itself at a chosen step."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nehe_desktop.features import ledgers
from nehe_desktop.security import asides, rekeying, vault

PIN = "805172"
LEDGERS = ledgers.ALL
STEPS = ("prepare_rekey", "_write_anew", "in_use", "settle", "finish_rekey")


def _dying(job: Callable[..., Any], *, after: bool, at: int) -> Callable[..., Any]:
    calls = 0

    def done(*words: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = job(*words)
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


def main(folder: Path, step: str, when: str, what: str = "") -> None:
    """Changes the key, or brings what restores put aside under it; dies before or after the step, or while it copies."""
    key = vault.unlock(folder / "nehe.vault", "甲某", PIN)
    progress = (lambda *_: os.kill(os.getpid(), signal.SIGKILL)) if step == "middle" else None
    if step != "middle":
        home: Any = rekeying.succession if step in ("prepare_rekey", "finish_rekey") else rekeying
        at = 2 if step == "in_use" else 1
        setattr(home, step, _dying(getattr(home, step), after=when == "after", at=at))
    if what == "asides":
        asides.renew(folder / "nehe.nhdb", folder / "nehe.vault", key)
    rekeying.change(folder / "nehe.nhdb", folder / "nehe.vault", key, progress)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
