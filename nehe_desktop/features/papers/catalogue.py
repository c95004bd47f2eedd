"""Which papers can be printed, and for what scope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from nehe_desktop.core.guard import Guard
from nehe_desktop.core.masks import PUBLIC, Audience
from nehe_desktop.core.record import LEDGERS

HOUSEHOLD, HAMLET, VILLAGE, TEAM, MEMBER, COUNTY = "本户", "本屯", "全村", "本队", "本人", "全县"
CHOSEN = "选中的"
"""The scope of households, or of rows of another ledger, that were marked in a list."""


Use = Literal["internal", "signed", "posted"]
"""Where a paper ends: inside the office, signed and sealed, or on a wall for everybody.

An internal paper always has the mark of who printed it (domain §11.3 (5)); a posted one needs consents.
"""


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper: the office's code, its title, what it says in one line, its scopes.

    `monthly` needs a month, or takes one where it may; `private` has numbers that can be masked; `use` says
    where it ends, `needs` what a household must have agreed to before a posted one shows it.
    """

    code: str
    title: str
    note: str
    icon: str
    scopes: tuple[str, ...]
    monthly: bool = False
    of_ledger: bool = False
    private: bool = False
    use: Use = "signed"
    needs: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """The code of the form that stands on the paper: D07 for every kind of card."""
        return self.code[:3] if self.code[1:3].isdecimal() else self.code


_OF_HOUSEHOLDS = (HOUSEHOLD, HAMLET, VILLAGE)
KINDS = (
    PaperKind("D09", "入户走访记录表", "按次 · A4", "clipboard-pen", _OF_HOUSEHOLDS, monthly=True),
    PaperKind("D02", "工作队月考勤表", "按队 · A4 横", "calendar-check", (TEAM, COUNTY), monthly=True),
    PaperKind("D07", "帮扶明白卡（上墙）", "按户 · A5 横", "house-plus", _OF_HOUSEHOLDS, use="posted"),
    PaperKind("D07N", "帮扶明白卡（内部）", "按户 · A5 横", "wallet", _OF_HOUSEHOLDS, use="internal"),
    PaperKind("D07F", "一户一档封面", "按户 · A4 1 页", "folder-open", _OF_HOUSEHOLDS, use="internal"),
    PaperKind("CONSENT", "公开信息同意书", "按户 · A4 1 页", "badge-check", _OF_HOUSEHOLDS),
    PaperKind("SUBJECT", "本人信息核对单", "按户 · A4", "user-round", _OF_HOUSEHOLDS, private=True),
    PaperKind("D01", "驻村纪律承诺书", "按人 · A4 1 页", "signature", (MEMBER, TEAM, COUNTY)),
    PaperKind(
        "D03", "请（销）假审批单", "按次 · A4 1 页", "calendar-days", (MEMBER, TEAM, COUNTY), monthly=True, private=True
    ),
    PaperKind(
        "D03P", "请（销）假审批单（一页两份）", "按次 · A4 横", "calendar-days", (MEMBER, TEAM, COUNTY), monthly=True,
        private=True,
    ),
    PaperKind("D01T", "承诺书（全队）", "按队 · A4", "users", (TEAM, COUNTY)),
    PaperKind(
        "LIST", "台账清单", "任意台账 · A4", "list-checks", (VILLAGE, COUNTY), of_ledger=True, private=True, use="internal"
    ),
)
_ABOUT = {"D01": "member", "D02": "attendance_half", "D03": "leave", "D09": "visit"}
BY_CODE = {kind.code: kind for kind in KINDS}


def printable(guard: Guard) -> dict[str, str]:
    """The ledgers of which who is at the keyboard may print a list: title by table."""
    return {table: ledger.title for table, ledger in LEDGERS.items() if guard.may("print", table)}


@dataclass(frozen=True)
class Request:
    """What shall be printed: the kind, its scope and what the scope is of (ids; empty where it does not matter)."""

    code: str
    scope: str
    household: str = ""
    visit: str = ""
    team: str = ""
    member: str = ""
    leave: str = ""
    village: str = ""
    month: str = ""
    ledger: str = ""
    masked: bool = True
    audience: Audience = "internal"
    watermark: bool = False
    chosen: tuple[str, ...] = ()
    chosen_of: str = "household"  # the ledger that the chosen rows are of

    @property
    def kind(self) -> PaperKind:
        """The kind of paper."""
        return BY_CODE[self.code]

    @property
    def about(self) -> str:
        """The ledger whose rows stand on the paper, for the question who may print it."""
        return self.ledger or "household" if self.kind.of_ledger else _ABOUT.get(self.kind.form, "household")

    def may_print(self, guard: Guard) -> bool:
        """Whether who is at the keyboard may print it; a list of a ledger, whether there is one that he may print."""
        if self.kind.of_ledger and not self.ledger:
            return bool(printable(guard))
        return guard.may("print", self.about)

    @property
    def may_choose(self) -> bool:
        """Whether the rows that were marked can be what this paper is of."""
        of_rows = self.kind.of_ledger and self.about == self.chosen_of
        return bool(self.chosen) and (of_rows or (HOUSEHOLD in self.kind.scopes and self.chosen_of == "household"))

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that a list is kept to; none for all of its scope."""
        return self.chosen if self.kind.of_ledger and self.scope == CHOSEN and self.may_choose else ()

    @property
    def marked(self) -> bool:
        """Whether it has the mark of who prints it: every internal paper, and any that somebody wants it on."""
        return self.watermark or self.use == "internal"

    @property
    def whole(self) -> bool:
        """Whether whole numbers of people stand on it."""
        return self.kind.private and not self.masked and self.use != "posted"

    @property
    def use(self) -> Use:
        """Where this paper ends: a list for the village or the web is posted, whatever its kind."""
        return "posted" if self.kind.of_ledger and self.audience in PUBLIC else self.kind.use

    def to_json(self) -> str:
        """What differs from the defaults, to print the same again."""
        plain = {field.name: field.default for field in fields(self)}
        told = {name: value for name, value in asdict(self).items() if value != plain[name]}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Request:
        """The request of what was kept as JSON; names that are gone are passed over."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in told.items() if name in known}
        return replace(cls("LIST", VILLAGE), **{**values, "chosen": tuple(values.get("chosen", ()))})

    def narrowed(self, scope: str, **ids: str) -> Request:
        """The same for one of its papers alone."""
        return replace(self, scope=scope, chosen=(), **ids)  # type: ignore[arg-type]
