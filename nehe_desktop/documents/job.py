"""Printing a batch: papers into one file or one file each, with progress, cancelling and no half file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Trouble
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.fonts import Fonts
from nehe_desktop.documents.paper import draw


@dataclass(frozen=True)
class Made:
    """One paper in a file: its number, its pages, and the hash of its content as printed on it."""

    number: str
    pages: int
    content_hash: str = ""


@dataclass(frozen=True)
class Printed:
    """What a batch made: the whole files, papers and pages in them, and the SHA-256 of all their bytes.

    `each` tells of every paper that stands in a whole file, in the order of printing.
    """

    files: tuple[Path, ...] = ()
    papers: int = 0
    pages: int = 0
    sha256: str = ""
    cancelled: bool = False
    each: tuple[Made, ...] = ()


class Cancelled(Exception):
    """The user stopped the batch."""


def never() -> bool:
    """A batch nobody cancels."""
    return False


def print_batch(
    papers: Sequence[Any], path: Path, progress: Callable[[int, int], object] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = never, *, title: str = "", separate: bool = False,
    fonts: Fonts | None = None, invariant: bool = False,
) -> Printed:  # fmt: skip
    """Print papers into the file `path`, or each into its own file in the folder `path` when `separate`.

    A sequence that makes its papers when they are asked for keeps one of them in memory at a time.
    Raises Trouble for a character without a font or a place that cannot be written. Files appear whole
    or not at all.
    """
    total = len(papers)
    if not papers:
        return Printed()
    groups: Iterable[Sequence[Any]] = ([paper] for paper in papers) if separate else [papers]
    made: list[tuple[Path, tuple[Made, ...]]] = []

    def check() -> None:
        if cancelled():
            raise Cancelled

    try:
        for group in groups:
            target = path / file_name(group[0]) if separate else path
            document = _Writing(target, title or target.stem, fonts, check, invariant=invariant)
            written = document.write(_told(group, len(made) if separate else 0, total, progress))
            made.append((target, written))
    except Cancelled:
        return _result(made, cancelled=True)
    return _result(made)


def _told(
    group: Iterable[Any], done: int, total: int, progress: Callable[[int, int], object]
) -> Iterable[Any]:
    for number, paper in enumerate(group, done + 1):
        yield paper
        progress(number, total)


def _result(made: list[tuple[Path, tuple[Made, ...]]], *, cancelled: bool = False) -> Printed:
    digest = hashlib.sha256()
    for path, _ in made:
        digest.update(path.read_bytes())
    each = tuple(one for _, papers in made for one in papers)
    files, pages = tuple(path for path, _ in made), sum(one.pages for one in each)
    return Printed(files, len(each), pages, digest.hexdigest(), cancelled, each)


def file_name(paper: Any) -> str:
    """File name of one paper: its document code and number."""
    return re.sub(r'[\\/:*?"<>|\s]', "_", f"{paper.stamp.code}-{paper.stamp.number}") + ".pdf"


@dataclass(frozen=True)
class _Writing:
    """One file written beside its place and moved there when whole."""

    target: Path
    title: str
    fonts: Fonts | None
    check: Callable[[], None]
    invariant: bool = False

    def write(self, papers: Iterable[Any]) -> tuple[Made, ...]:
        """Write the papers and tell of each."""
        part = self.target.with_name(f".{self.target.name}.part")
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            document = Document(
                part, self.title, fonts=self.fonts, on_page=self.check, invariant=self.invariant
            )
            made = tuple(_drawn(paper, document) for paper in papers)
            self.check()
            document.save()
            part.replace(self.target)
        except OSError as error:
            raise Trouble(
                f"无法写入文件：{self.target.name}", "请检查磁盘空间，关闭正在打开这个文件的程序后重试。"
            ) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return made


def _drawn(paper: Any, document: Document) -> Made:
    before, number = document.pages, paper.stamp.number
    draw(paper, document)
    return Made(number, document.pages - before, document.hashes.get(number, ""))
