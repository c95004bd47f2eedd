"""Small forms for steps in the life of a family: a member leaves, another head, moving, splitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from nehe_desktop.core.changes import Change, knowing
from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Store
from nehe_desktop.features.households import moves
from nehe_desktop.features.households.changes import head_changed
from nehe_desktop.features.households.checks import HEAD
from nehe_desktop.features.households.ledger import Household, Membership, Person
from nehe_desktop.features.households.moves import Family, NewHead
from nehe_desktop.features.reference.codes import codes
from nehe_desktop.ui.editors import ComboEditor, Links, RefEditor
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import bind, button, label, line

Made = tuple[list[Change], str, str]
"""Changes, their reason for the history, and the household to show after."""
_RELATIONS = tuple((code, words) for code, words in codes("relation").items() if code != HEAD)


class HeadChoice(QWidget):
    """Who becomes head among some people, and what each of the others is to him."""

    def __init__(self, title: str, people: Sequence[Person]) -> None:
        super().__init__()
        self._people = tuple(people)
        self._head = ComboEditor([(person.id, person.name) for person in people])
        self._relations = {person.id: ComboEditor(_RELATIONS) for person in people}
        self._boxes = {p.id: FieldBox(f"{p.name}与新户主的关系", self._relations[p.id], required=True) for p in people}
        self._head.edited.connect(lambda _id: self._show())
        sized(self._head, most=22)
        column(FieldBox(title, self._head, required=True), *self._boxes.values(), on=self)
        self._show()

    def offer(self, people: Sequence[Person]) -> None:
        """Only these may become head or need a relation."""
        self._people = tuple(people)
        self._show()

    def answer(self) -> NewHead:
        """What was chosen."""
        head = self._head.currentData() or ""
        chosen = {p.id: self._relations[p.id].currentData() for p in self._people if p.id != head}
        return NewHead(head, {id: code for id, code in chosen.items() if code})

    def choose(self, head: str, relations: dict[str, str]) -> None:
        """Chooses as a person would."""
        self._head.show_value("", head)
        for id, code in relations.items():
            self._relations[id].show_value("", code)
        self._show()

    def _show(self) -> None:
        head, ids = self._head.currentData(), {person.id for person in self._people}
        for id, each in self._boxes.items():
            each.setVisible(bool(head) and id != head and id in ids)


class Step(QFrame):
    """One step: a title, what it means, its questions, 保存; what is refused is said above the buttons."""

    made = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, meaning: str, parts: Sequence[QWidget], make: Callable[[], Made]) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._make = make
        self.seen: tuple[Record, ...] = ()
        self._refused = label("", "error", wrap=True)
        head = (label(title, "h2"), label(meaning, "muted", wrap=True))
        save = bind(button("保存", self.save, icon="check", kind="primary", key="Ctrl+S"), "Ctrl+S")
        body = scrolled(column(*head, *parts, None, gap=12, margins=(18, 14, 18, 14)))
        bar = row((self._refused, 1), button("取消", self.cancelled.emit), save, margins=(16, 10, 16, 10))
        column((body, 1), line(), bar, gap=0, margins=(1, 1, 1, 1), on=self)

    def save(self) -> None:
        """Says `made` with the changes, or what is refused."""
        try:
            found, reason, after = self._make()
            self.made.emit((list(knowing(found, *self.seen)), reason, after))
        except Refused as refused:
            self._refused.setText(refused.sentence)

    @property
    def refused(self) -> str:
        """What was refused last."""
        return self._refused.text()


class Who(QWidget):
    """Which member; `edited` is said with his id."""

    def __init__(self, people: Sequence[Person], chosen: str) -> None:
        super().__init__()
        self.people = {person.id: person for person in people}
        self.combo = ComboEditor([(person.id, person.name) for person in people])
        self.combo.show_value("", chosen or None)
        sized(self.combo, most=22)
        column(FieldBox("成员", self.combo, required=True), on=self)

    def person(self) -> Person:
        """The chosen member; raises Refused."""
        found = self.people.get(self.combo.currentData() or "")
        if found is None:
            raise Refused("请选是哪一位成员")
        return found


def _day_of(draft: Draft[Membership], name: str = "left_on") -> date:
    if problem := next((p for p in draft.errors() if p.field == name), None):
        raise Refused(problem.sentence)
    if draft.value(name) is None:
        raise Refused(f"请填{draft.fields[name].label}")
    return draft.value(name)  # type: ignore[no-any-return]


def _stay_draft(family: Family, today: date) -> Draft[Membership]:
    start = date(1900, 1, 1)
    return Draft(
        Membership, household=family.household.id, person="-", relation=HEAD, joined_on=start, left_on=today
    )


def leave_step(family: Family, links: Links, today: date, chosen: str = "") -> Step:
    """成员减少."""
    who, draft = Who(family.members, chosen), _stay_draft(family, today)
    form = Form(draft, links, only=("left_on", "leave_reason", "evidence"), titles=False)
    head = HeadChoice("新户主", family.members)

    def people_left() -> None:
        gone = [who.combo.currentData() or ""]
        head.offer(family.without(gone))
        head.setVisible(family.loses_head(gone) and len(family.members) > 1)

    def make() -> Made:
        person, day, reason = who.person(), _day_of(draft), draft.value("leave_reason")
        if not reason:
            raise Refused("请选减少原因")
        words = codes("leaving")[reason]
        found = moves.leave(family, person, day, reason, head.answer(), draft.value("evidence"))
        return found, f"成员减少：{person.name}，{words}", family.household.id

    who.combo.edited.connect(lambda _id: people_left())
    people_left()
    step = Step("成员减少", "人不会删掉：留在本户的经过里，随时能查。户主减少要选新户主。", (who, form, head), make)
    step.form, step.head = form, head  # type: ignore[attr-defined]
    return step


def head_step(family: Family) -> Step:
    """更换户主."""
    head = HeadChoice("新户主", family.members)

    def make() -> Made:
        answer = head.answer()
        if not answer.person:
            raise Refused("请选新户主")
        found = head_changed(family.household, family.members, answer.person, dict(answer.relations))
        name = next(p.name for p in family.members if p.id == answer.person)
        return found, f"户主换为{name}", family.household.id

    step = Step("更换户主", "选新户主，再选其他人与新户主的关系。", (head,), make)
    step.head = head  # type: ignore[attr-defined]
    return step


def move_step(family: Family, links: Links, today: date, find: Callable[[str], Household | None], chosen: str = "") -> Step:
    """转到别户; `find` gives a household by its id."""
    who, draft = Who(family.members, chosen), _stay_draft(family, today)
    form = Form(draft, links, only=("left_on",), titles=False)
    target, relation = RefEditor("household", links), ComboEditor(tuple(codes("relation").items()))
    picked: list[object] = [""]
    target.edited.connect(lambda id: picked.__setitem__(0, id))
    head = HeadChoice("本户的新户主", family.members)

    def people_left() -> None:
        gone = [who.combo.currentData() or ""]
        head.offer(family.without(gone))
        head.setVisible(family.loses_head(gone) and len(family.members) > 1)

    def make() -> Made:
        to = find(str(picked[0])) if picked[0] else None
        if to is None:
            raise Refused("请选转到哪一户：输入那一户户主的姓名")
        if not relation.currentData():
            raise Refused("请选与那一户户主的关系")
        person = who.person()
        found = moves.move(family, person, to, relation.currentData(), _day_of(draft), head.answer())
        return found, f"{person.name}转到另一户", to.id

    who.combo.edited.connect(lambda _id: people_left())
    people_left()
    questions = (FieldBox("转到哪一户", target, required=True), FieldBox("与那一户户主的关系", relation, required=True))
    asked = box(column(*questions))
    return Step("转到别户", "从本户减少、到那一户增加，同一天办完。", (who, form, sized(asked, most=30), head), make)


def split_step(family: Family, links: Links, today: date) -> Step:
    """分户."""
    draft = _stay_draft(family, today)
    form = Form(draft, links, only=("left_on",), titles=False)
    checks = {person.id: QCheckBox(person.name) for person in family.members}
    own, head = HeadChoice("新户的户主", family.members), HeadChoice("本户的新户主", family.members)

    def going() -> list[str]:
        return [id for id, check in checks.items() if check.isChecked()]

    def people_left() -> None:
        own.offer([person for person in family.members if person.id in going()])
        head.offer(family.without(going()))
        own.setVisible(bool(going()))
        head.setVisible(bool(going()) and family.loses_head(going()))

    def make() -> Made:
        new, found = moves.split(family, going(), own.answer(), _day_of(draft), head.answer())
        return found, "分户", new.id

    for check in checks.values():
        check.toggled.connect(lambda _on: people_left())
    people_left()
    people = box(column(label("分出去的人", "field"), row(*checks.values(), None, gap=16), gap=6))
    step = Step("分户", "分出去的人成立新户，类别和自然屯照本户；之后可以再改。", (form, people, own, head), make)
    step.checks, step.own = checks, own  # type: ignore[attr-defined]
    return step


def step_named(name: str, family: Family, links: Links, store: Store, chosen: str = "") -> Step:
    """The step "leave", "head", "move" or "split"; `chosen` is the member it begins with."""
    today = store.clock.today()
    made: dict[str, Callable[[], Step]] = {
        "leave": lambda: leave_step(family, links, today, chosen),
        "move": lambda: move_step(family, links, today, lambda id: store.find(Household, id), chosen),
        "head": lambda: head_step(family),
    }
    step = made.get(name, lambda: split_step(family, links, today))()
    step.seen = family.rows
    return step
