"""From the names people use to what is computed: formulas parsed, variants selected, measures known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cstool.backends.engine import Engine
from cstool.compute.formulas.expressions import Expression, ExpressionError, parse
from cstool.errors import InputError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.model.entries import Glossary, Metric, Relational, Term, Variant
from cstool.model.inputs import Measure
from cstool.model.request import CalcRequest

ALL = -1  # a window from the first month to the last


class Formula(NamedTuple):
    """A column that is computed: its key, expression and unit, and the months its window has by default.

    `metric` is set where it is a metric of its own, and `beside` where it is only shown with one.
    """

    key: str
    expression: Expression
    unit: str
    months: int
    metric: Metric | None = None
    beside: bool = False


class Wanted(NamedTuple):
    """A metric or table that was asked for."""

    term: Term
    name: str
    of: str
    formulas: tuple[Formula, ...]
    table: Relational | None = None


def wanted(glossary: Glossary, finder: Finder, engine: Engine, request: CalcRequest) -> list[Wanted]:
    """What a request asks for, in its order, each once.

    Raises UsageError for a name, variant or option that no metric has, InputError where a formula cannot run.
    """
    terms = {term.id: term for name in request.metrics for term in [computable(glossary, finder, name)]}
    found = [_parsed(engine, term, request) for term in terms.values()]
    for variant in request.variants:
        if not any(variant in variants_of(term) for term in terms.values()):
            known = sorted({name for term in terms.values() for name in variants_of(term)})
            raise UsageError(
                f"--variant {variant}: no metric asked for has it",
                hint=f"variants: {', '.join(known)}" if known else "`cstool metrics NAME` shows what there is",
                code="unknown-name",
            )
    if request.annualise and not any(one.metric and one.metric.annualised for w in found for one in w.formulas):
        raise UsageError(
            "--annualise: none of these metrics is a rate that compounds over a year", code="option-not-applicable"
        )
    tables = [one.name for one in found if one.table]
    if tables and len(found) > 1:
        raise UsageError(f"{tables[0]} is a table of its own", hint="ask for it alone", code="different-inputs")
    relations = {one.of: one.name for one in found}
    if len(relations) > 1:
        raise UsageError(
            f"these metrics need different files: {', '.join(f'{name} {of}' for of, name in relations.items())}",
            hint="ask for them one by one",
            code="different-inputs",
        )
    return found


def computable(glossary: Glossary, finder: Finder, name: str) -> Term:
    """The term of a metric's own name, or of any name of its term.

    Raises UsageError where there is none; a near miss is only a suggestion.
    """
    own = glossary.computed.get(name.strip().lower())
    if own:
        return glossary.terms[own]
    for match in finder.find(name, exact=True).matches:
        if match.term.metric or match.term.table:
            return match.term
    raise _unknown(glossary, finder, name)


def _unknown(glossary: Glossary, finder: Finder, name: str) -> UsageError:
    found = finder.find(name)
    if found.matches and found.matches[0].how != "fuzzy":
        term = found.matches[0].term
        related = [glossary.terms[id_] for id_ in term.related if id_ in glossary.terms]
        names = [kind.name for one in related if (kind := one.metric or one.table)]
        hint = f"related metrics: {', '.join(names)}" if names else "`cstool metrics` lists what can be computed"
        return UsageError(
            f"'{name}' ({term.term}) is a term, but nothing that calc computes",
            hint=" ".join(term.computed.split()) or hint,
            code="not-computable",
        )
    near = [
        kind.name for match in (*found.matches, *found.suggestions) if (kind := match.term.metric or match.term.table)
    ]
    hint = f"did you mean: {', '.join(near)}?" if near else "`cstool metrics` lists what can be computed"
    return UsageError(f"there is no metric '{name}'", hint=hint, code="unknown-metric")


def variants_of(term: Term) -> dict[str, Variant]:
    """By name, the readings of a metric that can be computed."""
    return {variant.name: variant for variant in term.variants if variant.formula or variant.parameters}


def _parsed(engine: Engine, term: Term, request: CalcRequest) -> Wanted:
    table = term.table
    if table and (request.files or not term.metric):
        formulas = tuple(
            Formula(part.column, _parse(engine, table.name, part.formula), part.unit, months(table.window))
            for part in table.columns
            if part.formula
        )
        return Wanted(term, table.name, table.of, formulas, table)
    assert term.metric is not None
    metric = term.metric
    if request.files and metric.over_rows:
        metric = metric._replace(formula=metric.over_rows)
    for name, variant in variants_of(term).items():
        if name in request.variants:
            parameters = {**metric.parameters, **variant.parameters}
            metric = metric._replace(formula=variant.formula or metric.formula, parameters=parameters)
    expression = _parse(engine, metric.name, metric.formula)
    length = months(metric.window)
    own = Formula(metric.key, expression, metric.unit, length, metric)
    beside = (
        Formula(part.column, _parse(engine, metric.name, part.formula), part.unit, length, beside=True)
        for part in metric.beside
    )
    return Wanted(term, metric.name, metric.of, (own, *beside))


def _parse(engine: Engine, name: str, formula: str) -> Expression:
    try:
        return parse(engine, formula)
    except ExpressionError as error:
        raise InputError(f"the formula of {name} cannot run: {error}", code="bad-glossary") from error


def months(window: str) -> int:
    """A default window in months; 0 where there is none, ALL for all there is."""
    if window == "all":
        return ALL
    return int(window.split()[0]) if window else 0


def annualised(formula: Formula, length: int) -> Formula:
    """The formula brought from a window of so many months to a year, where its metric says how."""
    metric = formula.metric
    if metric is None or not metric.annualised or length in (0, 12):
        return formula
    text = re.sub(r"\bvalue\b", f"({formula.expression.text})", metric.annualised)
    text = re.sub(r"\bmonths\b", str(length), text)
    return formula._replace(expression=formula.expression._replace(text=text))


def measures_of(glossary: Glossary, of: str, formulas: Sequence[Formula]) -> dict[str, Measure]:
    """The measures of a relation. Raises InputError where a formula uses one that does not exist."""
    relation = glossary.relations.get(of)
    measures = {measure.measure: measure for measure in relation.measures} if relation else {}
    for formula in formulas:
        unknown = sorted(formula.expression.names - set(measures))
        if unknown:
            raise InputError(
                f"the formula of {formula.key} uses {', '.join(unknown)}, no measure of {of}",
                hint=f"measures of {of}: {', '.join(measures)}",
                code="bad-glossary",
            )
    return measures


def needed(formulas: Sequence[Formula], measures: Mapping[str, Measure], given: Mapping[str, object]) -> set[str]:
    """The measures that formulas use, those that derived measures are made of included, what is given left as it is."""
    names: set[str] = set()
    waiting = [name for formula in formulas for name in formula.expression.names]
    while waiting:
        name = waiting.pop()
        if name in names:
            continue
        names.add(name)
        measure = measures.get(name)
        if measure and measure.formula and name not in given:
            waiting += [other for other in re.findall(r"[a-z_]\w*", measure.formula) if other in measures]
    return names
