"""Which papers can be printed, and for what scope."""

from __future__ import annotations

from dataclasses import dataclass

HOUSEHOLD, HAMLET, VILLAGE, TEAM, MEMBER, COUNTY = "本户", "本屯", "全村", "本队", "本人", "全县"


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper: the office's code, its title, what it says in one line, its scopes."""

    code: str
    title: str
    note: str
    icon: str
    scopes: tuple[str, ...]
    monthly: bool = False
    of_ledger: bool = False


KINDS = (
    PaperKind("D01", "驻村工作纪律承诺书", "按人 · A4 1 页", "signature", (MEMBER, TEAM, COUNTY)),
    PaperKind("D01T", "承诺书（全队）", "按队 · A4", "signature", (TEAM, COUNTY)),
    PaperKind("D02", "工作队月考勤表", "按队 · A4 横", "calendar-check", (TEAM, COUNTY), monthly=True),
    PaperKind("D07", "帮扶明白卡（上墙）", "按户 · A5 横", "house-plus", (HOUSEHOLD, HAMLET, VILLAGE)),
    PaperKind("D07N", "帮扶明白卡（内部）", "按户 · A5 横", "wallet", (HOUSEHOLD, HAMLET, VILLAGE)),
    PaperKind("D07F", "一户一档封面", "按户 · A4 1 页", "folder-open", (HOUSEHOLD, HAMLET, VILLAGE)),
    PaperKind(
        "D09", "入户走访记录表", "按次 · A4", "clipboard-pen", (HOUSEHOLD, HAMLET, VILLAGE), monthly=True
    ),
    PaperKind("LIST", "台账清单", "任意台账 · A4", "list-checks", (VILLAGE, COUNTY), of_ledger=True),
)
BY_CODE = {kind.code: kind for kind in KINDS}


@dataclass(frozen=True)
class Request:
    """What shall be printed: the kind, its scope and what the scope is of (ids; empty where it does not matter)."""

    code: str
    scope: str
    household: str = ""
    visit: str = ""
    team: str = ""
    member: str = ""
    village: str = ""
    month: str = ""
    ledger: str = ""
    masked: bool = True
    watermark: bool = False

    @property
    def kind(self) -> PaperKind:
        """The kind of paper."""
        return BY_CODE[self.code]
