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
    covered: Sequence[tuple[int, int]] = (),
) -> tuple[str, list[Output]]:
    """The whole query, and what its columns after `closing` and the groups hold: formulas, then measures.

    Each formula runs as it is written, over the measures of its own window: sums first, then measures made of sums.
    `covered` are the windows (closing, span) that have sums even where no row falls into them.
    """
    used = [name for name in measures if any(name in one.measures for one in asked)]
    keys = ", ".join(["closing", *map(identifier, groups)])
    sums = [f"{_summed(measures[name])} as {identifier(name)}" for name in used if measures[name].sql]
    empty = ["0" if measures[name].empty == "zero" else "null" for name in used if measures[name].sql]
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
        f"summed as (\n  select {_list([keys, 'span', *sums])}\n  from relation group by {keys}, span\n),\n"
        f"sums as (\n  {_completed(groups, empty, covered)}\n),\n"
        f"measured as (\n  select {_list(['*', *derived])} from sums\n),\n"
        f"valued as (\n  select {_list(['*', *formulas])}\n  from measured\n)\n"
        f"select {_list([keys, *columns])}\nfrom valued group by {keys} order by {_order(groups)}"
    ), outputs


def _completed(groups: Sequence[str], empty: Sequence[str], covered: Sequence[tuple[int, int]]) -> str:
    """The sums, with nothing summed for the windows in which a group that has others has no rows."""
    if not covered:
        return "select * from summed"
    names = ["closing", *map(identifier, groups), "span"]
    windows = f"(values {', '.join(map(str, covered))}) as covered(closing, span)"
    listed = ", ".join(names[:-1])
    spine = f"(select distinct {listed} from summed) join {windows} using (closing)" if groups else windows
    return (
        f"select * from summed union all select {', '.join([*names, *empty])} from"
        f" (select {', '.join(names)} from {spine} except select {', '.join(names)} from summed)"
    )


def _summed(measure: Measure) -> str:
    return f"coalesce({measure.sql}, 0)" if measure.empty == "zero" else measure.sql


def _pick(output: Output, windows: Sequence[int]) -> str:
    """The value of a column in the row of its window: each group and period has one row a window."""
    value = f"any_value({identifier(output.name if output.is_measure else 'formula ' + output.name)})"
    return value if len(windows) == 1 else f"{value} filter (where span = {output.window})"


def _list(parts: Sequence[str]) -> str:
    return ",\n    ".join(parts)


def _order(groups: Sequence[str]) -> str:
    return ", ".join(["closing nulls first", *(f"{identifier(group)} nulls last" for group in groups)])
