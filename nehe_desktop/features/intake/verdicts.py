"""What is said of rows: refused, doubted, new, changed, same; and which fields would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nehe_desktop.core.masks import masked
from nehe_desktop.core.record import Record
from nehe_desktop.features.intake.lines import Line, Source
from nehe_desktop.features.intake.plan import Difference, Options, Outcome, Plan
from nehe_desktop.features.intake.queries import Known

_ORDER: tuple[Outcome, ...] = ("same", "changed", "new", "refused")


class Verdicts:
    """Writes into a plan what becomes of its rows."""

    def __init__(self, plan: Plan, options: Options, names: Mapping[str, str]) -> None:
        """`names` are ids of records that a ref may show, with what they are called."""
        self.plan, self.options, self.names = plan, options, names

    def refuse(self, source: Source, line: Line, key: str, sentence: str) -> None:
        """Refuses a row for the cell of a key."""
        line.spoilt = True
        self.plan.reasons.append(source.reason(line, key, sentence))
        self.plan.outcomes[line.sheet][line.row] = "refused"

    def warn(self, source: Source, line: Line, key: str, sentence: str) -> None:
        """Doubts a cell without refusing it."""
        self.plan.reasons.append(source.reason(line, key, sentence, "warning"))

    def check(
        self, source: Source, line: Line, record: Record, *, prefix: str = "", warnings: bool = True
    ) -> bool:
        """Whether a record may stand; its problems become reasons at the cells of their fields."""
        for problem in record.problems():
            spec = record.ledger.fields.get(problem.field)
            sentence = problem.sentence.removeprefix(f"{spec.label}：") if spec else problem.sentence
            if problem.level == "error":
                self.refuse(source, line, prefix + problem.field, sentence)
            elif warnings:
                self.warn(source, line, prefix + problem.field, sentence)
        return not line.spoilt

    def mark(self, line: Line, outcome: Outcome) -> None:
        """Notes what becomes of a row; the weightier of two outcomes stays."""
        rows = self.plan.outcomes[line.sheet]
        if _ORDER.index(outcome) >= _ORDER.index(rows.get(line.row, "same")):
            rows[line.row] = outcome

    def differences(
        self, known: Known, cls: type[Record], own: Mapping[str, Any], line: Line, who: str, prefix: str = ""
    ) -> dict[str, Any]:
        """The fields whose stored value the file would change; what stays as the local value wins is noted too."""
        changes: dict[str, Any] = {}
        if self.options.only_new:
            return changes
        for name, value in own.items():
            spec, key = cls.ledger.fields[name], prefix + name
            before = known.values.get(name)
            if name not in known.values or before == spec.kind.store(value) or not self._may_change(key):
                continue
            kept = before not in (None, "") and key in self.options.local_wins
            told = (self._shown(cls, name, each) for each in (spec.kind.load(before), value))
            was, now = (masked(spec.private, text, "screen") for text in told)
            self.plan.differences.append(Difference(line.sheet, line.row, who, spec.label, was, now, kept))
            if not kept:
                changes[name] = value
        return changes

    def _may_change(self, key: str) -> bool:
        return self.options.columns is None or key in self.options.columns or key == "household.head"

    def _shown(self, cls: type[Record], name: str, value: Any) -> str:
        spec = cls.ledger.fields[name]
        return (
            self.names.get(value, "新登记的")
            if value and hasattr(spec.kind, "table")
            else spec.kind.show(value)
        )
