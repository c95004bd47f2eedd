"""The form of a visit: four numbered parts as the office fills them, laid by hand over the generated form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import Field
from nehe_desktop.documents.photos import Shrunk
from nehe_desktop.features.visits.entry import Entry, doubts
from nehe_desktop.features.visits.ledger import ANSWERS, GUARANTEES, ITEMS
from nehe_desktop.features.visits.page_photos import PhotoStrip
from nehe_desktop.ui.covering import lens_of
from nehe_desktop.ui.editors import Editor, Links
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.painted import Avatar
from nehe_desktop.ui.section import Section
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import em, sized
from nehe_desktop.ui.widgets import Icon, button, label, line, retone

PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "走访信息": (("day", 4), ("kind", 4), ("visitors", 4), ("met_person", 3), ("met_relation", 3), ("role", 4),
                 ("minutes", 2), ("items", 12)),
    "两不愁三保障": tuple((f"{name}{tail}", 6) for name in GUARANTEES for tail in ("", "_note")),
    "收入和变化": (("income_per_head", 6), ("wage_income", 6), ("income_change", 4), ("health_change", 4),
                   ("member_change", 4)),
    "问题和措施": (("findings", 12), ("measures", 12), ("note", 12), ("signature", 5), ("photos", 12)),
}  # fmt: skip
ICONS = {"food": "wheat", "housing": "house", "water": "droplets", "medical": "heart-pulse", "schooling": "graduation-cap"}
WORDS = {"findings": "发现的问题和诉求", "note": "走访记实（看到了什么、谈了什么、办了什么）"}


class AnswerEditor(Segmented):
    """正常, 有问题 or 不适用, by 1, 2 and 3."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__(ANSWERS, bad=("有问题",), clearable=True)
        self.chosen.connect(self.edited.emit)

    def show_value(self, text: str | None, value: Any = None) -> None:
        """Shows an answer as chosen."""
        super().show_value(value or text or None)


class TickEditor(QWidget):
    """What was done on the visit, as chips that flow with the width."""

    edited = Signal(object)

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__()
        self._chips = {each: button(each, lambda: self.edited.emit(self.ticked()), kind="chip") for each in options}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._columns = 0
        self.setFocusProxy(next(iter(self._chips.values())))
        self._lay(7)

    def ticked(self) -> tuple[str, ...]:
        """What is ticked."""
        return tuple(each for each, chip in self._chips.items() if chip.isChecked())

    def show_value(self, _text: str, value: Collection[str] | None) -> None:
        """Ticks these."""
        for each, chip in self._chips.items():
            chip.setChecked(each in (value or ()))

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        for chip in self._chips.values():
            retone(chip, wrong=wrong)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the chips stand now: they flow anew."""
        return QSize(em(12), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many chips a row as have room."""
        super().resizeEvent(event)
        self._lay(max(2, min(7, self.width() // em(5.9))))

    def _lay(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at, chip in enumerate(self._chips.values()):
            self._grid.addWidget(chip, at // columns, at % columns)


class Part(Section):
    """A part of the form that keeps three fields a row on a small screen."""

    def _span(self, name: str, width: int) -> int:
        _, span = self._boxes[name]
        return 12 if width < em(24) else max(span, 6) if width < em(34) else span


class Guarantees(Part):
    """Five rows: icon, name, three answers, and a note only where there is a trouble."""

    def __init__(self, title: str, boxes: dict[str, tuple[FieldBox, int]], all_well: QWidget) -> None:
        QWidget.__init__(self)
        self._boxes, self._shown = boxes, frozenset[str]()
        self._icons = {name: Icon(ICONS[name], "p600") for name in GUARANTEES}
        self._rule, self._number = line(), Avatar("2", 1.6, "p100", "p700")
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(10)
        self._lines.setVerticalSpacing(6)
        self._lines.setColumnStretch(3, 1)
        for at, name in enumerate(GUARANTEES):
            self._add(at, name)
        column(self._rule, row(self._number, label(title, "h3"), None, all_well), self._lines, gap=8, on=self)

    def _add(self, at: int, name: str) -> None:
        answer, note = self._boxes[name][0], self._boxes[f"{name}_note"][0]
        for each in (answer, note):
            each.title.hide()
            each.star.hide()
        cast("Any", note.editor).setPlaceholderText("写明是什么问题")
        self._lines.addWidget(self._icons[name], at, 0)
        self._lines.addWidget(sized(label(GUARANTEES[name]), least=2.6), at, 1)
        self._lines.addWidget(answer, at, 2)
        self._lines.addWidget(note, at, 3)

    def lay(self, shown: Collection[str], _width: int) -> None:
        """Shows the notes that are needed."""
        for name in GUARANTEES:
            note = f"{name}_note"
            self._boxes[note][0].setVisible(note in shown)
            self._icons[name].change(ICONS[name], "red" if note in shown else "p600")

    def count(self, number: int) -> int:
        """Takes its number."""
        self._number.show_letter(str(number))
        return number + 1


class VisitForm(Form):
    """Edits a visit. What differs from the generated form: answers, chips, photos, doubts against last time."""

    judged = Signal(object)

    def __init__(self, desk: Desk, entry: Entry, links: Links) -> None:
        self.entry, self._desk = entry, desk
        self.all_well = button("全部正常", self.say_all_well, kind="ghost", key="Alt+A")
        names = [name for part in PARTS.values() for name, _ in part]
        super().__init__(entry.draft, links, only=names)
        self._names = names
        self._lens = lens_of(desk, self)
        self.eye: QWidget = self._lens.eye(self.reveal) if self._lens is not None else QWidget()
        if self._lens is not None:
            self._lens.turned.connect(lambda whole: self.uncover(whole=whole))
        self.refreshed.connect(self._offer_eye)
        self.eye.hide()  # it stands nowhere yet

    def reveal(self) -> None:
        """Asks for what is covered in clear for a minute, or covers it again; the log is told whose it is."""
        about = self.draft.record or self.entry.last
        if self._lens is not None and about is not None:
            self._lens.press("visit", [about.id])

    def carry(self, name: str, raw: object) -> None:
        """Brings what the last visit said; of an illness only that something was said."""
        super().carry(name, raw)
        self._offer_eye()

    def _offer_eye(self) -> None:
        self.eye.setVisible(self._lens is not None and self.covers)

    def show_entry(self, entry: Entry) -> None:
        """Edits another visit."""
        if self._lens is not None:
            self._lens.cover()
        self.entry = entry
        self.show_draft(entry.draft)

    def problems(self) -> list[Problem]:
        """Everything that is wrong or looks doubtful."""
        return [*super().problems(), *doubts(self.entry)]

    def blame(self) -> None:
        """Shows every problem beside its field."""
        self._touched.update(self._names)
        self._judge()

    def stop_saving(self) -> None:
        """No draft of what has just been stored."""
        self._timer.stop()

    def save_draft(self) -> None:
        """Offers the draft now."""
        self._timer.stop()
        self.autosave.emit(self.draft.to_json())

    def say_all_well(self) -> None:
        """正常 wherever nothing was chosen yet."""
        for name in GUARANTEES:
            if self.draft.value(name) is None:
                self.take(name, "正常")

    def _box(self, field: Field) -> FieldBox:
        made: dict[str, Callable[[], QWidget]] = {
            **dict.fromkeys(GUARANTEES, AnswerEditor),
            "items": lambda: TickEditor(ITEMS),
            "photos": self._photos,
        }
        if field.name not in made:
            box = super()._box(field)
            box.title.setText(WORDS.get(field.name, box.title.text()))
            box.hint = ""
            if field.name == "visitors":
                cast("Any", box.editor).setPlaceholderText(field.hint)
            return box
        editor = made[field.name]()
        box = FieldBox(field.label, editor)
        cast("Any", editor).edited.connect(lambda raw: self._edit(field.name, raw))
        for each in (editor, *editor.findChildren(QWidget)):
            each.installEventFilter(self)
        return box

    def _photos(self) -> PhotoStrip:
        strip = PhotoStrip(self._desk.store, self._desk.tasks)
        strip.read.connect(self._take_photo)
        return strip

    def _take_photo(self, photo: Shrunk) -> None:
        """When and where a photo was taken, where nobody has said it."""
        if photo.taken and self.draft.value("started") is None and photo.taken.date() == self.draft.value("day"):
            self.draft.set("started", photo.taken.isoformat())
        if photo.lat is not None and self.draft.value("lat") is None:
            for name, value in (("lat", photo.lat), ("lon", photo.lon), ("place_source", "照片")):
                self.draft.set(name, value)

    def _made_sections(self, *, titles: bool) -> list[Section]:  # noqa: ARG002
        found: list[Section] = []
        for title, names in PARTS.items():
            boxes = {name: (self.boxes[name], span) for name, span in names}
            guarded = "food" in boxes
            found.append(Guarantees(title, boxes, self.all_well) if guarded else Part(title, boxes))
        return found

    def _judge(self) -> None:
        problems = self.problems()
        for name, box in self.boxes.items():
            mine = sorted((p for p in problems if p.field == name), key=lambda p: p.level != "error")
            self._say(name, box, next(iter(mine), None))
        self.missing.emit(problems)

    def _say(self, name: str, box: FieldBox, problem: Problem | None) -> None:
        asked = name in ("income_per_head", "wage_income")
        before = self.entry.case.said_before(name, self.entry.id) if asked else None
        if problem is None and before is not None:
            box.say(f"上次 {before:,.0f} 元", "hint")
        elif name in GUARANTEES and problem is not None and problem.level == "warning":
            box.say()
        else:
            super()._say(name, box, problem)

    def _left(self, watched: QObject) -> None:
        super()._left(watched)
        note = cast("Editor", self.boxes["note"].editor)
        if watched is note and self.draft.text("note"):
            self._touched.add("note")
            self._judge()
