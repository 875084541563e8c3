"""Results of a computation as a view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cstool.glossary.entries import Metric
from cstool.metrics.results import Column, Result, Value
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.cells import plain_number
from cstool.render.units import shown


def result_view(result: Result, *, explain: bool = False, benchmarks: bool = False) -> View:
    """A row per group and period; for people in units, for machines in full."""
    header = [column.key for column in result.columns]
    rows = [[row[key] for key in header] for row in result.rows]
    document = [dict(zip(header, row, strict=True)) for row in rows]
    numeric = [i for i, column in enumerate(result.columns) if column.metric or column.measure]
    people = [column for column in result.columns if not column.measure]
    grid = Grid(
        [column.key for column in people],
        [[_cell(row[column.key], column) for column in people] for row in result.rows],
        [i for i, column in enumerate(people) if column.metric],
    )
    blocks: list[Block] = [grid]
    if explain:
        blocks += [_explanation(result, i, row) for i, row in enumerate(result.rows)]
    if benchmarks:
        blocks += [card for column in result.metrics if column.metric and (card := benchmark_card(column.metric))]
    values = [value for row in rows for i, value in enumerate(row) if i in numeric and result.columns[i].metric]
    return View(document, document, header, rows, blocks, values)


def _cell(value: Value, column: Column) -> str:
    if column.metric:
        return shown(value, column.metric.unit)
    return "(none)" if value is None else str(value)


def _explanation(result: Result, index: int, row: Mapping[str, Value]) -> Card:
    """Each metric of a row with the numbers its formula ran on."""
    where = [str(row[c.key]) for c in result.columns if not c.metric and not c.measure and row[c.key] is not None]
    return Card(", ".join(where) or "How it is computed", facts=list(_steps(result, index, row)))


def _steps(result: Result, index: int, row: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for column in result.metrics:
        assert column.metric is not None
        measures = [one for one in result.columns if one.measure and one.window == column.window]
        filled = _filled(column.metric.formula, measures, row)
        reason = result.reasons.get((index, column.key))
        outcome = f"undefined: {reason}" if reason else shown(row[column.key], column.metric.unit)
        window = f" over {column.window} month{'s' if column.window > 1 else ''}" if column.window else ""
        yield column.key, f"{column.metric.formula}{window}"
        yield "", f"= {filled} = {outcome}"


def _filled(formula: str, measures: Sequence[Column], row: Mapping[str, Value]) -> str:
    """The formula with its measures' values in place of their names."""
    import re

    values = {one.measure: row[one.key] for one in measures}

    def value(found: re.Match[str]) -> str:
        number = values.get(found[0])
        return plain_number(number) if isinstance(number, int | float) or hasattr(number, "normalize") else found[0]

    return re.sub(r"[a-z_]\w*", value, formula)


def benchmark_card(metric: Metric) -> Card | None:
    if not metric.benchmarks:
        return None
    facts = [
        (one.value, ", ".join(word for word in (one.what, one.population, one.year, one.source) if word))
        for one in metric.benchmarks
    ]
    return Card(f"{metric.name}: published figures", facts=facts)
