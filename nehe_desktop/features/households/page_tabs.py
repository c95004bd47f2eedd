"""What stands under each tab of a household: basics, members, visits, the whole story, helpers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nehe_desktop.core.fields import Field
from nehe_desktop.core.identity import age_on
from nehe_desktop.core.masks import shown
from nehe_desktop.core.record import Record
from nehe_desktop.features.households.folder_queries import Folder
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.features.households.story import Happening
from nehe_desktop.features.reference.codes import codes
from nehe_desktop.features.visits.ledger import DONE, GUARANTEES, Visit, trouble_words
from nehe_desktop.ui.layouts import box, column, emptied, row
from nehe_desktop.ui.painted import Avatar, Pill
from nehe_desktop.ui.widgets import Icon, button, card, empty_state, label, line, note_card, pairs, retone

GUARANTEE_ICONS = {
    "food": "wheat", "housing": "house", "water": "droplets", "medical": "heart-pulse", "schooling": "graduation-cap",
}  # fmt: skip
_TONES = {"正常": "green", "有问题": "red", "不适用": "text3", None: "text3"}
_BASICS = (
    "phone", "cause_main", "exit_status", "land_farm", "house_grade", "house_way", "water_way", "bank_name", "bank_no",
    "living_place", "local_no", "hh_no",
)  # fmt: skip
_HEALTHY = "01"
STORY_KINDS = {
    "全部": (),
    "成员": ("成员增加", "成员减少"),
    "走访": ("走访",),
    "问题": ("问题", "销号"),
    "类别": ("类别",),
    "帮扶": ("结对",),
    "修改": ("修改",),
}
_STORY_ICONS = {
    "成员增加": ("user-plus", "green"), "成员减少": ("log-out", "orange"), "走访": ("footprints", "blue"),
    "问题": ("circle-alert", "red"), "销号": ("circle-check", "green"), "类别": ("list-checks", "gold"),
    "结对": ("hand-heart", "teal"), "修改": ("pencil", "grey"),
}  # fmt: skip
FIRST_OF_STORY = 60


def when_seen(day: date | None, today: date) -> str:
    """A day as the office says it: 28 天前（7 月 13 日）."""
    if day is None:
        return "还没走访过"
    days = (today - day).days
    near = "今天" if days == 0 else "昨天" if days == 1 else f"{days} 天前"
    year = f"{day.year} 年 " if day.year != today.year else ""
    return f"{near}（{year}{day.month} 月 {day.day} 日）"


def basics(folder: Folder, go: Callable[..., object], eye: QWidget, *, whole: bool) -> QWidget:
    """基本情况: the guarantees of the last visit, what is wrong, key values."""
    parts: list[QWidget] = [label("两不愁三保障", "h3"), guarantees(folder.last_visit, whole=whole)]
    parts += _warnings(folder, go, whole=whole)
    head = label("基本信息", "h3")
    return box(column(*parts, box(row(head, None, eye)), _key_values(folder, whole=whole), None, gap=10))


def guarantees(visit: Visit | None, *, whole: bool) -> QWidget:
    """The five guarantees as icons with their words, as the last visit found them."""
    tiles = []
    for name, words in GUARANTEES.items():
        answer = getattr(visit, name) if visit else None
        said = answer or "未登记"
        tile = card(
            column(
                row(None, Icon(GUARANTEE_ICONS[name], _TONES[answer], 1.47), None),
                row(None, label(words, "caption"), None),
                row(None, label(said, "caption", tone=_TONES[answer] if answer in ("正常", "有问题") else ""), None),
                gap=2,
            ),
            kind="flat",
            margins=(4, 7, 4, 6),
        )
        tile.setAccessibleName(f"{words}：{said}")
        tile.setToolTip(trouble_words(visit, name, whole=whole) if visit else "")
        tiles.append((tile, 1))
    return box(row(*tiles, gap=6))


def _warnings(folder: Folder, go: Callable[..., object], *, whole: bool) -> list[QWidget]:
    """Red notes: guarantees in trouble, a visit that is overdue, problems past their day."""
    found: list[QWidget] = []
    visit = folder.last_visit
    for name, words in GUARANTEES.items():
        if visit and getattr(visit, name) == "有问题":
            found.append(note_card(f"{words}：{trouble_words(visit, name, whole=whole)}", "red"))
    for problem in folder.problems:
        if problem.state not in DONE:
            act = button("去办理", lambda id=problem.id: go("problems", problem=id), kind="ghost")
            due = f"，限 {problem.due.month} 月 {problem.due.day} 日前" if problem.due else ""
            found.append(note_card(f"{problem.category}：{problem.description}（{problem.state}{due}）", "orange", act))
    if folder.is_late:
        act = button("去走访", lambda: go("visit", household=folder.household.id), kind="ghost")
        words = when_seen(visit.day if visit else None, folder.today)
        found.append(note_card(f"该走访了：{words}" if not visit else f"该走访了：上次是{words}", "red", act))
    return found


def _key_values(folder: Folder, *, whole: bool) -> QWidget:
    head, household = folder.head, folder.household
    items: list[tuple[str, str | QWidget]] = []
    if head:
        items.append(("户主身份证号", shown(_field(head, "id_no"), head.id_no, whole=whole)))
        items.append(("户主电话", shown(_field(head, "phone"), head.phone, whole=whole)))
    for name in _BASICS:
        field, value = _field(household, name), getattr(household, name)
        if value not in (None, "", ()) and field.shown(household.values()):
            items.append((field.label, _with_unit(field, shown(field, value, whole=whole))))
    if (last := folder.last_visit) and last.income_per_head is not None:
        items.append(("人均纯收入", f"{last.income_per_head:,.0f} 元 / 年"))
    helpers = "、".join(helper.name for helper, link in folder.helpers if link.until is None)
    items.append(("帮扶责任人", helpers or "还没有结对"))
    seen = when_seen(last.day if last else None, folder.today)
    items.append(("上次走访", label(seen, tone="red" if folder.is_late else "", wrap=True)))
    return pairs(items)


def _field(record: Record, name: str) -> Field:
    return record.ledger.fields[name]


def _with_unit(field: Field, text: str) -> str:
    unit = getattr(field.kind, "unit", "")
    return f"{text} {unit}" if unit and text else text


class MemberLine(QWidget):
    """A member: who he is to the head, how old, what matters of his work, and his health to who asked for it."""

    def __init__(self, person: Person, today: date, *, whole: bool, more: str = "", act: QWidget | None = None) -> None:
        super().__init__()
        facts = [codes("relation").get(person.relation, "")]
        facts += [f"{age_on(person.birth, today)} 岁"] if person.birth else []
        facts += [codes("sex")[person.sex]] if person.sex in codes("sex") else []
        second = [shown(_field(person, n), getattr(person, n), whole=whole) for n in ("id_no", "phone")]
        second += ["健康状况已填"] if person.health and not whole else []
        words = column(
            row(label(person.name, "bold"), *pills_of(person, whole=whole), None, gap=6),
            label(" · ".join(filter(None, facts)) + (f" · {more}" if more else ""), "caption"),
            label("　".join(filter(None, second)), "caption"),
            gap=1,
        )
        extra = [act] if act else []
        row(Avatar(person.name[:1], 2.3, "p100", "p700"), (words, 1), *extra, gap=10, margins=(0, 4, 0, 4), on=self)
        self.setAccessibleName(f"{person.name} {' '.join(facts)}")


def pills_of(person: Person, *, whole: bool) -> list[Pill]:
    """Health, where somebody asked for it, and what else a helper must know."""
    names = [codes("health")[code] for code in person.health if code != _HEALTHY and code in codes("health")]
    found = [Pill(name, "orange") for name in names if whole]
    if person.at_home is False:
        found.append(Pill("外出", "blue"))
    if person.school_status not in (None, "", "00"):
        found.append(Pill("在校", "teal"))
    return found


def members(folder: Folder, edit: Callable[[str], object], *, whole: bool) -> QWidget:
    """成员: who is here, then who left, when and why."""
    parts: list[QWidget] = []
    for person in folder.members:
        act = button("", lambda id=person.id: edit(id), icon="pencil", kind="ghost", tip=f"编辑{person.name}")
        parts.append(MemberLine(person, folder.today, whole=whole, act=act))
    if not parts:
        parts.append(label("户里没有在册成员，请到“编辑”里新增成员", "error", wrap=True))
    if folder.gone:
        parts += [line(), label("已减少", "h3")]
    for person, membership in folder.gone:
        why = codes("leaving").get(membership.leave_reason or "", "")
        parts.append(MemberLine(person, folder.today, whole=whole, more=f"{membership.left_on} {why}"))
    return box(column(*parts, None, gap=4))


def visits(folder: Folder, go: Callable[..., object]) -> QWidget:
    """走访: newest first, with what was found and done."""
    if not folder.visits:
        new = button(
            "登记第一次走访", lambda: go("visit", household=folder.household.id), icon="clipboard-pen", kind="primary"
        )
        return empty_state("footprints", "还没有走访记录", new)
    return box(column(*(_visit(visit, folder.today) for visit in folder.visits[:FIRST_OF_STORY]), None, gap=8))


def _visit(visit: Visit, today: date) -> QWidget:
    wrong = [words for name, words in GUARANTEES.items() if getattr(visit, name) == "有问题"]
    sign = Pill("、".join(wrong) + "有问题", "red") if wrong else Pill("正常", "green")
    words = [text for text in (visit.findings, visit.measures, visit.note) if text]
    parts = [box(row(label(when_seen(visit.day, today), "bold"), None, sign))]
    parts.append(label(f"{visit.kind} · {visit.visitors}", "caption"))
    parts += [label(text, wrap=True) for text in words]
    return card(column(*parts, gap=3), kind="flat", margins=(12, 8, 12, 9))


def helpers(folder: Folder, go: Callable[..., object], *, whole: bool) -> QWidget:
    """帮扶人: who helps now, then who helped."""
    parts: list[QWidget] = []
    for helper, link in folder.helpers:
        until = f" 至 {link.until}" if link.until else "起"
        phone = shown(_field(helper, "phone"), helper.phone, whole=whole)
        facts = " · ".join(filter(None, (helper.post, phone, f"{link.since}{until}")))
        words = column(label(helper.name, "bold"), label(facts, "caption", wrap=True), gap=1)
        sign = Pill("在帮", "green") if link.until is None else Pill("已解除", "grey")
        parts.append(box(row(Avatar(helper.name[:1], 2.3, "p100", "p700"), (words, 1), sign, gap=10)))
    if not parts:
        parts.append(label("还没有结对帮扶责任人", "muted"))
    parts.append(box(row(button("结对管理", lambda: go("ledger:help_link"), icon="hand-heart"), None)))
    return box(column(*parts, None, gap=10))


class Story(QWidget):
    """全部经过: one time line of everything, that can be narrowed to one kind."""

    wanted = Signal(str)

    def __init__(self, happenings: tuple[Happening, ...]) -> None:
        super().__init__()
        self._all, self._most = happenings, FIRST_OF_STORY
        self._kind = "全部"
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.chips = {name: button(name, lambda name=name: self.show_kind(name), kind="chip") for name in STORY_KINDS}
        for name, kinds in STORY_KINDS.items():
            number = sum(not kinds or h.kind in kinds for h in happenings)
            self.chips[name].reword(f"{name} {number}" if name == "全部" else name)
            self.chips[name].setVisible(bool(number))
        column(_wrapped(list(self.chips.values())), self._lines, None, gap=8, on=self)
        self.show_kind("全部")

    def shown(self) -> list[Happening]:
        """The happenings of the chosen kind."""
        kinds = STORY_KINDS[self._kind]
        return [h for h in self._all if not kinds or h.kind in kinds]

    def show_kind(self, name: str) -> None:
        """Only happenings of one kind."""
        self._kind = name
        for each, chip in self.chips.items():
            chip.setChecked(each == name)
        self._draw()

    def _draw(self) -> None:
        emptied(self._lines)
        found = self.shown()
        for each in found[: self._most]:
            self._lines.addWidget(_happening(each))
        if len(found) > self._most:
            self._lines.addWidget(button(f"再看更早的 {len(found) - self._most} 条", self._more, kind="ghost"))

    def _more(self) -> None:
        self._most = len(self._all)
        self._draw()


def _wrapped(chips: list[QWidget]) -> QVBoxLayout:
    """Chips in two rows, so that they fit beside each other in a narrow panel."""
    half = (len(chips) + 1) // 2
    return column(row(*chips[:half], None, gap=6), row(*chips[half:], None, gap=6), gap=6)


def _happening(happening: Happening) -> QWidget:
    name, tone = _STORY_ICONS.get(happening.kind, ("info", "grey"))
    title = happening.title if happening.kind == "修改" else f"{happening.kind}：{happening.title}"
    parts = [box(row((label(title, "bold", wrap=True), 1), label(f"{happening.day}", "caption")))]
    if happening.detail:
        parts.append(label(happening.detail, wrap=True))
    if happening.reason:
        parts.append(label(f"原因：{happening.reason}", "caption", wrap=True))
    made = QWidget()
    mark = box(column(Icon(name, tone), None))
    row(mark, (column(*parts, line(), gap=3), 1), gap=10, margins=(0, 6, 0, 0), on=made)
    made.setAccessibleName(f"{happening.day} {title} {happening.detail}")
    retone(made, role="happening")
    return made
