"""The key file on disk: JSON with a version and a digest, a previous copy beside it, repair by itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security.durable import (
    disk_trouble,
    previous_of,
    write_keeping_previous,
    write_whole,
)

FORMAT = "nehe-vault"
VERSION = 2
"""1 has PINs alone; 2 has PINs behind the system's key store, which an older program could not open."""

_ADVICE = "请从备份文件夹或U盘里复制最近的钥匙文件（.key）到数据文件旁边，再用口令或恢复码打开。"

Content = dict[str, Any]


def load(path: Path) -> Content:
    """The vault's content, from the previous copy (and repaired) when the file is damaged; raises Trouble."""
    content = _parsed(path)
    if content is None:
        content = _parsed(previous_of(path))
        if content is None:
            found = path.exists()
            raise Trouble("钥匙文件已损坏，前一份副本也不能用。" if found else "找不到钥匙文件。", _ADVICE)
        _set_aside(path)
        write_whole(path, _bytes_of(content))
    if content["version"] > VERSION:
        raise Trouble("钥匙文件由更新版本的程序写成，本版本不能打开。", "请先升级程序。")
    return content


def read(path: Path) -> Content | None:
    """The content of a copy of a vault, or None for anything else; repairs nothing. Raises Trouble for the disk."""
    content = _parsed(path)
    return content if content is not None and content["version"] <= VERSION else None


def save(path: Path, content: Content, *, forget_previous: bool = False) -> None:
    """Writes the vault in one step; `forget_previous` leaves no copy that an old PIN opens."""
    data = written(content)
    write_keeping_previous(path, data)
    if forget_previous:
        write_whole(previous_of(path), data)


def written(content: Content) -> bytes:
    """A vault as it stands on disk, in the oldest version that can say what it holds."""
    if content["version"] <= VERSION:
        behind = any("kept" in holder["lock"] for holder in content["people"].values())
        content["version"] = 2 if behind or "kept_by" in content else 1
    return _bytes_of(content)


def condition(path: Path) -> str:
    """What is wrong with the key file or its copy, in a sentence; empty is well. Changes nothing."""
    copies = {"钥匙文件": path, "钥匙文件副本": previous_of(path)}
    broken = [name for name, each in copies.items() if not _sound(each)]
    return "、".join(broken) + "缺失或损坏。" if broken else ""


def _sound(path: Path) -> bool:
    return _parsed(path) is not None


def _parsed(path: Path) -> Content | None:
    try:
        content = json.loads(path.read_bytes())
        seal = content.pop("digest")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_trouble(error, path) from error
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    sound = seal == _digest(content) and content.get("format") == FORMAT
    return content if sound else None


def _bytes_of(content: Content) -> bytes:
    whole = {**content, "digest": _digest(content)}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _digest(content: Content) -> str:
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def _set_aside(path: Path) -> None:
    if path.exists():
        path.replace(path.with_name(path.name + ".damaged"))
