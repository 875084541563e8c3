"""Formulas checked by running them: every metric's own example must give the value it states."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cstool.engines.duck import DuckDB, EngineError
from cstool.glossary.entries import Glossary, Measure, Metric, Term
from cstool.glossary.loading import Documents, Located, Problem
from cstool.metrics.compose import NO_WINDOW, Asked, query
from cstool.metrics.direct import direct_relation
from cstool.metrics.expressions import Expression, ExpressionError, parse

TOLERANCE = Decimal("1e-12")


def check_metrics(documents: Documents, whole: Glossary) -> list[Problem]:
    """Every problem of formulas and measures, by file and line."""
    engine = DuckDB()
    engine.seal()
    try:
        problems = [problem for located in documents.terms for problem in _check_metric(engine, located, whole)]
        for relation in documents.measures:
            for i, measure in enumerate(relation.entry.measures):
                if error := _measure_error(engine, measure):
                    at = f"measures.{i}.sql"
                    problems.append(relation.problem(f"{relation.entry.relation}: {measure.measure}: {error}", at))
        return problems
    finally:
        engine.close()


def _check_metric(engine: DuckDB, located: Located[Term], whole: Glossary) -> Iterator[Problem]:
    metric = located.entry.metric
    if metric is None:
        return
    try:
        expression = parse(engine, metric.formula)
    except ExpressionError as error:
        yield located.problem(f"{metric.name}: {error}", "metric.formula")
        return
    relation = whole.relations.get(metric.of)
    known = {measure.measure for measure in relation.measures} if relation else set()
    for name in sorted(expression.names - known):
        yield located.problem(f"{metric.name}: '{name}' is no measure of {metric.of}", "metric.formula")
    for name in sorted(set(metric.optional) - expression.names):
        yield located.problem(f"{metric.name}: optional '{name}' is not in the formula", "metric.optional")
    given = {name: value for name, value in metric.example.items() if name != "value"}
    for name in sorted(expression.names - set(given) - set(metric.optional)):
        yield located.problem(f"{metric.name}: the example lacks {name}", "metric.example")
        return
    for name in sorted(set(given) - expression.names):
        yield located.problem(
            f"{metric.name}: the example gives {name}, which the formula does not use", "metric.example"
        )
    if "value" in metric.example and (error_text := _example_error(engine, metric, expression)):
        yield located.problem(f"{metric.name}: {error_text}", "metric.example")


def _example_error(engine: DuckDB, metric: Metric, expression: Expression) -> str | None:
    try:
        value = example_value(engine, metric, expression)
    except EngineError as error:
        return f"the example does not run: {error}"
    stated = metric.example["value"]
    if value is None or abs(value - stated) > TOLERANCE * max(1, abs(stated)):
        return f"the example gives {value}, not {stated}"
    return None


def example_value(engine: DuckDB, metric: Metric, expression: Expression) -> Decimal | None:
    """What the formula gives for the metric's own example."""
    relation, measures = direct_relation([(metric, expression)], metric.example)
    sql, _ = query(relation, [Asked(metric.key, metric.formula, tuple(sorted(measures)), NO_WINDOW)], measures, ())
    value = engine.row(sql)[1]
    return None if value is None else Decimal(str(value))


def _measure_error(engine: DuckDB, measure: Measure) -> str | None:
    if not measure.sql:
        return None
    try:
        engine.parse(f"select {measure.sql}\n")
    except EngineError as error:
        return f"not SQL: {error}"
    return None
