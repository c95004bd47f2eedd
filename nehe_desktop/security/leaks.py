"""A search as a thief makes it: every file of a folder for names and numbers that must not be readable in it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store

_SHAPES = {
    "utf-8": rb"[\xe3-\xe9][\x80-\xbf]{2}",
    "utf-16-le": rb"[\x00-\xff][\x4e-\x9f]",
    "utf-16-be": rb"[\x4e-\x9f][\x00-\xff]",
    "gb18030": rb"[\x81-\xfe][\x40-\xfe]",
}
"""A Chinese character in each encoding."""
_READABLE = {b"%PDF": "PDF", b"PK\x03\x04": "表格或压缩包", b"\xff\xd8\xff": "照片", b"\x89PNG": "图片",
             b"SQLite format 3": "没有加密的数据库"}  # fmt: skip
"""How files begin that anybody can open."""
_DIGITS = (re.compile(rb"\d{7,18}[\dXx]?"), re.compile(rb"(?:\d\x00){7,18}(?:[\dXx]\x00)?"))
_PACKED = 0.99  # a file that cannot be made shorter than this is sealed or packed
_NUMBER = 8  # characters; what is shorter stands in many numbers by chance
_PRIVATE = ("name", "id", "phone", "bank")
"""The declared kinds of private fields that name somebody or number something of his."""


@dataclass(frozen=True)
class Leak:
    """Where something can be read that must not be: the file, and what (never the name itself)."""

    path: Path
    what: str


class Words:
    """What is searched for: names of two and more characters, and numbers.

    `known` is who may log in: his name stands on the key file, and another may be a part of it.
    """

    def __init__(self, words: Iterable[str], known: str = "") -> None:
        self.known = known
        wanted = {word for word in words if word and word != known}
        self.numbers = {word.upper().encode() for word in wanted if word.isascii() and len(word) >= _NUMBER}
        self.names = {word for word in wanted if not word.isascii() and len(word) > 1}

    def heads(self, encoding: str, length: int) -> set[bytes]:
        """The first so many characters of each name that has as many; of shorter ones all, where `length` is 2."""
        return {name[:length].encode(encoding) for name in self.names
                if len(name) == length or (length > 2 and len(name) > length)}  # fmt: skip


def words_of(store: Store) -> Words:
    """The names and numbers of everybody in a data file, but of who is at the keyboard: he stands on the key file."""
    columns = [(table, name) for table, ledger in sorted(LEDGERS.items())
               for name, field in ledger.fields.items() if field.private in _PRIVATE]  # fmt: skip
    found = (
        row[0] for table, name in columns for row in store.rows(f"SELECT DISTINCT [{name}] FROM [{table}]")
    )
    return Words((str(word) for word in found if word), store.author)


def leaks(folder: Path, words: Words) -> Iterator[Leak]:
    """Everything readable below a folder; what is sealed is searched as well."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            plain = data.replace(words.known.encode(), b"") if words.known else data
            yield from (Leak(path, what) for what in _inside(plain, words))
            yield from (Leak(path, "文件名") for name in words.names if name in path.name)


def _inside(data: bytes, words: Words) -> Iterator[str]:
    yield from (what for begin, what in _READABLE.items() if data.startswith(begin))
    if any(
        _has_number(found[0].replace(b"\0", b""), words)
        for shape in _DIGITS
        for found in shape.finditer(data)
    ):
        yield "号码"
    sealed = is_sealed(data)
    for encoding in _SHAPES:
        # four bytes stand by chance in any large sealed file: there, only names of three characters tell something
        lengths = (3,) if sealed and encoding != "utf-8" else (2, 3)
        if any(_has_name(data, encoding, length, words) for length in lengths):
            yield f"姓名（{encoding}）"


def is_sealed(data: bytes) -> bool:
    """Whether a file looks like noise: sealed, or packed."""
    head = data[: 1 << 18]
    return len(head) > 2048 and len(zlib.compress(head, 1)) > _PACKED * len(head)


def _has_number(run: bytes, words: Words) -> bool:
    run = run.upper()
    sizes = {len(number) for number in words.numbers}
    return any(run[at : at + size] in words.numbers for size in sizes for at in range(len(run) - size + 1))


def _has_name(data: bytes, encoding: str, length: int, words: Words) -> bool:
    wanted = words.heads(encoding, length)
    pattern = re.compile(b"(?=((?:%s){%d}))" % (_SHAPES[encoding], length), re.DOTALL)
    usual = any(found[1] in wanted for found in pattern.finditer(data))
    return usual or any(head in data for head in wanted if not pattern.match(head))
