"""`consent`: what families agreed to; signed sheets are taken in, and consents taken back, without a window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from nehe_desktop.cli.pictures import kept
from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.consents.ledger import GUARDIAN, OWN, Consent
from nehe_desktop.features.consents.queries import allowed, consents_of
from nehe_desktop.features.consents.wording import KINDS, VERSION
from nehe_desktop.features.custody.log_queries import day_of
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.queries import members_of
from nehe_desktop.features.papers.queries import household_numbered


def configure(parser: ArgumentParser) -> None:
    """The command's options; a form to sign is printed by `print --kind CONSENT`."""
    data_options(parser)
    acts = parser.add_subparsers(metavar="做什么", required=True)
    listed = _act(acts, "list", "列出一户的同意书，算不算数", _list)
    listed.add_argument("--kind", choices=tuple(KINDS), default="", help="只看这一项")
    add = _act(acts, "add", "登记签好的同意书（先打印：print --kind CONSENT）", _add)
    _of_sheet(add)
    add.add_argument("--signed", required=True, help="签字日期，如 2020-10-20")
    add.add_argument("--guardian", default="", help="未满 14 周岁由监护人签的，写监护人姓名")
    add.add_argument("--version", default=VERSION, help="文本版本，印在同意书下面")
    add.add_argument("--scan", nargs="+", type=Path, default=[], help="签字页照片，最多三张；没有的先不算数")
    scan = _act(acts, "scan", "给登记过的同意书补签字页照片", _scan)
    _of_sheet(scan)
    scan.add_argument("--scan", nargs="+", type=Path, required=True, help="签字页照片，最多三张")
    back = _act(acts, "withdraw", "撤回，同时生成撤下任务", _withdraw)
    _of_sheet(back)
    back.add_argument("--on", default="", help="撤回日期，默认今天")


def run(arguments: Namespace) -> int:
    """Does what was asked."""
    with opened(arguments) as store:
        return int(arguments.act(store, arguments))


def _act(acts: Any, name: str, words: str, act: Any) -> ArgumentParser:
    made: ArgumentParser = acts.add_parser(name, help=words, description=words, allow_abbrev=False)
    made.add_argument("household", metavar="农户", help="户编号")
    made.set_defaults(act=act)
    return made


def _of_sheet(parser: ArgumentParser) -> None:
    parser.add_argument("--kind", choices=tuple(KINDS), required=True, help="同意事项")
    parser.add_argument("--member", default="", help="家庭成员姓名；全家的同意书不写")


def _household(store: Store, arguments: Namespace) -> Household:
    found = household_numbered(store, arguments.household)
    if found is None:
        raise Refused(f"没有户编号是 {arguments.household} 的农户")
    return found


def _member(store: Store, home: Household, name: str) -> Person | None:
    found = [each for each in members_of(store, home.id) if each.name == name]
    if name and len(found) != 1:
        raise Refused(f"这户里{'没有' if not found else '不止一个'}叫“{name}”的人")
    return found[0] if name else None


def _list(store: Store, arguments: Namespace) -> int:
    store.guard.require("read", "consent")
    home, today = _household(store, arguments), store.clock.today()
    names = {each.id: each.name for each in members_of(store, home.id)}
    for each in consents_of(store, home.id):
        if arguments.kind in ("", each.kind):
            state = f"{each.withdrawn_on} 撤回" if each.withdrawn_on else "" if each.scan else "还没有签字页照片，先不算数"
            whose = names.get(each.person or "", "全家")
            print("\t".join(filter(None, (each.kind, whose, f"{each.signed_on} 签字", each.signer, state))))
    open_ = [kind for kind in KINDS if allowed(store, kind, home.id, today)]
    print(f"现在可以公开：{'、'.join(open_) or '都没有'}")
    return 0


def _add(store: Store, arguments: Namespace) -> int:
    home = _household(store, arguments)
    member = _member(store, home, arguments.member)
    made = Consent(
        household=home.id, person=member.id if member else None, kind=arguments.kind, text_version=arguments.version,
        signed_on=day_of(arguments.signed), signer=GUARDIAN if arguments.guardian else OWN, guardian=arguments.guardian,
        scan=kept(store, arguments.scan),
    )  # fmt: skip
    return _store(store, made, None, "登记同意书")


def _scan(store: Store, arguments: Namespace) -> int:
    before = _held(store, arguments)
    return _store(store, replace(before, scan=(*before.scan, *kept(store, arguments.scan))), before, "补签字页照片")


def _withdraw(store: Store, arguments: Namespace) -> int:
    before = _held(store, arguments)
    on = day_of(arguments.on) if arguments.on else store.clock.today()
    return _store(store, replace(before, withdrawn_on=on), before, "撤回同意")


def _held(store: Store, arguments: Namespace) -> Consent:
    """The newest consent of a kind that is not taken back; raises Refused where there is none."""
    home = _household(store, arguments)
    member = _member(store, home, arguments.member)
    whose = member.id if member else None
    for each in consents_of(store, home.id):
        if each.kind == arguments.kind and each.person == whose and each.withdrawn_on is None:
            return each
    raise Refused(f"这户没有登记过“{arguments.kind}”的同意书，或者已经撤回")


def _store(store: Store, made: Consent, before: Consent | None, words: str) -> int:
    store.write([Put(made, before)], words)
    print(f"已{words}：{made.kind}")
    for problem in made.problems():
        print(f"提示：{problem.sentence}")
    if made.withdrawn_on:
        print("撤下任务在问题台账里")
    return 0
