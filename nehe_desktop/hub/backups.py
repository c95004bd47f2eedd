"""Copies of the whole hub: one sealed file with every row, the keys and the certificates, for either engine.

The first line says whose copy it is and holds the key, locked by the recovery code; the rest is sealed
(see `stream`), zstd over lines of JSON: first the hub's papers, then every row.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.hub import dump
from nehe_desktop.hub.devices import remember
from nehe_desktop.hub.folder import HubFolder, unlocked
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.security.durable import disk_trouble
from nehe_desktop.security.envelope import Envelope
from nehe_desktop.security.large import need_room, settle
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.stream import KEY, Damaged, Opener, Sealer

_MARK = "nehe hub backup 1"
_NAME = "县库备份-%Y%m%d-%H%M%S"
_END = ".nhhub"
_KEEP = 14  # daily copies
_STALE = 86_400  # seconds after which nobody is still writing a copy
_LINE = 16 << 20  # bytes of one line at most, unpacked
_DAMAGED = "备份文件损坏或没有拷完，请换一份"


@dataclass(frozen=True)
class Head:
    """What anybody can read of a copy: county, when it was made (ms), and the key locked by the recovery code."""

    county: str
    made: int
    public: bytes
    recovery: Envelope
    raw: bytes


@dataclass(frozen=True)
class Proof:
    """What a copy holds, read to its end: rows by table, last numbers of the scopes and of the devices."""

    head: Head
    papers: dict[str, Any]
    counts: Counter[str]

    @property
    def sentence(self) -> str:
        """The result as it is shown."""
        made = datetime.fromtimestamp(self.head.made / 1000).astimezone()
        what = f"{self.counts['record']} 条记录、{self.counts['device']} 台电脑、{self.counts['tx']} 笔上传"
        return f"{made:%Y-%m-%d %H:%M} 的备份，读到底核对过：{what}"


def make(store: HubStore, folder: HubFolder, target: Path, now: datetime) -> Path:
    """A copy of one moment, proved, in a folder; the hub may go on working meanwhile. Raises Trouble.

    Laptops may forget what a copy outside the hub's own folder holds.
    """
    path, county = target / f"{now:{_NAME}}{_END}", folder.settings().county
    writing = path.with_name(path.name + ".writing")
    try:
        target.mkdir(parents=True, exist_ok=True)
        if store.kind == "sqlite" and folder.database.exists():
            need_room(target, folder.database.stat().st_size // 2)
        taken = store.read(lambda link: _write(writing, folder, link, now))
        prove(writing, folder.keys().seal)
        settle(writing, path)
    except OSError as error:
        raise disk_trouble(error, path) from error
    finally:
        writing.unlink(missing_ok=True)
    if not target.resolve().is_relative_to(folder.path.resolve()):
        store.write(county, lambda link: _note_elsewhere(link, county, taken, now))
    return path


def copies(folder: Path) -> list[Path]:
    """The copies in a folder, newest first."""
    named = "县库备份-" + "[0-9]" * 8 + "-" + "[0-9]" * 6 + _END
    return sorted(folder.glob(named), key=lambda path: path.name, reverse=True)


def made_at(path: Path) -> datetime:
    """When a copy was made, by its name."""
    return datetime.strptime(path.stem, _NAME).astimezone()


def prune(folder: Path) -> None:
    """Keeps the newest copy of each of the last days that have one, and clears what a broken-off copy left."""
    newest: dict[str, Path] = {}
    for path in copies(folder):
        newest.setdefault(f"{made_at(path):%Y%m%d}", path)
    for path in set(copies(folder)) - set(list(newest.values())[:_KEEP]):
        path.unlink(missing_ok=True)
    for left in folder.glob(f"县库备份-*{_END}.writing"):
        if time.time() - left.stat().st_mtime > _STALE:
            left.unlink(missing_ok=True)


def head_of(path: Path) -> Head:
    """Whose copy a file is; raises Refused for what is none."""
    try:
        with path.open("rb") as stream:
            raw = stream.readline(1 << 16)
            told, public = json.loads(raw), stream.read(KEY)
        if told["mark"] == _MARK:
            return Head(told["county"], told["made"], public, told["recovery"], raw)
    except OSError as error:
        raise Trouble(f"读不了 {path}", "请检查文件是否还在") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("这不是同步服务的备份文件") from error
    raise Refused("这个备份是更新版本的程序做的，请先升级")


def key_of(head: Head, folder: HubFolder, code: str) -> str:
    """The private half that opens a copy: this hub's own, or by the recovery code; raises Refused."""
    if not code and not folder.is_new and folder.recovery() == head.recovery:
        return folder.keys().seal
    if not code:
        raise Refused("这个备份不是这里的同步服务做的，要用恢复码打开：加 --code")
    key = unlocked(head.recovery, code)
    if key is None:
        raise Refused("恢复码不对")
    return key


def prove(path: Path, key: str) -> Proof:
    """Reads a copy to its end; raises Refused where anything is missing or damaged."""
    counted: Counter[str] = Counter()
    with opened(path, key) as (papers, rows):
        for name, _ in rows:
            counted[name] += 1
    return Proof(head_of(path), papers, counted)


@contextlib.contextmanager
def opened(path: Path, key: str) -> Iterator[tuple[dict[str, Any], Iterator[dump.Line]]]:
    """The hub's papers and every row of a copy, as they are read; raises Refused at what is damaged."""
    head = head_of(path)
    with path.open("rb") as stream:
        whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    found = _lines(Opener(Keys("", key), head.public).parts(whole[len(head.raw) + KEY :], head.raw))
    try:
        yield next(found), found
    except (Damaged, zstandard.ZstdError, msgspec.MsgspecError, ValueError, StopIteration) as error:
        raise Refused(_DAMAGED) from error


def _write(path: Path, folder: HubFolder, link: Link, now: datetime) -> dict[str, int]:
    """Writes the copy; the last transaction of each device in it."""
    county, keys = folder.settings().county, folder.keys()
    told = {"mark": _MARK, "county": county, "made": _ms(now), "recovery": folder.recovery()}
    raw, sealer = json.dumps(told).encode() + b"\n", Sealer(keys.seal_public)
    with path.open("wb") as stream:
        path.chmod(0o600)
        stream.write(raw + sealer.public)
        for chunk in sealer.chunks(_packed(_texts(folder.papers(), dump.lines(link, county))), raw):
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return dict(link.all("SELECT dev, seq FROM device WHERE county = ?", (county,)))


def _note_elsewhere(link: Link, county: str, taken: dict[str, int], now: datetime) -> None:
    remember(link, county, "durable", json.dumps(taken))
    remember(link, county, "saved", str(_ms(now)))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _texts(papers: dict[str, Any], rows: Iterable[dump.Line]) -> Iterator[bytes]:
    yield msgspec.json.encode(papers) + b"\n"
    yield from (msgspec.json.encode(row) + b"\n" for row in rows)


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zstandard.ZstdCompressor(level=6).compressobj()
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()


def _lines(parts: Iterable[bytes]) -> Iterator[Any]:
    """The lines of the parts; that none is missing at the end is proved by the last part's seal."""
    unpacker, held = zstandard.ZstdDecompressor().decompressobj(), b""
    for part in parts:
        held += unpacker.decompress(part)
        *whole, held = held.split(b"\n")
        yield from (msgspec.json.decode(line) for line in whole)
        if len(held) > _LINE:
            raise Refused(_DAMAGED)
