"""The system's key store around the PINs of a laptop: how it stands, on and off, each with its entry in the log."""

from __future__ import annotations

from dataclasses import dataclass

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.security import keystore, switching
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.keystore import Unreachable
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.switching import Standing

_KIND = "钥匙"

ADVICE = (
    "打开以后，口令之外还要这台电脑的系统里存的一份钥匙：只拷走数据或备份的人，猜中口令也打不开；"
    "偷走整台电脑的人，还要先过系统登录密码这一关。"
    "重装系统、换系统用户、换电脑以后，口令单独打不开，要用恢复单，或请县里打开，所以先把恢复单收好。"
)
"""What it does, and what it asks of people."""


@dataclass(frozen=True)
class Seen:
    """How it stands here, in a sentence, and what can be done about it: on, off, or catch up with older copies."""

    words: str
    on: bool
    can_turn_on: bool


def seen(here: Laptop) -> Seen:
    """How it stands on this computer; asks the key store, so for a worker."""
    found = switching.standing(here)
    can = bool(found.bare_copies) if found.on else keystore.works()
    words = _on(found, here) if found.on else _off(found, can)
    rest = f"{'、'.join(found.former)}的口令要的是以前的一份，打不开时请在“人员和口令”里重设。" if found.former else ""
    bare = f"还有 {found.bare_copies} 份以前的备份没有加上，再打开一次就补上。" if found.bare_copies else ""
    return Seen(words + rest + bare, found.on, can)


def turn_on(store: Store, here: Laptop, key: Key) -> Seen:
    """Puts everybody's PIN behind the key store; for a worker. Raises Refused, Trouble."""
    _may(store, here)
    people = switching.switch_on(here, key)
    audit.note(store, _KIND, count=people, detail="打开系统钥匙库：口令之外还要系统里的一份钥匙").result()
    return seen(here)


def turn_off(store: Store, here: Laptop, key: Key) -> Seen:
    """Lets the PINs stand alone again; for a worker. Raises Refused, Trouble."""
    _may(store, here)
    if not switching.standing(here).on:
        raise Refused("系统钥匙库没有打开，不用关。")
    people = switching.switch_off(here, key)
    audit.note(store, _KIND, count=people, detail="关掉系统钥匙库：数据只由口令锁着").result()
    return seen(here)


def note_begun(store: Store, here: Laptop) -> None:
    """Notes at the set-up of a laptop that it uses the key store, where it does; for a worker."""
    if switching.standing(here).on:
        audit.note(store, _KIND, count=1, detail="设置本机：用了系统钥匙库").result()


def _may(store: Store, here: Laptop) -> None:
    store.guard.require("update", "account")
    if here.sample:
        raise Refused("现在是示例数据，不设口令，也没有钥匙要管")


def _on(found: Standing, here: Laptop) -> str:
    try:
        if not switching.is_kept(here.vault):
            return "开着，可是系统里的那一份钥匙不见了：现在就改一次自己的口令，会存一份新的；不改，下次要用恢复单才打得开。"
        name = keystore.name()
    except Unreachable as away:
        return f"开着，可是{away.sentence}{away.advice}"
    return f"开着：{found.behind} 人的口令之外，还要{name}里存的一份钥匙。"


def _off(found: Standing, can: bool) -> str:  # noqa: FBT001 - whether a secret can be kept here
    if can:
        return f"关着：数据只由口令锁着。这台电脑有{keystore.name()}，可以打开。"
    lost = "上次用恢复单或县里的答复打开以后就关掉了。" if found.given_up else ""
    return f"没有用：这台电脑没有能用的系统钥匙库，数据由口令锁着，照常使用。{lost}"
