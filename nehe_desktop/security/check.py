"""The self-check: what is wrong with data, search, disk and clock, what it repaired, what to do."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from nehe_desktop.core import search_index, tables
from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.database import DatabaseError
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.security import old_photos, switching, vault_file
from nehe_desktop.security.keystore import Unreachable

Level = Literal["good", "repaired", "warning", "bad"]
MARKS = {"good": "正常", "repaired": "已修复", "warning": "注意", "bad": "有问题"}
_LITTLE_ROOM = 500 << 20  # bytes free on the disk under which a person is warned
_LONG_LOG = 64 << 20  # bytes of a write-ahead log that should have been moved into the file


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is and what to do."""

    what: str
    level: Level
    sentence: str
    advice: str = ""

    @property
    def line(self) -> str:
        """The finding as it is printed."""
        return f"[{MARKS[self.level]}] {self.what}：{self.sentence}{self.advice}"


@dataclass(frozen=True)
class Place:
    """What stands around the data: key file, needed fonts, the time as the laptop believes it."""

    vault: Path
    fonts: tuple[Path, ...]
    now: datetime


def check(store: Store, place: Place, progress: Callable[[str], None] | None = None) -> tuple[Finding, ...]:
    """Looks at everything and repairs what can be made anew; a check that fails is a finding itself."""
    looks: dict[str, Callable[[], Finding]] = {
        "数据文件": lambda: _file(store),
        "表和索引": lambda: _tables(store),
        "相互引用": lambda: _references(store),
        "修改记录": lambda: _journal(store),
        "搜索": lambda: _search(store),
        "照片": lambda: _photos(store),
        "日志文件": lambda: _write_ahead(store),
        "时钟": lambda: _clock(store, place.now),
        "磁盘空间": lambda: _room(store.database.path.parent),
        "文件夹": lambda: _folder(store.database.path.parent),
        "钥匙文件": lambda: _vault(place.vault),
        "字体": lambda: _fonts(place.fonts),
    }
    return tuple(_looked(what, look, progress) for what, look in looks.items())


def printed(findings: Iterable[Finding]) -> str:
    """The result as text, a line for each finding."""
    return "\n".join(finding.line for finding in findings)


def _looked(what: str, look: Callable[[], Finding], progress: Callable[[str], None] | None) -> Finding:
    if progress:
        progress(what)
    try:
        return look()
    except Trouble as trouble:
        return Finding(what, "bad", trouble.sentence, trouble.advice)
    except (DatabaseError, OSError) as error:
        return Finding(what, "bad", f"检查没有完成（{type(error).__name__}）。", "请恢复最近的备份。")


def _file(store: Store) -> Finding:
    faults = store.database.check()
    if faults:
        return Finding("数据文件", "bad", f"发现 {len(faults)} 处损坏。", "请立即停止录入，恢复最近的备份。")
    return Finding("数据文件", "good", "每一页都完整。")


def _tables(store: Store) -> Finding:
    before = _schema(store)
    store.database.write(lambda db: tables.prepare(db, LEDGERS.values(), anyway=True)).result()
    added = sorted(_schema(store) - before)
    if added:
        return Finding("表和索引", "repaired", f"补上了 {len(added)} 项：{'、'.join(added)}。")
    return Finding("表和索引", "good", "齐全。")


def _schema(store: Store) -> set[str]:
    names = {name for (name,) in store.rows("SELECT name FROM sqlite_master")}
    return names | {f"{t}.{row[1]}" for t in LEDGERS for row in store.rows(f"PRAGMA table_info([{t}])")}


def _references(store: Store) -> Finding:
    lost = [f"{ledger.title}“{label}”{count} 条" for ledger, label, count in _dangling(store) if count]
    if lost:
        return Finding(
            "相互引用", "warning", f"有记录指向已不存在的内容：{'；'.join(lost)}。", "请打开台账逐条补选。"
        )
    return Finding("相互引用", "good", "都能找到。")


def _dangling(store: Store) -> Iterator[tuple[Ledger, str, int]]:
    for ledger in LEDGERS.values():
        for name, field in ledger.fields.items():
            if isinstance(field.kind, Ref) and field.kind.table in LEDGERS:
                sql = (
                    f"SELECT count(*) FROM [{ledger.table}] WHERE [{name}] <> ''"
                    f" AND [{name}] NOT IN (SELECT id FROM [{field.kind.table}])"
                )
                yield ledger, field.label, (store.one(sql) or (0,))[0]


def _journal(store: Store) -> Finding:
    wrong = sum(_disagreeing(store, ledger) for ledger in LEDGERS.values())
    if wrong:
        return Finding("修改记录", "bad", f"{wrong} 条记录与修改记录不一致。", "请导出诊断信息并联系管理员。")
    return Finding("修改记录", "good", "与各台账一致。")


def _disagreeing(store: Store, ledger: Ledger) -> int:
    """Rows that differ from what the journal last made of them; rows stamped by a pull are the hub's."""
    made: dict[str, dict[str, Any]] = {}
    last: dict[str, int] = {}
    for id, hlc, op, patch in store.rows(
        "SELECT pk, hlc, op, patch FROM journal WHERE tbl = ? ORDER BY jid", (ledger.table,)
    ):
        values = {name: new for name, (_, new) in json.loads(patch).items()}
        made[id] = {**(made.get(id, {}) if op == "U" else {}), **values}
        last[id] = hlc
    names = list(ledger.fields)
    sql = f"SELECT id, _stamp, {', '.join(f'[{n}]' for n in names)} FROM [{ledger.table}]"
    rows = ((id, stamp, dict(zip(names, row, strict=True))) for id, stamp, *row in store.rows(sql))
    return sum(_differs(made[id], row) for id, stamp, row in rows if last.get(id) == stamp)


def _differs(made: dict[str, Any], row: dict[str, Any]) -> bool:
    return any((row[name] or None) != (value or None) for name, value in made.items() if name in row)


def _search(store: Store) -> Finding:
    wanted = {ledger.table for ledger in LEDGERS.values() if ledger.searched}
    missing = sum(_unfound(store, LEDGERS[table]) for table in wanted)
    if not missing:
        return Finding("搜索", "good", "索引完整。")
    count = store.database.write(search_index.rebuild).result()
    return Finding("搜索", "repaired", f"有 {missing} 条搜不到，已重建索引，共 {count} 条。")


def _unfound(store: Store, ledger: Ledger) -> int:
    """Rows without an entry and entries without a row."""
    given = " OR ".join(f"[{field.name}] <> ''" for field in ledger.searched)
    missing = (
        f"SELECT count(*) FROM [{ledger.table}] WHERE ({given})"
        " AND id NOT IN (SELECT pk FROM search_entry WHERE tbl = ?)"
    )
    stale = f"SELECT count(*) FROM search_entry WHERE tbl = ? AND pk NOT IN (SELECT id FROM [{ledger.table}])"
    return sum((store.one(sql, (ledger.table,)) or (0,))[0] for sql in (missing, stale))


def _photos(store: Store) -> Finding:
    try:
        count = old_photos.put_right(store)
    except Refused as refused:
        return Finding("照片", "warning", "有照片还带着拍摄地点。", f"请由能改的人自检：{refused.sentence}")
    if count:
        return Finding("照片", "repaired", f"{count} 张带着拍摄地点、手机型号等信息，已去掉。")
    return Finding("照片", "good", "都没有拍摄地点和手机信息。")


def _write_ahead(store: Store) -> Finding:
    log = store.database.path.with_name(store.database.path.name + "-wal")
    if not log.exists() or log.stat().st_size < _LONG_LOG:
        return Finding("日志文件", "good", "大小正常。")
    store.database.checkpoint()
    return Finding("日志文件", "repaired", "过大，已并入数据文件。")


def _clock(store: Store, now: datetime) -> Finding:
    row = store.one("SELECT max(hlc) FROM journal")
    last = moment_of(row[0]) if row and row[0] else now
    if now >= last:
        return Finding("时钟", "good", "不早于最后一笔记录。")
    sentence = f"电脑时间 {now:%Y-%m-%d %H:%M} 早于最后一笔记录 {last:%Y-%m-%d %H:%M}。"
    return Finding("时钟", "warning", sentence, "请校准电脑时间；期间的签到会标出。")


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_ROOM:
        return Finding(
            "磁盘空间", "warning", f"只剩 {free >> 20} MB。", "请删掉不用的文件，否则可能存不进去。"
        )
    return Finding("磁盘空间", "good", f"剩余 {free >> 20} MB。")


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"1")
            os.fsync(trial.fileno())
    except OSError:
        return Finding("文件夹", "bad", "数据文件夹不能写入。", "请检查文件夹权限或杀毒软件的拦截。")
    return Finding("文件夹", "good", "可以写入。")


def _vault(path: Path) -> Finding:
    if not vault_file.condition(path):
        return _system_key(path)
    content = vault_file.load(path)
    vault_file.save(path, content)
    return Finding("钥匙文件", "repaired", "一份损坏，已由另一份补好。")


def _system_key(path: Path) -> Finding:
    try:
        if switching.is_kept(path):
            return Finding("钥匙文件", "good", "完整，副本也在。")
    except Unreachable as away:
        return Finding("钥匙文件", "warning", away.sentence, "下次登录要用到它。" + away.advice)
    advice = "请现在就改一次自己的口令，会存一份新的；不改，下次要用恢复单才打得开。"
    return Finding("钥匙文件", "bad", "系统钥匙库里的那一份钥匙不见了。", advice)


def _fonts(fonts: Iterable[Path]) -> Finding:
    missing = [font.name for font in fonts if not font.is_file()]
    if missing:
        return Finding("字体", "bad", f"缺少 {'、'.join(missing)}，打印会不合规。", "请重新安装程序。")
    return Finding("字体", "good", "齐全。")
