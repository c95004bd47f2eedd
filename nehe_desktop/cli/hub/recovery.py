"""`hub recovery`: the key that opens what laptops left with the county; its private half may be kept elsewhere."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened, shown
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.hub import devices, escrow, events, recovery_keys
from nehe_desktop.hub.recovery_keys import RecoveryKeys
from nehe_desktop.security.durable import write_whole
from nehe_desktop.sync.admission import short_name


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    step = steps.add_parser(name, help=title, description=title, allow_abbrev=False)
    actions = step.add_subparsers(dest="action", required=True, metavar="做什么")
    new_step(actions, "show", "看恢复密钥：编号、私钥在不在这台机器上、各台电脑的钥匙封给了哪个")
    take = new_step(actions, "take", "把恢复私钥移到一个文件（如 U 盘）里锁好，这台机器上不再有")
    take.add_argument("file", type=Path, metavar="文件", help="存到哪里")
    take.add_argument("--yes", action="store_true", help="真的移走；不写只说明")
    bring = new_step(actions, "bring", "把移走的恢复私钥放回这台机器")
    bring.add_argument("file", type=Path, metavar="文件", help="存着恢复私钥的文件")
    new = new_step(actions, "new", "换一把恢复密钥：怀疑私钥泄露时用，各台电脑下次同步时自动重新寄存")
    new.add_argument("--yes", action="store_true", help="真的更换；不写只说明")


def run(arguments: Namespace) -> int:
    """Does one of them."""
    with opened(arguments) as here:
        {"show": _show, "take": _take, "bring": _bring, "new": _new}[arguments.action](here, arguments)
    return 0


def _show(here: OpenHub, _: Namespace) -> None:
    keys, store, county = here.folder.recovery_keys(), here.hub.store, here.hub.county
    name = short_name(keys.present)
    print(
        f"恢复密钥 {name}，{shown(keys.made[-1][1])} 起用，私钥{'在' if keys.is_here else '不在'}这台机器上"
    )
    left = store.read(lambda link: escrow.sealed_to(link, county))
    for each in devices.devices(store, county):
        if each.state == devices.ACTIVE:
            print(f"{each.dev}\t{each.name}\t{_words(left.get(each.dev), name)}")


def _words(to: str | None, name: str) -> str:
    if to is None:
        return "还没有寄存钥匙"
    return "已寄存钥匙" if to == name else "已寄存钥匙，封给以前的密钥；下次同步时自动重新寄存"


def _take(here: OpenHub, arguments: Namespace) -> None:
    keys, file = here.folder.kept_recovery_keys(), arguments.file
    if not keys.private:
        raise Refused("恢复私钥已经不在这台机器上")
    if file.exists():
        raise Refused(f"{file} 已经有了，请换一个文件名")
    if not arguments.yes:
        print(
            f"将把恢复私钥移到 {file}：以后答复忘了口令的电脑要带上它（hub device recover --key-file），别的都照常。"
            "丢了它，只能用各台电脑的恢复单；请存两份，锁好。确定就加 --yes"
        )
        return
    _write(file, keys.private)
    here.folder.put_recovery_keys(keys.without_private())
    _note(here, "recovery-taken")
    print(f"恢复私钥已移到 {file}，这台机器上不再有。以前做的县库备份里还有它，也请锁好。")


def _write(file: Path, private: tuple[str, ...]) -> None:
    """Writes the private halves and reads them back before anything is taken away."""
    try:
        write_whole(file, recovery_keys.written(private).encode())
        file.chmod(0o600)
        same = recovery_keys.read_private(file.read_text("utf-8")) == private
    except OSError as error:
        raise Trouble(f"没有写成 {file}", "请检查 U 盘是否插好、有没有空间；私钥还在这台机器上") from error
    if not same:
        raise Trouble(f"写到 {file} 的内容读回来不一致", "请换一个 U 盘；私钥还在这台机器上")


def _bring(here: OpenHub, arguments: Namespace) -> None:
    try:
        private = recovery_keys.read_private(arguments.file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不了 {arguments.file}") from error
    here.folder.put_recovery_keys(here.folder.kept_recovery_keys().with_private(private))
    _note(here, "recovery-back")
    print("恢复私钥已放回这台机器。")


def _new(here: OpenHub, arguments: Namespace) -> None:
    if not arguments.yes:
        print("将换一把恢复密钥：各台电脑下次同步时自动重新寄存，以前寄存的照旧打得开。确定就加 --yes")
        return
    keys: RecoveryKeys = here.folder.kept_recovery_keys().begun(here.hub.wall())
    here.folder.put_recovery_keys(keys)
    escrow.introduce(here.hub.store, here.hub.county, here.keys, keys)
    _note(here, "recovery-new")
    print(f"已换成恢复密钥 {short_name(keys.present)}。各台电脑下次同步时自动重新寄存。")


def _note(here: OpenHub, kind: str) -> None:
    """Notes what was done with the recovery key, for `hub status`."""
    hub, name = here.hub, short_name(here.folder.kept_recovery_keys().present)
    hub.store.write(hub.county, lambda link: events.note(link, hub.county, kind, "", name, hub.wall()))
