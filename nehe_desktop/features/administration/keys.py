"""The keys of a laptop: its printed sheet, its present key, what the county keeps; each act with its entry in the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit, departures
from nehe_desktop.features.exchange.network import Network
from nehe_desktop.security import asides, laptop, rekeying, vault
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
        words = "有人离开以后，更换了数据密钥" if departures.renewed(store) else "更换了数据密钥"
        audit.note(store, _KIND, detail=words).result()
        with suppress(Trouble):  # such as a full disk: they stay as they were, and it is tried again every day
            renew_asides(store, here, following)
    finally:
        store.close()
    return following


def renew_asides(store: Store, here: Laptop, key: Key) -> None:
    """Brings what restores put aside under the present key, with an entry in the log; for a worker. Raises Trouble."""
    if count := asides.renew(here.file, here.vault, key):
        audit.note(store, _KIND, count=count, detail="恢复前另存的数据也换成了现在的密钥").result()


def asides_words(here: Laptop, key: Key) -> str:
    """What restores put aside here and whether it is under the present key; empty where there is none. For a worker."""
    found = asides.standing(here.file, here.vault, key)
    if not found.count:
        return ""
    strange = f"其中 {len(found.strange)} 份是用别的钥匙文件的，这里打不开，没有动。" if found.strange else ""
    former = f"其中 {len(found.former)} 份还用着以前的密钥，软件会在今天备份时自动换。" if found.former else ""
    same = "" if former or strange else "都用现在的密钥。"
    size = max(round(found.size / 1_000_000), 1)
    return f"恢复备份以前的数据另存着 {found.count} 份（共 {size} MB，在 {here.file.parent}）。{former}{strange}{same}"


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
