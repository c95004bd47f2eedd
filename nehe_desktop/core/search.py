"""Search of people, households and papers: Chinese, pinyin, initials, tails of ID and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nehe_desktop.core.kinds.base import narrow, whole
from nehe_desktop.core.search_index import char_token, pair_token
from nehe_desktop.core.store import Store

_EXACT = """
SELECT e.entry, e.tbl, e.pk, e.title FROM search_token t JOIN search_entry e ON e.entry = t.rowid
WHERE search_token MATCH ? LIMIT ?
"""
_TITLE = "SELECT entry, tbl, pk, title FROM search_entry WHERE title = ? LIMIT ?"
_RANGE = """
SELECT e.entry, e.tbl, e.pk, e.title FROM search_key k JOIN search_entry e ON e.entry = k.entry
WHERE k.spelt >= ? AND k.spelt < ? ORDER BY k.spelt LIMIT ?
"""


@dataclass(frozen=True)
class Hit:
    """A record that was found; `why` says by what, such as 拼音首字母."""

    table: str
    id: str
    title: str
    subtitle: str = ""
    why: str = ""


def search(store: Store, text: str, limit: int = 20, tables: Sequence[str] = ()) -> list[Hit]:
    """The best hits for what was typed that one may read, best first; each word narrows the rest."""
    words = whole(text).replace("·", "").split()
    if not words:
        return []
    found = _found(store, words[0], limit if len(words) == 1 else limit * 50)
    for word in words[1:]:
        other = {(hit.table, hit.id) for hit in _found(store, word, limit * 50)}
        found = [hit for hit in found if (hit.table, hit.id) in other]
    readable = {table for table in {hit.table for hit in found} if store.guard.may("read", table)}
    wanted = [hit for hit in found if hit.table in readable and (not tables or hit.table in tables)]
    return wanted[:limit]


def _found(store: Store, word: str, limit: int) -> list[Hit]:
    hits: dict[tuple[str, str], Hit] = {}
    for why, sql, params in _questions(word):
        if len(hits) >= limit:
            break
        for _, table, id, title in store.rows(sql, (*params, limit)):
            hits.setdefault((table, id), Hit(table, id, title, why=why))
    return _ranked(list(hits.values()), word)[:limit]


def _ranked(hits: list[Hit], word: str) -> list[Hit]:
    """Names that are or begin with the word first; the order of finding otherwise."""
    return sorted(hits, key=lambda h: (h.title != word, not h.title.startswith(word)))


def _questions(word: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(why, sql, parameters) for each way to understand one word, the likeliest first."""
    plain = narrow(word).lower()
    if re.fullmatch(r"[a-z]+", plain):
        yield "拼音首字母", _RANGE, ("i" + plain, "i" + plain + "\x00")
        yield "拼音", _RANGE, _from("p" + plain)
        yield "拼音首字母", _RANGE, _from("i" + plain)
    if re.fullmatch(r"[\da-z-]+", plain) and any(c.isdigit() for c in plain):
        yield from _numbers(plain)
    if not plain.isascii():
        yield "姓名", _TITLE, (word,)
        yield "姓名", _EXACT, (_match(word),)
        return
    yield "编号", _EXACT, (_tokens(f"k{plain}"),)
    yield "编号", _RANGE, _from("n" + plain)


def _numbers(plain: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if len(plain) in (4, 6):
        yield "尾号", _EXACT, (f'"d{plain}"',)
    if len(plain) == 8:
        yield "出生日期", _EXACT, (f'"b{plain}"',)


def _tokens(key: str) -> str:
    """An FTS5 query for a key as the index has parted it; no other sign of the key reaches the engine."""
    return " AND ".join(f'"{part}"' for part in re.findall(r"[a-z0-9]+", key))


def _from(start: str) -> tuple[str, str]:
    """The bounds of every key that begins so."""
    return start, start[:-1] + chr(ord(start[-1]) + 1)


def _match(word: str) -> str:
    """An FTS5 query for neighbouring characters."""
    letters = [c for c in word if not c.isspace() and c != "·"]
    if len(letters) == 1:
        return f'"{char_token(letters[0])}"'
    return " AND ".join(f'"{pair_token(a, b)}"' for a, b in pairwise(letters))
