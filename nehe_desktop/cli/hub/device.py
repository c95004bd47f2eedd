"""`hub device`: the laptops of the county."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, device_named, new_step, opened, shown
from nehe_desktop.cli.hub.places import scope_named, shown_scopes, town_named
from nehe_desktop.core.errors import Refused
from nehe_desktop.documents import qr
from nehe_desktop.hub import certificates, devices, escrow, factor, witness
from nehe_desktop.hub.recovery_keys import read_private
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.escrow import read_request
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.protocol import EVERY

_DAY = 86_400_000  # milliseconds
_STATES = {"active": "在用", "revoked": "已停用", "replaced": "已换新编号"}


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    step = steps.add_parser(name, help=title, description=title, allow_abbrev=False)
    actions = step.add_subparsers(dest="action", required=True, metavar="做什么")
    new_step(actions, "list", "列出所有电脑")
    enrol = new_step(actions, "enrol", "发一个邀请码，给一台电脑加入用一次")
    enrol.add_argument("--name", required=True, help="给这台电脑起的名字，如“明星村1号电脑”")
    enrol.add_argument(
        "--village", action="append", default=[], help="它能看的村：村名、乡镇加村名或区划代码，可写多个"
    )
    enrol.add_argument("--town", default="", help="乡镇的电脑：能看全乡镇的村，办乡镇一级的审批；写乡镇名")
    enrol.add_argument(
        "--everything", action="store_true", help="全县都能看，并能改公共数据（县里自己的电脑）"
    )
    enrol.add_argument("--days", type=int, default=7, help="几天内有效（默认 7）")
    enrol.add_argument("--qr", type=Path, metavar="图.png", help="再存成二维码图片")
    otp = new_step(actions, "otp", "给一台电脑设手机验证码：用手机的验证器扫一次")
    otp.add_argument("device", metavar="电脑", help="名字或编号")
    otp.add_argument("--qr", type=Path, metavar="图.png", help="存成二维码图片，不在屏幕上画；扫完就删掉")
    otp.add_argument("--new", action="store_true", help="手机丢了或换了：重设，旧的作废")
    otp.add_argument("--off", action="store_true", help="取消这台电脑的验证码")
    recover = new_step(actions, "recover", "这台电脑的人都忘了口令：答复它的请求，帮它打开")
    recover.add_argument("device", metavar="电脑", help="名字或编号；先当面或打电话核实是谁在请求")
    recover.add_argument("--request", required=True, metavar="请求", help="请求的字符，或 @文件")
    recover.add_argument("--out", type=Path, metavar="文件", help="答复存到这个文件；不写就显示出来")
    recover.add_argument("--key-file", type=Path, metavar="文件", help="恢复私钥不在这台机器上时：存着它的文件")
    revoke = new_step(actions, "revoke", "停用丢失或收回的电脑：不再接受，下次连接时清空它")
    revoke.add_argument("device", metavar="电脑", help="名字或编号")
    revoke.add_argument("--yes", action="store_true", help="真的停用；不写只说明")


def run(arguments: Namespace) -> int:
    """Does one of them."""
    with opened(arguments) as here:
        act = {"list": _list, "enrol": _enrol, "otp": _otp, "recover": _recover, "revoke": _revoke}[arguments.action]
        return act(here, arguments)


def _list(here: OpenHub, _: Namespace) -> int:
    store, county = here.hub.store, here.hub.county
    having = store.read(lambda link: factor.holders(link, county))
    left = store.read(lambda link: escrow.deposited(link, county))
    for each in devices.devices(store, county):
        scopes = shown_scopes(here.hub, each.scopes)
        code = "\t有验证码" if each.dev in having else ""
        code += "\t已寄存钥匙" if each.dev in left else ""
        state, was = _STATES.get(each.state, each.state), f"\t原来是 {each.was}" if each.was else ""
        print(f"{each.dev}\t{each.name}\t{state}\t{scopes}\t最近 {shown(each.seen)}\t已传 {each.seq} 笔{was}{code}")
    return 0


def _enrol(here: OpenHub, arguments: Namespace) -> int:
    if [bool(arguments.village), bool(arguments.town), arguments.everything].count(True) != 1:
        raise Refused("请用 --village 写明哪个村，用 --town 写明哪个乡镇，或用 --everything 表示全县")
    if not 1 <= arguments.days <= 60:
        raise Refused("有效天数在 1 到 60 之间")
    scopes = _scopes(here, arguments)
    until = here.hub.wall() + arguments.days * _DAY
    code = devices.invite(here.hub.store, here.hub.county, arguments.name, scopes, until)
    fingerprint = certificates.fingerprint(here.folder.authority().certificate)
    keys = here.keys
    line = Invitation(here.settings.url, fingerprint, code, keys.sign_public, keys.seal_public).text()
    print(
        f"{arguments.name}（{shown_scopes(here.hub, scopes)}）的邀请码，{shown(until)} 前有效，只能用一次："
    )
    print(line)
    if arguments.qr:
        qr.save(line, arguments.qr)
        print(f"二维码：{arguments.qr}")
    if arguments.everything and here.settings.require_otp_for_county:
        print(f"它加入以后，请运行 hub device otp {arguments.name}：没有手机验证码它不能同步。")
    return 0


def _scopes(here: OpenHub, arguments: Namespace) -> list[str]:
    if arguments.town:
        return town_named(here.hub, arguments.town)
    return [EVERY] if arguments.everything else [scope_named(here.hub, each) for each in arguments.village]


def _otp(here: OpenHub, arguments: Namespace) -> int:
    """Shows the secret this once, to be scanned by the phone of who works with that laptop."""
    found, hub = device_named(here, arguments.device), here.hub
    if arguments.off:
        factor.remove(hub.store, hub.county, found.dev, hub.wall())
        print(f"已取消 {found.name}（{found.dev}）的验证码")
        return 0
    secret = factor.enrol(hub.store, hub.county, here.keys, found.dev, hub.wall(), anew=arguments.new)
    line = factor.address(secret, found.name, f"讷河帮扶工作台 {here.settings.name}")
    print(f"{found.name}（{found.dev}）的手机验证码，只显示这一次。用手机的验证器（TOTP，6 位，30 秒）扫：")
    if arguments.qr:
        qr.save(line, arguments.qr)
        print(f"二维码：{arguments.qr}，扫完请删掉")
    else:
        print(qr.in_letters(line))
        print(line)
        print(f"扫不了就手工输入：{factor.typed(secret)}")
    print("从现在起它同步时要输 6 位验证码，七天一次。")
    return 0


def _recover(here: OpenHub, arguments: Namespace) -> int:
    """Answers a laptop whose people cannot get in; the answer is of use to that laptop only, and once."""
    found, hub, told = device_named(here, arguments.device), here.hub, arguments.request
    text = _content(Path(told[1:])) if told.startswith("@") else told
    asked = read_request(text)
    recovery = here.folder.recovery_keys()
    if arguments.key_file:
        recovery = recovery.with_private(read_private(_content(arguments.key_file)))
    lines = escrow.answer(hub.store, hub.county, recovery.openers(here.keys), found.dev, asked, hub.wall())
    words = "\n".join([f"# 给 {found.name} 的答复", *lines])
    if arguments.out:
        write_whole(arguments.out, words.encode())
        print(f"给 {found.name}（{found.dev}）的答复已存到 {arguments.out}，只能用一次。")
    else:
        print(words)
    return 0


def _content(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不了 {file}") from error


def _revoke(here: OpenHub, arguments: Namespace) -> int:
    found = device_named(here, arguments.device)
    if not arguments.yes:
        print(
            f"将停用 {found.name}（{found.dev}）：以后不再接受它，它下次连接时会清空本机数据。确定就加 --yes"
        )
        return 0
    devices.revoke(here.hub.store, here.hub.county, found.dev, here.hub.wall(), here.keys)
    witness.note(here.hub.store, here.folder, here.hub.county)
    print(f"已停用 {found.name}（{found.dev}）")
    return 0
