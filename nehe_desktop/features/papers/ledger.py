"""The register of what was printed: number, who, when, what stood on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.fields import choice, moment, ref, text, whole
from nehe_desktop.core.record import Record
from nehe_desktop.features.papers.hanging import job_of

OUTCOMES = ("打印", "存为 PDF", "批量存盘")


class PrintedPaper(
    Record,
    table="printed_paper",
    title="打印登记簿",
    scope="village",
    key=("number",),
    indexes=("kind, printed_at", "printed_at"),
    append_only=True,
):
    """One paper that left the program; the number and the hash stand on the paper itself."""

    village: str | None = ref("所在村", "division", default=None)
    number: str = text("编号", width=32, listed=True, search="code")
    kind: str = text("文书", width=8, listed=True, hint="D01、D02 这样的文书代码")
    title: str = text("题名", width=120, listed=True, span=8)
    about: str = text("对应记录", width=64, default="", hint="农户、队员或工作队的内部编号")
    printed_at: datetime = moment("打印时间", listed=True)
    printed_by: str = text("打印人", width=30, listed=True)
    outcome: str = choice("去向", OUTCOMES, default="打印", listed=True)
    printer: str = text("打印机或文件", width=120, default="", listed=True)
    copies: int = whole("份数", low=1, high=999, default=1, listed=True)
    pages: int = whole("页数", low=0, high=100000, default=1, listed=True)
    content_hash: str = text("内容摘要", width=64, default="")
    fonts: str = text("字体方案", width=20, default="")
    request: str = text("打印条件", width=2000, default="", hint="再打印一次时用")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:  # noqa: ARG002
        """What is for everybody to see is entered into the register of what was posted."""
        made = job_of(self.values(), self.printed_at.date())
        return () if made is None else (made,)
