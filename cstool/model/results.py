"""What a computation gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from cstool.model.entries import Metric

Value: TypeAlias = Decimal | float | int | str | None


class Column(NamedTuple):
    """A column of a result: a group (or period), a value asked for, what is always shown beside it,
    what it was before and its change where it is compared, or a measure.

    `window` is in months, `weeks` in weeks, 0 where there is none; `formula` is what a value ran on.
    """

    key: str
    kind: Literal["group", "value", "beside", "before", "change", "measure"] = "group"
    unit: str | None = None
    window: int = 0
    formula: str = ""
    measure: str = ""
    metric: Metric | None = None
    weeks: int = 0


class Result(NamedTuple):
    """Rows of values by column key: groups, period, values, then measures where they were asked for.

    Percent values are fractions; undefined is None, and `reasons` says why by (row, column key). `notes` is what was
    guessed, skipped or left out. `basis` says by label what the rows were computed from, where that was
    asked for. `picture` says how a terminal may draw the rows.
    """

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]
    notes: Sequence[str] = ()
    reasons: Mapping[tuple[int, str], str] = {}
    basis: Sequence[tuple[str, str]] = ()
    picture: Literal["", "series", "bridge", "cohorts", "funnel"] = ""

    @property
    def values(self) -> list[Column]:
        return [column for column in self.columns if column.kind == "value"]

    @property
    def groups(self) -> list[Column]:
        return [column for column in self.columns if column.kind == "group"]

    def row_name(self, index: int) -> str:
        """What a row is about: its groups and period."""
        return ", ".join(str(self.rows[index][column.key]) for column in self.groups) or "the result"

    def undefined(self) -> list[str]:
        """Why values are undefined, a line a column and reason, the rows counted where they are many."""
        told: dict[tuple[str, str], list[int]] = {}
        for (index, key), why in self.reasons.items():
            told.setdefault((key, why), []).append(index)
        return [
            f"{key} is undefined in {self.row_name(rows[0])}"
            + (f" and {len(rows) - 1} more row{'s' if len(rows) > 2 else ''}" if len(rows) > 1 else "")
            + f": {why}"
            for (key, why), rows in told.items()
        ]
