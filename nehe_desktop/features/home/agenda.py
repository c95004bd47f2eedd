"""What stands under 今天要办 and 近期安排, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.sheet_duties import Duty, duties
from nehe_desktop.features.board.queries import ToDo, to_do
from nehe_desktop.features.custody import departures
from nehe_desktop.features.exchange.queries import Counts, counts
from nehe_desktop.features.home import queries
from nehe_desktop.features.home.queries import BACKUP_KEPT, Left
from nehe_desktop.features.leave.checks import period_words
from nehe_desktop.features.leave.duties import Duties as LeaveDuties
from nehe_desktop.features.leave.duties import duties as leave_duties
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.features.visits.queries import Due

NAMED = 3  # as many names as a line holds
AHEAD = 14  # days that 近期安排 looks ahead
SHEET_DAY = 3  # the month sheet is due on the 3rd (domain §8.3)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Task:
    """Something to be done today, and the page that does it."""

    key: str
    title: str
    detail: str
    icon: str
    tone: str
    act: str
    go: str
    where: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Coming:
    """Something that has a day."""

    day: date
    words: str
    tone: str
    go: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)


def today_tasks(store: Store, village: str, last_backup: date | None, *, backs_up: bool) -> list[Task]:
    """What is to be done today; `backs_up` says that this laptop knows when it was backed up."""
    today = store.clock.today()
    member = queries.me(store)
    found = [
        *problem_tasks(queries.problems_due(store, village, today), today),
        *visit_tasks(queries.overdue(store, village), today),
        *posting_tasks(to_do(store, village, today) if store.guard.may("update", "posting_job") else ToDo()),
        *attendance_tasks(queries.unfilled_days(store, member.id) if member else []),
        *sheet_tasks(duties(store), today),
        *leave_tasks(leave_duties(store)),
        *draft_tasks(queries.drafts_left(store), today),
        *exchange_tasks(counts(store)),
        *doubt_tasks(queries.doubtful(store, village)),
        *key_tasks(departures.due(store) if store.guard.may("update", "account") else departures.Due()),
    ]
    return [*found, *(backup_tasks(last_backup, today) if backs_up else ())]


def visit_tasks(due: Sequence[Due], today: date) -> Iterator[Task]:
    """One line for all overdue visits, with the first names."""
    if not due:
        return
    late = [d for d in due if d.last]
    names = "、".join(d.head or "未登记户主" for d in due[:NAMED]) + ("等" if len(due) > NAMED else "")
    longest = max(((today - d.last).days for d in late if d.last), default=0)
    since = f"最久的已 {longest} 天没走访" if late else "还没有走访过"
    one = {"household": due[0].household} if len(due) == 1 else {"filter": "overdue"}
    page, act = ("visit", "开始走访") if len(due) == 1 else ("households", "去走访")
    yield Task("visits", f"走访 {len(due)} 户到期农户", f"{names} · {since}", "footprints", "blue", act, page, one)


def problem_tasks(due: Sequence[tuple[ProblemTicket, date]], today: date) -> Iterator[Task]:
    """Problems that are due, the first three alone, the rest together."""
    for ticket, day in due[:NAMED]:
        late = (today - day).days
        when = f"已超期 {late} 天" if late else "今天到期"
        title = f"办结{ticket.category}问题：{ticket.description[:16]}"
        where = {"problem": ticket.id}
        yield Task(f"problem:{ticket.id}", title, f"{when} · {ticket.handler or '还没有责任人'} · {ticket.state}",
                   "triangle-alert", "red", "去办理", "problems", where)  # fmt: skip
    if more := due[NAMED:]:
        yield Task("problems", f"还有 {len(more)} 个问题到期", "按期限排在问题台账里", "triangle-alert", "red", "去办理",
                   "problems")  # fmt: skip


def posting_tasks(found: ToDo) -> Iterator[Task]:
    """One line for all that is to be done about what is posted: what is over first, then what is not hung, then photos."""
    parts = (
        (found.overdue, "撤下 {} 份到期公示", "{} 份到期要撤下"),
        (found.unhung, "登记 {} 份公示的张贴", "{} 份打印了没登记张贴"),
        (found.photos, "给 {} 份公示补照片", "{} 份缺公示栏照片"),
    )
    first, *others = [(jobs, title, more) for jobs, title, more in parts if jobs] or [((), "", "")]
    if not (jobs := first[0]):
        return
    more = "，另有" + "、".join(words.format(len(each)) for each, _, words in others) if others else ""
    tone, where = "red" if jobs is found.overdue else "orange", {"filter": "todo"}
    if len(jobs) == 1 and not others:
        where = {"id": jobs[0].id}
    names = "、".join(job.title for job in jobs[:NAMED]) + ("等" if len(jobs) > NAMED else "")
    yield Task("posted", first[1].format(len(jobs)), f"{names}{more}", "megaphone", tone, "去办理", "board", where)


def attendance_tasks(days: Sequence[date]) -> Iterator[Task]:
    """Working days without attendance."""
    if not days:
        return
    named = "、".join(f"{day.month} 月 {day.day} 日" for day in days[:NAMED]) + ("等" if len(days) > NAMED else "")
    where = {"day": days[0]}
    yield Task("attendance", f"补登 {len(days)} 天考勤", f"{named}还没有登记", "calendar-check", "green", "去补登",
               "attendance", where)  # fmt: skip


def sheet_tasks(found: Sequence[Duty], today: date) -> Iterator[Task]:
    """Sheets that wait for his step, what his own team's lacks, and late entries that he confirms (domain §8.3)."""
    for duty in found:
        month, where = f"{int(duty.month[4:])} 月", {"month": duty.month}
        late = (today - duty.due).days
        when = f"已过报送日 {late} 天" if late > 0 else f"{duty.due.month} 月 {duty.due.day} 日前报送"
        if duty.sheets:
            many = f"{len(duty.sheets)} 支工作队的 " if len(duty.sheets) > 1 else ""
            yield Task(f"sheet:{duty.month}", f"办理 {many}{month}考勤表", f"{duty.step} · {when}", "stamp",
                       "red" if late > 0 else "green", "去办理", "attendance", where)  # fmt: skip
        if duty.missing:
            words = f"还有 {duty.missing} 个半天没有登记（周末和节假日也要登记） · {when}"
            yield Task(f"sheet-gaps:{duty.month}", f"补齐 {month}考勤表", words, "calendar-check", "orange", "去补齐",
                       "attendance", where)  # fmt: skip
        if duty.late:
            yield Task(f"late:{duty.month}", f"确认 {month} {duty.late} 处补签", "两个人确认后，这个月才能锁定",
                       "list-checks", "orange", "去确认", "attendance", where | {"late": True})  # fmt: skip


def leave_tasks(found: LeaveDuties) -> Iterator[Task]:
    """Leaves that wait for his word, returns to confirm, who is overdue, his own that came back to him (domain §8.4)."""
    if found.words:
        named = "、".join(f"{case.who.name}{case.leave.kind} {period_words(case.leave)}" for case in found.words[:2])
        more = " 等" if len(found.words) > 2 else ""
        yield Task("leave", f"{len(found.words)} 份请假等您审批", named + more, "stamp", "green", "去审批", "leave",
                   {"filter": "mine"})  # fmt: skip
    for case in found.overdue[:NAMED]:
        words = f"{case.leave.kind} {period_words(case.leave)}，已超 {case.told.late:g} 天，回来后要销假"
        yield Task(f"overdue:{case.leave.id}", f"{case.who.name}逾期未归", words, "triangle-alert", "red", "去看看", "leave",
                   {"id": case.leave.id})  # fmt: skip
    if found.returns:
        named = "、".join(dict.fromkeys(case.who.name for case in found.returns[:NAMED]))
        yield Task("returns", f"给 {len(found.returns)} 份请假销假", f"{named}的假期满了或已回村", "log-in", "blue",
                   "去确认", "leave", {"filter": "mine"})  # fmt: skip
    for case in found.own[:NAMED]:
        title, words = _own_leave(case.state)
        yield Task(f"leave:{case.leave.id}", title, f"{case.leave.kind} {period_words(case.leave)} · {words}",
                   "calendar-days", "orange", "去看看", "leave", {"id": case.leave.id})  # fmt: skip


def _own_leave(state: str) -> tuple[str, str]:
    return {
        "驳回": ("您的请假被驳回", "看看理由，改好再提交，或撤回"),
        "待销假": ("登记您哪天回村", "村党组织书记确认后才算销假"),
    }.get(state, ("您的请假要重新审批", "审批以后又改过"))


def draft_tasks(left: Sequence[Left], today: date) -> Iterator[Task]:
    """Drafts that were not saved, each with the page that goes on with it."""
    for draft in left[:NAMED]:
        table, _, rest = draft.key.partition(":")
        ledger = LEDGERS.get(table)
        if ledger is None:
            continue
        page, where = draft_place(table, rest)
        days = (today - draft.on).days
        when = "今天" if days <= 0 else f"{days} 天前"
        yield Task(f"draft:{draft.key}", f"接着填没存完的{ledger.title}", f"{when}填到一半，内容都还在", "file-text",
                   "gold", "接着填", page, where)  # fmt: skip


def draft_place(table: str, rest: str) -> tuple[str, dict[str, Any]]:
    """The page of a draft's key, and what to tell it."""
    if table == "visit":
        return "visit", {"household": rest}
    if table == "household":
        return "households", {"new": True} if rest == "new" else {"edit": rest}
    if table == "leave":
        return "leave", {"new": True} if rest == "new" else {"id": rest}
    if table in ("person", "household_category"):
        household = rest.removeprefix("new:")
        return "households", {"edit": household, "person": "new"} if rest.startswith("new:") and table == "person" else {}
    return f"ledger:{table}", {"new": True} if rest == "new" else {"id": rest}


def exchange_tasks(found: Counts) -> Iterator[Task]:
    """What two laptops wrote differently, and what was entered twice."""
    if found.conflicts:
        words = "您和别处改了同一处，两边的内容都留着，请选一边"
        yield Task("conflicts", f"处理 {found.conflicts} 条数据冲突", words, "split", "orange", "去处理", "conflicts")
    if found.doubles:
        words = "可能登记了两次：是同一个就合并，不是就记下来"
        yield Task("doubles", f"核对 {found.doubles} 条疑似重复", words, "copy", "orange", "去核对", "doubles")


def doubt_tasks(doubtful: Mapping[str, int]) -> Iterator[Task]:
    """Households whose data would be sent back."""
    if doubtful:
        words = f"共 {sum(doubtful.values())} 处：缺项、前后不一致或号码重复，上报前要改好"
        yield Task("doubts", f"核对 {len(doubtful)} 户的数据疑点", words, "shield-check", "orange", "去核对", "households",
                   {"filter": "doubts", "among": tuple(doubtful)})  # fmt: skip


def key_tasks(found: departures.Due) -> Iterator[Task]:
    """A key that somebody who left still knows, and PINs of those whose time is over (domain §11.4)."""
    if found.since:
        yield Task("rekey", "更换数据密钥", found.words, "key-round", "orange", "去更换", "settings", {"section": "keys"})
    elif found.over:
        yield Task("over", "收回离任人员的口令", found.words, "key-round", "orange", "去收回", "settings",
                   {"section": "people"})  # fmt: skip


def backup_tasks(last: date | None, today: date) -> Iterator[Task]:
    """A copy that is missing or old."""
    if last is None:
        yield Task("backup", "把数据备份到 U 盘", "这台电脑还没有备份过", "usb", "orange", "去备份", "settings")
    elif (today - last).days > BACKUP_KEPT:
        words = f"上次备份是 {last.month} 月 {last.day} 日，已 {(today - last).days} 天"
        yield Task("backup", "把数据备份到 U 盘", words, "usb", "orange", "去备份", "settings")


def coming(store: Store, village: str, to_visit: int) -> list[Coming]:
    """What has a day in the next two weeks: problems, the end of the month's visits, the month sheet."""
    today = store.clock.today()
    until = today + timedelta(days=AHEAD)
    due = [pair for pair in queries.problems_due(store, village, until) if pair[1] > today]
    found = [
        Coming(day, f"{t.category}问题到期：{t.description[:14]}", "orange", "problems", {"problem": t.id})
        for t, day in due[: NAMED - 1]
    ]
    ending = to_do(store, village, until).ending if store.guard.may("read", "posting_job") else ()
    found += [
        Coming(job.until, f"公示到期，撤下：{job.title[:14]}", "orange", "board", {"id": job.id})
        for job in ending[: NAMED - 1]
        if job.until
    ]
    last = month_end(today)
    words = f"{today.month} 月走访截止，还差 {to_visit} 户" if to_visit else f"{today.month} 月走访已全部完成"
    found.append(Coming(last, words, "red" if to_visit else "green", "households", {"filter": "to_visit"}))
    sheet = last + timedelta(days=SHEET_DAY) if today.day > SHEET_DAY else today.replace(day=SHEET_DAY)
    month = (sheet - timedelta(days=SHEET_DAY)).month
    found.append(Coming(sheet, f"报送 {month} 月考勤表", "blue", "attendance"))
    return sorted(found, key=lambda each: each.day)


def month_end(day: date) -> date:
    """The last day of a month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def greeting(hour: int, name: str) -> str:
    """上午好，建国: by the hour, with the given name where it has two characters or more."""
    part = "早上好" if hour < 8 else "上午好" if hour < 12 else "下午好" if hour < 18 else "晚上好"
    short = name[1:] if len(name) >= 3 else name
    return f"{part}，{short}" if short else part


def day_words(day: date) -> str:
    """8月10日 星期一."""
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
