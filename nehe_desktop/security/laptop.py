"""A laptop: where its files lie, whose it is, and how its store is opened.

The real file and each made-up county have a folder of their own; nothing of one is seen in the other.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.security import erasing, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.recovery import RecoverySheet

Data = Literal["work", "village", "county"]
"""Which data: the office's own, or the made-up village or county."""

SAMPLE_PERSON = "李建国"
SAMPLE_PIN = "示例数据不设防"
"""The made-up people need no secret: their file opens without asking, by this published PIN."""

_SAMPLE_COST = Cost(memory=1024, passes=1, lanes=1)


COUNTY = "county"
"""The office of a laptop of the county's own."""


@dataclass(frozen=True)
class Profile:
    """What a laptop is told once: whose, which village, which team (ids; empty where not chosen).

    `office` is the id of the township, or COUNTY, where it stands above the villages.
    """

    person: str = ""
    village: str = ""
    team: str = ""
    office: str = ""


@dataclass(frozen=True)
class Laptop:
    """The files of one kind of data below a folder."""

    folder: Path
    data: Data = "work"

    @property
    def file(self) -> Path:
        """The encrypted database."""
        return self.folder / self.data / "nehe.nhdb"

    @property
    def vault(self) -> Path:
        """The key file beside it."""
        return self.folder / self.data / "nehe.vault"

    @property
    def backups(self) -> Path:
        """Where the daily copies are kept."""
        return self.folder / self.data / "backups"

    @property
    def papers(self) -> Path:
        """Where papers are kept until they are printed."""
        return self.folder / self.data / "papers"

    @property
    def logs(self) -> Path:
        """Where the program notes what it did, without personal data."""
        return self.folder / "logs"

    @property
    def sample(self) -> bool:
        """Whether the people are made up."""
        return self.data != "work"

    @property
    def is_new(self) -> bool:
        """Whether nobody has set it up yet."""
        return not self.vault.exists()


@dataclass(frozen=True)
class Session:
    """An open laptop: whose it is and its key, for pages and jobs that need more than the store."""

    laptop: Laptop
    profile: Profile
    key: Key

    @property
    def sample(self) -> bool:
        """Whether the people are made up."""
        return self.laptop.sample


def home() -> Path:
    """The folder of this user's data: NEHE_HOME, else the system's usual place."""
    if told := os.environ.get("NEHE_HOME"):
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "nehe_desktop"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))) / "nehe_desktop"


def set_up(laptop: Laptop, person: str, pin: str) -> tuple[Key, RecoverySheet]:
    """Makes the vault of a new laptop, with the system's key store where there is one; raises Refused for a weak PIN."""
    keep_private(laptop)
    return vault.create(laptop.vault, person, pin, laptop=laptop.folder.name, guarded=True)


def keep_private(laptop: Laptop) -> None:
    """Shuts the folder of the data to other users of the system, who could try PINs on a copy of the key file."""
    laptop.vault.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # a stick or a shared drive has no such rights
        laptop.vault.parent.chmod(0o700)


def sample_key(laptop: Laptop) -> Key:
    """The key of made-up data, made at the first call."""
    if laptop.is_new:
        laptop.vault.parent.mkdir(parents=True, exist_ok=True)
        return vault.create(laptop.vault, SAMPLE_PERSON, SAMPLE_PIN, cost=_SAMPLE_COST)[0]
    return vault.unlock(laptop.vault, SAMPLE_PERSON, SAMPLE_PIN)


def open_store(laptop: Laptop, key: Key, person: str, clock: Clock | None = None) -> Store:
    """The store of a laptop whose key is known; what a killed program left for the printer goes. Raises Trouble."""
    keep_private(laptop)
    erasing.sweep(laptop.papers)
    return Store.open(laptop.file, key, person, clock)


def profile_of(store: Store) -> Profile:
    """What this laptop was told once; empty before it was told."""
    return Profile(**store.recall("profile", {}))


def is_below_county(database: Writing) -> bool:
    """Whether this is a village's or a township's laptop, asked inside a transaction."""
    told = _told(database)
    return bool(told.get("village")) or told.get("office", "") not in ("", COUNTY)


def is_of_village(database: Writing) -> bool:
    """Whether this is a village's laptop, asked inside a transaction."""
    return bool(_told(database).get("village"))


def _told(database: Writing) -> dict[str, Any]:
    sql = "SELECT value FROM local WHERE kind = 'setting' AND name = 'profile'"
    row = database.conn.execute(sql).fetchone()
    return json.loads(row[0]) if row else {}


def tell(store: Store, profile: Profile) -> None:
    """Keeps what this laptop was told."""
    store.remember("profile", asdict(profile)).result()
