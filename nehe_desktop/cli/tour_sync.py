"""The tour's last stop: a county's hub and two laptops on this computer, the same household edited on both."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nehe_desktop.cli.benches.hubs import running_hub
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.security import laptop
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.protocol import EVERY

_HUB, _ONE, _TWO = "县里的服务", "一号电脑", "二号电脑"


def show_sync(sample: Laptop, folder: Path) -> None:
    """Synchronises a copy of the sample village with a new laptop through a real hub, and prints what came of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    key = laptop.sample_key(sample)
    first = folder / f"{_ONE}.nhdb"
    shutil.copyfile(sample.file, first)
    with (
        contextlib.closing(Store.open(first, key, "李建国")) as one,
        contextlib.closing(Store.open(folder / f"{_TWO}.nhdb", key, "王敏")) as two,
    ):
        home = one.all(Household, order="local_no", limit=1)[0]
        with running_hub(folder / _HUB, [[EVERY], [home.village]]) as hub:
            _together(one, two, home, hub.invitations)


def _together(one: Store, two: Store, home: Household, invitations: Sequence[Invitation]) -> None:
    known = one.count(Conflict)
    enrol(one, invitations[0], _ONE, first_contact)
    sent = Client(one, Connector()).sync()
    enrol(two, invitations[1], _TWO, first_contact)
    came = Client(two, Connector()).sync()
    print(f"5. 同步：{_ONE}上传 {sent.sent} 笔，{_TWO}收到 {came.came} 条，回执 {came.hash}。")
    one.write([Put(replace(home, door_no="东头 1 号"))], "入户核实")
    two.write([Put(replace(home, door_no="西头 2 号"))], "电话核实")
    for store in (one, two, one):
        Client(store, Connector()).sync()
    same = one.find(Household, home.id) == two.find(Household, home.id)
    print(f"   两台电脑改了同一户的同一项：两个值都留在冲突记录里（{one.count(Conflict) - known} 条），"
          f"两边看到的{'一样' if same else '不一样'}。")  # fmt: skip
