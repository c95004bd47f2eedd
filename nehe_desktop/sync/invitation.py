"""The invitation: one line, on paper or as a QR code, with which a laptop finds its hub and may enrol once."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

import msgspec

from nehe_desktop.core.errors import Refused

_MARK = "NEHE1."
_ADDRESS = re.compile(r"https?://[^\s/]+(?:/\S*)?")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")

_LETTERS = {"url": "u", "fingerprint": "f", "code": "c", "hub_sign": "s", "hub_seal": "k"}


class _Words(msgspec.Struct, rename=_LETTERS):
    url: str
    fingerprint: str
    code: str
    hub_sign: str = ""
    hub_seal: str = ""


@dataclass(frozen=True)
class Invitation:
    """The hub's address, the SHA-256 (hex) of its CA certificate in DER, and a code that works once.

    The hub's public keys (base64) let a village without any network enrol by USB stick.
    """

    url: str
    fingerprint: str
    code: str
    hub_sign: str
    hub_seal: str

    def text(self) -> str:
        """The one line that is handed over."""
        words = _Words(self.url, self.fingerprint, self.code, self.hub_sign, self.hub_seal)
        return _MARK + base64.urlsafe_b64encode(msgspec.json.encode(words)).decode().rstrip("=")


def read(text: str) -> Invitation:
    """The invitation in a line as people paste it, broken by blanks or not. Raises Refused."""
    line = "".join(text.split())
    if not line.startswith(_MARK):
        raise Refused("这不是邀请码：邀请码以 NEHE1. 开头，请整行复制")
    packed = line.removeprefix(_MARK)
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        words = msgspec.json.decode(raw, type=_Words)
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise Refused("邀请码不完整，请从县里发来的原文重新复制整行") from error
    if not (_ADDRESS.fullmatch(words.url) and _FINGERPRINT.fullmatch(words.fingerprint) and words.code):
        raise Refused("邀请码的内容不对，请向县里要一个新的")
    if not (_KEY.fullmatch(words.hub_sign) and _KEY.fullmatch(words.hub_seal)):
        raise Refused("这个邀请码是旧版软件做的，请向县里要一个新的")
    return Invitation(words.url.rstrip("/"), words.fingerprint, words.code, words.hub_sign, words.hub_seal)
