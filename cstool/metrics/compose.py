"""Formulas, groups and windows -> one SQL query over a relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

from cstool.engines.duck import identifier
from cstool.glossary.entries import Measure
from cstool.metrics.direct import literal


@dataclass(frozen=True, slots=True)
class Asked:
    """A formula with the measures it uses and the length of its window in months, 0 for none."""

    key: str
    formula: str
    measures: frozenset[str]
    window: int


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the query's result after its groups: a formula or a measure, over a window."""

    name: str
    window: int
    is_measure: bool


def template(name: str) -> str:
    """The text of a named SQL relation."""
    return files("cstool.metrics").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def query(
    relation: str,
    asked: Sequence[Asked],
    measures: Mapping[str, Measure],
    given: Mapping[str, Decimal],
    groups: Sequence[str],
) -> tuple[str, list[Output]]:
    """The whole query, and what its columns after `closing` and the groups hold: formulas, then measures.

    Each formula runs as it is written, over the measures of its own window: sums first, then measures made of sums.
    """
    used = [name for name in measures if any(name in one.measures for one in asked)]
    keys = ", ".join(["closing", *map(identifier, groups)])
    sums = [f"coalesce({measures[name].sql}, 0) as {identifier(name)}" for name in used if measures[name].sql]
    derived = [
        f"{literal(given[name]) if name in given else measures[name].formula} as {identifier(name)}"
        for name in used
        if not measures[name].sql
    ]
    formulas = [f"{one.formula} as {identifier('formula ' + one.key)}" for one in asked]
    windows = sorted({one.window for one in asked})
    outputs = [Output(one.key, one.window, False) for one in asked]
    outputs += [
        Output(name, window, True)
        for window in windows
        for name in used
        if any(one.window == window and name in one.measures for one in asked)
    ]
    columns = [f"{_pick(output, windows)} as {identifier(f'out {i}')}" for i, output in enumerate(outputs)]
    return (
        f"with relation as (\n{relation}\n),\n"
        f"sums as (\n  select {_list([keys, 'span', *sums])}\n  from relation group by {keys}, span\n),\n"
        f"measured as (\n  select {_list(['*', *derived])} from sums\n),\n"
        f"valued as (\n  select {_list(['*', *formulas])}\n  from measured\n)\n"
        f"select {_list([keys, *columns])}\nfrom valued group by {keys} order by {_order(groups)}"
    ), outputs


def _pick(output: Output, windows: Sequence[int]) -> str:
    """The value of a column in the row of its window: each group and period has one row a window."""
    value = f"any_value({identifier(output.name if output.is_measure else 'formula ' + output.name)})"
    return value if len(windows) == 1 else f"{value} filter (where span = {output.window})"


def _list(parts: Sequence[str]) -> str:
    return ",\n    ".join(parts)


def _order(groups: Sequence[str]) -> str:
    return ", ".join(["closing nulls first", *(f"{identifier(group)} nulls last" for group in groups)])
