"""The key store of the system, which opens with the system user's log-in: Windows' credentials, keychain, Secret Service.

It may lie on the same disk, but locked by the password of the system's user: who copies the program's files or backups
does not have it, who takes the whole disk has to break that password first.
The library keyring is loaded when a store is first asked for, not before. Every question is asked in a thread of its
own and given up after some seconds; a locked store counts as out of reach, so that no dialog of the system is called up.
What keeps secrets in the clear, or not at all, is no store.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from threading import Thread
from typing import Any, TypeVar

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security.envelope import Key

LIMIT = 8.0
"""Seconds that a store may take; a service that is started by the question needs two or three."""

_SERVICE = "nehe-desktop"
_ENOUGH = 1  # keyring's own bound for a backend that it recommends; null is -1, fail 0, plain text 0.5
_ADVICE = "请登录系统桌面，解锁系统的钥匙库，再试。"
_NAMES = {
    "Windows": "Windows 凭据管理器",
    "macOS": "macOS 钥匙串",
    "SecretService": "系统钥匙环",
    "libsecret": "系统钥匙环",
    "kwallet": "KDE 钱包",
}

Found = TypeVar("Found")


class Unreachable(Trouble):
    """No store, a locked one, or one that does not answer: whether it has a secret is not known."""


def works() -> bool:
    """Whether a secret can be written here, read back and taken away again; for a worker."""
    name, secret = f"probe-{secrets.token_hex(4)}", Key(secrets.token_bytes(32))
    try:
        keep(name, secret)
        found = kept(name)
        forget(name)
    except Unreachable:
        return False
    return found == secret


def name() -> str:
    """What the store of this computer is called; raises Unreachable."""
    return _in_time(lambda backend: _NAMES.get(type(backend).__module__.split(".")[-1], "系统钥匙库"))


def keep(entry: str, secret: Key) -> None:
    """Puts a secret into the store and reads it back; raises Unreachable."""
    text = b64encode(secret).decode("ascii")

    def put(backend: Any) -> bool:
        backend.set_password(_SERVICE, entry, text)
        return backend.get_password(_SERVICE, entry) == text

    if not _in_time(put):
        raise Unreachable("系统钥匙库没有存住钥匙。", _ADVICE)


def kept(entry: str) -> Key | None:
    """A secret of the store, or None where it has none of this name; raises Unreachable."""
    text = _in_time(lambda backend: backend.get_password(_SERVICE, entry))
    try:
        return Key(b64decode(text, validate=True)) if text else None
    except ValueError:
        return None


def forget(entry: str) -> None:
    """Takes a secret out of the store, where it is there; raises Unreachable."""

    def drop(backend: Any) -> None:
        if backend.get_password(_SERVICE, entry) is not None:
            backend.delete_password(_SERVICE, entry)

    _in_time(drop)


def _in_time(ask: Callable[[Any], Found]) -> Found:
    """What the store answers; a thread that hangs is left behind and ends with the program."""
    answer: Future[Found] = Future()

    def work() -> None:
        found: Found
        try:
            found = ask(_backend())
        except Exception as error:  # noqa: BLE001 - each store has errors of its own, none of them tells more
            answer.set_exception(error if isinstance(error, Unreachable) else _out_of_reach())
        else:
            answer.set_result(found)

    Thread(target=work, name="keystore", daemon=True).start()
    try:
        return answer.result(LIMIT)
    except TimeoutError:
        raise Unreachable(f"系统钥匙库 {LIMIT:.0f} 秒没有回答。", _ADVICE) from None


def _out_of_reach() -> Unreachable:
    return Unreachable("系统钥匙库现在打不开。", _ADVICE)


def _backend() -> Any:
    """The best real store of this computer."""
    import keyring

    found: Any = keyring.get_keyring()
    for each in getattr(found, "backends", [found]):  # several stores come as a chain, the best one first
        if each.priority >= _ENOUGH and not type(each).__module__.startswith("keyrings."):
            _refuse_locked(each)
            return each
    raise Unreachable("这台电脑没有能用的系统钥匙库。", "可以照常使用，数据只由口令锁着。")


def _refuse_locked(backend: Any) -> None:
    """Raises where this store would ask the person at the screen to unlock it, or to make one."""
    if type(backend).__module__ != "keyring.backends.SecretService":
        return
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        if secretstorage.Collection(bus).is_locked():  # raises where none was made yet
            raise Unreachable("系统的钥匙库锁着。", _ADVICE)
