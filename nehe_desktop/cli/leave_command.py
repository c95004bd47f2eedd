"""`leave`: ask for leave, hand it in, agree or not, confirm the return, without a window."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date
from typing import Any

from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.fill import fill_slips
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.checks import period_words, problems_of
from nehe_desktop.features.leave.ledger import KINDS, Leave
from nehe_desktop.features.leave.queries import Case, around, case_of, cases, my_member
from nehe_desktop.features.leave.slips import month_with_slips
from nehe_desktop.features.leave.words import lines_of, number_of, state_words, summary

_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*(上午|下午|AM|PM|am|pm)?")
_HALVES = {"上午": "AM", "下午": "PM", "AM": "AM", "PM": "PM"}


def configure(parser: ArgumentParser) -> None:
    """The command's options; a half-day is written as 2020-08-18上午."""
    data_options(parser)
    made = parser.add_subparsers(metavar="做什么", required=True)
    listed = _act(made, "list", "列出请假单", _list)
    listed.add_argument("--mine", action="store_true", help="只列等我审批、等我确认的")
    listed.add_argument("--away", action="store_true", help="只列在假和逾期未归的")
    _one(made, "show", "一张请假单和每一级的意见", _show)
    ask = _act(made, "ask", "写请假单并提交", _ask)
    ask.add_argument("--kind", required=True, choices=KINDS, help="请假类别")
    ask.add_argument("--from", dest="since", required=True, help="从，如 2020-08-18 或 2020-08-18下午")
    ask.add_argument("--to", dest="until", required=True, help="到，如 2020-08-19 或 2020-08-19上午")
    ask.add_argument("--why", required=True, help="事由")
    ask.add_argument("--where", default="", help="去向")
    ask.add_argument("--phone", default=None, help="离村期间电话")
    ask.add_argument("--member", default="", help="替谁写（队长）；不写是自己")
    ask.add_argument("--substitute", default="", help="在岗代管人")
    ask.add_argument("--draft", action="store_true", help="先存草稿，不提交")
    _one(made, "submit", "提交草稿", _submit)
    _one(made, "withdraw", "撤回", _withdraw)
    _one(made, "approve", "同意（自己的除外）", _approve).add_argument("--opinion", default="", help="意见")
    _one(made, "reject", "不同意，要写理由", _reject).add_argument("--opinion", default="", help="理由")
    back = _one(made, "back", "登记自己哪天回到村里", _back)
    back.add_argument("--on", required=True, help="返村时间，如 2020-08-20上午")
    back.add_argument("--late", default="", help="超假原因")
    fill = _act(made, "fill", "把批准的请假填进考勤（没登记的半天）", _fill)
    fill.add_argument("--month", default="", help="月份，如 202008；不写是本月")
    end = _one(made, "return", "销假确认（村党组织书记）", _return)
    end.add_argument("--on", default="", help="返村时间；不写用本人登记的")
    end.add_argument("--opinion", default="", help="说明")


def run(arguments: Namespace) -> int:
    """Does what was asked."""
    with opened(arguments) as store:
        return int(arguments.act(store, arguments))


def _act(made: Any, name: str, words: str, act: Callable[[Store, Namespace], int]) -> ArgumentParser:
    parser: ArgumentParser = made.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.set_defaults(act=act)
    return parser


def _one(made: Any, name: str, words: str, act: Callable[[Store, Namespace], int]) -> ArgumentParser:
    parser = _act(made, name, words, act)
    parser.add_argument("number", metavar="编号", help="请假单编号（list 的第一列）")
    return parser


def _list(store: Store, arguments: Namespace) -> int:
    store.guard.require("read", Leave.ledger.table)
    found = cases(store)
    if arguments.mine:
        found = acts.for_me(store, found)
    if arguments.away:
        found = [case for case in found if case.state in acts.IN_VILLAGE]
    for case in found:
        print(summary(case))
    if not found:
        print("没有这样的请假单。")
    return 0


def _case(store: Store, arguments: Namespace) -> Case:
    store.guard.require("read", Leave.ledger.table)
    told = str(arguments.number).strip().lower()
    found = [case for case in cases(store) if told and number_of(case.leave).lower() == told]
    if len(found) != 1:
        raise Refused(f"没有编号是 {arguments.number} 的请假单，或者不归您看；list 列出您能看到的")
    return found[0]


def _show(store: Store, arguments: Namespace) -> int:
    case = _case(store, arguments)
    print(summary(case))
    for line in lines_of(case):
        print(f"  {line}")
    return 0


def _told(store: Store, leave: str) -> int:
    case = case_of(store, leave)
    if case is not None:
        print(f"{number_of(case.leave)}\t{state_words(case)}")
    return 0


def moment_of(words: str, half: str) -> tuple[date, str]:
    """Day and half of 2020-08-18上午; `half` where it is not told. Raises Refused."""
    found = _MOMENT.fullmatch(words.strip())
    if found is None:
        raise Refused(f"“{words}”不是日期，应写成 2020-08-18 或 2020-08-18下午")
    try:
        day = date(*(int(part) for part in found[1].split("-")))
    except ValueError:
        raise Refused(f"没有 {found[1]} 这一天") from None
    return day, _HALVES[(found[2] or half).upper()]


def _member(store: Store, name: str) -> tuple[str, str]:
    """Member and team of a name, of oneself where it is empty. Raises Refused."""
    if not name:
        found = my_member(store)
        if found is None:
            raise Refused(f"{store.author}不是工作队队员，请用 --member 写明替谁写")
        return found
    rows = store.rows("SELECT id, team FROM member WHERE name = ? AND team IS NOT NULL", (name,))
    if len(rows) != 1:
        raise Refused(f"没有叫{name}的队员" if not rows else f"有 {len(rows)} 个叫{name}的队员，请在窗口里写")
    return str(rows[0][0]), str(rows[0][1])


def _ask(store: Store, arguments: Namespace) -> int:
    member, team = _member(store, arguments.member)
    since, until = moment_of(arguments.since, "AM"), moment_of(arguments.until, "PM")
    leave = Leave(
        member=member, team=team, kind=arguments.kind, since=since[0], since_half=since[1], until=until[0],
        until_half=until[1], reason=arguments.why, destination=arguments.where, phone=arguments.phone,
        substitute=_member(store, arguments.substitute)[0] if arguments.substitute else None,
    )  # fmt: skip
    for problem in problems_of(leave, around(store, leave)):
        if problem.level == "warning":
            print(f"请注意：{problem.sentence}")
    (acts.keep if arguments.draft else acts.hand_in)(store, leave).result()
    print(f"{arguments.kind} {period_words(leave)}", end="\t")
    return _told(store, leave.id)


def _submit(store: Store, arguments: Namespace) -> int:
    case = _case(store, arguments)
    if why := acts.change_refusal(store, case):
        raise Refused(why)
    acts.hand_in(store, case.leave, case.leave).result()
    return _told(store, case.leave.id)


def _withdraw(store: Store, arguments: Namespace) -> int:
    case = _case(store, arguments)
    acts.withdraw(store, case).result()
    return _told(store, case.leave.id)


def _approve(store: Store, arguments: Namespace) -> int:
    return _say(store, arguments, "同意")


def _reject(store: Store, arguments: Namespace) -> int:
    return _say(store, arguments, "不同意")


def _say(store: Store, arguments: Namespace, decision: str) -> int:
    case = _case(store, arguments)
    acts.decide(store, case, decision, arguments.opinion).result()
    return _told(store, case.leave.id)


def _back(store: Store, arguments: Namespace) -> int:
    case = _case(store, arguments)
    acts.tell_back(store, case, *moment_of(arguments.on, "AM"), arguments.late).result()
    return _told(store, case.leave.id)


def _fill(store: Store, arguments: Namespace) -> int:
    month = arguments.month or f"{store.clock.today():%Y%m}"
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", month):
        raise Refused(f"“{month}”不是月份，应写成 202008 这样")
    view = month_with_slips(store, month, "").month
    step = fill_slips(view, view.mates)
    receipt = store.write(step.changes, "按请假单填")
    late = f"，其中 {step.late} 个超过 24 小时，要确认" if step.late else ""
    print(f"按请假单登记 {receipt.inserted} 个半天{late}" + (f"；{step.why}" if step.refused else ""))
    return 0


def _return(store: Store, arguments: Namespace) -> int:
    case = _case(store, arguments)
    told = case.leave.returned_on
    if not arguments.on and told is None:
        raise Refused("本人还没有登记返村，请用 --on 写明哪天、上午还是下午回到村里")
    on = (
        moment_of(arguments.on, "AM")
        if arguments.on
        else (told or date.min, case.leave.returned_half or "AM")
    )
    acts.confirm_back(store, case, *on, opinion=arguments.opinion).result()
    return _told(store, case.leave.id)
