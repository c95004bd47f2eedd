"""A second lock around every PIN of a vault: a random secret of this computer, kept in the system's key store.

A person's private half is locked by a PIN as ever: box = AES-256-GCM(Argon2id(PIN, salt), private half). The box itself
is then locked once more: AES-256-GCM(HKDF-SHA256(secret, another random salt, vault and person), box), and only that is
written down. Who lacks the secret has nothing to try a PIN on; who has it still has to guess the PIN. The outer lock
asks for nobody's PIN, so it is put on and taken off for all people at once. Each lock says in the clear which secret it
needs ("by", a fingerprint). Who controls the system's account reads the secret. The printed sheet and the county's
deposit never stand behind it.
"""

from __future__ import annotations

from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.security import envelope, keystore
from nehe_desktop.security.envelope import Envelope, Key
from nehe_desktop.security.keystore import Unreachable

_WAYS = "请用封存的恢复单，或请县里打开。"
_COLLEAGUE = "请能登录的同事在“设置—人员和口令”里给您重设口令；没有人能登录，用封存的恢复单，或请县里打开。"


class Unkept(Refused):
    """The PIN was not tried: the secret that is needed beside it is not in the key store of this system."""


def is_on(content: dict[str, Any]) -> bool:
    """Whether new PINs of a vault get the outer lock."""
    return "kept_by" in content


def begin(content: dict[str, Any]) -> Key:
    """A fresh secret in the key store, for all PINs from now on; raises Unreachable."""
    secret = envelope.new_key()
    by = envelope.fingerprint(secret)
    keystore.keep(entry(content, by), secret)
    content["kept_by"] = by
    content.pop("given_up", None)
    return secret


def secret_now(content: dict[str, Any]) -> Key | None:
    """The secret for new PINs, a fresh one where it was lost; None where the vault uses none. Raises Unreachable."""
    if not is_on(content):
        return None
    return secret_of(content, content["kept_by"]) or begin(content)


def secret_anew(content: dict[str, Any]) -> Key | None:
    """Like `secret_now`, for who comes in without a PIN: where there is no store any more the PIN stands alone."""
    try:
        return secret_now(content)
    except Unreachable:
        content["given_up"] = content.pop("kept_by")
        return None


def secret_of(content: dict[str, Any], by: str) -> Key | None:
    """The secret of a fingerprint, or None where the store has none or another; raises Unreachable."""
    found = keystore.kept(entry(content, by))
    return found if found is not None and envelope.fingerprint(found) == by else None


def entry(content: dict[str, Any], by: str) -> str:
    """What a secret of a vault is called in the key store."""
    return f"{content['id']}-{by}"


def needed(lock: Envelope) -> str:
    """The fingerprint of the secret that a lock needs; empty where the PIN is enough."""
    return lock["kept"]["by"] if "kept" in lock else ""


def put_on(lock: Envelope, secret: Key | None, about: str) -> Envelope:
    """A PIN's lock behind the outer one; as it is where it stands behind one, or there is no secret."""
    if secret is None or needed(lock):
        return lock
    bare = {name: part for name, part in lock.items() if name != "box"}
    outer = envelope.wrap(Key(envelope.bytes_of(lock["box"])), secret, about)
    return {**bare, "kept": {"by": envelope.fingerprint(secret), **outer}}


def taken_off(lock: Envelope, secret: Key, about: str) -> Envelope | None:
    """The PIN's own lock, or None for another secret."""
    box = envelope.unwrapped(lock["kept"], secret, about)
    bare = {name: part for name, part in lock.items() if name != "kept"}
    return None if box is None else {**bare, "box": envelope.text_of(box)}


def opened(content: dict[str, Any], lock: Envelope, about: str) -> Envelope:
    """The PIN's own lock, by the key store where that is needed; raises Unkept and says what to do."""
    if not needed(lock):
        return lock
    try:
        secret = secret_of(content, needed(lock))
    except Unreachable as away:
        raise Unkept(f"{away.sentence}口令还没有试，不算输错。{away.advice}一直不行，{_WAYS}") from None
    inner = taken_off(lock, secret, about) if secret is not None else None
    if inner is None:
        raise Unkept(
            "这台电脑的系统里没有另外那一份钥匙，口令对也打不开（重装过系统，换了系统用户，或数据是从别的电脑拷来的）。"
            f"口令不算输错。{_COLLEAGUE if content.get('kept_by') != needed(lock) else _WAYS}"
        )
    return inner
