"""A laptop on a system with a real Secret Service, as a process of its own."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import secretstorage

from nehe_desktop.security import keystore, switching, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.outer_lock import Unkept

WHO, PIN = "李建国", "805172"


def unlocked(here: Laptop) -> str:
    """What the right PIN gives."""
    try:
        return "opened" if len(vault.unlock(here.vault, WHO, PIN)) == 32 else "nothing"
    except Unkept as unkept:
        return unkept.sentence


def items() -> int:
    """How many secrets the system's own store holds."""
    with closing(secretstorage.dbus_init()) as bus:
        return len(list(secretstorage.Collection(bus).get_all_items()))


def main(folder: Path) -> None:
    """Sets a laptop up, opens it, switches off and on, and tries it on a locked store."""
    here = Laptop(folder)
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, WHO, PIN, cost=Cost(memory=8, passes=1, lanes=1), guarded=True)
    said = [f"{keystore.name()} {switching.standing(here).on} {items()} {unlocked(here)}"]
    switching.switch_off(here, key)
    said.append(f"off {items()} {unlocked(here)}")
    switching.switch_on(here, key)
    said.append(f"on {items()} {unlocked(here)}")
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.Collection(bus).lock()
    sys.stdout.write("\n".join([*said, f"locked {unlocked(here)}"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
