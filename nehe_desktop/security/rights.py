"""Who may do what with which ledger: one table (domain §11.1, §11.2), asked by every hand of the program.

Letters: C new rows, U change and remove, R read, A approve, P print, X export with covered numbers,
K numbers in clear ("clear"), each within the own scope; c, u, r and p only rows that are about oneself (`UNTOUCHED`).
What is not written is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nehe_desktop.core.deciding import HANDS, Look, Values, led_to, same_person
from nehe_desktop.core.errors import Invalid, Problem, Refused
from nehe_desktop.core.guard import Verb
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.record import LEDGERS, Ledger, path_of
from nehe_desktop.core.refusing import before_and_after

ROLES: Mapping[str, str] = {
    "R1": "驻村工作队队员",
    "R2": "队长或第一书记",
    "R3": "帮扶责任人",
    "R4": "村党组织书记或村专干",
    "R5": "乡镇扶贫专干或分管领导",
    "R6": "派出单位联络员",
    "R7": "市驻村办",
    "R8": "市扶贫办",
    "R9": "抽查督查员",
    "R10": "行业部门",
    "R11": "保险公司查勘员",
    "R12": "系统管理员",
    "R13": "审计纪检",
}
"""The roles of domain §11.1."""

VILLAGE_ROLES = ("R1", "R2", "R4")
"""Roles that a team gives itself; every other one is given by the county's own laptops."""

COUNTY_ROLES = ("R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13")

COVERED_ONLY = frozenset({"R5"})
"""Roles that see whole numbers but never carry them out (domain §11.2)."""

_LETTERS: Mapping[Verb, str] = {
    "read": "R", "create": "C", "update": "U", "remove": "U", "approve": "A", "print": "P", "export": "X", "clear": "K",
}  # fmt: skip
_OPS: Mapping[str, Verb] = {"I": "create", "U": "update", "D": "remove"}
_VERBS: Mapping[Verb, str] = {
    "read": "查看", "create": "登记", "update": "修改", "remove": "删除", "approve": "审批", "print": "打印",
    "export": "导出", "clear": "查看完整号码",
}  # fmt: skip

MATRIX: Mapping[str, Mapping[str, str]] = {
    "household": {"R1": "CRUK", "R2": "CRUPXK", "R4": "CRUPXK", "R5": "RPXK", "R8": "CRUPXK", "R13": "R"},
    "visit": {"R1": "CRUPK", "R2": "CRUPXK", "R4": "RUPXK", "R5": "RAPXK", "R8": "RAPXK", "R13": "R"},
    "team": {
        "R1": "RUK", "R2": "CRUPXK", "R4": "RK", "R5": "RPXK", "R6": "R", "R7": "CRUAPXK", "R8": "RK", "R13": "R",
    },
    "attendance": {
        "R1": "cuR", "R2": "CRUPX", "R4": "RAP", "R5": "RAP", "R6": "R", "R7": "RAPX", "R8": "R", "R9": "CR", "R13": "R",
    },
    "leave": {
        "R1": "curp", "R2": "CRUAPXK", "R4": "RAPK", "R5": "RAPXK", "R6": "R", "R7": "RAPXK", "R13": "R",
    },
    "measure": {
        "R1": "CRUK", "R2": "CRUPXK", "R4": "CRUK", "R5": "RAPXK", "R8": "CRUAPXK", "R10": "CRU", "R13": "R",
    },
    "paper": {
        "R1": "CRP", "R2": "CRPX", "R4": "CRP", "R5": "CRP", "R6": "CRP", "R7": "CRPX", "R8": "CRPX", "R9": "C", "R10": "CR",
        "R11": "C", "R12": "CR", "R13": "CR",  # the log and the accounts that they print are entered too
    },
    "board": {
        "R1": "CRUP", "R2": "CRUPX", "R4": "CRUPX", "R5": "CRUPX", "R7": "CRUPX", "R8": "CRUPX", "R9": "R", "R13": "R",
    },
    "case": {"R1": "R", "R2": "CRU", "R4": "RU", "R5": "R", "R7": "CRU", "R8": "CRU", "R12": "R", "R13": "R"},
    "reference": {
        "R1": "R", "R2": "CR", "R4": "CR", "R5": "R", "R6": "R", "R7": "CRUPX", "R8": "CRUPX", "R9": "R", "R10": "R",
        "R11": "R", "R12": "CRU", "R13": "R",
    },
    "account": {"R1": "R", "R2": "CRU", "R4": "R", "R5": "R", "R7": "CRU", "R8": "R", "R12": "CRUPX", "R13": "R"},
    "log": {
        **dict.fromkeys(ROLES, "C"), "R1": "CR", "R2": "CR", "R7": "CRPX", "R8": "CRPX", "R12": "CRPX", "R13": "CRPX",
    },
}  # fmt: skip
"""Object by role; K is a look in clear. A member reads of the log only what he did himself."""

OBJECTS: Mapping[str, str] = {
    "household": "household", "person": "household", "membership": "household", "household_category": "household",
    "help_link": "team", "helper": "team", "unit": "team", "team": "team", "member": "team", "posting": "team",
    "visit": "visit", "problem": "visit", "attendance_half": "attendance", "night": "attendance",
    "printed_paper": "paper", "posting_job": "board", "conflict": "case", "double": "case", "account": "account",
    "audit_log": "log",
    "leave": "leave", "leave_step": "leave", "sheet_step": "attendance", "month_lock": "attendance",
    "late_step": "attendance", "late_night_step": "attendance",
    "consent": "household", "division": "reference", "setting": "reference", "workday": "reference",
}  # fmt: skip
"""What a ledger is in the table; one that is not named is a ledger of measures."""

STEPS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "leave_step": (
        "step", {"队长意见": ("R2",), "乡镇党委意见": ("R5",), "驻村办意见": ("R7",), "销假确认": ("R4",)},
    ),
    "sheet_step": (
        "step", {"队长确认": ("R2",), "村党组织书记确认": ("R4",), "乡镇党委审核": ("R5",), "驻村办备案": ("R7",)},
    ),
    "late_step": ("step", {"队长确认": ("R2",), "乡镇确认": ("R5",), "村党组织书记确认": ("R4",)}),
    "late_night_step": ("step", {"队长确认": ("R2",), "乡镇确认": ("R5",), "村党组织书记确认": ("R4",)}),
}  # fmt: skip
"""Which role takes which step of a ledger of approvals, by the field that names the step (domain §8.3, §8.4)."""

WRITERS: Mapping[str, str] = {"month_lock": "R7"}
"""Ledgers of decisions that only one role writes."""

SIGNED: Mapping[str, tuple[str, str]] = {"attendance_half": ("source", "签到"), "night": ("source", "签到")}
"""Field and value with which a row is a signature: nobody signs for another (domain §11.4)."""

UNTOUCHED = frozenset({"attendance"})
"""Objects of which u means rows about oneself that nobody else has written: one's own entry put right."""


@dataclass(frozen=True)
class Actor:
    """Who is at the keyboard: his name, roles, villages (none for the whole county) and staff number."""

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    villages: frozenset[str] = field(default_factory=frozenset)
    staff_no: str = ""

    @property
    def titles(self) -> str:
        """His roles in words."""
        return "、".join(words for role, words in ROLES.items() if role in self.roles) or "没有登记权限的人"


def object_of(table: str) -> str:
    """What a ledger is in the table of rights."""
    return OBJECTS.get(table, "measure")


def holders(verb: Verb, table: str) -> list[str]:
    """The roles that may do this, in words."""
    letter, row = _LETTERS[verb], MATRIX[object_of(table)]
    return [words for role, words in ROLES.items() if letter in row.get(role, "")]


def allows(actor: Actor, verb: Verb, table: str) -> bool:
    """Whether one of his roles may do this with rows of a ledger, be it only with those about himself."""
    letter, row = _LETTERS[verb], MATRIX[object_of(table)]
    return any({letter, letter.lower()} & set(row.get(role, "")) for role in actor.roles)


def only_own(actor: Actor, verb: Verb, table: str) -> bool:
    """Whether he may do this with rows about himself only."""
    letter, row = _LETTERS[verb], MATRIX[object_of(table)]
    return allows(actor, verb, table) and not any(letter in row.get(role, "") for role in actor.roles)


def exports_whole(actor: Actor, table: str) -> bool:
    """Whether one of his roles may carry whole numbers out; a township carries out covered ones only (X(masked))."""
    row = MATRIX[object_of(table)]
    return any({"X", "K"} <= set(row.get(role, "")) for role in actor.roles - COVERED_ONLY)


@dataclass(frozen=True)
class Rights:
    """The guard of a store while somebody is at the keyboard."""

    actor: Actor

    def may(self, verb: Verb, table: str) -> bool:
        """Whether he may do this with rows of a ledger."""
        return allows(self.actor, verb, table)

    def require(self, verb: Verb, table: str) -> None:
        """Raises Refused with who may, unless he may do this."""
        if not self.may(verb, table):
            raise Refused(self._refusal(verb, table))

    def inspect(self, ledger: Ledger, entries: Sequence[Entry], look: Look, *, undoing: bool = False) -> None:
        """Raises Refused unless he may make these changes, each in a village that is his; Invalid beside a field."""
        for op, verb in _OPS.items():
            if done := [entry for entry in entries if entry.op == op]:
                self._require_op(ledger, verb, done, look)
        self._require_steps(ledger, entries)
        if ledger.table in WRITERS and (undoing or any(entry.op == "D" for entry in entries)):
            raise Refused(f"{ledger.title}不能撤销也不能删除，要重开请写明理由")
        self._require_signatures(ledger, entries, () if undoing else SIGNED.get(ledger.table, ()), look)
        villages = self.actor.villages
        if villages and any(e.scope not in villages and e.scope not in ("county", "office") for e in entries):
            raise Refused(f"{self.actor.name}只能{_VERBS['update']}自己村的记录，这条记录属于别的村")
        if villages and (name := _reserved(ledger, entries, self.actor)):
            label = ledger.fields[name].label
            raise Invalid([Problem(name, f"{ledger.title}的“{label}”由县里的电脑给和收回，村里的电脑不能改")])

    def _require_op(self, ledger: Ledger, verb: Verb, entries: Sequence[Entry], look: Look) -> None:
        if ledger.approves:  # the roles of a ledger of steps are asked step by step
            self.require("read" if ledger.table in STEPS else "approve", ledger.approves)
            self._require_writer(ledger)
            return
        self.require(verb, ledger.table)
        if not ledger.own or not only_own(self.actor, verb, ledger.table):
            return
        who = f"{self.actor.name}（{self.actor.titles}）"
        if not all(self._is_own(ledger, values, look) for entry in entries for values in before_and_after(entry, look)):
            raise Refused(f"{who}只能{_VERBS[verb]}自己的{ledger.title}")
        if verb != "create" and object_of(ledger.table) in UNTOUCHED and not self._wrote_all(ledger, entries, look):
            raise Refused(f"{who}只能{_VERBS[verb]}自己登记的{ledger.title}，别人登记过的请队长改")

    def _require_writer(self, ledger: Ledger) -> None:
        role = WRITERS.get(ledger.table, "")
        if role and role not in self.actor.roles:
            raise Refused(f"{self.actor.name}（{self.actor.titles}）不能登记{ledger.title}，可以做的是：{ROLES[role]}")

    def _is_own(self, ledger: Ledger, values: Values, look: Look) -> bool:
        """Whether a row is about him; no values are nobody's."""
        return not values or same_person(self.actor.name, led_to(path_of(ledger, ledger.own), values, look))

    def _wrote_all(self, ledger: Ledger, entries: Sequence[Entry], look: Look) -> bool:
        rows = (look(ledger.table, entry.id) or {} for entry in entries)
        return all(same_person(self.actor.name, str(row.get(HANDS) or "")) for row in rows)

    def _require_signatures(self, ledger: Ledger, entries: Sequence[Entry], signed: Sequence[str], look: Look) -> None:
        """Nobody signs for another: neither as the one who decides, nor where a row is a signature."""
        by = apart_by(ledger)
        for entry in entries:
            if by and entry.op == "I" and not same_person(self.actor.name, str(entry.patch.get(by, ("", ""))[1] or "")):
                raise Invalid([Problem(by, f"{ledger.title}只能由登录的本人签，现在登录的是{self.actor.name}")])
            if signed and _becomes(entry, *signed) and not self._is_own(ledger, before_and_after(entry, look)[1], look):
                sentence = f"“{signed[1]}”要本人登录来签，{self.actor.name}不能代签，可以登记为“手工”"
                raise Invalid([Problem(signed[0], sentence)])

    def _require_steps(self, ledger: Ledger, entries: Sequence[Entry]) -> None:
        field_, steps = STEPS.get(ledger.table, ("", {}))
        for step in dict.fromkeys(entry.patch[field_][1] for entry in entries if field_ in entry.patch):
            roles = steps.get(str(step), ())
            if not self.actor.roles & set(roles):
                who = "、".join(ROLES[role] for role in roles)
                raise Invalid([Problem(field_, f"“{step}”由{who}填写，{self.actor.name}是{self.actor.titles}")])

    def _refusal(self, verb: Verb, table: str) -> str:
        title = LEDGERS[table].title if table in LEDGERS else table
        who = "、".join(holders(verb, table)[:3]) or "任何人都不"
        return f"{self.actor.name}（{self.actor.titles}）不能{_VERBS[verb]}{title}，可以做的是：{who}"


def apart_by(ledger: Ledger) -> str:
    """The field of a ledger of approvals that says who decides; empty where there is none."""
    return ledger.apart[0] if ledger.apart else ""


def _becomes(entry: Entry, name: str, value: str) -> bool:
    """Whether a change gives a field a value that it did not have."""
    before, after = entry.patch.get(name, (None, None))
    return entry.op != "D" and after == value != before


def _reserved(ledger: Ledger, entries: Sequence[Entry], actor: Actor) -> str:
    """The field in which changes touch what only a level above sets or takes away; empty for none."""
    for name, field_ in ledger.fields.items():
        values = {value for value, level in field_.levels.items() if level == "county" or "R5" not in actor.roles}
        if values and any(values & set(entry.patch.get(name, ())) for entry in entries):
            return name
    return ""
