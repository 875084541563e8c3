"""Formulas checked by running them: every metric's own example must give the value it states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from cstool.backends.duck import DuckDB, EngineError
from cstool.compute.compose import Asked, query, template
from cstool.compute.formulas import given_values
from cstool.compute.formulas.expressions import Expression, ExpressionError, parse
from cstool.compute.formulas.resolve import computable
from cstool.compute.formulas.row_sql import faults_of_relation, faults_of_rule, faults_of_shape, refuse, refuse_faults
from cstool.errors import UsageError
from cstool.glossary.check.checking import check
from cstool.glossary.find.finding import Finder
from cstool.glossary.loading import Documents, assemble, read_all
from cstool.glossary.places import shipped, stands_alone
from cstool.glossary.yaml_entries import Located, Problem
from cstool.model.entries import Glossary, Metric, Term
from cstool.model.inputs import Measure

TOLERANCE = Decimal("1e-12")


def check_glossary(path: Path | None = None) -> tuple[list[str], int]:
    """Every problem of the glossary at `path` as `file:line: what`, and the number of entries looked at."""
    partial = path is not None and not stands_alone(path) and path != shipped()
    documents = read_all(path, alone=True)
    beside = read_all() if partial else None
    problems = check(documents, beside=beside)
    whole = assemble(documents.over(beside) if beside else documents)
    problems += check_metrics(documents, whole)
    unique = {(str(problem.file), problem.line, problem.text): str(problem) for problem in problems}
    return [unique[key] for key in sorted(unique)], documents.looked_at


def check_metrics(documents: Documents, whole: Glossary) -> list[Problem]:
    """Every problem of formulas and measures, by file and line."""
    engine = DuckDB()
    engine.seal()
    try:
        problems = [problem for located in documents.terms for problem in _check_term(engine, located, whole)]
        for relation in documents.measures:
            faults = faults_of_relation(engine, whole, relation.entry.relation)
            problems += [relation.problem(f"{fault.owner}: {fault.why}", fault.at) for fault in faults]
        for shape in documents.shapes:
            faults = faults_of_shape(engine, whole, shape.entry)
            problems += [shape.problem(f"{fault.owner}: {fault.why}", fault.at) for fault in faults]
        return problems
    finally:
        engine.close()


def refuse_faulty_sql(glossary: Glossary, finder: Finder, metrics: Sequence[str]) -> None:
    """Raises InputError where SQL that metrics would run is more than an expression over rows, before any of it runs.

    Names that are no metric are left to those who compute.
    """
    engine = DuckDB()
    try:
        for name in metrics:
            try:
                term = computable(glossary, finder, name)
            except UsageError:
                continue
            for kind in (term.metric, term.table):
                if kind:
                    refuse_faults(engine, glossary, kind)
    finally:
        engine.close()


def refuse_faulty_shapes(glossary: Glossary) -> None:
    """Raises InputError where SQL of an input type is more than an expression over its rows, before any of it runs."""
    engine = DuckDB()
    try:
        refuse([fault for shape in glossary.shapes.values() for fault in faults_of_shape(engine, glossary, shape)])
    finally:
        engine.close()


def example_value(engine: DuckDB, metric: Metric, expression: Expression) -> Decimal | None:
    """What the formula gives for the metric's own example."""
    given = {name: value for name, value in metric.example.items() if name != "value"}
    given |= {name: Decimal(0) for name in metric.optional if name not in given}
    measures = {name: Measure(name, "given") for name in expression.names}
    parts, _ = query(given_values.ROW, [Asked(metric.key, metric.formula, expression.names, 0)], measures, given, ())
    value = engine.row(parts.over(f"({parts.sums})"))[1]
    return None if value is None else Decimal(str(value))


def _check_term(engine: DuckDB, located: Located[Term], whole: Glossary) -> Iterator[Problem]:
    term = located.entry
    if term.metric:
        yield from _check_metric(engine, located, term.metric, whole)
    for key, kind in (("metric", term.metric), ("table", term.table)):
        for fault in faults_of_rule(engine, whole, kind) if kind else ():
            yield located.problem(f"{term.id}: {fault.owner}: {fault.why}", f"{key}.{fault.at}")
    for i, variant in enumerate(term.variants):
        if variant.formula:
            of = term.metric.of if term.metric else ""
            yield from _check_formula(engine, located, variant.formula, of, whole, f"variants.{i}.formula")
    for i, part in enumerate(term.table.columns if term.table else ()):
        if part.formula and term.table:
            yield from _check_formula(engine, located, part.formula, term.table.of, whole, f"table.columns.{i}.formula")
    if term.table and term.table.sql:
        try:
            template(term.table.sql)
        except FileNotFoundError:
            yield located.problem(f"{term.id}: there is no query '{term.table.sql}'", "table.sql")


def _check_formula(
    engine: DuckDB, located: Located[Term], formula: str, of: str, whole: Glossary, at: str
) -> Iterator[Problem]:
    """That a formula parses and uses known measures only."""
    try:
        expression = parse(engine, formula)
    except ExpressionError as error:
        yield located.problem(f"{located.entry.id}: {error}", at)
        return
    for name in sorted(expression.names - _measures(whole, of)):
        yield located.problem(f"{located.entry.id}: '{name}' is no measure of {of}", at)


def _measures(whole: Glossary, of: str) -> set[str]:
    relation = whole.relations.get(of)
    return {measure.measure for measure in relation.measures} if relation else set()


def _check_metric(engine: DuckDB, located: Located[Term], metric: Metric, whole: Glossary) -> Iterator[Problem]:
    yield from _check_formula(engine, located, metric.formula, metric.of, whole, "metric.formula")
    if metric.over_rows:
        yield from _check_formula(engine, located, metric.over_rows, metric.of, whole, "metric.over_rows")
    for i, part in enumerate(metric.beside):
        yield from _check_formula(engine, located, part.formula, metric.of, whole, f"metric.beside.{i}.formula")
    if metric.annualised:
        try:
            unknown = parse(engine, metric.annualised).names - {"value", "months"}
            if unknown:
                yield located.problem(
                    f"{metric.name}: '{min(unknown)}' is neither value nor months", "metric.annualised"
                )
        except ExpressionError as error:
            yield located.problem(f"{metric.name}: {error}", "metric.annualised")
    try:
        expression = parse(engine, metric.formula)
    except ExpressionError:
        return
    for name in sorted({*metric.optional, *metric.assumed} - expression.names):
        yield located.problem(f"{metric.name}: '{name}' is not in the formula", "metric")
    given = {name for name in metric.example if name != "value"}
    for name in sorted(given - expression.names):
        text = f"{metric.name}: the example gives {name}, which the formula does not use"
        yield located.problem(text, "metric.example")
    lacking = sorted(expression.names - given - set(metric.optional))
    for name in lacking:
        yield located.problem(f"{metric.name}: the example lacks {name}", "metric.example")
    if "value" in metric.example and not lacking and (why := _example_error(engine, metric, expression)):
        yield located.problem(f"{metric.name}: {why}", "metric.example")


def _example_error(engine: DuckDB, metric: Metric, expression: Expression) -> str | None:
    try:
        value = example_value(engine, metric, expression)
    except EngineError as error:
        return f"the example does not run: {error}"
    stated = metric.example["value"]
    if value is None or abs(value - stated) > TOLERANCE * max(Decimal(1), abs(stated)):
        return f"the example gives {value}, not {stated}"
    return None
