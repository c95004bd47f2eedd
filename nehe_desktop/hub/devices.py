"""Who may talk to the hub: one-time codes, laptops, and the scopes that they hold."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import epochs, events, scopes
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.admission import Enrolled, Enrolment, Reincarnation
from nehe_desktop.sync.keys import Keys, is_signed
from nehe_desktop.sync.protocol import START, Refusal
from nehe_desktop.sync.transport import Denied

ACTIVE, REVOKED, REPLACED = "active", "revoked", "replaced"
"""States of a device; a replaced one was given a new name, because two laptops went by the old one."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONGEST = 60  # characters of a name for people
_NAMES = 20  # how often a laptop may have been given a new name
_DEVICE = "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?, 0, 0, ?, '')"
_INHERIT = (
    "INSERT INTO factor (county, dev, sealed, used, drift)"
    " SELECT county, CAST(? AS TEXT), sealed, used, drift FROM factor WHERE county = ? AND dev = ?"
)
_GRANT = (
    "INSERT INTO scope_grant VALUES (?, ?, ?, ?, 0) ON CONFLICT (county, dev, scope) DO UPDATE"
    " SET since = CASE WHEN scope_grant.until = 0 THEN scope_grant.since ELSE excluded.since END, until = 0"
)


@dataclass(frozen=True)
class Device:
    """A laptop as an administrator sees it; times are milliseconds since 1970, 0 for never."""

    dev: str
    name: str
    state: str
    seq: int
    app: str
    made: int
    seen: int
    skew: int
    was: str
    scopes: tuple[str, ...]


def introduce(store: HubStore, county: str, keys: Keys) -> None:
    """Tells the store the public halves of the hub's keys, which every new laptop is told."""
    words = json.dumps([keys.sign_public, keys.seal_public])
    store.write(county, lambda link: remember(link, county, "public", words))


def invite(store: HubStore, county: str, name: str, scopes: Sequence[str], until: int) -> str:
    """A code that lets one laptop in until a moment (ms); the hub keeps only its hash."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    row = (county, _hash(code), name[:_LONGEST], json.dumps(list(scopes)), until, "")
    store.write(county, lambda link: link.run("INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?)", row))
    return code


def enrol(store: HubStore, county: str, enrolment: Enrolment, wall: Callable[[], int]) -> Enrolled:
    """Lets a laptop in. Raises Denied 403 `code`; the same laptop may ask again, its answer was lost."""
    _check_keys(enrolment.sign_key, enrolment.seal_key)
    now = wall()

    def job(link: Link) -> Enrolled:
        sql = "SELECT name, scopes, until, used_by FROM invitation WHERE county = ? AND code = ?"
        found = link.one(sql, (county, _hash(enrolment.code)))
        if found is None:
            raise _no_code("邀请码不对，请向县里要一个新的")
        name, granted, until, used_by = found
        if used_by:
            return _enrolled_again(link, county, used_by, enrolment.sign_key, now)
        if until < now:
            raise _no_code("邀请码已经过期，请向县里要一个新的")
        before = link.one("SELECT dev FROM device WHERE county = ? AND dev = ?", (county, enrolment.lost))
        dev = _add(link, county, name or enrolment.name, enrolment, now, was=before[0] if before else "")
        _hold(link, county, dev, json.loads(granted), now)
        sql = "UPDATE invitation SET used_by = ? WHERE county = ? AND code = ?"
        link.run(sql, (dev, county, _hash(enrolment.code)))
        return _told(link, county, dev, now)

    return store.write(county, job)


def reincarnate(store: HubStore, county: str, asked: Reincarnation, wall: Callable[[], int]) -> Enrolled:
    """A new name for a laptop that met its double; the old name is worth nothing from now on."""
    _check_keys(asked.sign_key, asked.seal_key)
    now = wall()

    def job(link: Link) -> Enrolled:
        sql = "SELECT name, sign_key, state FROM device WHERE county = ? AND dev = ?"
        found = link.one(sql, (county, asked.dev))
        if found is None:
            raise unknown()
        name, key, state = found
        if not is_signed(key, asked.sig, reborn_words(county, asked)):
            raise Denied(403, Refusal("signature", "这台电脑的签名不对"))
        if state == REVOKED:
            raise revoked(link, county, asked.dev)
        sql = "SELECT dev FROM device WHERE county = ? AND was = ? AND sign_key = ?"
        if again := link.one(sql, (county, asked.dev, asked.sign_key)):
            return _told(link, county, again[0], now)
        dev = _add(link, county, name, asked, now, was=asked.dev)
        _hold(link, county, dev, _granted(link, county, asked.dev), now)
        sql = "UPDATE device SET state = ? WHERE county = ? AND dev = ?"
        link.run(sql, (REPLACED, county, asked.dev))
        link.run(_INHERIT, (dev, county, asked.dev))
        events.note(link, county, "fork", dev, f"{asked.dev} → {dev}", now)
        return _told(link, county, dev, now)

    return store.write(county, job)


def reborn_words(county: str, asked: Reincarnation) -> bytes:
    """What the old key signs to ask for a new name."""
    return f"nehe reborn {county} {asked.dev} {asked.sign_key} {asked.seal_key} {asked.now}".encode()


def revoke(store: HubStore, county: str, dev: str, now: int, keys: Keys) -> None:
    """Refuses a stolen or retired laptop from now on, and keeps the signed order to wipe for its next contact."""
    order = f"nehe wipe {county} {dev} {now}"
    words = json.dumps([order, keys.signature(order.encode())])

    def job(link: Link) -> None:
        _must_be(link, county, dev)
        sql = "UPDATE device SET state = ? WHERE county = ? AND dev = ?"
        link.run(sql, (REVOKED, county, dev))
        remember(link, county, f"wipe {dev}", words)
        events.note(link, county, "revoked", dev, "", now)

    store.write(county, job)


def grant(store: HubStore, county: str, dev: str, scope: str, now: int) -> None:
    """Lets a laptop hold one more scope (`*` for the whole county)."""

    def job(link: Link) -> None:
        _must_be(link, county, dev)
        _hold(link, county, dev, [scope], now)

    store.write(county, job)


def take_away(store: HubStore, county: str, dev: str, scope: str, now: int) -> None:
    """Ends a scope of a laptop; it sends what it has and then clears that scope from its disk."""

    def job(link: Link) -> int:
        _must_be(link, county, dev)
        sql = "UPDATE scope_grant SET until = ? WHERE county = ? AND dev = ? AND scope = ? AND until = 0"
        return link.run(sql, (now, county, dev, scope))

    if not store.write(county, job):
        raise Refused("这台电脑本来就没有这个范围")


def devices(store: HubStore, county: str) -> list[Device]:
    """Every laptop that was ever let in, the newest last."""
    columns = "dev, name, state, seq, app, made, seen, skew, was"
    sql = f"SELECT {columns} FROM device WHERE county = ? ORDER BY made, dev"

    def job(link: Link) -> list[Device]:
        return [
            Device(*row, scopes=tuple(_granted(link, county, row[0]))) for row in link.all(sql, (county,))
        ]

    return store.read(job)


def sign_key_of(store: HubStore, county: str, dev: str) -> str | None:
    """The public key that a laptop signs with; also of a revoked one, so that it can be told."""
    found = _column(store, county, dev, "sign_key")
    return str(found) if found else None


def seal_key_of(store: HubStore, county: str, dev: str) -> str:
    """The public key that packages for a laptop are sealed to; empty for a stranger."""
    return str(_column(store, county, dev, "seal_key") or "")


def state_of(link: Link, county: str, dev: str) -> str:
    """The state of a laptop; empty for a stranger."""
    found = link.one("SELECT state FROM device WHERE county = ? AND dev = ?", (county, dev))
    return str(found[0]) if found else ""


def names_given_up(link: Link, county: str, dev: str) -> set[str]:
    """The names that a laptop had before and gave up with the key of each; what it only says of itself is none."""
    sql = (
        "SELECT o.dev FROM device d JOIN device o ON o.county = d.county AND o.dev = d.was"
        " WHERE d.county = ? AND d.dev = ? AND o.state = ?"
    )
    found: set[str] = set()
    while (row := link.one(sql, (county, dev, REPLACED))) and row[0] not in found:
        dev = str(row[0])
        found.add(dev)
    return found


def names_of(link: Link, county: str, dev: str) -> set[str]:
    """A laptop's name and the names that it had before, as it says itself."""
    found: set[str] = set()
    while dev and dev not in found and len(found) < _NAMES:
        found.add(dev)
        row = link.one("SELECT was FROM device WHERE county = ? AND dev = ?", (county, dev))
        dev = str(row[0]) if row else ""
    return found


def unknown() -> Denied:
    """The answer to a laptop that this hub does not know."""
    return Denied(403, Refusal("unknown", "县里的服务器不认识这台电脑，请用新的邀请码重新加入"))


def revoked(link: Link, county: str, dev: str) -> Denied:
    """The answer to a revoked laptop, with the order to wipe that the hub signed."""
    sql = "SELECT v FROM meta WHERE county = ? AND k = ?"
    found = link.one(sql, (county, f"wipe {dev}"))
    order, signature = json.loads(found[0]) if found else ("", "")
    return Denied(403, Refusal("revoked", "这台电脑已被县里停用", order=order, sig=signature))


def _add(link: Link, county: str, name: str, keys: Enrolment | Reincarnation, now: int, was: str = "") -> str:
    dev, app = secrets.token_hex(8), getattr(keys, "app", "")
    link.run(
        _DEVICE, (county, dev, name[:_LONGEST], keys.sign_key, keys.seal_key, ACTIVE, START, app, now, was)
    )
    return dev


def _hold(link: Link, county: str, dev: str, scopes: Sequence[str], now: int) -> None:
    link.many(_GRANT, [(county, dev, scope, now) for scope in scopes])


def _granted(link: Link, county: str, dev: str) -> list[str]:
    sql = "SELECT scope FROM scope_grant WHERE county = ? AND dev = ? AND until = 0 ORDER BY scope"
    return [row[0] for row in link.all(sql, (county, dev))]


def _enrolled_again(link: Link, county: str, dev: str, sign_key: str, now: int) -> Enrolled:
    sql = "SELECT 1 FROM device WHERE county = ? AND dev = ? AND sign_key = ? AND state = ?"
    if link.one(sql, (county, dev, sign_key, ACTIVE)) is None:
        raise _no_code("邀请码已经用过了，一个邀请码只能加入一台电脑")
    return _told(link, county, dev, now)


def _told(link: Link, county: str, dev: str, now: int) -> Enrolled:
    found = link.one("SELECT v FROM meta WHERE county = ? AND k = 'public'", (county,))
    sign_key, seal_key = json.loads(found[0]) if found else ("", "")
    held = list(scopes.held(link, county, dev).scopes)
    name = (link.one("SELECT name FROM device WHERE county = ? AND dev = ?", (county, dev)) or ("",))[0]
    return Enrolled(dev, county, epochs.current(link, county), held, sign_key, seal_key, now, name)


def remember(link: Link, county: str, name: str, words: str) -> None:
    """Keeps what the hub knows of itself under a name."""
    sql = "INSERT INTO meta VALUES (?, ?, ?) ON CONFLICT (county, k) DO UPDATE SET v = excluded.v"
    link.run(sql, (county, name, words))


def _column(store: HubStore, county: str, dev: str, name: str) -> object:
    sql = f"SELECT {name} FROM device WHERE county = ? AND dev = ?"
    found = store.read(lambda link: link.one(sql, (county, dev)))
    return found[0] if found else None


def _must_be(link: Link, county: str, dev: str) -> None:
    if link.one("SELECT 1 FROM device WHERE county = ? AND dev = ?", (county, dev)) is None:
        raise Refused("没有这台电脑")


def _check_keys(*keys: str) -> None:
    try:
        sound = all(len(b64decode(key, validate=True)) == 32 for key in keys)
    except (NotBase64, ValueError):
        sound = False
    if not sound:
        raise Denied(400, Refusal("unreadable", "公钥不完整"))


def _no_code(sentence: str) -> Denied:
    return Denied(403, Refusal("code", sentence))


def _hash(code: str) -> str:
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()
