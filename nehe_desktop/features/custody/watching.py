"""Every change of an account goes into the log, whoever makes it: form, import, command line, undo."""

from __future__ import annotations

import json
from dataclasses import dataclass

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Change, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.queries import account_changes
from nehe_desktop.security.rights import ROLES

_KIND, _SEEN = "人员和权限", "audit_accounts"
_WORDS = {"I": "登记", "U": "修改", "D": "删除"}


@dataclass(frozen=True)
class AccountWatch:
    """A listener of a store that notes what was done to accounts since it last looked; two are no more than one."""

    store: Store

    def __call__(self, tables: frozenset[str]) -> None:
        """Called on the writer thread after each commit."""
        if "account" in tables:
            self.store.compose(self._entries, _KIND)

    def _entries(self, writing: Writing) -> list[Change]:
        store, seen = self.store, int(self.store.recall(_SEEN, 0))
        found = account_changes(writing, seen)
        if not found:
            return []
        local.put(writing, "setting", _SEEN, found[-1].number, store.clock.now())
        entries = [
            AuditEntry(
                device="-",
                number=1,
                at=store.clock.now(),
                person=each.author,
                kind=_KIND,
                tbl="account",
                row=each.row,
                count=1,
                detail=_detail(each.op, each.patch),
                mark="-",
            )
            for each in found
        ]
        return audit.linked(store, writing, entries)


def watch(store: Store) -> None:
    """Begins to note what is done to accounts."""
    store.listen(AccountWatch(store))


def _detail(op: str, patch: str) -> str:
    """What was done, with the roles that it is about; no names."""
    told = json.loads(patch)
    roles = [ROLES[code] for code in told.get("role", ()) if code in ROLES]
    fields = "" if op != "U" else "（" + "、".join(sorted(told)) + "）"
    return f"{_WORDS[op]}{fields}{'：' + ' → '.join(dict.fromkeys(roles)) if roles else ''}"
