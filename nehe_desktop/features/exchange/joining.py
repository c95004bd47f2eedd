"""Joining a county: by the network, or by stick where there is none. Without Qt."""

from __future__ import annotations

from pathlib import Path

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.sync import courier, invitation, membership, parole, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.membership import Reach

_BY_STICK = "asked_by_stick"
_LONGEST = 20_000  # bytes of a file that may hold an invitation


def suggested_name(store: Store) -> str:
    """What this laptop may be called: 明星村 李建国的电脑."""
    village = profile_of(store).village
    place = path_of(store, village)[-1:] if village else ()
    return " ".join([*place, f"{store.author}的电脑"])


def invitation_in(path: Path) -> str:
    """The line of an invitation in a file; raises Refused."""
    try:
        text = path.read_text("utf-8-sig", errors="replace") if path.stat().st_size <= _LONGEST else ""
    except OSError as error:
        raise Refused(f"读不了 {path.name}，请换一个文件或直接粘贴") from error
    found = next((line.strip() for line in text.splitlines() if line.strip().startswith("NEHE1.")), "")
    if not found:
        raise Refused(f"{path.name} 里没有邀请码：邀请码以 NEHE1. 开头")
    return found


def named(name: str) -> str:
    """The laptop's name, trimmed; raises Refused where it is missing or too long."""
    plain = " ".join(name.split())
    if not plain:
        raise Refused("请给这台电脑起个名字，如“明星村 1 号电脑”")
    if len(plain) > 40:
        raise Refused(f"名字最多 40 个字，现在 {len(plain)} 个字")
    return plain


def join(store: Store, line: str, name: str, reach: Reach) -> Account:
    """Joins by the network; raises Refused and Trouble."""
    account = membership.enrol(store, invitation.read(line), named(name), reach)
    audit.note(store, "同步设备", detail="加入县里", target=account.dev).result()
    return account


def ask_by_stick(store: Store, line: str, name: str, folder: Path) -> Path:
    """Writes what asks the county to let this laptop in; gives the file. Raises Refused and Trouble."""
    plain = named(name)
    path = courier.make_enrolment(store, invitation.read(line), plain, folder)
    store.remember(_BY_STICK, plain).result()
    audit.note(store, "同步设备", detail="用 U 盘申请加入县里", target=path.name).result()
    return path


def asked(store: Store) -> str:
    """The name by which this laptop asked by stick and is not answered yet; empty where it did not."""
    waits = tables.are_there(store) and parole.invitation(store) is not None
    return str(store.recall(_BY_STICK, "")) if waits else ""
