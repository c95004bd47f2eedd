"""Tables of a web page that was saved with the ending .xls, as many office systems do."""

from __future__ import annotations

from html.parser import HTMLParser

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.sheets import (
    Cancelled,
    Cell,
    Limits,
    Progress,
    Range,
    Sheet,
    Stopped,
    without_tail,
)

_STEP = 2**16  # characters between two looks at the watcher
_SILENT = {"script", "style", "title"}


class _Tables(HTMLParser):
    """Collects the outer tables; a table inside a cell gives its text to that cell."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.sheets: list[Sheet] = []
        self.rows: list[list[Cell]] = []
        self.merged: list[Range] = []
        self.taken: set[tuple[int, int]] = set()
        self.depth = 0
        self.text: list[str] | None = None
        self.silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a table, a row or a cell."""
        if tag in _SILENT:
            self.silent = tag
        elif tag == "table":
            self.depth += 1
        elif tag == "br" and self.text is not None:
            self.text.append("\n")
        elif self.depth <= 1 and tag == "tr":
            self.finish_cell()
            self.rows.append([])
        elif self.depth <= 1 and tag in ("td", "th"):
            self.finish_cell()
            self.begin_cell(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Ends a cell or a table."""
        if tag == self.silent:
            self.silent = ""
        if tag in ("td", "th", "tr") and self.depth <= 1:
            self.finish_cell()
        elif tag == "table" and self.depth:
            self.depth -= 1
            if not self.depth:
                self.finish_table()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self.text is not None and not self.silent:
            self.text.append(data)

    def begin_cell(self, attrs: dict[str, str | None]) -> None:
        """Finds the next free column and notes what the cell covers."""
        if not self.rows:
            self.rows.append([])
        row, at = len(self.rows) - 1, len(self.rows[-1])
        while (row, at) in self.taken:
            self.rows[-1].append(None)
            at += 1
        down, across = _span(attrs.get("rowspan")), _span(attrs.get("colspan"))
        if at + across > self.limits.columns or row + down > self.limits.rows:
            raise Trouble("网页表格的行列太多，不像一张台账", "请用 Excel 打开后另存为 .xlsx")
        if down * across > 1:
            self.merged.append((row, at, row + down - 1, at + across - 1))
            self.taken.update((r, c) for r in range(row, row + down) for c in range(at, at + across))
        self.text = []

    def finish_cell(self) -> None:
        """Puts the text of the open cell into its row."""
        if self.text is None:
            return
        text = "".join(self.text).replace("\xa0", " ").strip()
        self.rows[-1].append(text or None)
        self.text = None

    def finish_table(self) -> None:
        """Keeps the table as a sheet where it holds anything."""
        self.finish_cell()
        if rows := without_tail(self.rows):
            self.sheets.append(Sheet(f"表{len(self.sheets) + 1}", rows, tuple(self.merged)))
        self.rows, self.merged, self.taken = [], [], set()


def _span(text: str | None) -> int:
    return max(1, min(int(text), 10_000)) if text and text.strip().isdigit() else 1


def tables_of(
    text: str, limits: Limits, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> tuple[Sheet, ...]:
    """Each outer table as a sheet; raises Trouble where there is none."""
    parser = _Tables(limits)
    for at in range(0, len(text), _STEP):
        if cancelled and cancelled():
            raise Stopped
        parser.feed(text[at : at + _STEP])
        if progress:
            progress(min(at + _STEP, len(text)), len(text))
    parser.close()
    parser.finish_table()
    if not parser.sheets:
        raise Trouble("文件是网页，里面没有表格", "请在原系统里重新导出，或用 Excel 打开后另存为 .xlsx")
    return tuple(parser.sheets)
