"""Old Excel files and files with a password: both are compound files and are told apart here."""

from __future__ import annotations

from io import BytesIO

from nehe_desktop.core.errors import Trouble

_DEFAULT = "VelvetSweatshop"  # what Excel itself tries: files that are only protected against change


class PasswordNeeded(Trouble):
    """The file is locked: ask for its password and open it again."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "请向发表的人要密码；也可以请他去掉密码另存一份")


def unlocked(data: bytes, name: str, password: str) -> tuple[bytes, str]:
    """The open file and its form (zip or xls); raises PasswordNeeded or Trouble."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import FileFormatError, ParseError

    try:
        source = OfficeFile(BytesIO(data))
        locked = source.is_encrypted()
    except (FileFormatError, ParseError, OSError, ValueError, IndexError, KeyError, TypeError):
        return data, "xls"  # an old or odd file: let the reader say what it is
    if not locked:
        return data, "xls"
    for word in (_DEFAULT, password) if password else (_DEFAULT,):
        if (opened := _opened(source, word)) is not None:
            return opened, "zip" if opened.startswith(b"PK") else "xls"
    raise PasswordNeeded("密码不对，请重新输入" if password else f"“{name}”加了密码，请输入密码")


def _opened(source: object, word: str) -> bytes | None:
    """The content where the word fits; the library has a different error for each old cipher."""
    target = BytesIO()
    try:
        source.load_key(password=word)  # type: ignore[attr-defined]
        source.decrypt(target)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - any failure means that this word does not open it
        return None
    return target.getvalue() if target.getvalue()[:2] in (b"PK", b"\xd0\xcf") else None
