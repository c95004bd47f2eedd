"""Every job without a window: one module a command, loaded only when it is called.

Exit codes: 0 done, 1 something was refused or found, 2 the call's words are off, 3 the world did not
let us, 130 cancelled.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from nehe_desktop.core.errors import Invalid, Refused, Trouble

COMMANDS = {
    "demo": "造一份示例数据（一个村或全县）",
    "tour": "演示主要功能：造示例村、导入、打印、画出各个页面",
    "import": "从 Excel 或 CSV 导入",
    "undo": "撤销一次导入或一步操作",
    "export": "把一本台账导出为 Excel 或 CSV",
    "template": "生成一本台账的导入模板",
    "print": "打印文书（PDF）",
    "search": "按姓名、拼音、首字母、证件尾号查找",
    "backup": "备份",
    "restore": "恢复备份",
    "check": "自检，并修复能修复的",
    "attendance": "考勤表：走到哪一步、确认、退回、锁定、重开，补签确认，导入",
    "consent": "同意书：登记签字页，撤回，看能公开什么",
    "board": "公示：贴了什么、到哪天，登记张贴和撤下",
    "leave": "请销假：写请假单、提交、审批、撤回、登记返村、销假",
    "log": "操作日志：谁在什么时候做了什么，日志是否完整",
    "bench": "测速",
    "keys": "钥匙：谁能打开、改口令、恢复单、更换密钥、交县里保管",
    "sync": "和县里同步：立即同步、加入、状态、日志、冲突、U 盘",
    "hub": "县里的同步服务：建立、运行、电脑和范围、备份",
}
_CANCELLED = 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="讷河帮扶工作台", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)
    for name, help_text in COMMANDS.items():
        commands.add_parser(name, help=help_text, add_help=False)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = _parser().parse_args(words[:1]).command
    module = importlib.import_module(f"nehe_desktop.cli.{name}_command")
    parser = argparse.ArgumentParser(prog=f"main.py {name}", description=COMMANDS[name], allow_abbrev=False)
    module.configure(parser)
    try:
        return int(module.run(parser.parse_args(words[1:])))
    except Trouble as trouble:
        print(f"{trouble.sentence}。{trouble.advice}", file=sys.stderr)
        return 3
    except (Refused, Invalid) as refused:
        print(f"没有做成：{refused}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已取消，没有留下做了一半的内容。", file=sys.stderr)
        return _CANCELLED
