"""The forms of one household: the household, each of its people, its categories, and the steps of a family."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from nehe_desktop.core.changes import Change, Put, knowing
from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Overtaken, Problem
from nehe_desktop.core.record import Record
from nehe_desktop.features.households import folder_queries, page_steps
from nehe_desktop.features.households.changes import joined
from nehe_desktop.features.households.checks import HEAD
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.households.moves import Family
from nehe_desktop.features.households.numbering import with_codes
from nehe_desktop.features.households.page_doubles import Doubles, search_by_people
from nehe_desktop.features.households.page_nav import STEPS, Navigation
from nehe_desktop.features.households.page_steps import Made, Step
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.form_panel import FormPanel
from nehe_desktop.ui.layouts import column, emptied, row, scrolled
from nehe_desktop.ui.ledger_page import links as desk_links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, line, note_card

_HIDDEN = ("household", "present", "head")  # changed by the steps of a family, never typed
_JOINING = ("joined_on", "join_reason", "evidence")
_ADDING = ("新增农户", "新增成员")


class EditorPanel(QWidget):
    """编辑: who and what at the left, its form at the right."""

    titled = Signal(str, str)

    def __init__(self, desk: Desk, done: Callable[[str], object]) -> None:
        """`done` is called with the household when the person goes back."""
        super().__init__()
        self.desk, self._done = desk, done
        self.family: Family | None = None
        self.panel: FormPanel | Step | None = None
        self.joining: Draft[Membership] | None = None
        self._links = replace(desk_links(desk), search=partial(search_by_people, desk))
        self._wanted, self._key = ("", ""), ""
        self._forms: dict[str, FormPanel] = {}
        self._on_saved: Callable[[Record], object] = self._saved
        self._untouched: dict[str, Any] = {}
        self._stored: dict[str, Any] = {}
        self._categories: dict[str, HouseholdCategory] = {}
        self._nav, self._note = Navigation(), QVBoxLayout()
        self._nav.picked.connect(self._pick)
        self._doubles, self._warning = Doubles(desk, self), None
        self._doubles.found.connect(self._say_double)
        self._right = QStackedWidget()
        back = button("返回", self.back, icon="chevron-left", tip="Esc")
        left = card(column(row(back, None), line(), scrolled(column(self._nav)), gap=8), margins=(12, 12, 8, 12))
        right = column(self._note, (self._right, 1), gap=8)
        row(sized(left, width=14), (right, 1), gap=12, margins=(16, 14, 16, 14), on=self)

    def add(self, village: str) -> None:
        """An empty household."""
        self.family = None
        self._navigate()
        self._form(Draft(Household, village=village or None), "household:new", "新增农户", self._added)

    def edit(self, household: str, person: str = "") -> None:
        """The forms of a household, asked for in a worker; `person` opens one of its people."""
        self._wanted = (household, person)
        store = self.desk.store
        self.desk.tasks.ask(lambda: folder_queries.family(store, household), self._show, owner=self, slot="family")

    def changed(self) -> None:
        """The names at the left are asked anew; the form stays as it is."""
        if self.family:
            store, id = self.desk.store, self.family.household.id
            self.desk.tasks.ask(lambda: folder_queries.family(store, id), self._rename, owner=self, slot="names")

    def keep(self) -> None:
        """Keeps what was typed, at once."""
        if isinstance(self.panel, FormPanel) and self._unsaved(self.panel.form.draft):
            self.desk.store.keep_draft(self._key, self.panel.form.draft.to_json())

    def _unsaved(self, draft: Draft[Any]) -> bool:
        return draft.to_json() not in (self._untouched, self._stored)

    def back(self) -> None:
        """To the list; what was typed is kept as a draft."""
        self.keep()
        self._drop_panel()
        self._done(self.family.household.id if self.family else "")

    def keyPressEvent(self, event: Any) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    def show_person(self, id: str) -> None:
        """The form of a member."""
        person = next((p for p in self.family.members if p.id == id), None) if self.family else None
        if person is not None:
            self._form(Draft(Person, person), f"person:{id}", "修改成员", self._saved)
            self._nav.choose(id)

    def show_household(self) -> None:
        """The form of the household itself."""
        if self.family:
            household = self.family.household
            self._form(Draft(Household, household), f"household:{household.id}", "修改户信息", self._saved)
            self._nav.choose("household")

    def add_person(self) -> None:
        """An empty member, with the day and reason of joining."""
        if not self.family:
            return
        household = self.family.household
        relation = {} if self.family.members else {"relation": HEAD}
        self.joining = Draft(Membership, household=household.id, person="-", relation=HEAD,
                             joined_on=self.desk.store.clock.today(), join_reason="08")  # fmt: skip
        draft = Draft(Person, household=household.id, **relation)
        self._form(draft, f"person:new:{household.id}", "新增成员", self._saved)
        joins = Form(self.joining, self._links, only=_JOINING, titles=False)
        self._say_above(card(column(joins), margins=(16, 10, 16, 10)))
        self._nav.choose("new")

    def add_category(self, record: HouseholdCategory | None = None) -> None:
        """A dated category, new or to be ended."""
        if self.family:
            id = self.family.household.id
            start = {} if record else {"household": id, "since": self.desk.store.clock.today()}
            draft = Draft(HouseholdCategory, record, **start)
            key = f"household_category:{record.id if record else 'new:' + id}"
            self._form(draft, key, "类别变化", self._saved, skip=("household",))
            self._nav.choose("category")

    def step(self, name: str) -> Step | None:
        """One of the steps of a family."""
        if not self.family:
            return None
        step = page_steps.step_named(name, self.family, self._links, self.desk.store, self._wanted[1])
        step.made.connect(self._store_step)
        step.cancelled.connect(self.show_household)
        self._place(step)
        self._nav.choose(name)
        return step

    def _show(self, family: Family | None) -> None:
        if family is None:
            self.desk.notices.banner("这一户已经不在了", "orange")
            self._done("")
            return
        self._rename(family)
        if self._wanted[1] == "new" or not family.members:
            self.add_person()
        elif self._wanted[1]:
            self.show_person(self._wanted[1])
        else:
            self.show_household()

    def _rename(self, family: Family | None) -> None:
        self.family = family
        self._navigate()

    def _navigate(self) -> None:
        head = next((p.name for p in self.family.members if p.relation == HEAD), "") if self.family else ""
        known = f"{head} 户" if head else "农户"
        self.titled.emit(known if self.family else "新增户", f"{len(self.family.members)} 口人" if self.family else "")
        self._nav.show_family(self.family)
        if self.family is None:
            return
        store, id = self.desk.store, self.family.household.id
        self.desk.tasks.ask(lambda: store.all(HouseholdCategory, "household = ?", (id,), "since DESC"),
                            self._list_categories, owner=self, slot="categories")  # fmt: skip

    def _list_categories(self, found: Sequence[HouseholdCategory]) -> None:
        self._categories = {each.id: each for each in found}
        self._nav.show_categories(found)

    def _pick(self, key: str) -> None:
        """Opens what was picked at the left."""
        known: dict[str, Callable[[], object]] = {
            "household": self.show_household,
            "new": self.add_person,
            "category": self.add_category,
            **{name: partial(self.step, name) for name in STEPS},
            **{id: partial(self.add_category, each) for id, each in self._categories.items()},
        }
        known.get(key, partial(self.show_person, key))()

    def _form(
        self, draft: Draft[Any], key: str, reason: str, saved: Callable[[Record], object], skip: Sequence[str] = ()
    ) -> None:
        """Shows a draft in the form of its ledger, which is made once."""
        panel = self._forms.get(reason) or self._new_form(draft, key, reason, skip)
        self._place(panel)
        self._on_saved = saved
        self._key, self._untouched, self._stored = key, draft.to_json(), {}
        panel.show_draft(draft, key)
        panel.form.focus_field(panel.form.shown()[0])

    def _new_form(self, draft: Draft[Any], key: str, reason: str, skip: Sequence[str]) -> FormPanel:
        form = Form(draft, self._links, skip=(*_HIDDEN, *skip))
        panel = self._forms[reason] = FormPanel(self.desk, form, key, reason)
        panel.before_save = self._joins if reason in _ADDING else panel.before_save  # type: ignore[assignment]
        panel.saved.connect(self._stored_form)
        panel.cancelled.connect(self._given_up)
        form.edited.connect(lambda name: self._look_for_doubles(form, name))
        self._right.addWidget(panel)
        return panel

    def _stored_form(self, record: Record) -> None:
        if isinstance(self.panel, FormPanel):
            self._stored = self.panel.form.draft.to_json()
        self._on_saved(record)

    def _given_up(self) -> None:
        """取消 throws the draft away, so that leaving does not keep it again."""
        self._drop_panel()
        self._done(self.family.household.id if self.family else "")

    def _place(self, panel: FormPanel | Step) -> None:
        self.keep()
        self._drop_panel()
        self._say_above(None)
        self.panel = panel
        if isinstance(panel, Step):
            self._right.addWidget(panel)
        self._right.setCurrentWidget(panel)

    def _drop_panel(self) -> None:
        if self.panel is not None:
            if isinstance(self.panel, Step):
                self._right.removeWidget(self.panel)
                self.panel.deleteLater()
            self.panel = None

    def _say_above(self, widget: QWidget | None) -> None:
        emptied(self._note)
        self._warning: QWidget | None = None
        if widget is not None:
            self._note.addWidget(widget)

    def _look_for_doubles(self, form: Form, name: str) -> None:
        self._doubles.look(form, name, self.family.household.id if self.family else "")

    def _say_double(self, words: str, household: str) -> None:
        if self._warning is not None:
            self._warning.hide()
        go = button("去看那一户", lambda: self._go_there(household), kind="ghost")
        self._warning = note_card(words, "red", go)
        self._note.insertWidget(0, self._warning)

    def _go_there(self, household: str) -> None:
        self.keep()
        self._done(household)

    def _joins(self, record: Record) -> Iterator[Change]:
        """A new member with his joining; what is refused comes up while storing, and is said."""
        if not isinstance(record, Person) or not self.family or self.joining is None:
            return (yield from with_codes(self.desk.store, [Put(record)]))
        if record.relation == HEAD and any(p.relation == HEAD for p in self.family.members):
            raise Invalid([Problem("relation", "本户已有户主；要换户主，请用“更换户主”")])
        if errors := [p for p in self.joining.errors() if p.field in _JOINING]:
            raise Invalid(errors)
        day, reason = self.joining.value("joined_on"), self.joining.value("join_reason")
        home = self.family.household
        for change in knowing(joined(home, record, record.relation, day, reason), home):
            stay = change.record if isinstance(change, Put) else None
            evidence = self.joining.value("evidence")
            yield Put(replace(stay, evidence=evidence)) if isinstance(stay, Membership) else change

    def _store_step(self, made: Made) -> None:
        found, reason, after = made
        found = with_codes(self.desk.store, found)
        self.desk.save(found, reason, reason, then=lambda _receipt: self.edit(after), failed=self._refused, owner=self)

    def _refused(self, error: BaseException) -> None:
        self.desk.notices.banner(str(error), "red")
        if isinstance(error, Overtaken):
            self.edit(*self._wanted)

    def _added(self, record: Record) -> None:
        self.edit(record.id, "new")

    def _saved(self, record: Record) -> None:
        person = record.id if isinstance(record, Person) else ""
        self.joining = None
        if self.family:
            self.edit(self.family.household.id, person)
