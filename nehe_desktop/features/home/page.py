"""首页: four numbers, what to do today, what is coming, the visits of six months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.home import agenda, queries
from nehe_desktop.features.home.agenda import Coming, Task
from nehe_desktop.features.home.queries import Numbers, Served
from nehe_desktop.features.households.screen_queries import only_village
from nehe_desktop.security import backup
from nehe_desktop.ui.allowing import limit
from nehe_desktop.ui.charts import Bar, Bars, HBars
from nehe_desktop.ui.layouts import column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.pressable import NumberCard, Pressable
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import Icon, button, card, empty_state, label, line

_KINDS = {"registered": ("建档立卡", "teal"), "monitored": ("监测户", "orange"), "borderline": ("边缘户", "yellow"),
          "ordinary": ("一般户", "blue")}  # fmt: skip


class HomePage(Page):
    """首页."""

    key, title, icon, help_topic = "home", "首页", "house", "home"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.village = ""
        self._hello, self._today = label("", "h1"), label("", "muted")
        go = desk.go
        self.cards = {
            "households": NumberCard("在册农户", "house-plus", "teal", lambda: self._households("all")),
            "visits": NumberCard("本月走访", "footprints", "blue", lambda: self._households("to_visit")),
            "watched": NumberCard("监测和边缘户", "triangle-alert", "orange", lambda: self._households("watched")),
            "served": NumberCard("全年驻村", "calendar-check", "green", self._attendance),
        }
        self._tasks, self._coming = QVBoxLayout(), QVBoxLayout()
        self._tasks.setSpacing(4)
        self._coming.setSpacing(2)
        self.visits = Bars("每月走访户数", "户")
        self.kinds = HBars("农户类别", "户")
        self.visits.opened.connect(lambda month: go("households", filter="visited", month=month))
        self.kinds.opened.connect(self._households)
        self._member = ""
        column((scrolled(self._made_body()), 1), gap=0, on=self)

    def opened(self, **_where: object) -> None:
        """Greets and asks for everything, part by part."""
        now = self.desk.store.clock.now()
        self._hello.setText(agenda.greeting(now.hour, self.desk.store.author))
        self._today.setText(agenda.day_words(now.date()))
        self.desk.tasks.ask(self._place, self._placed, owner=self, slot="place")

    def changed(self, _tables: frozenset[str]) -> None:
        """Everything is asked anew."""
        self._ask()

    def _made_body(self) -> QVBoxLayout:
        go, guard = self.desk.go, self.desk.store.guard
        visit = button("新增走访", lambda: go("visit"), icon="clipboard-pen", kind="primary", key="F2")
        sign = button("今日签到", self._sign_in, icon="map-pin", kind="tonal", key="F3")
        find = button("查农户", lambda: go("households"), icon="search", key="F4")
        paper = button("打印文件", lambda: go("papers"), icon="printer", key="F6")
        buttons = (
            limit(visit, guard, "create", "visit"),
            limit(sign, guard, "create", "attendance_half"),
            limit(find, guard, "read", "household"),
            limit(paper, guard, "read", "printed_paper"),
        )
        head = row(column(self._hello, self._today, gap=2), None, *buttons)
        cards = row(*((each, 1) for each in self.cards.values()), gap=12)
        soon = column(label("近期安排", "h3"), self._coming, gap=6)
        left = card(column(label("今天要办", "h3"), self._tasks, None, line(), soon, gap=10), margins=(16, 12, 14, 10))
        visits = card(column(label("每月走访户数", "h3"), (sized(self.visits, least=16), 1), gap=6))
        kinds = card(column(label("农户类别", "h3"), self.kinds, gap=8))
        right = column((visits, 1), kinds, gap=12)
        return column(head, cards, (row((left, 11), (right, 10), gap=12), 1), gap=12, margins=(20, 12, 20, 12))

    def _place(self) -> tuple[str, str, int]:
        store, session = self.desk.store, self.desk.tools.get("session")
        village = (session.profile.village if session else "") or only_village(store)
        place = path_of(store, village)[-1:] if village else ()
        member = queries.me(store)
        return village, "".join(place), queries.posted_days(store, member.id) if member else 0

    def _placed(self, answer: tuple[str, str, int]) -> None:
        self.village, place, days = answer
        self.titled.emit(self.title, f"{place}工作队" if place else "")
        words = agenda.day_words(self.desk.store.clock.today())
        self._today.setText(f"{words} · 驻村第 {days} 天" if days else words)
        self._ask()

    def _ask(self) -> None:
        store, village, ask = self.desk.store, self.village, self.desk.tasks.ask
        ask(lambda: queries.numbers(store, village), self._show_numbers, owner=self, slot="numbers")
        ask(lambda: queries.served(store), self._show_served, owner=self, slot="served")
        ask(self._todo, self._show_tasks, owner=self, slot="todo")

    def _todo(self) -> list[Task]:
        session = self.desk.tools.get("session")
        copies = backup.copies(session.laptop.backups) if session else []
        last = max((copy.made_at.date() for copy in copies), default=None)
        real = session is not None and not session.sample
        return agenda.today_tasks(self.desk.store, self.village, last, backs_up=real)

    def _show_numbers(self, found: Numbers) -> None:
        cards = self.cards
        if not found.households:
            begins = self.desk.store.guard.may("create", "household")
            words = "导入 Excel 或新增户" if begins else "村里登记、同步以后显示"
            cards["households"].show_number("0", "户", words, "orange" if begins else "")
        else:
            cards["households"].show_number(
                str(found.households), f"户 {found.persons} 人", f"其中建档立卡 {found.registered} 户"
            )
        total = found.visited + found.to_visit
        done = "本月已全部走访" if total else "还没有要走访的农户"
        still = f"还差 {found.to_visit} 户，月底前完成" if found.to_visit else done
        cards["visits"].show_number(str(found.visited), f"/ {total} 户", still, "orange" if found.to_visit else "green")
        words = f"监测户 {found.monitored} 户" if found.watched else "目前没有监测户和边缘户"
        cards["watched"].show_number(str(found.watched), "户", words)
        self.visits.show_bars(tuple(_bar(*month) for month in found.months))
        bars = (Bar(words, found.categories[key], tone=tone, key=key) for key, (words, tone) in _KINDS.items())
        self.kinds.show_bars(tuple(bars))
        self._show_coming(found.to_visit)

    def _show_served(self, found: Served | None) -> None:
        shown = self.cards["served"]
        if found is None:
            self._member = ""
            enters = self.desk.store.guard.may("create", "member")
            words = "名册里没有您，先登记队员" if enters else "您不是驻村队员"
            shown.show_number("—", "天", words, "orange" if enters else "")
            return
        self._member = found.member
        ahead = found.days - found.aim
        words = f"按进度多 {ahead:g} 天" if ahead > 0 else f"比进度少 {-ahead:g} 天" if ahead < 0 else "正好合进度"
        shown.show_number(f"{found.days:g}", f"/ {found.goal} 天", words, "orange" if ahead < 0 else "green")

    def _show_tasks(self, tasks: list[Task]) -> None:
        emptied(self._tasks)
        for task in tasks:
            self._tasks.addWidget(self._task_row(task))
        if not tasks:
            self._tasks.addWidget(self._nothing_to_do())
        words = self._today.text().split(" · 今天")[0]
        self._today.setText(f"{words} · 今天有 {len(tasks)} 件事要办" if tasks else words)

    def _nothing_to_do(self) -> QWidget:
        if self.cards["households"].number.text() == "0":
            bring = button("导入 Excel", lambda: self.desk.go("import"), icon="file-input", kind="primary")
            return empty_state("file-input", "还没有农户。先导入 Excel 台账，或到“农户”里新增户", bring)
        return empty_state("circle-check", "今天要办的都办完了")

    def _show_coming(self, to_visit: int) -> None:
        store, village = self.desk.store, self.village
        self.desk.tasks.ask(
            lambda: agenda.coming(store, village, to_visit), self._list_coming, owner=self, slot="coming"
        )

    def _list_coming(self, found: list[Coming]) -> None:
        emptied(self._coming)
        for each in found:
            self._coming.addWidget(self._coming_row(each))

    def _task_row(self, task: Task) -> QWidget:
        made = Pressable(lambda: self._go(task.go, task.where), f"{task.title}，{task.detail}，{task.act}", "row")
        words = column(label(task.title, "bold"), label(task.detail, "caption", wrap=True), gap=1)
        act = button(task.act, lambda: self._go(task.go, task.where), kind="ghost")
        act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row(IconTile(task.icon, task.tone, 2.4), (words, 1), act, Icon("chevron-right", "p600", 1.1), gap=10,
            margins=(8, 5, 6, 5), on=made)  # fmt: skip
        return made

    def _coming_row(self, each: Coming) -> QWidget:
        day = each.day
        made = Pressable(lambda: self._go(each.go, each.where), f"{day.month} 月 {day.day} 日 {each.words}", "row")
        dot = label("●", "caption", tone=each.tone)
        when = sized(label(f"{day.month}/{day.day}", "bold"), width=3)
        week = sized(label(f"周{agenda.WEEKDAYS[day.weekday()]}", "caption"), width=2.4)
        row(when, week, dot, (label(each.words, wrap=True), 1), gap=8, margins=(8, 1, 6, 1), on=made)
        return made

    def _go(self, page: str, where: Mapping[str, Any]) -> None:
        self.desk.go(page, **where)

    def _households(self, filter: str) -> None:  # noqa: A002 - its name in the list
        self.desk.go("households", filter=filter)

    def _sign_in(self) -> None:
        self.desk.go("attendance", day=self.desk.store.clock.today())

    def _attendance(self) -> None:
        if self._member:
            self.desk.go("attendance", member=self._member, year=self.desk.store.clock.today().year)
        else:
            self.desk.go("ledger:member", new=True)


def _bar(month: str, visited: int, total: int) -> Bar:
    return Bar(f"{int(month[4:])}月", visited, total, key=month)
