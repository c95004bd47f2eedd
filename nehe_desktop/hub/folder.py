"""The hub's folder: its settings, its keys and certificates, its database. Only its owner may look into it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import certificates, recovery_keys
from nehe_desktop.hub.certificates import Certified
from nehe_desktop.hub.recovery_keys import RecoveryKeys
from nehe_desktop.hub.store import HubStore, open_store
from nehe_desktop.security import envelope, recovery
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.laptop import home
from nehe_desktop.sync.keys import Keys, new_keys

RECOVERY = "nehe-hub/recovery"
"""What the recovery code's envelope is bound to."""

_RECOVERY_PUBLIC, _RECOVERY_PRIVATE = "recovery-keys.json", "recovery.keys"


@dataclass(frozen=True)
class Settings:
    """What a hub is told once: county code and name, the addresses laptops reach it at, and its port.

    With `require_otp_for_county` the county's own laptops need the code of a phone beside their key; hubs
    that were made before there were such codes, and those of tests, do without.
    """

    county: str
    name: str
    hosts: tuple[str, ...]
    port: int = 8443
    require_otp_for_county: bool = False

    @property
    def url(self) -> str:
        """The address that stands in invitations."""
        host = f"[{self.hosts[0]}]" if ":" in self.hosts[0] else self.hosts[0]
        return f"https://{host}:{self.port}"


@dataclass(frozen=True)
class HubFolder:
    """The files of one hub; `told` is the address of a database for this once."""

    path: Path
    told: str = ""

    @property
    def database(self) -> Path:
        """The encrypted SQLite file."""
        return self.path / "hub.nhdb"

    @property
    def backups(self) -> Path:
        """Where the daily copies are kept."""
        return self.path / "backups"

    @property
    def logs(self) -> Path:
        """Where the hub notes what it did, without personal data."""
        return self.path / "logs"

    @property
    def certificate(self) -> Path:
        """The certificate that laptops are shown; its key lies in `certificate_key`."""
        return self.path / "server.pem"

    @property
    def certificate_key(self) -> Path:
        """The private key of the certificate."""
        return self.path / "server.key"

    @property
    def witness(self) -> Path:
        """What the database held when it was last seen, to notice that an older one was put in its place."""
        return self.path / "witness.json"

    @property
    def is_new(self) -> bool:
        """Whether nobody has set it up yet."""
        return not self._settings.exists()

    @property
    def _settings(self) -> Path:
        return self.path / "hub.json"

    @property
    def _url(self) -> Path:
        return self.path / "database.url"

    def settings(self) -> Settings:
        """What this hub was told; raises Trouble where nobody has set it up."""
        if self.is_new:
            raise Trouble(f"{self.path} 里还没有同步服务", "请先运行 python3 main.py hub init")
        return _settings_of(json.loads(self._settings.read_bytes()))

    def tell(self, settings: Settings) -> None:
        """Keeps the settings."""
        write_whole(self._settings, json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode())

    def keys(self) -> Keys:
        """What the hub signs and opens packages with."""
        told = json.loads(self._secret("hub.keys"))
        return Keys(told["sign"], told["seal"])

    def authority(self) -> Certified:
        """The certificate authority of this county."""
        return Certified((self.path / "ca.pem").read_text("ascii"), self._secret("ca.key").decode())

    def metrics_token(self) -> str:
        """What whoever collects the metrics must show from another computer."""
        return self._secret("metrics.token").decode()

    def recovery(self) -> envelope.Envelope:
        """The key that opens backups, locked by the recovery code."""
        found: envelope.Envelope = json.loads(self._secret("recovery.json"))
        return found

    def recovery_keys(self) -> RecoveryKeys:
        """What laptops seal their keys to; the private halves of this folder and of the environment."""
        told = os.environ.get("NEHE_HUB_RECOVERY_KEY", "")
        return self.kept_recovery_keys().with_private(recovery_keys.read_private(told) if told else ())

    def kept_recovery_keys(self) -> RecoveryKeys:
        """What laptops seal their keys to; the private halves as far as they are in this folder."""
        public, private = self.path / _RECOVERY_PUBLIC, self.path / _RECOVERY_PRIVATE
        here = recovery_keys.read_private(private.read_text("utf-8")) if private.exists() else ()
        made = json.loads(public.read_bytes()) if public.exists() else []
        unnoted = [(recovery_keys.public_of(each), 0) for each in here]  # the power went between the two files
        return recovery_keys.of_papers({"made": made or unnoted, "private": here})

    def put_recovery_keys(self, keys: RecoveryKeys) -> None:
        """Keeps them: first what nobody could make anew, then what laptops are told."""
        private = self.path / _RECOVERY_PRIVATE
        if keys.private:
            self.put_secret(private.name, recovery_keys.written(keys.private).encode())
        write_whole(self.path / _RECOVERY_PUBLIC, json.dumps(keys.made).encode())
        if not keys.private:
            private.unlink(missing_ok=True)

    def with_recovery_keys(self, now: int) -> RecoveryKeys:
        """The keys, made first where this hub was begun by a program that had none; `now` in milliseconds."""
        if not self.kept_recovery_keys().made:
            made = self.path / f"{_RECOVERY_PRIVATE}.{os.getpid()}"
            self.put_secret(made.name, recovery_keys.written(RecoveryKeys().begun(now).private).encode())
            with contextlib.suppress(FileExistsError):  # another command made it at this very moment
                os.link(made, self.path / _RECOVERY_PRIVATE)
            made.unlink()
            public = RecoveryKeys(tuple((each, now) for each, _ in self.kept_recovery_keys().made))
            write_whole(self.path / _RECOVERY_PUBLIC, json.dumps(public.made).encode())
        return self.kept_recovery_keys()

    def database_url(self) -> str:
        """Where the hub keeps everything: the file of this folder, or a PostgreSQL it was moved to."""
        return self.told or os.environ.get("NEHE_HUB_DATABASE", "") or self.kept_url()

    def kept_url(self) -> str:
        """The database that this folder names by itself."""
        return self._url.read_text("utf-8").strip() if self._url.exists() else str(self.database)

    @property
    def is_embedded(self) -> bool:
        """Whether the hub keeps everything in its own file."""
        return "://" not in self.database_url()

    def move_to(self, url: str) -> None:
        """Keeps the address of a PostgreSQL, or "" for the file of this folder."""
        self._url.unlink(missing_ok=True)
        if url:
            self.put_secret(self._url.name, url.encode())

    def open(self, url: str = "") -> HubStore:
        """The hub's store; raises Trouble."""
        return open_store(url or self.database_url(), self._secret("hub.key"))

    def put_secret(self, name: str, content: bytes) -> None:
        """Keeps a secret that only the hub's owner may read."""
        write_whole(self.path / name, content)
        (self.path / name).chmod(0o600)

    def papers(self) -> dict[str, Any]:
        """All that laptops know this hub by, for a copy of the whole; the key of the database is not in it."""
        keys, authority = self.keys(), self.authority()
        return {
            "settings": asdict(self.settings()),
            "keys": {"sign": keys.sign, "seal": keys.seal},
            "authority": {"certificate": authority.certificate, "key": authority.key},
            "recovery": self.recovery(),
            "recovery_keys": self.kept_recovery_keys().papers(),
        }

    def put_papers(self, papers: Mapping[str, Any]) -> None:
        """Makes this the folder of the hub whose papers these are; its own database key stays."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        self.put_secret("hub.keys", json.dumps(papers["keys"]).encode())
        self.put_secret("ca.key", papers["authority"]["key"].encode())
        self.put_secret("recovery.json", json.dumps(papers["recovery"]).encode())
        write_whole(self.path / "ca.pem", papers["authority"]["certificate"].encode())
        self.put_recovery_keys(recovery_keys.of_papers(papers.get("recovery_keys", {})))
        for name, fresh in (
            ("hub.key", envelope.new_key()),
            ("metrics.token", secrets.token_urlsafe(24).encode()),
        ):
            if not (self.path / name).exists():
                self.put_secret(name, fresh)
        self.tell(_settings_of(papers["settings"]))

    def certify(self, hosts: Sequence[str], now: datetime) -> bool:
        """Makes the certificate anew where it is missing, near its end or names other addresses."""
        if self.certificate.exists():
            present = self.certificate.read_text("ascii")
            named = set(hosts) <= set(certificates.hosts_of(present))
            if named and not certificates.is_near_end(present, now):
                return False
        made = certificates.new_server(self.authority(), hosts, now)
        self.put_secret(self.certificate_key.name, made.key.encode())
        write_whole(self.certificate, made.certificate.encode())
        return True

    def _secret(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise Trouble(f"读不了同步服务的文件 {name}", "请检查文件夹权限，或用备份恢复") from error


def _settings_of(told: Mapping[str, Any]) -> Settings:
    otp = bool(told.get("require_otp_for_county", False))
    return Settings(told["county"], told["name"], tuple(told["hosts"]), told["port"], otp)


def hub_home() -> Path:
    """Where this user's hub lies: NEHE_HUB_HOME, else beside the user's data."""
    told = os.environ.get("NEHE_HUB_HOME")
    return Path(told) if told else home().with_name("nehe_hub")


def initialise(
    folder: HubFolder, settings: Settings, now: datetime, cost: Cost | None = None
) -> tuple[str, ...]:
    """Makes a new hub's keys and certificates; the lines of the recovery code, which stand nowhere else."""
    if not folder.is_new:
        raise Trouble(f"{folder.path} 里已经有同步服务", "要另建一个，请换一个文件夹")
    keys, lines = new_keys(), recovery.new_lines()
    code = recovery.read_code("\n".join(lines))
    locked = envelope.lock(Key(b64decode(keys.seal)), code, RECOVERY, cost or Cost())
    authority = certificates.new_authority(f"讷河帮扶工作台 {settings.county}", now)
    papers = {
        "settings": asdict(settings),
        "keys": {"sign": keys.sign, "seal": keys.seal},
        "authority": {"certificate": authority.certificate, "key": authority.key},
        "recovery": locked,
        "recovery_keys": RecoveryKeys().begun(int(now.timestamp() * 1000)).papers(),
    }
    folder.put_papers(papers)
    folder.certify(settings.hosts, now)
    return lines


def unlocked(locked: envelope.Envelope, code: str) -> str | None:
    """The private half (base64) that opens backups, by the recovery code; None for a wrong code."""
    found = envelope.unlocked(locked, recovery.read_code(code), RECOVERY)
    return None if found is None else b64encode(found).decode()
