"""Photos that a command is given, taken into the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.documents.photos import shrunk


def kept(store: Store, paths: Sequence[Path]) -> tuple[str, ...]:
    """The names of the photos, small and without what a phone wrote into them; raises Trouble, Refused."""
    return tuple(store.keep_blob(shrunk(_read(path)).content, "image/jpeg") for path in paths)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"打不开 {path.name}", "请核对文件在不在、能不能读") from error
