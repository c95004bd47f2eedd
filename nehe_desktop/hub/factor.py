"""The second factor of county laptops: six digits of a phone (TOTP, RFC 6238) beside the key of the laptop.

Its secret lies sealed in the database; what opens it is made of the hub's own key, which is not there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode, b64decode, b64encode
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import events
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

STEP = 30
"""Seconds that a code is shown."""

DIGITS = 6
_SECRET, _NONCE = 20, 12  # bytes (RFC 4226 R6; AES-GCM)
_WINDOW = 1  # steps to either side: half a minute of typing, and clocks that differ as much
_DRIFT = 10  # steps that a phone's clock may come to differ little by little, each learned at a use
_TOLD = 240  # steps to either side in which a right code at a wrong time is known as that, and not taken
_KEEP = (
    "INSERT INTO factor (county, dev, sealed, used, drift) VALUES (?, ?, ?, ?, ?) ON CONFLICT (county, dev)"
    " DO UPDATE SET sealed = excluded.sealed, used = excluded.used, drift = excluded.drift"
)


@dataclass(frozen=True)
class _Kept:
    """What the hub keeps of a factor: the sealed secret, the last step that was used, how far the phone is ahead."""

    sealed: str
    used: int = -1
    drift: int = 0


def enrol(store: HubStore, county: str, keys: Keys, dev: str, now: int, *, anew: bool = False) -> bytes:
    """Gives a laptop a factor; its secret, which nobody is told again. Raises Refused where there is one."""
    secret = secrets.token_bytes(_SECRET)
    sealed = _seal(keys, county, secret)

    def job(link: Link) -> None:
        if is_set(link, county, dev) and not anew:
            raise Refused("这台电脑已经有验证码；手机丢了或换了，加 --new 重设，旧的就不能用了")
        _keep(link, county, dev, _Kept(sealed))
        events.note(link, county, "otp", dev, "", now)

    store.write(county, job)
    return secret


def remove(store: HubStore, county: str, dev: str, now: int) -> None:
    """Takes the factor of a laptop away; raises Refused where there is none."""

    def job(link: Link) -> None:
        if not link.run("DELETE FROM factor WHERE county = ? AND dev = ?", (county, dev)):
            raise Refused("这台电脑没有设验证码")
        events.note(link, county, "otp-off", dev, "", now)

    store.write(county, job)


def is_set(link: Link, county: str, dev: str) -> bool:
    """Whether a laptop has a factor."""
    return _kept(link, county, dev) is not None


def holders(link: Link, county: str) -> set[str]:
    """The laptops that have a factor."""
    return {dev for (dev,) in link.all("SELECT dev FROM factor WHERE county = ?", (county,))}


def check(store: HubStore, county: str, keys: Keys, dev: str, code: str, now: int) -> None:
    """Takes a code once; raises Denied 403 `otp` for none, a wrong one, and one that was used. `now` in ms."""

    def job(link: Link) -> Denied | None:
        refused = _taken(link, county, keys, dev, code.replace(" ", ""), now)
        if isinstance(refused, Guessed):
            events.note(link, county, "otp-wrong", dev, "", now)
        return refused

    refused = store.write(county, job)
    if refused is not None:
        raise refused


def _taken(link: Link, county: str, keys: Keys, dev: str, code: str, now: int) -> Denied | None:
    """Why a code is not taken; where it is, that it was."""
    kept = _kept(link, county, dev)
    if kept is None:
        return _otp("县里还没有给这台电脑设验证码，不能同步；请县里在服务器上运行 hub device otp")
    if not code:
        return _otp("需要验证码")
    step = now // 1000 // STEP
    found = _matching(_unseal(keys, county, kept.sealed), code, step + kept.drift)
    if found is None:
        return Guessed("验证码不对，请看手机上现在的 6 位数字")
    if abs(found - step - kept.drift) > _WINDOW:
        minutes = max(1, abs(found - step) * STEP // 60)
        return Guessed(f"验证码和县里服务器的时间差了约 {minutes} 分钟：请把手机和服务器的时间调准")
    if found <= kept.used:
        return Guessed("这个验证码用过了，请等手机上换一个再输")
    drift = max(-_DRIFT, min(_DRIFT, found - step))
    _keep(link, county, dev, replace(kept, used=found, drift=drift))
    return None


class Guessed(Denied):
    """A code was shown and not taken; nobody may do that often."""

    def __init__(self, sentence: str) -> None:
        super().__init__(403, Refusal("otp", sentence))


def address(secret: bytes, account: str, issuer: str) -> str:
    """The factor as an otpauth:// address, which apps for such codes read from a picture."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def typed(secret: bytes) -> str:
    """The secret for typing into a phone: Base32 in groups of four."""
    letters = b32encode(secret).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def code_at(secret: bytes, now: int) -> str:
    """The code that a phone shows at a moment (ms)."""
    return _totp(secret).generate(now // 1000).decode()


def _matching(secret: bytes, code: str, centre: int) -> int | None:
    """The step nearest to the expected one whose code this is; None where it is nobody's."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = _totp(secret)
    steps = sorted(range(max(0, centre - _TOLD), centre + _TOLD + 1), key=lambda step: abs(step - centre))
    same = [step for step in steps if hmac.compare_digest(totp.generate(step * STEP), code.encode())]
    return same[0] if same else None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - what every phone's app can do (RFC 6238)


def _otp(sentence: str) -> Denied:
    return Denied(403, Refusal("otp", sentence))


def _seal(keys: Keys, county: str, secret: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + AESGCM(_key(keys)).encrypt(nonce, secret, _about(county))).decode()


def _unseal(keys: Keys, county: str, sealed: str) -> bytes:
    packed = b64decode(sealed)
    return AESGCM(_key(keys)).decrypt(packed[:_NONCE], packed[_NONCE:], _about(county))


def _key(keys: Keys) -> bytes:
    return hmac.new(b64decode(keys.sign), b"nehe factors", hashlib.sha256).digest()


def _about(county: str) -> bytes:
    return f"nehe factor {county}".encode()


def _kept(link: Link, county: str, dev: str) -> _Kept | None:
    sql = "SELECT sealed, used, drift FROM factor WHERE county = ? AND dev = ?"
    found = link.one(sql, (county, dev))
    return _Kept(*found) if found else None


def _keep(link: Link, county: str, dev: str, kept: _Kept) -> None:
    link.run(_KEEP, (county, dev, kept.sealed, kept.used, kept.drift))
