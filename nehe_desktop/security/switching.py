"""Putting the PINs of a laptop behind the system's key store, and back: in its vault and in every copy of it here.

The secret is in the store and read back before any lock needs it, and leaves the store after no file here needs it, so
that a power cut in between costs nothing: switching once more ends what was begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.security import keystore, outer_lock, vault, vault_file
from nehe_desktop.security.durable import previous_of, write_whole
from nehe_desktop.security.envelope import Envelope, Key
from nehe_desktop.security.keystore import Unreachable
from nehe_desktop.security.laptop import Laptop

Turned = Callable[[Envelope, str], Envelope]


@dataclass(frozen=True)
class Standing:
    """Whether new PINs need the key store, how many here do, who needs a secret of before, and bare copies.

    `given_up`: it was on, and somebody came in without a PIN on a system that had no key store.
    """

    on: bool
    behind: int
    former: tuple[str, ...] = ()
    bare_copies: int = 0
    given_up: bool = False


def standing(laptop: Laptop) -> Standing:
    """How the vault of a laptop stands, by its files alone: the key store is not asked."""
    content = vault_file.load(laptop.vault)
    by = {name: outer_lock.needed(holder["lock"]) for name, holder in content["people"].items()}
    now = content.get("kept_by", "")
    return Standing(
        bool(now),
        sum(bool(each) for each in by.values()),
        tuple(name for name, each in by.items() if each not in ("", now)),
        sum(_is_bare(each) for _, each in _copies(laptop, content["id"])) if now else 0,
        "given_up" in content,
    )


def is_kept(vault_path: Path) -> bool:
    """Whether the key store has what new PINs of a vault need, or they need nothing of it; raises Unreachable."""
    content = vault_file.load(vault_path)
    return not outer_lock.is_on(content) or outer_lock.secret_of(content, content["kept_by"]) is not None


def switch_on(laptop: Laptop, key: Key) -> int:
    """Puts everybody's PIN behind the key store, here and in the copies here; how many people. Raises Trouble."""
    content = vault.of_key(laptop.vault, key)
    if not keystore.works():
        raise Unreachable(
            "这台电脑没有能用的系统钥匙库，没有打开。", "口令照旧能用。请登录系统桌面、解锁钥匙环后再试。"
        )
    secret = outer_lock.secret_now(content) or outer_lock.begin(content)

    def put_on(lock: Envelope, about: str) -> Envelope:
        return outer_lock.put_on(lock, secret, about)

    _turn(content, put_on)
    vault_file.save(laptop.vault, content, forget_previous=True)
    for path, each in _copies(laptop, content["id"]):
        _turn(each, put_on)
        write_whole(path, vault_file.written(each))
    return len(content["people"])


def switch_off(laptop: Laptop, key: Key) -> int:
    """Takes everybody's PIN from behind the key store, here and in the copies; how many people. Raises Refused, Trouble."""
    content = vault.of_key(laptop.vault, key)
    known = _secrets(content, (holder for holder in content["people"].values()))
    if outer_lock.is_on(content) and content.pop("kept_by") not in known:
        raise Refused("系统里已经没有那一份钥匙，关不了。请先改一次自己的口令（会存一份新的），再关。")
    content.pop("given_up", None)
    turned = _turn(content, _taker(known))
    vault_file.save(laptop.vault, content, forget_previous=True)
    for path, each in _copies(laptop, content["id"]):
        known |= _secrets(each, each["people"].values())
        each.pop("kept_by", None)
        _turn(each, _taker(known))
        write_whole(path, vault_file.written(each))
    forget(outer_lock.entry(content, by) for by in known)
    return turned


def entries_in(paths: Iterable[Path]) -> set[str]:
    """What the key files among these have in the key store."""
    found = set()
    for path in paths:
        content = _read(path)
        if content is not None:
            needed = {outer_lock.needed(each["lock"]) for each in content["people"].values()}
            found |= {outer_lock.entry(content, by) for by in needed | {content.get("kept_by", "")} if by}
    return found


def forget(entries: Iterable[str]) -> None:
    """Takes secrets out of the key store, as far as it can be reached: without their vault they open nothing."""
    for each in entries:
        with suppress(Unreachable):
            keystore.forget(each)


def _turn(content: dict[str, Any], turned: Turned) -> int:
    """Changes the lock of every person; how many there are that changed."""
    changed = 0
    for name, holder in content["people"].items():
        lock = turned(holder["lock"], vault.about(content, name, "kept"))
        changed += lock is not holder["lock"]
        holder["lock"] = lock
    return changed


def _taker(known: dict[str, Key]) -> Turned:
    def take_off(lock: Envelope, about: str) -> Envelope:
        secret = known.get(outer_lock.needed(lock))
        return (outer_lock.taken_off(lock, secret, about) if secret else None) or lock

    return take_off


def _secrets(content: dict[str, Any], holders: Iterable[dict[str, Any]]) -> dict[str, Key]:
    """The secrets that these holders need and the key store has; raises Unreachable."""
    wanted = {outer_lock.needed(each["lock"]) for each in holders} | {content.get("kept_by", "")}
    found = {by: outer_lock.secret_of(content, by) for by in wanted if by}
    return {by: secret for by, secret in found.items() if secret is not None}


def _copies(laptop: Laptop, number: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The other key files of this vault on this computer: those of its backups, and what a restore set aside."""
    beside = laptop.vault.parent.glob(f"{laptop.vault.name}.*")
    for path in sorted([*beside, *laptop.backups.glob("*.key")]):
        content = None if path == previous_of(laptop.vault) else _read(path)
        if content is not None and content["id"] == number:
            yield path, content


def _is_bare(content: dict[str, Any]) -> bool:
    return any(not outer_lock.needed(holder["lock"]) for holder in content["people"].values())


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return vault_file.read(path)
    except Trouble:
        return None
