"""What a computation gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from cstool.glossary.entries import Metric

Value: TypeAlias = Decimal | float | int | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result. `metric` is set where it holds one; measures and groups have none."""

    key: str
    metric: Metric | None = None
    measure: str = ""
    window: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of values by column key: groups, period, metrics, then measures where they were asked for.

    Percent values are fractions; undefined is None, and `reasons` says why by (row, column key). `notes` is what was
    guessed, skipped or left out. `formulas` gives by metric key the formula and the keys of its measures.
    """

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]
    notes: Sequence[str] = ()
    reasons: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def metrics(self) -> list[Column]:
        return [column for column in self.columns if column.metric]

    def undefined(self) -> list[str]:
        """Why values are undefined, one line a reason."""
        return [f"{key} is undefined in {self._row_name(index)}: {why}" for (index, key), why in self.reasons.items()]

    def _row_name(self, index: int) -> str:
        """What a row is about: its groups and period."""
        told = [
            str(self.rows[index][column.key]) for column in self.columns if not column.metric and not column.measure
        ]
        return ", ".join(told) or "the result"
