"""One key after another: a change is prepared, put in force or dropped; older keys stay known for older copies."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import envelope, vault, vault_file
from nehe_desktop.security.envelope import Key


def prepare_rekey(path: Path, key: Key) -> Key:
    """A following key, sealed to every holder beside the present one, which stays in force."""
    content = vault.of_key(path, key)
    following = envelope.new_key()
    for name, holder in vault.holders(content):
        public = envelope.bytes_of(holder["public"])
        if not hmac.compare_digest(holder["voucher"], envelope.voucher(key, name, public)):
            raise Trouble(f"“{name}”的钥匙信息被改动过，没有更换密钥。", "请移除此人并重新添加，再更换密钥。")
        holder["next"] = envelope.seal(following, public, vault.about(content, name, "next"))
    content["next"] = {
        "to": envelope.wrap(following, key, vault.about(content, "", "next")),
        "back": {"key": content["key"], **envelope.wrap(key, following, vault.about(content, "", "former"))},
    }
    vault_file.save(path, content)
    return following


def following(path: Path, key: Key) -> Key | None:
    """The key of a prepared change, by the present one: it opens the file if `finish_rekey` was cut off."""
    content = vault.of_key(path, key)
    return vault.next_key(content, key)


def key_of_copy(path: Path, key: Key, copy: Path) -> Key | None:
    """The key of a copy's key file, the present one or one from before a change; None for a strange copy."""
    wanted = vault_file.load(copy)["key"]
    return next((each for each in keys_back(path, key) if envelope.fingerprint(each) == wanted), None)


def keys_back(path: Path, key: Key) -> Iterator[Key]:
    """The present key, then those from before it, the newest first."""
    content = vault.of_key(path, key)
    found: Key | None = key
    yield key
    for each in reversed(content.get("former", [])):
        found = envelope.unwrapped(each, found, vault.about(content, "", "former"))
        if found is None:
            return
        yield found


def key_for(path: Path, key: Key, copy: Path) -> Key:
    """The key that opens a copy; the present one where nothing better is known."""
    try:
        return key_of_copy(path, key, copy) or key
    except Trouble:
        return key


def finish_rekey(path: Path, following: Key) -> None:
    """Puts the prepared key in force, after the database was written with it; old envelopes are forgotten."""
    content = vault_file.load(path)
    for name, holder in vault.holders(content):
        if "next" not in holder:
            raise Trouble(f"“{name}”还没有新密钥，没有更换。", "请重新开始更换密钥。")
        del holder["next"]
        vault.seal_for(content, holder, name, following)
    content.setdefault("former", []).append(content.pop("next")["back"])
    content["key"] = envelope.fingerprint(following)
    vault_file.save(path, content, forget_previous=True)


def drop_rekey(path: Path) -> None:
    """Forgets a prepared key that was not used."""
    content = vault_file.load(path)
    for holder in (content, *(each for _, each in vault.holders(content))):
        holder.pop("next", None)
    vault_file.save(path, content, forget_previous=True)


def named(path: Path) -> tuple[str, str]:
    """The number of this vault and the fingerprint of its key (hex); neither is a secret."""
    content = vault_file.load(path)
    return content["id"], content["key"]
