"""What a restore put aside: the data of before it, whole; brought under the present key like everything else.

Each is written anew beside itself and put in its place in one step. A power cut leaves it as it was, under a key from
before that the key file still knows, and the next time ends what was begun.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nehe_desktop.core.database import Database
from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import rekeying, succession
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.large import need_room

_MARK = "-恢复前-"


@dataclass(frozen=True)
class Asides:
    """How many there are and their bytes; those still under a key from before; those that no key here opens."""

    count: int = 0
    size: int = 0
    former: tuple[Path, ...] = ()
    strange: tuple[Path, ...] = ()


def path_for(file: Path, now: datetime) -> Path:
    """Where a restore puts the present data."""
    return file.with_name(f"{file.stem}{_MARK}{now:%Y%m%d-%H%M%S}{file.suffix}")


def found(file: Path) -> list[Path]:
    """What restores put aside beside a data file, the oldest first; not the file itself under a second name."""
    named = sorted(file.parent.glob(f"{glob.escape(file.stem + _MARK)}*{file.suffix}"))
    return [each for each in named if not (file.exists() and each.samefile(file))]


def standing(file: Path, vault_path: Path, key: Key) -> Asides:
    """How they stand to the present key; for a worker."""
    here = found(file)
    keys = {each: _key_of(each, vault_path, key) for each in here}
    return Asides(
        len(here),
        sum(each.stat().st_size for each in here),
        tuple(each for each in here if keys[each] not in (None, key)),
        tuple(each for each in here if keys[each] is None),
    )


def renew(file: Path, vault_path: Path, key: Key) -> int:
    """Writes those under a key from before anew under the present one; how many. Raises Trouble; the rest stays."""
    done = 0
    for each in found(file):
        own = _key_of(each, vault_path, key)
        if own is not None and own != key:
            need_room(each.parent, each.stat().st_size)
            rekeying.rewrite(each, own, key)
            done += 1
    return done


def _key_of(aside: Path, vault_path: Path, key: Key) -> Key | None:
    """The key that opens it, the present one or one from before; None where no such key does."""
    return next((each for each in succession.keys_back(vault_path, key) if _opens(aside, each)), None)


def _opens(file: Path, key: Key) -> bool:
    try:
        Database.open(file, key).close()
    except Trouble:
        return False
    return True
