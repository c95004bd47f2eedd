"""Where a sheet's header stands and which declared field each foreign column means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rapidfuzz import fuzz, process

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.sheets import Cell, Row, Sheet, Workbook

T = TypeVar("T")
_DEEP = 15  # rows in which a header is looked for; the national exports have it in row 3
_LEAST = 5  # known names that make a header (domain §1.11)
_FEW = 3  # enough where no sheet has more: a short list of village, head and number
_LIKE = 62.0  # likeness in percent from which a field is offered to the person, never taken by itself
_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_NOISE = re.compile(r"[\s\u200b\ufeff*＊:：、.。_/\\|（）()\[\]【】\-—]+")
_LATIN = re.compile("[a-z]+")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．]\s*")
_TOTALS = {"合计", "小计", "总计", "本页小计", "本页合计", "累计", "共计", "平均"}
_FOOT = (
    "填表人",
    "填报人",
    "制表",
    "审核人",
    "审核：",
    "负责人",
    "单位负责人",
    "备注",
    "注：",
    "注:",
    "说明",
    "填表说明",
    "填报单位",
    "填表日期",
    "联系人",
)
_EXAMPLE = ("例：", "例:", "示例", "（示例")


@dataclass(frozen=True)
class Target:
    """Something a column can mean: the key of a field and the names it goes by."""

    key: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """The header of a sheet: rows from 0, and the name of each column (upper and lower joined)."""

    row: int
    height: int
    names: tuple[str, ...]

    @property
    def first(self) -> int:
        """Index of the first row under the header."""
        return self.row + self.height


@dataclass(frozen=True)
class Columns:
    """Which column is which field; `offered` holds likenesses that a person must confirm."""

    columns: dict[int, str]
    offered: dict[int, tuple[str, float]] = field(default_factory=dict)
    unknown: tuple[int, ...] = ()
    ignored: tuple[int, ...] = ()


def plain(heading: object) -> str:
    """A heading as it is compared: half width, without spaces, brackets' contents, stars and numbering."""
    text = unicodedata.normalize("NFKC", str(heading or "")).strip().casefold()
    text = _NUMBERING.sub("", text)
    return _NOISE.sub("", _BRACKETS.sub("", text)) or _NOISE.sub("", text)


def _full(heading: object) -> str:
    """A heading with what stands in its brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(heading or "")).casefold())


def _looked_up(heading: object, known: Mapping[str, T]) -> T | None:
    """What a heading means: with its brackets, without them, without an English word beside the Chinese."""
    short = plain(heading)
    for text in (_full(heading), short, _LATIN.sub("", short)):
        if text in known:
            return known[text]
    return None


def dictionary(targets: Iterable[Target]) -> dict[str, str]:
    """Compared heading → key; a label wins over another's synonym, the first target over a later one."""
    targets = tuple(targets)
    known: dict[str, str] = {}
    for target in targets:
        known.setdefault(plain(target.label), target.key)
    for target in targets:
        for synonym in target.synonyms:
            known.setdefault(_full(synonym), target.key)
            known.setdefault(plain(synonym), target.key)
    return known


def find_header(sheet: Sheet, known: Mapping[str, object], least: int = _LEAST) -> Header | None:
    """The row or two rows with the most known names, or None where fewer than `least` stand together."""
    best, most = None, least - 1
    for at in range(min(_DEEP, len(sheet.rows))):
        for height in (1, 2):
            names = _names(sheet, at, height)
            found = len({key for name in names if (key := _key_of(name, known))})
            simpler = best is not None and found == most and height < best.height
            if names and (found > most or simpler):
                best, most = Header(at, height, tuple(_heading(pair, known) for pair in names)), found
    return best


def _names(sheet: Sheet, at: int, height: int) -> list[tuple[str, str]]:
    """Upper and lower name of each column; empty where the second row holds data."""
    if height == 1:
        return [("", _text(cell)) for cell in sheet.rows[at]]
    if at + 1 >= len(sheet.rows) or not any(_text(cell) for cell in sheet.rows[at]):
        return []
    upper, lower = _across(sheet, at), sheet.rows[at + 1]
    if any(cell is not None and not isinstance(cell, str) for cell in lower) or _looks_like_data(lower):
        return []
    width = max(len(upper), len(lower))
    return [(_at(upper, c), _at(lower, c)) for c in range(width)]


def _heading(name: tuple[str, str], known: Mapping[str, object]) -> str:
    """The lower name where only that is known (民族 under 个人情况), else both joined."""
    joined, lower = "".join(name), name[1] or name[0]
    return joined if _full(joined) in known or plain(lower) not in known else lower


def _across(sheet: Sheet, at: int) -> Row:
    """The row with cells merged to the right filled; a title over the whole width is left alone."""
    row = list(sheet.rows[at])
    for top, left, _, right in sheet.merged:
        if top == at and right - left < len(row) - 1:
            row[left : right + 1] = [row[left]] * (right + 1 - left)
    return tuple(row)


def _looks_like_data(row: Row) -> bool:
    return sum(bool(re.search(r"\d{4,}", cell)) for cell in row if isinstance(cell, str)) > 0


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _at(row: Sequence[Cell], column: int) -> str:
    return _text(row[column]) if column < len(row) else ""


def _key_of(name: tuple[str, str], known: Mapping[str, object]) -> object | None:
    """The key of the joined, the lower or (where there is no lower) the upper name."""
    upper, lower = name
    return _looked_up(upper + lower, known) or _looked_up(lower or upper, known)


def map_columns(
    header: Header, targets: Sequence[Target], remembered: Mapping[str, str] | None = None
) -> Columns:
    """Each column's key: what a person once chose, then exact names; the rest is offered or unknown.

    `remembered` is heading → key, the empty key for a column to be left out. No key is given twice.
    """
    known = dictionary(targets)
    keys = {target.key for target in targets}
    memory = {plain(name): key for name, key in (remembered or {}).items()}
    columns: dict[int, str] = {}
    ignored: list[int] = []
    for exact in (memory, known):
        for at, name in enumerate(header.names):
            key = _looked_up(name, exact)
            if at in columns or at in ignored or key is None:
                continue
            if key == "":
                ignored.append(at)
            elif key in keys and key not in columns.values():
                columns[at] = key
    rest = [
        at for at, name in enumerate(header.names) if plain(name) and at not in columns and at not in ignored
    ]
    offered = _offers(header, rest, targets, set(columns.values()))
    unknown = tuple(at for at in rest if at not in offered)
    return Columns(dict(sorted(columns.items())), offered, unknown, tuple(ignored))


def _offers(
    header: Header, rest: Sequence[int], targets: Sequence[Target], taken: set[str]
) -> dict[int, tuple[str, float]]:
    free = {plain(n): t.key for t in targets if t.key not in taken for n in (t.label, *t.synonyms)}
    offers: dict[int, tuple[str, float]] = {}
    for at in rest:
        match = process.extractOne(
            plain(header.names[at]), free.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE
        )
        if match and free[match[0]] not in {key for key, _ in offers.values()}:
            offers[at] = (free[match[0]], match[1])
    return offers


def remember(header: Header, chosen: Mapping[int, str]) -> dict[str, str]:
    """What a person chose by hand, as the memory that `map_columns` takes."""
    return {plain(header.names[at]): key for at, key in chosen.items()}


@dataclass(frozen=True)
class Table:
    """A sheet with its header found; `skipped` tells of rows that are no records."""

    sheet: Sheet
    header: Header

    def records(self, rows: list[Row] | None = None) -> Iterator[tuple[int, Row]]:
        """Row number of the file (from 1) and cells of each row that is a record."""
        for at, row in enumerate(rows or self.sheet.rows):
            if at >= self.header.first and not self.why_skipped(row):
                yield at + 1, row

    def why_skipped(self, row: Row) -> str:
        """Why a row is no record: 空行, 合计, 表尾, 示例 or 重复表头; empty for a record."""
        texts = [cell for cell in row if cell is not None and str(cell).strip()]
        if not texts:
            return "空行"
        first = re.sub(r"\s", "", str(texts[0]))
        if any(re.sub(r"[\s:：]", "", str(cell)) in _TOTALS for cell in texts[:3]):
            return "合计行"
        if first.startswith(_FOOT) and len(texts) <= 6:
            return "表尾"
        if first.startswith(_EXAMPLE):
            return "示例行"
        same = sum(_text(cell) == name != "" for cell, name in zip(row, self.header.names, strict=False))
        return "重复的表头" if same >= max(2, len(texts) - 1) else ""


def find_tables(
    workbook: Workbook,
    targets: Sequence[Target],
    remembered: Mapping[str, str] | None = None,
    least: int = _LEAST,
) -> list[Table]:
    """The sheets that hold records; raises Trouble that names what was looked for where there is none."""
    known: dict[str, object] = {**dictionary(targets), **{n: k for n, k in (remembered or {}).items() if k}}
    tables = _tables(workbook, known, least) or _tables(workbook, known, min(least, _FEW))
    if not tables:
        wanted = "、".join(target.label for target in targets[:8])
        raise Trouble("没有找到表头：前 15 行里认得的列名不够", f"表头里应有这样的列名：{wanted}……")
    return tables


def _tables(workbook: Workbook, known: Mapping[str, object], least: int) -> list[Table]:
    found = [(sheet, find_header(sheet, known, least)) for sheet in workbook.sheets]
    return [Table(sheet, header) for sheet, header in found if header]
