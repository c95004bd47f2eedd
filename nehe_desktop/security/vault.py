"""The vault of a laptop: the database key, locked for each person by a PIN and for all by a printed code.

The key is random and never written in the clear. Every holder's envelope is bound to the vault and the
holder's name, so envelopes cannot be moved between people or laptops. Where the system has a key store, the PINs
stand behind a second lock (outer_lock.py); the printed code does not.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.security import envelope, keystore, outer_lock, pins, recovery, vault_file
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.security.vault_file import Content

STRONG = Cost()
_CODE_COST = Cost(memory=19_456, passes=2, lanes=1)  # the code has 175 random bits, no PIN needs less help
_CODE = "恢复码"

Uptime = Callable[[], float]
Wall = Callable[[], datetime]


@dataclass(frozen=True)
class Holder:
    """A person who can open the laptop: wrong PINs in a row, seconds to wait, whether locked."""

    name: str
    wrong: int
    wait: int
    locked: bool


def _wall() -> datetime:
    return datetime.now().astimezone()


def create(
    path: Path,
    person: str,
    pin: str,
    *,
    laptop: str = "",
    cost: Cost = STRONG,
    wall: Wall = _wall,
    guarded: bool = False,
) -> tuple[Key, RecoverySheet]:
    """A new vault with its first person; raises Refused for a weak PIN, Trouble if one is there already.

    `guarded` puts the PINs behind the system's key store, where there is one that works.
    """
    if path.exists():
        raise Trouble("这台电脑已经有钥匙文件，没有新建。", "请用原来的口令登录；忘记口令请用恢复码。")
    pin, key = pins.checked(pin, person), envelope.new_key()
    content: Content = {
        "format": vault_file.FORMAT,
        "version": vault_file.VERSION,
        "id": secrets.token_hex(8),
        "laptop": laptop,
        "key": envelope.fingerprint(key),
        "people": {},
    }
    name = _named(person)
    secret = outer_lock.begin(content) if guarded and keystore.works() else None
    content["people"][name] = _person(content, key, name, pin, cost, secret)
    sheet = _with_new_code(content, key, wall)
    vault_file.save(path, content, forget_previous=True)
    return key, sheet


def people(path: Path, *, uptime: Uptime = time.monotonic) -> tuple[Holder, ...]:
    """Who can open this laptop, for the login page."""
    entries = vault_file.load(path)["people"].items()
    return tuple(
        Holder(name, each["wrong"], _wait(each, uptime()), each["wrong"] >= pins.LOCKED_AFTER)
        for name, each in entries
    )


def unlock(path: Path, person: str, pin: str, *, uptime: Uptime = time.monotonic, wall: Wall = _wall) -> Key:
    """The database key; a try is counted on disk before it is made. Raises Refused with what to do."""
    content = vault_file.load(path)
    private = _opened(path, content, person, pin, uptime, wall)
    return _key_of(content, content["people"][person], person, private)


def change_pin(
    path: Path,
    person: str,
    old: str,
    new: str,
    *,
    cost: Cost = STRONG,
    uptime: Uptime = time.monotonic,
    wall: Wall = _wall,
) -> None:
    """A new PIN for a person who knows the old one; the old one opens nothing from now on."""
    content = vault_file.load(path)
    private = _opened(path, content, person, old, uptime, wall)
    if pins.spelling(old) == pins.spelling(new):
        raise Refused("新口令与原口令相同，请换一个。")
    key, pin = _key_of(content, content["people"][person], person, private), pins.checked(new, person)
    secret = outer_lock.secret_now(content)
    content["people"][person] = _person(content, key, person, pin, cost, secret)
    vault_file.save(path, content, forget_previous=True)


def add_person(
    path: Path, key: Key, person: str, pin: str, *, cost: Cost = STRONG, without_pin: bool = False
) -> None:
    """Lets one more person open the laptop, or gives a locked colleague a new PIN; takes the open key.

    `without_pin` is for who came in by the county's help, perhaps on a system that has no key store.
    """
    content, name, pin = of_key(path, key), _named(person), pins.checked(pin, person)
    secret = (outer_lock.secret_anew if without_pin else outer_lock.secret_now)(content)
    content["people"][name] = _person(content, key, name, pin, cost, secret)
    vault_file.save(path, content, forget_previous=True)


def remove_person(path: Path, key: Key, person: str) -> None:
    """Takes a person's PIN out of use, for instance at the end of a posting."""
    content = of_key(path, key)
    _entry(content, person)
    if len(content["people"]) == 1:
        raise Refused("这是最后一个能登录的人，不能移除；请先添加接任的人。")
    del content["people"][person]
    vault_file.save(path, content, forget_previous=True)


def recover(path: Path, code: str, person: str, new_pin: str, *, cost: Cost = STRONG) -> Key:
    """The key by the printed code, and a new PIN for `person`; Refused names the line with a typing error."""
    typed = recovery.read_code(code)
    content = vault_file.load(path)
    private = envelope.unlocked(content["recovery"]["lock"], typed, about(content, _CODE, "lock"))
    if private is None:
        raise Refused(f"恢复码不是这台电脑现在用的那一份，请核对纸上的编号 {content['recovery']['number']}。")
    key = _key_of(content, content["recovery"], _CODE, private)
    name, pin = _named(person), pins.checked(new_pin, person)
    content["people"][name] = _person(content, key, name, pin, cost, outer_lock.secret_anew(content))
    vault_file.save(path, content, forget_previous=True)
    return key


def new_recovery(path: Path, key: Key, *, wall: Wall = _wall) -> RecoverySheet:
    """A fresh sheet; the code printed before opens this vault no more."""
    content = of_key(path, key)
    sheet = _with_new_code(content, key, wall)
    vault_file.save(path, content, forget_previous=True)
    return sheet


def opens(path: Path, key: Key) -> bool:
    """Whether this vault holds this key: tells whether a copy and a key file belong together."""
    return vault_file.load(path)["key"] == envelope.fingerprint(key)


def _named(person: str) -> str:
    if not person.strip() or person == _CODE:
        raise Refused("请填写姓名。")
    return person


def about(content: Content, name: str, purpose: str) -> str:
    """What an envelope of this key file is bound to."""
    return f"{vault_file.FORMAT}/{content['id']}/{purpose}/{name}"


def _person(content: Content, key: Key, name: str, pin: str, cost: Cost, secret: Key | None) -> dict[str, Any]:
    """A holder with a PIN, behind the system's key store where there is a secret of it."""
    holder = _holder(content, key, name, pin, cost)
    holder["lock"] = outer_lock.put_on(holder["lock"], secret, about(content, name, "kept"))
    return holder


def _holder(content: Content, key: Key, name: str, pin: str, cost: Cost) -> dict[str, Any]:
    private, public = envelope.new_pair()
    holder = {
        "public": envelope.text_of(public),
        "lock": envelope.lock(private, pin, about(content, name, "lock"), cost),
        "wrong": 0,
        "tried_up": 0.0,
        "tried_at": "",
    }
    seal_for(content, holder, name, key)
    if (later := next_key(content, key)) is not None:
        holder["next"] = envelope.seal(later, public, about(content, name, "next"))
    return holder


def next_key(content: Content, key: Key) -> Key | None:
    """The key of a prepared change, or None."""
    prepared = content.get("next")
    return envelope.unwrapped(prepared["to"], key, about(content, "", "next")) if prepared else None


def seal_for(content: Content, holder: dict[str, Any], name: str, key: Key) -> None:
    """Seals the key to a holder, with the proof that somebody who had it did so."""
    public = envelope.bytes_of(holder["public"])
    holder["sealed"] = envelope.seal(key, public, about(content, name, "key"))
    holder["voucher"] = envelope.voucher(key, name, public)


def _with_new_code(content: Content, key: Key, wall: Wall) -> RecoverySheet:
    lines, number = recovery.new_lines(), secrets.token_hex(3).upper()
    code = recovery.read_code("\n".join(lines))
    content["recovery"] = {"number": number, **_holder(content, key, _CODE, code, _CODE_COST)}
    return RecoverySheet(number, content["laptop"], wall().date(), lines)


def holders(content: Content) -> list[tuple[str, dict[str, Any]]]:
    """Everybody who holds the key, the printed code too."""
    return [*content["people"].items(), (_CODE, content["recovery"])]


def _entry(content: Content, person: str) -> dict[str, Any]:
    try:
        return content["people"][person]
    except KeyError:
        raise Refused(f"“{person}”不能登录这台电脑，请从名单中选择。") from None


def of_key(path: Path, key: Key) -> Content:
    """The content of a key file that holds this key; raises Trouble for another."""
    content = vault_file.load(path)
    if content["key"] != envelope.fingerprint(key):
        raise Trouble("钥匙文件与当前打开的数据不是一套，没有改动。", "请用同一次备份的数据和钥匙文件。")
    return content


def _wait(holder: dict[str, Any], up: float) -> int:
    """Seconds still to wait, whatever the wall clock says.

    The time since the machine started bounds the elapsed time from below, also after a restart.
    """
    elapsed = up - holder["tried_up"] if up >= holder["tried_up"] else up
    return max(0, round(pins.delay(holder["wrong"]) - elapsed + 0.499))


def _opened(path: Path, content: Content, person: str, pin: str, uptime: Uptime, wall: Wall) -> Key:
    """The person's private half; the try is on disk before the PIN is tested, and taken off when right.

    Raises Unkept, before anything is counted, where the system's key store lacks what is needed beside the PIN.
    """
    holder = _entry(content, person)
    lock = outer_lock.opened(content, holder["lock"], about(content, person, "kept"))
    if holder["wrong"] >= pins.LOCKED_AFTER:
        raise Refused("口令输错次数过多，已锁定。请由能登录的同事为你重设口令，或用恢复码打开。")
    if wait := _wait(holder, uptime()):
        raise Refused(f"口令刚输错过，请等 {wait} 秒再试。")
    holder.update(wrong=holder["wrong"] + 1, tried_up=uptime(), tried_at=wall().isoformat(timespec="seconds"))
    vault_file.save(path, content)
    private = envelope.unlocked(lock, pins.spelling(pin), about(content, person, "lock"))
    if private is None:
        raise Refused(_wrong_pin(holder["wrong"]))
    holder.update(wrong=0, tried_up=0.0)
    vault_file.save(path, content)
    return private


def _wrong_pin(wrong: int) -> str:
    left = pins.LOCKED_AFTER - wrong
    if left <= 0:
        return "口令不对，输错次数过多，已锁定。请由能登录的同事为你重设口令，或用恢复码打开。"
    wait = f"请等 {pins.delay(wrong)} 秒再试，" if pins.delay(wrong) else ""
    return f"口令不对，{wait}还可以试 {left} 次。"


def _key_of(content: Content, holder: dict[str, Any], name: str, private: Key) -> Key:
    key = envelope.unsealed(holder["sealed"], private, about(content, name, "key"))
    if key is None or envelope.fingerprint(key) != content["key"]:
        raise Trouble("钥匙文件内容不一致，不能打开数据。", "请用备份中同一天的钥匙文件。")
    return key
