"""The catalogue of metrics, one metric in full, and what was understood of a file, as views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cstool.compute.formulas.catalog import Available
from cstool.compute.recognize.inspection import Understood
from cstool.glossary.records import metric_record
from cstool.model.inputs import Measure, Role, Shape
from cstool.model.missing import Missing, shortened
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.views.results import benchmark_card
from cstool.render.words import compute_command, compute_hint, unit_words, worked_example


def catalogue_view(metrics: Sequence[Available]) -> View:
    """A line a metric."""
    records = [_record(one) for one in metrics]
    rows = [
        (one.name, one.term.term, _unit(one), _formula(one), " ".join(s.shape for s in one.shapes)) for one in metrics
    ]
    header = ("name", "term", "unit", "formula", "shapes")
    grid = Grid(header[:4], [row[:4] for row in rows])
    return View(records, records, header, rows, [grid], [one.name for one in metrics])


def metric_view(one: Available, roles: Mapping[str, Role], in_words: str, titles: Mapping[str, str]) -> View:
    """A metric in full: formula, measures, and for each shape its roles with the header spellings understood."""
    record = _record(one) | {
        "roles": {role: list(roles[role].headers) for shape in one.shapes for role in _roles(shape)},
    }
    blocks: list[Block] = [
        Card(f"{one.name}  {one.term.term}", _unit(one), one.term.definition, list(_facts(one, in_words)))
    ]
    if one.table:
        rows = [(part.column, part.unit, part.about) for part in one.table.columns]
        blocks.append(Grid(("column", "unit", "what it holds"), rows))
    if one.measures:
        blocks.append(
            Grid(("measure", "how it is summed", "what it is"), [_measure(measure) for measure in one.measures])
        )
    blocks += [_shape_card(shape, roles) for shape in one.shapes]
    if one.metric and (card := benchmark_card(one.metric, titles)):
        blocks.append(card)
    return View([record], [record], ("name", "formula"), [(one.name, _formula(one))], blocks, [_formula(one)])


def _record(one: Available) -> dict[str, Any]:
    metric, table = one.metric, one.table
    record: dict[str, Any] = {
        "name": one.name,
        "term": one.term.term,
        "id": one.term.id,
        "of": one.of,
        "unit": _unit(one),
        "formula": _formula(one) if metric else None,
        "measures": [measure.measure for measure in one.measures],
        "shapes": [shape.shape for shape in one.shapes],
        "variants": [variant.name for variant in one.term.variants if variant.name],
    }
    if metric:
        record |= {key: value for key, value in metric_record(metric).items() if key not in record}
        record["optional"] = [*metric.optional, *metric.assumed]
    if table:
        record["columns"] = [{"column": part.column, "unit": part.unit, "about": part.about} for part in table.columns]
    return record


def _unit(one: Available) -> str:
    return one.metric.unit if one.metric else "table"


def _formula(one: Available) -> str:
    if one.metric:
        return one.metric.formula
    return ", ".join(part.column for part in one.table.columns) if one.table else ""


def _facts(one: Available, in_words: str) -> Iterator[tuple[str, str]]:
    if one.metric:
        yield "Formula", in_words
        yield "SQL", one.metric.formula
        yield "Unit", unit_words(one.metric)
        yield "With numbers", worked_example(one.metric)
        if one.metric.annualised:
            yield "--annualise", one.metric.annualised
        if one.metric.optional:
            yield "Optional", f"{', '.join(one.metric.optional)} (zero where not given)"
        for name, value in one.metric.assumed.items():
            yield "Assumed", f"{name} = {value} where not given"
    for variant in one.term.variants:
        if variant.name:
            yield f"--variant {variant.name}", f"{variant.formula}: {variant.text}" if variant.formula else variant.text
    yield "Compute", compute_command(one.term, from_file=bool(one.sample))
    if one.sample:
        yield "Try it", compute_hint(one.term, one.sample)
    if one.shapes:
        yield "From", ", ".join(shape.shape for shape in one.shapes)


def _measure(measure: Measure) -> tuple[str, str, str]:
    return measure.measure, measure.sql or measure.formula or f"--set {measure.measure}=VALUE", measure.about


def _roles(shape: Shape) -> tuple[str, ...]:
    return (*shape.required, *shape.could_have)


def _shape_card(shape: Shape, roles: Mapping[str, Role]) -> Card:
    facts = []
    for name in _roles(shape):
        optional = "" if name in (*shape.required, *shape.one_of) else " (optional)"
        spellings = ", ".join((*roles[name].headers[:8], *(["..."] if len(roles[name].headers) > 8 else [])))
        facts.append((name + optional, f"{roles[name].about}; headers: {spellings}"))
    if shape.months == "columns":
        facts.append(("months", "one column each, headed 2026-01, Jan 2026, 2026-01-31, ..."))
    return Card(shape.shape, "shape", shape.about, facts)


def understood_view(name: str, one: Understood) -> View:
    """What was understood of a file."""
    document = {
        "file": name,
        "shape": one.shape,
        "roles": dict(one.roles),
        "months": list(one.months),
        "unused": list(one.unused),
        "unclear": {role: list(columns) for role, columns in one.unclear.items()},
        "metrics": list(one.metrics),
        "missing": {metric: one.lacking(metric) for metric in one.missing},
    }
    header = ("column", "role")
    rows: list[tuple[str, str | None]] = [(column, role) for role, column in one.roles.items()]
    rows += [(column, "month") for column in one.months]
    rows += [(column, None) for column in one.unused]
    facts = [(role, column) for role, column in one.roles.items()]
    if one.months:
        facts.append(("months", ", ".join(one.months)))
    for role, columns in one.unclear.items():
        facts.append(
            (role, f'several columns could be it: {", ".join(columns)}; choose with --map {role}="{columns[0]}"')
        )
    if one.unused:
        facts.append(("not used", ", ".join(one.unused)))
    can = _computable(one)
    blocks: list[Block] = [Card(name, one.shape or "no shape recognised", facts=facts), Card("Metrics", facts=can)]
    if one.missing:
        blocks.append(Grid(("missing", "for"), _lacking(one.missing)))
    return View(document, [document], header, rows, blocks, list(one.metrics))


def understood_files_view(files: Sequence[tuple[str, Understood]]) -> View:
    """What was understood of several files, without what each of them lacks for metrics of other kinds."""
    views = [understood_view(name, one) for name, one in files]
    rows = [(name, *row) for (name, _), view in zip(files, views, strict=True) for row in view.rows]
    blocks = [
        block._replace(facts=(*block.facts, *_computable(one)))
        for (_, one), view in zip(files, views, strict=True)
        for block in view.blocks[:1]
        if isinstance(block, Card)
    ]
    documents = [view.document for view in views]
    values = list(dict.fromkeys(value for view in views for value in view.values))
    return View(documents, documents, ("file", "column", "role"), rows, blocks, values)


def _computable(one: Understood) -> list[tuple[str, str]]:
    can = [("computable", ", ".join(metric for metric in one.metrics if metric not in one.configured) or "nothing yet")]
    if one.configured:
        can.append(("with --config", ", ".join(one.configured)))
    return can


def _lacking(missing: Mapping[str, Sequence[Missing]]) -> list[tuple[str, str]]:
    """What is missing, the least first, and the metrics that it is missing for."""
    waiting: dict[tuple[Missing, ...], list[str]] = {}
    for metric, needs in missing.items():
        waiting.setdefault(tuple(needs), []).append(metric)
    return [(", ".join(map(shortened, needs)), ", ".join(waiting[needs])) for needs in sorted(waiting, key=len)]
