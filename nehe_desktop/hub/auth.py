"""Proof of being a laptop: a signed nonce gives a token of seven days that only this hub can make.

Nothing is kept: nonces and tokens carry the hub's own mark. Whether the laptop is still welcome is
asked at every request, so a revoked laptop's token dies at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode

from nehe_desktop.hub import devices
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.admission import Token, TokenRequest
from nehe_desktop.sync.keys import Keys, is_signed
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

LASTS = 7 * 86_400
"""Seconds that a token is good for."""

_NONCE_LASTS = 300  # seconds to sign it over a slow link


def secret_of(keys: Keys) -> bytes:
    """What the hub marks its nonces and tokens with."""
    return hmac.new(b64decode(keys.sign), b"nehe tokens", hashlib.sha256).digest()


def token_words(county: str, dev: str, nonce: str) -> bytes:
    """What a laptop signs to get a token."""
    return f"nehe token {county} {dev} {nonce}".encode()


def answered(store: HubStore, county: str, secret: bytes, asked: TokenRequest, now: int) -> Token:
    """A nonce to sign, then a token; `now` in milliseconds. Raises Denied."""
    seconds, about = now // 1000, f"nonce {county} {asked.dev}"
    if not asked.nonce:
        return Token(nonce=_marked(secret, about, f"{secrets.token_hex(8)}.{seconds + _NONCE_LASTS}"))
    if _until(secret, about, asked.nonce) < seconds:
        raise _stale()
    store.read(lambda link: _prove(link, county, asked))
    until = seconds + LASTS
    return Token(token=_marked(secret, f"token {county}", f"{asked.dev}.{until}"), until=until)


def named(county: str, secret: bytes, header: str, now: int) -> str:
    """The laptop whose token a request carries, whether it is still welcome or not; raises Denied 401 `token`."""
    token = header.removeprefix("Bearer ")
    if _until(secret, f"token {county}", token) < now // 1000:
        raise _stale()
    return token.partition(".")[0]


def welcome(link: Link, county: str, dev: str) -> str:
    """The key of a laptop that may work; raises Denied for a stranger, a revoked and a replaced one."""
    sql = "SELECT state, seq, sign_key FROM device WHERE county = ? AND dev = ?"
    found = link.one(sql, (county, dev))
    if found is None:
        raise devices.unknown()
    state, seq, key = found
    if state == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    if state == devices.REPLACED:
        raise Denied(409, Refusal("fork", "另一台电脑也在用这个名字", last=seq))
    return str(key)


def _prove(link: Link, county: str, asked: TokenRequest) -> None:
    found = link.one("SELECT sign_key FROM device WHERE county = ? AND dev = ?", (county, asked.dev))
    if found is None:
        raise devices.unknown()
    if not is_signed(found[0], asked.sig, token_words(county, asked.dev, asked.nonce)):
        raise Denied(403, Refusal("signature", "这台电脑的签名不对"))
    welcome(link, county, asked.dev)


def _marked(secret: bytes, about: str, words: str) -> str:
    return f"{words}.{_mark(secret, about, words)}"


def _until(secret: bytes, about: str, marked: str) -> int:
    """When something this hub marked ends; -1 for what it did not mark."""
    words, _, mark = marked.rpartition(".")
    if not hmac.compare_digest(mark.encode(), _mark(secret, about, words).encode()):
        return -1
    return int(words.rpartition(".")[2])


def _mark(secret: bytes, about: str, words: str) -> str:
    digest = hmac.new(secret, f"{about} {words}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:18]).decode()


def _stale() -> Denied:
    return Denied(401, Refusal("token", "登录已过期"))
