"""`board`: what hangs where and until when; its hanging and its taking down entered without a window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from nehe_desktop.cli.import_command import village_of
from nehe_desktop.cli.pictures import kept
from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.board.ledger import AUDIENCES, BOARD, PostingJob
from nehe_desktop.features.board.matters import MATTERS, OTHER
from nehe_desktop.features.board.queries import FILTERS, Wanted, job_numbered, jobs_at, jobs_in, term
from nehe_desktop.features.board.rules import hung, numbered, photo_missing, set_aside, state_of, taken_down
from nehe_desktop.features.consents.wording import KINDS
from nehe_desktop.features.custody.log_queries import day_of
from nehe_desktop.features.papers.queries import household_numbered
from nehe_desktop.security.laptop import profile_of

Change = Callable[[Store, PostingJob, Namespace], PostingJob]


def configure(parser: ArgumentParser) -> None:
    """The command's options; without a word it lists what is to be done."""
    data_options(parser)
    parser.set_defaults(act=_list, filter="todo", text="")
    acts = parser.add_subparsers(metavar="做什么")
    listed = acts.add_parser("list", help="列出公示", allow_abbrev=False)
    told = "todo 要办的、up 公示中、staying 长期张贴、down 已撤下、all 全部"
    listed.add_argument("--filter", choices=tuple(FILTERS), default="todo", help=told)
    listed.add_argument("--text", default="", help="内容或编号里有这几个字的")
    hang = _changing(acts, "hang", "登记张贴", _hung)
    _of_term(hang)
    down = _changing(acts, "down", "登记撤下", _down)
    down.add_argument("--note", default="", help="备注，提前撤下的写原因")
    _changing(acts, "void", "打印了没有张贴，作废", lambda _store, job, _arguments: set_aside(job), photo=False)
    add = acts.add_parser("add", help="登记别处来的、手写的公示", allow_abbrev=False)
    add.add_argument("title", help="公示内容")
    add.add_argument("--town", default="", help="乡镇，村重名时写")
    add.add_argument("--village", default="", help="所在村，默认是本机的村")
    add.add_argument("--audience", choices=tuple(AUDIENCES), default="board", help="board 村内公示、web 网上公开")
    add.add_argument("--household", default="", help="只和一户有关时写户编号")
    add.add_argument("--shows", nargs="+", choices=tuple(KINDS), default=[], help="上面有要这户同意的内容")
    _of_day(add, "张贴日期")
    _of_term(add)
    add.set_defaults(act=_add)


def run(arguments: Namespace) -> int:
    """Does what was asked."""
    with opened(arguments) as store:
        return int(arguments.act(store, arguments))


def _changing(acts: Any, name: str, words: str, change: Change, *, photo: bool = True) -> ArgumentParser:
    made: ArgumentParser = acts.add_parser(name, help=words, description=words, allow_abbrev=False)
    made.add_argument("number", help="公示编号")
    if photo:
        _of_day(made, "日期")
    made.set_defaults(act=lambda store, arguments: _change(store, arguments, words, change))
    return made


def _of_day(parser: ArgumentParser, words: str) -> None:
    parser.add_argument("--on", default="", help=f"{words}，如 2020-10-20，默认今天")
    parser.add_argument("--photo", nargs="+", type=Path, default=[], help="公示栏的照片，最多两张")


def _of_term(parser: ArgumentParser) -> None:
    parser.add_argument("--until", default="", help="公示到哪一天，默认按规定的最少天数")
    parser.add_argument("--matter", choices=MATTERS, default="", help="事项，决定最少公示几天")
    parser.add_argument("--place", default="", help=f"张贴地点，默认{BOARD}")


def _list(store: Store, arguments: Namespace) -> int:
    store.guard.require("read", "posting_job")
    today, numbers = store.clock.today(), jobs_in(store, Wanted(arguments.filter, arguments.text))
    found = jobs_at(store, numbers)
    for job in (found[number] for number in numbers):
        lacking = photo_missing(job, today)
        term_words = f"{job.since} 至 {job.until or '长期'}" if job.since else ""
        bare = f"缺{lacking}照片" if lacking else ""
        print("\t".join(filter(None, (state_of(job, today), job.number, job.title, job.place, term_words, bare))))
    print(f"共 {len(numbers)} 份")
    return 0


def _change(store: Store, arguments: Namespace, words: str, change: Change) -> int:
    before = job_numbered(store, arguments.number)
    after = change(store, before, arguments)
    store.write([Put(after, before)], words)
    print(f"{after.number}\t{state_of(after, store.clock.today())}")
    return 0


def _hung(store: Store, job: PostingJob, arguments: Namespace) -> PostingJob:
    on = _day(store, arguments)
    job = replace(job, matter=arguments.matter or job.matter, place=arguments.place or job.place)
    until = day_of(arguments.until) if arguments.until else None
    return replace(hung(job, on, term(store, job.matter, on), until), at_start=kept(store, arguments.photo))


def _down(store: Store, job: PostingJob, arguments: Namespace) -> PostingJob:
    down = taken_down(job, _day(store, arguments), store.author)
    return replace(down, at_end=kept(store, arguments.photo), note=arguments.note or job.note)


def _add(store: Store, arguments: Namespace) -> int:
    home = household_numbered(store, arguments.household) if arguments.household else None
    if arguments.household and home is None:
        raise Refused(f"没有户编号是 {arguments.household} 的农户")
    village = village_of(store, arguments.town, arguments.village) or (home.village if home else "")
    plain = PostingJob(
        title=arguments.title, matter=arguments.matter or OTHER, village=village or profile_of(store).village or None,
        audience=arguments.audience, household=home.id if home else None, shows=tuple(arguments.shows),
    )  # fmt: skip
    made = numbered(_hung(store, plain, arguments), store.clock.today())
    store.write([Put(made)], "登记公示")
    print(f"{made.number}\t{state_of(made, store.clock.today())}")
    return 0


def _day(store: Store, arguments: Namespace) -> date:
    return day_of(arguments.on) if arguments.on else store.clock.today()
