"""The log on disk, masked before it is written, and the diagnosis text a person can send."""

from __future__ import annotations

import logging
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_SIZE = 512 * 1024  # bytes of one file
_FILES = 4
_RULES = (
    (re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])"), "〔密钥或摘要〕"),
    (re.compile(r"(?<!\d)(\d{6})\d{8}\d{3}[\dXx](?:\d{2}|[BbＢ]\d)(?!\d)"), r"\1〔残疾人证号〕"),
    (re.compile(r"(?<!\d)(\d{6})(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dXx](?!\d)"), r"\1〔身份证号〕"),
    (re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "〔手机号〕"),
    (re.compile(r"(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)"), "〔银行账号〕"),
    (re.compile(r"(?<!\d)\d{14,20}[Xx]?(?!\d)"), "〔长号码〕"),
)

Names = Callable[[], Iterable[str]]


def masked(text: str, names: Iterable[str] = ()) -> str:
    """Text without ID, phone and bank numbers, keys and the given names; the area code of an ID stays."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, name[0] + "某")
    return text


class Masking(logging.Formatter):
    """A formatter that masks the whole line, the traceback too."""

    def __init__(self, names: Names = tuple) -> None:
        """`names` is asked at each line for names known at that time."""
        super().__init__(_LINE)
        self._names = names

    def format(self, record: logging.LogRecord) -> str:
        """The line as it goes to the disk."""
        return masked(super().format(record), self._names())


def start(folder: Path, names: Names = tuple) -> Path | None:
    """Sends the program's log to a rotating file in `folder`; None when the folder cannot be written."""
    path = folder / "运行日志.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_SIZE, backupCount=_FILES - 1, encoding="utf-8")
    except OSError:
        return None  # a program that cannot log still has to run
    handler.setFormatter(Masking(names))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path


def stop(path: Path) -> None:
    """Closes the log file that `start` opened."""
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler, RotatingFileHandler) and handler.baseFilename == str(path.absolute()):
            root.removeHandler(handler)
            handler.close()


def diagnosis(
    version: str,
    versions: Mapping[str, str],
    counts: Mapping[str, int],
    findings: Iterable[str],
    log: Path | None,
    now: datetime,
    names: Iterable[str] = (),
    lines: int = 200,
) -> str:
    """The masked text of a support bundle: versions (Qt, SQLite …), row counts, self-check, log lines."""
    parts = (
        ("诊断信息（不含个人信息）", (f"时间 {now:%Y-%m-%d %H:%M}", f"程序 {version}")),
        ("环境", (platform.platform(), f"Python {sys.version.split()[0]}", *_pairs(versions))),
        ("记录数", _pairs(counts)),
        ("自检", tuple(findings)),
        ("最近日志", _tail(log, lines)),
    )
    text = "\n".join(f"【{title}】\n" + "\n".join(body) + "\n" for title, body in parts)
    return masked(text.replace(str(Path.home()), "~"), names)


def _pairs(values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(f"{name} {value}" for name, value in values.items())


def _tail(log: Path | None, lines: int) -> tuple[str, ...]:
    if log is None or not log.exists():
        return ("没有日志",)
    return tuple(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
