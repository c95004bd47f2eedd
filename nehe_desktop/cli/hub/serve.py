"""`hub serve`: runs the county's hub until it is told to stop."""

from __future__ import annotations

import logging
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened
from nehe_desktop.cli.hub.setup import checked_port
from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import serving, witness
from nehe_desktop.hub.upkeep import Upkeep
from nehe_desktop.hub.web import Site
from nehe_desktop.security import log


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument("--host", default="0.0.0.0", help="在哪个网卡上提供服务（默认所有）")  # noqa: S104 - a service
    parser.add_argument("--port", type=int, help="端口（默认 init 时定的）")
    parser.add_argument(
        "--backups", type=Path, metavar="文件夹", help="每天的备份再存一份到这里（另一块盘或网络盘）"
    )


def run(arguments: Namespace) -> int:
    """Serves; 0 when it was told to stop, 3 where it cannot."""
    with opened(arguments) as here, witness.alone(here.folder):
        _must_be_newest(here)
        here.folder.certify(here.settings.hosts, datetime.now().astimezone())
        port = checked_port(arguments.port or here.settings.port)
        context = serving.tls(here.folder.certificate, here.folder.certificate_key)
        site = Site(
            here.hub,
            here.keys,
            here.folder.authority().certificate,
            here.folder.metrics_token(),
            here.hub.wall,
            otp_for_county=here.settings.require_otp_for_county,
        )
        taken = serving.listening(arguments.host, port)
        _log(here)
        upkeep = Upkeep(here.hub, here.folder, context, arguments.backups)
        with upkeep.going_on():
            serving.serve(site, context, taken, lambda: _say(here, taken.getsockname()[1]))
    print("已停止，正在进行的请求都已做完。")
    return 0


def _must_be_newest(here: OpenHub) -> None:
    if witness.is_older(here.hub.store, here.folder, here.hub.county):
        raise Trouble(
            "数据库比上次运行时的旧：有人换上了旧的库",
            "确实是恢复备份，就先运行 hub restore --confirm 再启动；不是就换回原来的库",
        )


def _log(here: OpenHub) -> None:
    log.start(here.folder.logs)
    handler = logging.StreamHandler()
    handler.setFormatter(log.Masking())
    logging.getLogger().addHandler(handler)


def _say(here: OpenHub, port: int) -> None:
    print(
        f"{here.settings.county} 的同步服务已启动：{here.settings.url}（本机端口 {port}，库：{here.hub.store.kind}）",
        flush=True,
    )
    print("加一台电脑：python3 main.py hub device enrol --name 明星村1号电脑 --village 明星村", flush=True)
    print("停止：Ctrl+C", flush=True)
