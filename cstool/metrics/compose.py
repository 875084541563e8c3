"""Metrics, groups and windows -> one SQL query over the table `cells`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from cstool.engines.duck import identifier, quoted
from cstool.glossary.entries import Measure
from cstool.metrics.windows import Span, emissions

NO_WINDOW = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric with its formula, the measures it uses and the length of its window."""

    key: str
    formula: str
    measures: tuple[str, ...]
    window: int


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the query's result: a metric or a measure, over a window."""

    name: str
    window: int


def template(shape: str) -> str:
    """The SQL that turns a shape's cells into its relation."""
    return files("cstool.metrics").joinpath("sql", f"{shape}.sql").read_text(encoding="utf-8")


def snapshot_relation(groups: Sequence[str], *, period: bool, only: str | None) -> str:
    """One row an account; `only` one period where the file holds several."""
    listed = "".join(f"{identifier(group)}, " for group in groups)
    where = f"where period = {quoted(only)}" if only else ""
    return template("snapshot").format(period="period" if period else "null", groups=listed, only=where)


def ledger_relation(groups: Sequence[str], spans: Sequence[Span], *, history: bool) -> str:
    """One row an account and window; with `history` it is known who had been a customer before."""
    listed = "".join(
        f"coalesce(min({name}) filter (where opens = 1 and mrr > 0), min({name}) filter (where opens = 0),"
        f" min({name})) as {name}, "
        for name in map(identifier, groups)
    )
    first_paid = "(select *, min(month) filter (where mrr > 0) over (partition by account) as first_paid from cells)"
    windows = ", ".join(f"({month}, {closing}, {span}, {opens})" for month, closing, span, opens in emissions(spans))
    return template("ledger").format(
        groups=listed,
        windows=windows,
        history=f"{first_paid} as cells" if history else "cells",
        customer_before="coalesce(min(first_paid) < closing - span, false)" if history else "false",
    )


def query(
    relation: str, asked: Sequence[Asked], measures: Mapping[str, Measure], groups: Sequence[str]
) -> tuple[str, list[Output]]:
    """The whole query, and what its columns after the groups and `closing` hold: metrics, then measures.

    Each formula runs as it is written, over measures of its own window.
    """
    used = sorted({name for one in asked for name in one.measures}, key=list(measures).index)
    keys = ", ".join(["closing", *map(identifier, groups)])
    sums = ",\n    ".join(f"coalesce({measures[name].sql}, 0) as {identifier(name)}" for name in used)
    formulas = ",\n    ".join(f"{one.formula} as {identifier('metric ' + one.key)}" for one in asked)
    windows = sorted({one.window for one in asked})
    outputs = [Output(one.key, one.window) for one in asked]
    picked = [_pick("metric " + one.key, one.window, windows) for one in asked]
    for window in windows:
        for name in used:
            if any(one.window == window and name in one.measures for one in asked):
                outputs.append(Output(name, window))
                picked.append(_pick(name, window, windows))
    columns = ",\n  ".join(f"{sql} as {identifier(f'out {i}')}" for i, sql in enumerate(picked))
    return (
        f"with relation as (\n{relation}\n),\n"
        f"measured as (\n  select {keys}, span,\n    {sums}\n  from relation group by {keys}, span\n),\n"
        f"valued as (\n  select *,\n    {formulas}\n  from measured\n)\n"
        f"select {keys},\n  {columns}\nfrom valued group by {keys} order by {_order(groups)}"
    ), outputs


def _pick(name: str, window: int, windows: Sequence[int]) -> str:
    """The value of a column in the row of its window; each group and period has one row a window."""
    value = f"any_value({identifier(name)})"
    return value if len(windows) == 1 else f"{value} filter (where span = {window})"


def _order(groups: Sequence[str]) -> str:
    return ", ".join(["closing nulls first", *(f"{identifier(group)} nulls last" for group in groups)])
