"""A file that only a password opens: an AES-256 ZIP, which 7-Zip, WinRAR, Bandizip and the system's own tools read."""

from __future__ import annotations

import secrets
from pathlib import Path

import pyzipper

from nehe_desktop.core.errors import Refused
from nehe_desktop.spreadsheets.writing import replacing

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that a person mistakes for another: 0 and O, 1, I and L."""

_GROUPS, _GROUP = 5, 4  # 99 bits: the format stretches a password only little
_LEAST = 12


def new_password() -> str:
    """A password to be told by telephone or on paper, never in the same message as the file."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def checked_password(typed: str) -> str:
    """A password that somebody thought of himself; raises Refused for one that is soon guessed."""
    if len(typed) < _LEAST:
        raise Refused(f"密码至少 {_LEAST} 位，请写长一些，或留空由程序生成")
    if len(set(typed)) < _LEAST // 2 or typed.isdigit():
        raise Refused("密码太容易猜到，请混用字母、数字，或留空由程序生成")
    return typed


def seal(path: Path, name: str, content: bytes, password: str) -> None:
    """Writes the archive with one file in it; the content touches no disk before it is encrypted. Raises Trouble."""
    with (
        replacing(path) as part,
        pyzipper.AESZipFile(part, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive,
    ):
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr(name, content)
