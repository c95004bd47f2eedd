"""Keys of laptops in the county's keeping: each sealed to the hub, given back only to the vault that it belongs to.

They are sealed to the hub's own sealing key, so whoever restores the hub from a backup with the recovery
code can still help every laptop.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices, events
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.security import envelope, escrow
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.escrow import Request
from nehe_desktop.sync.admission import Deposit, Deposited
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

_KEPT = 3  # keys of one laptop: the present one and those of older copies of its file
_PARTS = {"sender": 32, "nonce": 12, "box": 48}  # bytes
_KEEP = (
    "INSERT INTO escrow (county, dev, fingerprint, sealed, at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (county, dev, fingerprint) DO UPDATE SET sealed = excluded.sealed, at = excluded.at"
)


def keep(store: HubStore, county: str, deposit: Deposit, now: int) -> Deposited:
    """Keeps the key of a laptop; raises Denied for what is no envelope."""
    if not re.fullmatch(r"[0-9a-f]{16}", deposit.fingerprint) or not _is_envelope(deposit.sealed):
        raise Denied(400, Refusal("unreadable", "寄存的钥匙不完整"))
    row = (county, deposit.dev, deposit.fingerprint, json.dumps(deposit.sealed), now)

    def job(link: Link) -> None:
        link.run(_KEEP, row)
        sql = "SELECT fingerprint FROM escrow WHERE county = ? AND dev = ? ORDER BY at DESC, fingerprint"
        older = [fingerprint for (fingerprint,) in link.all(sql, (county, deposit.dev))][_KEPT:]
        for each in older:
            sql = "DELETE FROM escrow WHERE county = ? AND dev = ? AND fingerprint = ?"
            link.run(sql, (county, deposit.dev, each))

    store.write(county, job)
    return Deposited(now)


def deposited(link: Link, county: str) -> dict[str, int]:
    """When each laptop last left its key (ms)."""
    sql = "SELECT dev, max(at) FROM escrow WHERE county = ? GROUP BY dev"
    return dict(link.all(sql, (county,)))


def answer(store: HubStore, county: str, keys: Keys, dev: str, request: Request, now: int) -> tuple[str, ...]:
    """The answer in letters for a laptop whose people cannot get in; raises Refused, notes what was given out."""

    def job(link: Link) -> tuple[str, ...]:
        if devices.state_of(link, county, dev) == devices.REVOKED:
            raise Refused("这台电脑已被停用，不给打开")
        key = _key(link, county, keys, dev, request.key.hex())
        events.note(link, county, "recovered", dev, request.public.hex()[:8], now)
        return escrow.answer(request, key)

    return store.write(county, job)


def _key(link: Link, county: str, keys: Keys, dev: str, fingerprint: str) -> Key:
    """The deposited key; a laptop that was given a new name may have left it under an older one."""
    sql = "SELECT sealed FROM escrow WHERE county = ? AND dev = ? AND fingerprint = ?"
    for name in (dev, *sorted(devices.names_given_up(link, county, dev))):
        if found := link.one(sql, (county, name, fingerprint)):
            about = escrow.deposit_about(county, name, fingerprint)
            key = envelope.unsealed(json.loads(found[0]), Key(b64decode(keys.seal)), about)
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
