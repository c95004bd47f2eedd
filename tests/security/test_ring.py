"""The operating system's key store opens the vault without a PIN, and only on that machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import envelope, ring


class Kept(dict[str, str]):
    """A key store in memory."""

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.get(service_name + username)

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self[service_name + username] = password

    def delete_password(self, service_name: str, username: str) -> None:
        del self[service_name + username]


def test_the_kept_key_opens_on_this_machine_only(tmp_path: Path) -> None:
    vault, key, store = tmp_path / "台账.key", envelope.new_key(), Kept()
    ring.keep(vault, key, store)
    assert ring.unlock(vault, store) == key
    with pytest.raises(Trouble, match="钥匙串"):
        ring.unlock(vault, Kept())


def test_a_forgotten_key_asks_for_the_pin_again(tmp_path: Path) -> None:
    vault, store = tmp_path / "台账.key", Kept()
    ring.keep(vault, envelope.new_key(), store)
    ring.forget(vault, store)
    assert not store
    with pytest.raises(Trouble):
        ring.unlock(vault, store)
