"""The keys of a laptop: its printed sheet, its present key, what the county keeps; each act with its entry in the log."""

from __future__ import annotations

from collections.abc import Callable

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.exchange.network import Network
from nehe_desktop.security import laptop, rekeying, vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.sync import escrow
from nehe_desktop.sync.membership import account_of

_KIND = "钥匙"
Show = Callable[[int, int], None]


def own_pin(store: Store, here: Laptop, key: Key, new: str) -> None:
    """A new PIN for who is at the keyboard and has just shown the old one; for a worker. Raises Refused."""
    vault.add_person(here.vault, key, store.author, new)
    audit.note(store, _KIND, detail="改了自己的口令").result()


def change_pin(store: Store, here: Laptop, old: str, new: str) -> None:
    """A new PIN for who is at the keyboard and still knows the old one; for a worker. Raises Refused."""
    vault.change_pin(here.vault, store.author, old, new)
    audit.note(store, _KIND, detail="改了自己的口令").result()


def new_sheet(store: Store, here: Laptop, key: Key) -> RecoverySheet:
    """A fresh sheet, after which the one printed before opens nothing; for a worker. Raises Refused."""
    store.guard.require("update", "account")
    sheet = vault.new_recovery(here.vault, key)
    audit.note(store, _KIND, detail=f"新恢复单 {sheet.number}，旧的作废").result()
    return sheet


def change(
    here: Laptop, key: Key, person: str, show: Show | None = None, cancelled: Callable[[], bool] | None = None
) -> Key:
    """The new key of a laptop whose file is closed, with its entry in the log; for a worker. Raises Trouble, Stopped."""
    following = rekeying.change(here.file, here.vault, key, show, cancelled)
    store = laptop.open_store(here, following, person, Clock())
    try:
        audit.note(store, _KIND, detail="更换了数据密钥").result()
    finally:
        store.close()
    return following


def deposit(store: Store) -> str:
    """Leaves the present key with the county now; what is said of it. For a worker. Raises Trouble."""
    account = account_of(store)
    if account is None:
        raise Trouble("这台电脑还没有加入县里的网", "加入以后，恢复钥匙会自动交给县里保管")
    transport = Network(store)(account)
    try:
        left = escrow.deposit(store, account, transport)
    finally:
        transport.close()
    if not left:
        raise Trouble("县里这次没有收下恢复钥匙", "下次同步时会自动再交")
    audit.note(store, _KIND, detail="恢复钥匙交县里保管").result()
    return kept_words(store)


def kept_words(store: Store) -> str:
    """Whether the county can open this laptop for people who forgot their PINs; for a worker."""
    kept = escrow.keeping(store)
    if kept.left is not None:
        return f"县里已存钥匙（{kept.left:%Y-%m-%d %H:%M} 收下）。口令都忘了，可以在登录页请县里打开。"
    if kept.carried is not None:
        return (
            f"已放进 {kept.carried:%Y-%m-%d %H:%M} 写出的数据包，还不算数：数据包交到县里，再收回县里的数据包，才算存好。"
        )
    if account_of(store) is None:
        return "还没有：这台电脑没有加入县里的网。加入以后自动交给县里。现在只有恢复单能救急。"
    return "还没有：下次联网同步，或用 U 盘送数据包时，自动交给县里。"
