"""Keys of laptops in the county's keeping: each sealed to the county, given back only to the vault that it belongs to.

They are sealed to the hub's recovery key (recovery_keys.py); older ones to the key by which it opens packages.
Whoever restores the hub from a backup with the recovery code can still help every laptop, unless the private half
of the recovery key was moved away from the machine: then that file is needed too.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices, events
from nehe_desktop.hub.recovery_keys import RecoveryKeys
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.security import envelope, escrow
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.escrow import Request
from nehe_desktop.sync.admission import Deposit, Deposited, RecoveryKey, short_name
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

_TOLD, _KNOWN = "recovery", "recovery-names"  # what the store keeps of the recovery key, and of all that there were
_KEPT = 3  # keys of one laptop: the present one and those of older copies of its file
_PARTS = {"sender": 32, "nonce": 12, "box": 48}  # bytes
_KEEP = (
    "INSERT INTO escrow (county, dev, fingerprint, sealed, at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (county, dev, fingerprint) DO UPDATE SET sealed = excluded.sealed, at = excluded.at"
)


def introduce(store: HubStore, county: str, keys: Keys, recovery: RecoveryKeys) -> None:
    """Tells the store the recovery key, signed, which every laptop is told; deposits to older ones stay good."""
    told = recovery.announced(keys, county)
    names = [short_name(public) for public, _ in recovery.made]

    def job(link: Link) -> None:
        devices.remember(link, county, _TOLD, json.dumps([told.public, told.made, told.sig]))
        devices.remember(link, county, _KNOWN, json.dumps(names))

    store.write(county, job)


def unknown_to(link: Link, county: str, name: str | None) -> RecoveryKey | None:
    """The recovery key for a laptop that knows one of this name; None where that is it, or it asks for none."""
    found = None if name is None else _meta(link, county, _TOLD)
    told = RecoveryKey(*found) if found else None
    return None if told is None or short_name(told.public) == name else told


def keep(store: HubStore, county: str, deposit: Deposit, now: int) -> Deposited:
    """Keeps the key of a laptop; raises Denied for what is no envelope, 409 for one that nobody here could open."""
    if not re.fullmatch(r"[0-9a-f]{16}", deposit.fingerprint) or not _is_envelope(deposit.sealed):
        raise Denied(400, Refusal("unreadable", "寄存的钥匙不完整"))
    row = (county, deposit.dev, deposit.fingerprint, json.dumps({**deposit.sealed, "to": deposit.to}), now)

    def job(link: Link) -> None:
        if deposit.to and deposit.to not in (_meta(link, county, _KNOWN) or []):
            raise Denied(409, Refusal("recovery", "寄存的钥匙不是封给本县现在的恢复密钥的"))
        link.run(_KEEP, row)
        sql = "SELECT fingerprint FROM escrow WHERE county = ? AND dev = ? ORDER BY at DESC, fingerprint"
        older = [fingerprint for (fingerprint,) in link.all(sql, (county, deposit.dev))][_KEPT:]
        for each in older:
            sql = "DELETE FROM escrow WHERE county = ? AND dev = ? AND fingerprint = ?"
            link.run(sql, (county, deposit.dev, each))

    store.write(county, job)
    return Deposited(now, deposit.fingerprint, deposit.to)


def _meta(link: Link, county: str, name: str) -> list[Any] | None:
    found = link.one("SELECT v FROM meta WHERE county = ? AND k = ?", (county, name))
    return json.loads(found[0]) if found else None


def sealed_to(link: Link, county: str) -> dict[str, str]:
    """The name of the recovery key that the newest deposit of each laptop is sealed to; "" is the sealing key."""
    sql = "SELECT dev, sealed FROM escrow WHERE county = ? ORDER BY at, fingerprint"
    return {dev: json.loads(sealed).get("to", "") for dev, sealed in link.all(sql, (county,))}


def deposited(link: Link, county: str) -> dict[str, int]:
    """When each laptop last left its key (ms)."""
    sql = "SELECT dev, max(at) FROM escrow WHERE county = ? GROUP BY dev"
    return dict(link.all(sql, (county,)))


def answer(
    store: HubStore, county: str, openers: Mapping[str, str], dev: str, request: Request, now: int
) -> tuple[str, ...]:
    """The answer in letters for a laptop whose people cannot get in; raises Refused, notes what was given out.

    `openers` are private halves by the names of their keys (recovery_keys.py).
    """

    def job(link: Link) -> tuple[str, ...]:
        if devices.state_of(link, county, dev) == devices.REVOKED:
            raise Refused("这台电脑已被停用，不给打开")
        key = _key(link, county, openers, dev, request.key.hex())
        events.note(link, county, "recovered", dev, request.public.hex()[:8], now)
        return escrow.answer(request, key)

    return store.write(county, job)


def _key(link: Link, county: str, openers: Mapping[str, str], dev: str, fingerprint: str) -> Key:
    """The deposited key; a laptop that was given a new name may have left it under an older one."""
    sql = "SELECT sealed FROM escrow WHERE county = ? AND dev = ? AND fingerprint = ?"
    for name in (dev, *sorted(devices.names_given_up(link, county, dev))):
        if found := link.one(sql, (county, name, fingerprint)):
            about, sealed = escrow.deposit_about(county, name, fingerprint), json.loads(found[0])
            private = openers.get(to := sealed.get("to", ""))
            if private is None:
                raise Refused(f"恢复私钥（编号 {to}）不在这台机器上：用 --key-file 写明存着它的文件")
            key = envelope.unsealed(sealed, Key(b64decode(private)), about)
            if key is None or envelope.fingerprint(key) != fingerprint:
                raise Refused("寄存的钥匙打不开，帮不了这台电脑；请用恢复码")
            return key
    raise Refused("这个请求不是这台电脑的，或它还没有寄存过现在的钥匙；请核对是哪台，或用恢复码")


def _is_envelope(sealed: dict[str, str]) -> bool:
    try:
        sizes = {name: len(envelope.bytes_of(text)) for name, text in sealed.items()}
    except ValueError:
        return False
    return sizes == _PARTS
