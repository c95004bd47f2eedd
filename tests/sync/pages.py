"""An encrypted file as somebody with the key could read it: every page, the free ones too (SQLCipher 4, raw key)."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_PAGE, _RESERVE, _IV, _SALT = 4096, 80, 16, 16


def plain_pages(path: Path, key: bytes) -> bytes:
    """The content of every page of a file."""
    data = path.read_bytes()
    return b"".join(_plain(data[at : at + _PAGE], key, first=at == 0) for at in range(0, len(data), _PAGE))


def _plain(page: bytes, key: bytes, *, first: bool) -> bytes:
    end = _PAGE - _RESERVE
    reader = Cipher(AES(key), CBC(page[end : end + _IV])).decryptor()
    return reader.update(page[_SALT if first else 0 : end]) + reader.finalize()
