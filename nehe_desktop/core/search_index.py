"""The index behind the search: what is kept of each record so that it is found in a moment.

Chinese characters, pairs of them and digits are exact tokens of an FTS5 table (our own tokens, as
the trigram tokenizer finds no two-character name). Pinyin and initials are keys that are read as
ranges of an ordinary index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.masks import masked
from nehe_desktop.core.pinyin import spellings
from nehe_desktop.core.record import LEDGERS, Ledger

_ENTRY = """
CREATE TABLE IF NOT EXISTS search_entry (
  entry INTEGER PRIMARY KEY, tbl TEXT NOT NULL, pk TEXT NOT NULL, title TEXT NOT NULL,
  UNIQUE (tbl, pk)) STRICT
"""
_TITLE_INDEX = "CREATE INDEX IF NOT EXISTS ix_search_entry_title ON search_entry (title)"
_KEY = """
CREATE TABLE IF NOT EXISTS search_key (
  spelt TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (spelt, entry)) STRICT, WITHOUT ROWID
"""
_KEY_INDEX = "CREATE INDEX IF NOT EXISTS ix_search_key_entry ON search_key (entry)"
_WORDS = """
CREATE VIRTUAL TABLE IF NOT EXISTS search_token USING fts5 (
  tokens, content='', contentless_delete=1, detail=none, tokenize='ascii')
"""


def prepare(database: Writing) -> None:
    """Makes the index's tables."""
    for statement in (_ENTRY, _TITLE_INDEX, _KEY, _KEY_INDEX, _WORDS):
        database.conn.execute(statement)


def char_token(char: str) -> str:
    """A character as an ASCII token, so that every plane of Unicode is kept."""
    return f"c{ord(char):x}"


def pair_token(first: str, second: str) -> str:
    """Two neighbouring characters as a token."""
    return f"{char_token(first)}{char_token(second)}"


def tokens_of(kind: str, value: str) -> Iterator[str]:
    """The tokens of one searched value; `kind` is name, id, phone or code."""
    if kind == "name":
        letters = [c for c in value if not c.isspace() and c != "·"]
        yield from map(char_token, letters)
        yield from map(pair_token, letters, letters[1:])
    elif kind == "id":
        yield f"i{value.lower()}"
        yield from (f"d{value[-4:].lower()}", f"d{value[-6:].lower()}", f"b{value[6:14]}")
    elif kind == "phone":
        yield from (f"t{value}", f"d{value[-4:]}")
    else:
        yield f"k{value.lower()}"
        yield f"d{value[-4:].lower()}"


def _keys(kind: str, value: str) -> Iterator[str]:
    if kind == "name":
        for way in spellings(value):
            yield "i" + "".join(syllable[0] for syllable in way)
            yield "p" + "".join(way)
    elif kind in ("id", "phone", "code"):
        yield "n" + value.lower()


def update(database: Writing, ledger: Ledger, entries: Sequence[Entry]) -> None:
    """Brings the index to what the entries of one ledger say."""
    if not ledger.searched:
        return
    names = {field.name for field in ledger.searched}
    touched = [e for e in entries if e.op != "U" or names & e.patch.keys()]
    _forget(database, ledger, [e.id for e in touched if e.op != "I"])
    _keep(database, ledger, _chosen(database, ledger, [e.id for e in touched if e.op != "D"]))


def rebuild(database: Writing) -> int:
    """Makes the whole index anew; gives the number of records in it."""
    database.conn.execute("DELETE FROM search_key")
    database.conn.execute("DELETE FROM search_entry")
    database.conn.execute("INSERT INTO search_token (search_token) VALUES ('delete-all')")
    count = 0
    for ledger in LEDGERS.values():
        if ledger.searched:
            count += _keep(database, ledger, database.conn.execute(_selecting(ledger)))
    return count


def tidy(database: Writing) -> None:
    """Writes the tokens anew, so that nothing is left of records that were taken out."""
    database.conn.execute("INSERT INTO search_token (search_token) VALUES ('optimize')")


def _forget(database: Writing, ledger: Ledger, ids: Sequence[str]) -> None:
    for id in ids:
        found = database.conn.execute(
            "DELETE FROM search_entry WHERE tbl = ? AND pk = ? RETURNING entry", (ledger.table, id)
        ).fetchone()
        if found:
            database.conn.execute("DELETE FROM search_key WHERE entry = ?", found)
            database.conn.execute("DELETE FROM search_token WHERE rowid = ?", found)


def _keep(database: Writing, ledger: Ledger, rows: Iterable[Sequence[Any]]) -> int:
    """Puts rows, their name and what is searched of them, into the index; how many there were."""
    names = [field.name for field in ledger.searched]
    last = database.conn.execute("SELECT coalesce(max(entry), 0) FROM search_entry").fetchone()[0]
    entries: list[tuple[int, str, str, str]] = []
    tokens: list[tuple[int, str]] = []
    keys: list[tuple[str, int]] = []
    entry = last
    for entry, (id, *row) in enumerate(rows, last + 1):
        title, words, spelt = _words(ledger, dict(zip(names, row, strict=True)))
        if words:
            entries.append((entry, ledger.table, id, title))
            tokens.append((entry, " ".join(words)))
            keys.extend((key, entry) for key in spelt)
    database.conn.executemany("INSERT INTO search_entry VALUES (?, ?, ?, ?)", entries)
    database.conn.executemany("INSERT INTO search_token (rowid, tokens) VALUES (?, ?)", tokens)
    database.conn.executemany("INSERT OR IGNORE INTO search_key VALUES (?, ?)", keys)
    return entry - last


def _selecting(ledger: Ledger) -> str:
    return f"SELECT id, {', '.join(f'[{field.name}]' for field in ledger.searched)} FROM [{ledger.table}]"


def _chosen(database: Writing, ledger: Ledger, ids: Sequence[str]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(ids), 400):
        part = ids[start : start + 400]
        yield from database.conn.execute(f"{_selecting(ledger)} WHERE id IN ({','.join('?' * len(part))})", part)


def _words(ledger: Ledger, row: Mapping[str, Any]) -> tuple[str, set[str], set[str]]:
    """The title, tokens and spelt keys of one record."""
    given = [(field.search, str(row[field.name])) for field in ledger.searched if row[field.name]]
    called = [masked(field.private, str(row[field.name]), "screen") for field in ledger.searched if row[field.name]]
    titles = [value for kind, value in given if kind == "name"] or called  # which a list of hits shows
    words = {token for kind, value in given for token in tokens_of(kind, value)}
    keys = {key for kind, value in given for key in _keys(kind, value)}
    return titles[0] if titles else "", words, keys
