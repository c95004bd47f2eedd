"""Opening without a PIN by the operating system's own key store, where a laptop has one user and allows it.

The key store holds a random wrapping key; beside the vault stands the database key locked with it.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Protocol, cast

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import envelope
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.envelope import Key

_SERVICE = "nehe-desktop"
_ABOUT = "nehe-keyring/key"


class Ring(Protocol):
    """The part of the `keyring` package that is used."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """A kept secret, or None."""
        ...

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keeps a secret."""
        ...

    def delete_password(self, service_name: str, username: str) -> None:
        """Forgets a secret."""
        ...


def found() -> Ring | None:
    """The operating system's key store, or None where the `keyring` package is not installed."""
    try:
        return cast("Ring", importlib.import_module("keyring"))
    except ImportError:
        return None


def keep(vault: Path, key: Key, store: Ring) -> None:
    """Lets the logged-in user of the operating system open the vault without a PIN."""
    private, public = envelope.new_pair()
    store.set_password(_SERVICE, _name(vault), envelope.text_of(private))
    write_whole(_file(vault), json.dumps(envelope.seal(key, public, _ABOUT)).encode())


def unlock(vault: Path, store: Ring) -> Key:
    """The database key; raises Trouble when the key store or the file does not have it."""
    try:
        kept = store.get_password(_SERVICE, _name(vault))
        sealed = json.loads(_file(vault).read_bytes())
        key = envelope.unsealed(sealed, Key(envelope.bytes_of(kept or "")), _ABOUT)
    except (OSError, ValueError, KeyError):
        key = None
    if key is None:
        raise Trouble("系统钥匙串里没有这台电脑的密钥。", "请用口令登录。")
    return key


def forget(vault: Path, store: Ring) -> None:
    """Asks for a PIN again."""
    _file(vault).unlink(missing_ok=True)
    if store.get_password(_SERVICE, _name(vault)):
        store.delete_password(_SERVICE, _name(vault))


def _file(vault: Path) -> Path:
    return vault.with_name(vault.name + ".ring")


def _name(vault: Path) -> str:
    return str(vault.absolute())
