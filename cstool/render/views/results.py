"""Results of a computation as a view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cstool.compute.build_result import months_told
from cstool.model.entries import Metric
from cstool.model.results import Column, Result, Value
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.cells import plain_number
from cstool.render.units import changes_shown, shown, shown_alike
from cstool.render.words import benchmark_words

YEAR = 12  # months


def result_view(
    result: Result, *, explain: bool = False, benchmarks: bool = False, titles: Mapping[str, str] | None = None
) -> View:
    """A row per group and period; for people in units, for machines in full. `titles` name the benchmarks' sources."""
    header = list(dict.fromkeys(column.key for column in result.columns))
    rows = [[row[key] for key in header] for row in result.rows]
    document = [dict(zip(header, row, strict=True)) for row in rows]
    blocks: list[Block] = [result_grid(result)]
    if explain:
        blocks += [Card("How it was computed", facts=result.basis)] if result.basis else []
        cards = [_explanation(result, i, row) for i, row in enumerate(result.rows)]
        blocks += [card for card in cards if card.facts]
    if benchmarks:
        metrics = [column.metric for column in result.values if column.metric and not other_window(column)]
        blocks += [card for metric in metrics if (card := benchmark_card(metric, titles or {}))]
    values = [row[column.key] for row in result.rows for column in result.values]
    return View(document, document, header, rows, blocks, values, _pictured(result, blocks))


def _pictured(result: Result, blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks with a picture, where the result has one."""
    if not result.picture or not result.rows:
        return ()
    from cstool.render.views.pictures import funnel, sparklines, triangle, waterfall

    if result.picture == "cohorts":
        return [triangle(result), *blocks[1:]]
    if result.picture == "funnel":
        return [funnel(result), *blocks]
    if result.picture == "bridge":
        grouped = len(result.groups) > 1
        return blocks if grouped else [waterfall(result), *blocks]
    lines = sparklines(result)
    return [*blocks, lines] if lines else ()


def result_grid(result: Result) -> Grid:
    columns = [column for column in result.columns if column.kind != "measure"]
    cells = [_people_cells(result.rows, column, columns[0].key) for column in columns]
    return Grid(
        [heading(column) for column in columns],
        [list(row) for row in zip(*cells, strict=True)],
        [i for i, column in enumerate(columns) if column.kind not in ("group", "measure")],
        {
            (row, i): style
            for i, column in enumerate(columns)
            if column.kind == "change"
            for row, record in enumerate(result.rows)
            if (style := _better(record[column.key], column))
        },
    )


def _better(change: Value, column: Column) -> str:
    """The style of a change for the better or the worse; '' where it is neither, or where the metric has no side."""
    better = column.metric.better if column.metric else "depends"
    if not isinstance(change, (Decimal, float, int)) or not change or better == "depends":
        return ""
    return "gain" if (change > 0) == (better == "higher") else "loss"


def heading(column: Column) -> str:
    """A column's name for people, with the window of a value where its name does not say it: `nrr (12m)`."""
    metric = column.metric
    if column.weeks and column.kind == "value":
        return f"{column.key} ({column.weeks}w)"
    if column.kind in ("before", "change"):  # stands right behind its metric
        return column.kind
    if not metric or not column.window or metric.fixed:
        return column.key
    return f"{column.key} ({column.window}m{', annualised' if _annualised(column) else ''})"


def _annualised(column: Column) -> bool:
    """Whether a value was brought to a year, which is said by another formula than its metric's."""
    metric = column.metric
    return bool(metric and metric.annualised and column.formula.startswith(metric.annualised.split("value")[0]))


def _people_cells(rows: Sequence[Mapping[str, Value]], column: Column, first: str) -> list[str]:
    if column.kind == "change":
        return changes_shown([row[column.key] for row in rows], column.unit)
    if column.kind != "group":
        return shown_alike([row[column.key] for row in rows], column.unit)
    # A row of all groups together is called so in the first column only.
    nothing = ["" if row[first] == "total" else "(none)" for row in rows]
    return [none if (value := row[column.key]) is None else str(value) for row, none in zip(rows, nothing, strict=True)]


def _explanation(result: Result, index: int, row: Mapping[str, Value]) -> Card:
    """Each value of a row with the numbers its formula ran on."""
    where = [str(row[column.key]) for column in result.groups if row[column.key] is not None]
    return Card(", ".join(where) or "Formulas", facts=list(_steps(result, index, row)))


def _steps(result: Result, index: int, row: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for column in result.values:
        if not column.formula:
            continue
        measures = [one for one in result.columns if one.measure and one.window == column.window]
        reason = result.reasons.get((index, column.key))
        outcome = f"undefined: {reason}" if reason else shown(row[column.key], column.unit)
        window = f", over {column.window} month{'s' if column.window > 1 else ''}" if column.window else ""
        yield column.key, f"{column.formula}{window}"
        yield "", f"= {_filled(column.formula, measures, row)} = {outcome}"
        formulas = " ".join(one.formula for one in result.columns if one.window == column.window)
        named = set(re.findall(r"[a-z_]\w*", formulas))
        others = [f"{one.measure} {_told(row[one.key])}" for one in measures if one.measure not in named]
        if others and column.kind == "value":
            yield "", ", ".join(others)


def _told(value: Value) -> str:
    return plain_number(value) if isinstance(value, (Decimal, float, int)) else "undefined"


def _filled(formula: str, measures: Sequence[Column], row: Mapping[str, Value]) -> str:
    """The formula with its measures' values in place of their names."""
    values = {one.measure: row[one.key] for one in measures}

    def value(found: re.Match[str]) -> str:
        number = values.get(found[0])
        return plain_number(number) if isinstance(number, (Decimal, float, int)) else found[0]

    return re.sub(r"[a-z_]\w*", value, formula)


def other_window(column: Column) -> str:
    """Why benchmarks of a metric are not shown beside a value: it is over another length of time, or an unknown one."""
    metric = column.metric
    length = YEAR if _annualised(column) else column.window
    if not metric or not metric.benchmarks or not metric.months or metric.months == length:
        return ""
    own = f"this value is over {length}" if length else "the file does not say how long its window is"
    hint = (
        f"; --window {metric.months}m"
        if column.window == length > 0
        else f"; `cstool metrics {metric.name}` shows them"
    )
    return f"{column.key}: no benchmark shown: they are over {months_told(metric.months)}, {own}{hint}"


def benchmark_card(metric: Metric, titles: Mapping[str, str]) -> Card | None:
    """A metric's benchmarks, each with what it is, of whom, its year and its source."""
    if not metric.benchmarks:
        return None
    facts = [(one.value, benchmark_words(one, titles)) for one in metric.benchmarks]
    return Card(f"{metric.name}: benchmarks", facts=facts)
