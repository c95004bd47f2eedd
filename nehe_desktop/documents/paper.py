"""What all papers share: number and code, footer with totals, watermark, and how each type is drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import singledispatch
from typing import Any

from nehe_desktop.documents.document import MM, Document
from nehe_desktop.documents.qr import draw_qr, payload

GREY = (0.35, 0.35, 0.35)
SAMPLE = "示例数据"
_COS, _SIN = 0.866, 0.5  # the slant of a watermark: 30 degrees


PREVIEW = "预览"
"""Stands where the number of a paper will be that is only looked at."""


@dataclass(frozen=True)
class Stamp:
    """What identifies one printed paper; `watermark` is a name and date, `sample` marks made-up data."""

    code: str
    number: str
    revision: int = 1
    data_time: datetime | None = None
    device: str = ""
    watermark: str = ""
    sample: bool = False

    @property
    def on_screen(self) -> bool:
        """Whether it is a preview, which says of an illness only that something is filled."""
        return self.number == PREVIEW

    @property
    def payload(self) -> str:
        """Text of the paper's QR code."""
        return payload(self.code, self.number)


@singledispatch
def draw(paper: Any, document: Document) -> None:
    """Draw a paper's pages into an open document; every paper registers its own type."""
    raise TypeError(f"no paper for {document.place}: {type(paper).__name__}")


def content_hash(paper: Any) -> str:
    """16 hex digits of what a paper says: its fields without the stamp, photos by their own hash."""
    plain = asdict(replace(paper, stamp=None))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16].upper()


def _plain(value: Any) -> Any:
    """A value JSON does not know, the same in every run: sets sorted, bytes by their hash."""
    if isinstance(value, frozenset):
        return sorted(value)
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


class Sheets:
    """The pages of one paper: each with watermark and footer; the totals are filled in at the end."""

    def __init__(self, document: Document, stamp: Stamp, size: tuple[float, float], margin: float) -> None:
        self.document, self.stamp, self.size, self.margin = document, stamp, size, margin
        self.number, self.hash = 0, ""
        self._form = f"footer-{document.pages}"

    def page(self) -> int:
        """Open the next page of this paper and return its number."""
        self.document.new_page(self.size)
        self.number += 1
        self._watermark()
        self._footer()
        return self.number

    def _watermark(self) -> None:
        words = "　".join(
            part for part in (SAMPLE if self.stamp.sample else "", self.stamp.watermark) if part
        )
        if words:
            key = ("watermark", words, self.size)
            if key not in self.document.kept:
                self.document.kept[key] = _tiled(self.document, words, self.size, large=self.stamp.sample)
            self.document.put(self.document.kept[key])

    def _footer(self) -> None:
        right = self.size[0] - self.margin - 13 * MM
        self.document.coloured(
            GREY, lambda: self.document.text(right, 7 * MM, f"第 {self.number} 页", "song", 7.5, "right")
        )
        self.document.use(self._form)

    def close(self) -> None:
        """Say on every page what is known only now: how many pages, and the hash of the content."""
        stamp, right = self.stamp, self.size[0] - self.margin
        self.document.hashes[stamp.number] = self.hash
        parts = [stamp.code, stamp.number, f"第{stamp.revision}版"]
        if stamp.data_time:
            parts.append(f"数据时间 {stamp.data_time:%Y-%m-%d %H:%M}")
        parts += [f"设备 {stamp.device}"] if stamp.device else []
        parts += [f"校验 {self.hash}"] if self.hash else []

        def totals() -> None:
            room = right - 28 * MM - self.margin
            self.document.text(self.margin, 7 * MM, "　".join(parts), "song", 7, "left", room)
            self.document.text(right - 12 * MM, 7 * MM, f"共 {self.number} 页", "song", 7.5)

        self.document.form(self._form, lambda: self.document.coloured(GREY, totals))


def _tiled(document: Document, words: str, size: tuple[float, float], *, large: bool) -> str:
    """Slanted light words all over a page; drawn before the content, so that the content stays crisp."""
    points = 30 if large else 15
    show, width = document.shown(words, "hei", points)
    cells = [f"BT {_COS} {_SIN} -{_SIN} {_COS} {x:.1f} {y:.1f} Tm {show} ET"
             for x, y in _spots(size, width + 3 * points, 95 if large else 80)
             if x < size[0] and x + width * _COS > 0 and y < size[1] and y + width * _SIN > 0]  # fmt: skip
    return f"q 0.93 g {' '.join(cells)} Q"


def _spots(size: tuple[float, float], along: float, across: float) -> Iterator[tuple[float, float]]:
    """Where slanted words begin so that none meets another: rows and columns that are turned with them."""
    wide, high = size
    for row in range(-int(wide * _SIN / across) - 1, int(high * _COS / across) + 2):
        for column in range(-1, int((wide * _COS + high * _SIN) / along) + 1):
            u, v = (column + row % 2 / 2) * along, row * across
            yield u * _COS - v * _SIN, u * _SIN + v * _COS


@contextmanager
def sheets(
    document: Document, stamp: Stamp, place: str, size: tuple[float, float], *, margin: float = 15 * MM
) -> Iterator[Sheets]:
    """Pages for one paper; `place` is what a message about it calls it, such as 承诺书 李四."""
    document.place, document.row = f"{place}（{stamp.number}）", ()
    pages = Sheets(document, stamp, size, margin)
    yield pages
    pages.close()


def draw_mark(document: Document, stamp: Stamp, x: float, y: float, side: float = 18 * MM) -> None:
    """The paper's QR code, lower left corner at (x, y), with the number to type under it."""
    draw_qr(document, stamp.payload, x, y, side)
    document.text(x + side / 2, y - 8, stamp.number, "song", 6.5, "center", side * 1.25)
