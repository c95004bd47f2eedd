"""One record being edited by any hand: what was typed, what it means, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from nehe_desktop.core.errors import Invalid, Problem, Refused
from nehe_desktop.core.fields import Field
from nehe_desktop.core.masks import COVERED, is_cover, shown
from nehe_desktop.core.record import Record, field_problems

R = TypeVar("R", bound=Record)


class Draft(Generic[R]):
    """Values, problems and undo of one record; typed text that is refused is kept as typed."""

    def __init__(self, cls: type[R], record: R | None = None, **initial: Any) -> None:
        """Starts from a stored record, or from the defaults and `initial` values."""
        self.cls = cls
        self.record = record
        self.fields: Mapping[str, Field] = cls.ledger.fields
        start = record.values() if record else {n: f.default for n, f in self.fields.items()}
        self.values: dict[str, Any] = {**start, **initial}
        self._first = dict(start)
        self._typed: dict[str, object] = {}
        self._refused: dict[str, str] = {}
        self._own: set[str] = set()  # covered fields whose value was typed here and not only stood there
        self._past: list[tuple[str, object]] = []
        self._future: list[tuple[str, object]] = []

    def value(self, name: str) -> Any:
        """The value of a field; the last good one where the typed text is refused."""
        return self.values[name]

    def text(self, name: str) -> str:
        """What an editor shows: the text as typed where it is refused, else the value shown."""
        if name in self._refused:
            return str(self._typed[name])
        return self.fields[name].kind.show(self.values[name])

    def is_covered(self, name: str) -> bool:
        """Whether the screen covers the value: it is private, and nobody typed it here (domain §11.3 (2))."""
        hides = self.fields[name].private in COVERED and name not in self._own
        return hides and self.values[name] not in (None, "", ())

    def cover(self, name: str) -> str:
        """What stands on the screen in place of a covered value."""
        return shown(self.fields[name], self.values[name])

    def set(self, name: str, raw: object) -> None:
        """Takes what was typed or chosen; never raises. Several edits of one field undo as one."""
        self._remember(name)
        before = self.values[name]
        self._take(name, raw)
        if self.fields[name].private in COVERED and (name in self._refused or self.values[name] != before):
            self._own.add(name)

    def carry(self, name: str, raw: object) -> None:
        """Takes what stands elsewhere, such as in the last visit: nobody typed it, so it stays covered."""
        self._remember(name)
        self._take(name, raw)
        self._own.discard(name)

    def undo(self) -> str | None:
        """Takes the last field's edits back; the name of that field."""
        return self._step(self._past, self._future)

    def redo(self) -> str | None:
        """Makes an undone edit again; the name of that field."""
        return self._step(self._future, self._past)

    def shown(self, name: str, *, covered: bool = False) -> bool:
        """Whether the field applies at present; `covered` by what can be seen while private values are covered."""
        field = self.fields[name]
        return field.when is None or field.shown(self._visible() if covered else self.values)

    def problem(self, name: str) -> Problem | None:
        """What is wrong with one field, errors before warnings."""
        mine = [p for p in self.problems() if p.field == name]
        return min(mine, key=lambda p: p.level != "error", default=None)

    def problems(self) -> list[Problem]:
        """Everything that is wrong, errors and warnings."""
        refused = [
            Problem(name, f"{self.fields[name].label}：{sentence}")
            for name, sentence in self._refused.items()
            if self.shown(name)
        ]
        names = {p.field for p in refused}
        empty = [p for p in field_problems(self.cls.ledger, self.values) if p.field not in names]
        if refused or empty:
            return [*refused, *empty, *(p for p in self._rules(strict=False) if p.field not in names)]
        return self._rules(strict=True)

    def warnings(self) -> list[Problem]:
        """What may be wrong and can be confirmed."""
        return [p for p in self.problems() if p.level == "warning"]

    def errors(self) -> list[Problem]:
        """What keeps the record from being stored."""
        return [p for p in self.problems() if p.level == "error"]

    @property
    def dirty(self) -> bool:
        """Whether anything differs from the start."""
        return bool(self._refused) or self.values != self._first

    def finished(self) -> R:
        """The record; raises Invalid with every error. Fields that do not apply take their defaults."""
        if errors := self.errors():
            raise Invalid(errors)
        return self._made()

    def rebase(self, record: R) -> None:
        """Goes on from the record as it is by now: what nobody touched here follows it, what was typed stays."""
        new = record.values()
        for name, value in new.items():
            if self.values[name] == self._first[name] and name not in self._refused:
                self.values[name] = value
        self.record, self._first = record, new

    def to_json(self) -> dict[str, Any]:
        """Everything typed so far, as JSON can hold it."""
        kept = {n: self.fields[n].kind.store(v) for n, v in self.values.items()}
        refused = {n: str(self._typed[n]) for n in self._refused}
        own = sorted(self._own)
        return {"id": self.record.id if self.record else "", "values": kept, "refused": refused, "own": own}

    def from_json(self, kept: Mapping[str, Any]) -> None:
        """Takes what `to_json` gave; fields that are no longer declared are left out."""
        for name, stored in kept["values"].items():
            if name in self.fields:
                self.values[name] = self.fields[name].kind.load(stored)
        for name, raw in kept["refused"].items():
            if name in self.fields:
                self._take(name, raw)
        self._own = set(kept.get("own", ())) & self.fields.keys()

    def _remember(self, name: str) -> None:
        if not self._past or self._past[-1][0] != name:
            self._past.append((name, self._state(name)))
        self._future.clear()

    def _visible(self) -> dict[str, Any]:
        return {n: self.fields[n].default if self.is_covered(n) else v for n, v in self.values.items()}

    def _take(self, name: str, raw: object) -> None:
        self._typed[name] = raw
        try:
            value = _read(self.fields[name], raw)
        except Refused as refused:
            self._refused[name] = refused.sentence
            return
        self._refused.pop(name, None)
        self.values[name] = self._empty(name) if value is None else value

    def _empty(self, name: str) -> Any:
        default = self.fields[name].default
        return default if isinstance(default, str | tuple) else None

    def _state(self, name: str) -> object:
        return (self.values[name], self._typed.get(name), self._refused.get(name), name in self._own)

    def _step(self, source: list[tuple[str, object]], target: list[tuple[str, object]]) -> str | None:
        if not source:
            return None
        name, state = source.pop()
        target.append((name, self._state(name)))
        value, typed, refused, own = state  # type: ignore[misc]
        self.values[name], self._typed[name] = value, typed
        (self._own.add if own else self._own.discard)(name)
        if refused is None:
            self._refused.pop(name, None)
        else:
            self._refused[name] = refused
        return name

    def _made(self) -> R:
        kept = {n: self.values[n] if self.shown(n) else f.default for n, f in self.fields.items()}
        return replace(self.record, **kept) if self.record else self.cls(**kept)

    def _rules(self, *, strict: bool) -> list[Problem]:
        try:
            return list(self._made().rules())
        except (TypeError, ValueError, AttributeError, KeyError):
            if strict:
                raise
            return []  # rules of a half-filled record may meet a None


def _read(field: Field, raw: object) -> Any:
    value = field.kind.read(raw)
    field.kind.check(value)
    if is_cover(field, value):
        raise Refused("这是遮住以后的样子，请填完整的内容")
    return value
