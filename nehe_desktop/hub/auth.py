"""Proof of being a laptop: a signed nonce gives a token of seven days that only this hub can make.

Nothing is kept: nonces and tokens carry the hub's own mark. Whether the laptop is still welcome is
asked at every request, so a revoked laptop's token dies at once; so does one that was given without the
code of a phone where that is needed by now.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass

from nehe_desktop.hub import devices, factor
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.admission import Token, TokenRequest
from nehe_desktop.sync.keys import Keys, is_signed
from nehe_desktop.sync.protocol import EVERY, Refusal
from nehe_desktop.sync.transport import Denied

LASTS = 7 * 86_400
"""Seconds that a token is good for."""

_NONCE_LASTS = 300  # seconds to sign it over a slow link
_TWOFOLD = ".2"  # behind the name in a token that was given for two factors; a name has no dot
_KNOWN = (
    "SELECT d.state, d.seq, d.sign_key, (SELECT count(*) FROM scope_grant g WHERE g.county = d.county"
    " AND g.dev = d.dev AND g.scope = ? AND g.until = 0),"
    " (SELECT count(*) FROM factor f WHERE f.county = d.county AND f.dev = d.dev)"
    " FROM device d WHERE d.county = ? AND d.dev = ?"
)


@dataclass(frozen=True)
class Known:
    """A laptop at the door: its state, last number and key, whether it is the county's, whether it has a second factor."""

    state: str
    seq: int
    key: str
    everything: bool
    has_factor: bool


def secret_of(keys: Keys) -> bytes:
    """What the hub marks its nonces and tokens with."""
    return hmac.new(b64decode(keys.sign), b"nehe tokens", hashlib.sha256).digest()


def token_words(county: str, dev: str, nonce: str) -> bytes:
    """What a laptop signs to get a token."""
    return f"nehe token {county} {dev} {nonce}".encode()


def answered(
    store: HubStore, county: str, keys: Keys, asked: TokenRequest, now: int, *, otp_for_county: bool = False
) -> Token:
    """A nonce to sign, then a token; `now` in milliseconds. Raises Denied, `otp` where a code is needed."""
    secret, seconds, about = secret_of(keys), now // 1000, f"nonce {county} {asked.dev}"
    if not asked.nonce:
        return Token(nonce=_marked(secret, about, f"{secrets.token_hex(8)}.{seconds + _NONCE_LASTS}"))
    if _until(secret, about, asked.nonce) < seconds:
        raise _stale()
    known = store.read(lambda link: _proved(link, county, asked))
    twofold = known.has_factor or (otp_for_county and known.everything)
    if twofold:
        factor.check(store, county, keys, asked.dev, asked.code, now)
    until = seconds + LASTS
    words = f"{asked.dev}{_TWOFOLD if twofold else ''}.{until}"
    return Token(token=_marked(secret, f"token {county}", words), until=until)


def named(county: str, secret: bytes, header: str, now: int) -> str:
    """The laptop whose token a request carries, whether it is still welcome or not; raises Denied 401 `token`."""
    token = header.removeprefix("Bearer ")
    if _until(secret, f"token {county}", token) < now // 1000:
        raise _stale()
    return token.partition(".")[0]


def is_twofold(header: str) -> bool:
    """Whether a token, which must be a good one, was given for a laptop's key and a phone's code."""
    return header.removeprefix("Bearer ").partition(".")[2].startswith(f"{_TWOFOLD[1:]}.")


def welcome(link: Link, county: str, dev: str) -> Known:
    """A laptop that may work; raises Denied for a stranger, a revoked and a replaced one."""
    return _unless_barred(link, county, dev, _known(link, county, dev))


def admitted(link: Link, county: str, dev: str, *, twofold: bool, otp_for_county: bool) -> None:
    """Whether a laptop may work with a token of this kind; raises Denied, 401 where it must show a code first."""
    known = welcome(link, county, dev)
    if not twofold and (known.has_factor or (otp_for_county and known.everything)):
        raise _stale()


def _known(link: Link, county: str, dev: str) -> Known:
    found = link.one(_KNOWN, (EVERY, county, dev))
    if found is None:
        raise devices.unknown()
    state, seq, key, grants, factors = found
    return Known(state, seq, key, everything=bool(grants), has_factor=bool(factors))


def _unless_barred(link: Link, county: str, dev: str, known: Known) -> Known:
    if known.state == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    if known.state == devices.REPLACED:
        raise Denied(409, Refusal("fork", "另一台电脑也在用这个名字", last=known.seq))
    return known


def _proved(link: Link, county: str, asked: TokenRequest) -> Known:
    known = _known(link, county, asked.dev)
    if not is_signed(known.key, asked.sig, token_words(county, asked.dev, asked.nonce)):
        raise Denied(403, Refusal("signature", "这台电脑的签名不对"))
    return _unless_barred(link, county, asked.dev, known)


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
