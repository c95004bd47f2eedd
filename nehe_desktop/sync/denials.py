"""What a laptop does when the hub refuses: put itself right where it can, tell a person where it cannot."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.sync import diary, lives, membership, parole, renumbering, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Reincarnation
from nehe_desktop.sync.keys import Keys, is_signed, new_keys
from nehe_desktop.sync.package import letter, message_of
from nehe_desktop.sync.protocol import Refusal, Salvage
from nehe_desktop.sync.transport import Denied, Transport

_KEPT = "没有上传的内容都还在本机"


ORDERED = "收到县里的停用和清除命令，签名核对无误"
"""What is kept of the order to empty this laptop until it is empty."""


class CodeNeeded(Trouble):
    """The hub wants the six digits of a phone before it gives this laptop a token."""


class Wiped(Trouble):
    """The hub ordered this laptop to be emptied, and the order is signed by it."""


def answer(store: Store, account: Account, transport: Transport, denied: Denied) -> Account:
    """Puts right what the refusal speaks of and gives the account to go on with; raises Trouble or Wiped."""
    refusal = denied.refusal
    match refusal.error:
        case "epoch":
            return _new_life(store, account, transport, refusal)
        case "fork":
            return _reborn(store, account, transport)
        case "gap":
            return _gap(store, account, transport, refusal)
        case "revoked":
            raise _revoked(account, refusal)
        case "unknown":
            raise Trouble("县里不认识这台电脑", f"请向县里要新的邀请码，在“同步”页重新加入；{_KEPT}")
        case "otp":
            raise trouble_of(denied) from denied
        case "version":
            raise Trouble("软件版本太旧，县里已不接收", f"请先升级软件；{_KEPT}")
    raise trouble_of(denied) from denied


def trouble_of(denied: Denied) -> Trouble:
    """What a person is told of a refusal that nothing can be done about here."""
    if denied.refusal.error == "otp":
        return CodeNeeded(denied.refusal.sentence, "请在“同步”页输入手机上的 6 位验证码；没有上传的内容都还在本机")
    if denied.status in (429, 503):
        return Trouble("县里的服务正忙", "稍后会自动再试")
    error = denied.refusal.error
    return Trouble(denied.refusal.sentence or f"县里的服务没有接受（{error}）", f"{_KEPT}；请把日志发给县里")


def _revoked(account: Account, refusal: Refusal) -> Trouble:
    meant = refusal.order.startswith(f"nehe wipe {account.county} {account.dev} ")
    if meant and is_signed(account.hub_sign, refusal.sig, refusal.order.encode()):
        return Wiped("县里已停用这台电脑，并要求清除本机数据", "如有疑问请联系县里")
    return Trouble("县里已停用这台电脑", f"请联系县里；{_KEPT}")


def _new_life(store: Store, account: Account, transport: Transport, refusal: Refusal) -> Account:
    """The hub was restored from a backup: brings back what it lost and this laptop has."""
    for message in _go_over(store, account, refusal):
        transport.call("/v1/salvage", message, dict)
    return account


def _go_over(store: Store, account: Account, refusal: Refusal) -> Iterator[Salvage]:
    """The messages that bring back what the hub lost; when they are sent the laptop has gone over to its new life."""
    lost = tables.kept(store, "epoch", "")
    if refusal.epoch == lost:
        raise Trouble("县里的服务刚恢复过备份，还没有确认", "稍后会自动再试")
    valid = lives.agreed(lives.lineage_of(store), lost, refusal.lineage, refusal.epoch)
    keys = lives.lost_rows(store, valid)
    yield from lives.salvages(store, account.dev, refusal.epoch, lost, keys)
    store.database.write(
        lambda writing: lives.go_over(writing, account.dev, refusal.last, refusal.epoch, refusal.lineage, valid)
    ).result()
    _log(store, "epoch", f"县里的服务从备份恢复过，已补回 {len(keys)} 条，重新核对")


def _reborn(store: Store, account: Account, transport: Transport) -> Account:
    """Another laptop goes by this one's name, or this one was restored from a backup: takes a name of its own."""
    keys = new_keys()
    try:
        enrolled = transport.call("/v1/reincarnate", _reincarnation(account, keys), Enrolled)
    except Denied as denied:
        if denied.refusal.error in ("revoked", "unknown"):
            return answer(store, account, transport, denied)
        raise Trouble("本机的数据像是从备份或另一台电脑复制来的，县里没有接受", f"{_KEPT}；请联系县里") from denied
    return become(store, account, enrolled, keys)


def _reincarnation(account: Account, keys: Keys) -> Reincarnation:
    now = int(time.time() * 1000)
    words = f"nehe reborn {account.county} {account.dev} {keys.sign_public} {keys.seal_public} {now}"
    return Reincarnation(account.dev, keys.sign_public, keys.seal_public, now, account.keys.signature(words.encode()))


def become(store: Store, account: Account, enrolled: Enrolled, keys: Keys) -> Account:
    """Goes on under the new name; what was never acknowledged is sent anew under it."""
    reborn = account.reborn(enrolled.dev, keys)

    def change(writing: Writing) -> None:
        membership.keep_account(writing, reborn)
        renumbering.renumber(writing, reborn.dev, 0, ())

    store.database.write(change).result()
    words = f"本机的数据是从备份恢复或复制来的，已换用新的编号 {reborn.dev}（原来是 {account.dev}），没有内容丢失"
    _log(store, "fork", words)
    return reborn


def answer_by_stick(store: Store, account: Account, refusal: Refusal) -> None:
    """Puts right what a refusal in a package speaks of; what the hub must hear first goes with the next package."""
    match refusal.error:
        case "epoch" if refusal.epoch == tables.kept(store, "epoch", ""):
            raise Refused("这个数据包是县里恢复备份以前做的，已经没有用；请再送出一个")
        case "epoch":
            packed = [letter(message) for message in _go_over(store, account, refusal)]
            store.database.write(lambda writing: parole.queue(writing, packed)).result()
        case "fork":
            keys = new_keys()
            packed_one = letter(_reincarnation(account, keys))
            store.database.write(lambda writing: parole.reborn(writing, keys, packed_one)).result()
        case "gap":
            _resend(store, account, refusal.last)
        case "revoked":
            raise _revoked(account, refusal)
        case _:
            raise Trouble(refusal.sentence or f"县里没有接受这个数据包（{refusal.error}）", _KEPT)


def laid_aside(store: Store, account: Account) -> list[bytes]:
    """Rows that the hub had lost and that wait for a stick, as from this laptop's name to the hub's life of today."""
    epoch = tables.kept(store, "epoch", "")
    waiting = (message_of(packed) for packed in parole.letters(store))
    return [
        letter(msgspec.structs.replace(each, dev=account.dev, epoch=epoch))
        for each in waiting
        if isinstance(each, Salvage)
    ]


def deliver(store: Store, account: Account, transport: Transport) -> None:
    """Brings by network what was laid aside for a stick; raises Denied."""
    for packed in laid_aside(store, account):
        transport.call("/v1/salvage", message_of(packed), dict)
    parole.delivered(store)
    if parole.is_reborn(store):
        parole.forget(store)  # the hub will say so again if it is still so


def _gap(store: Store, account: Account, transport: Transport, refusal: Refusal) -> Account:
    """The hub has less of this laptop than it once acknowledged: sends the rest again."""
    sql = "SELECT 1 FROM sync_tx WHERE dev = ? AND seq = ?"
    if refusal.last and store.one(sql, (account.dev, refusal.last)) is None:
        return _reborn(store, account, transport)
    _resend(store, account, refusal.last)
    return account


def _resend(store: Store, account: Account, last: int) -> None:
    sql = "SELECT id FROM sync_tx WHERE dev = ? AND seq > ? AND heads IS NOT NULL"
    again = [id for (id,) in store.rows(sql, (account.dev, last))]
    store.database.write(lambda writing: renumbering.renumber(writing, account.dev, last, again)).result()


def _log(store: Store, kind: str, sentence: str) -> None:
    now = int(time.time() * 1000)
    store.database.write(lambda writing: diary.trace(writing, now, kind, sentence)).result()
