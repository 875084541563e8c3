"""The metrics as a dbt semantic layer: semantic models over the shapes of tables, and metrics over their measures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cstool.compute.formulas import given_values
from cstool.compute.formulas.catalog import available
from cstool.errors import UsageError
from cstool.extras import to_install
from cstool.model.entries import Glossary, Metric, Term
from cstool.model.inputs import Measure, Shape

CLOSING = "closing_month"
# What a row of a semantic model does not know by itself.
ELSEWHERE = {
    "as_of": "it hangs on the last day that is told of (as_of)",
    "file_until": "it hangs on the last day that is told of (file_until)",
    "closing": "it counts by period within the rows",
    "row_month": "it counts by period within the rows",
    "row_months": "it counts by period within the rows",
    "period_start": "it counts by the days of the period",
    "period_end": "it counts by the days of the period",
    "span": "its window runs from the first month to the last",
}


@dataclass
class _Model:
    """A semantic model on its way."""

    name: str
    about: str
    time: str
    grain: str
    ids: dict[str, str]
    dimensions: list[str]
    last_only: bool = False
    measures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        dimensions: list[dict[str, Any]] = [
            {"name": self.time, "type": "time", "type_params": {"time_granularity": self.grain}}
        ]
        dimensions += [{"name": name, "type": "categorical"} for name in self.dimensions]
        primary = {} if "primary" in self.ids.values() else {"primary_entity": f"{self.name}_row"}
        return {
            "name": self.name,
            "description": self.about,
            "model": f"ref('{self.name}')",
            "defaults": {"agg_time_dimension": self.time},
            **primary,
            "entities": [{"name": name, "type": kind, "expr": name} for name, kind in self.ids.items()],
            "dimensions": dimensions,
            "measures": list(self.measures.values()),
        }


def semantic_layer(glossary: Glossary) -> tuple[str, list[str]]:
    """The YAML, and for each metric that is not in it, why.

    Raises UsageError where what takes formulas apart is not installed.
    """
    try:
        from cstool.backends.semantic_expressions import NotPlainError
    except ImportError as error:
        raise UsageError(
            "--to metricflow needs sqlglot", hint=f"install it: {to_install('sql')}", code="missing-package"
        ) from error
    models: dict[str, _Model] = {}
    simple: dict[str, dict[str, Any]] = {}
    made, left = [], []
    for name, term in sorted(glossary.metrics.items()):
        try:
            made.append(_metric(glossary, term, models, simple))
        except NotPlainError as reason:
            left.append(f"{name} is left out: {reason}")
    head = (
        "# Metrics of a customer-success glossary as a dbt semantic layer. Each semantic model is a table that you\n"
        "# make; its description says what a row is. Add your own dimensions (segment, region) to the models.\n"
    )
    used = [model for model in models.values() if model.measures]
    document = {"semantic_models": [model.document() for model in used], "metrics": [*simple.values(), *made]}
    return head + "".join(_yaml(document)), left


def _metric(
    glossary: Glossary, term: Term, models: dict[str, _Model], simple: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    from cstool.backends.semantic_expressions import NotPlainError, arithmetic, names, ratio

    metric = term.metric
    if metric is None:
        raise NotPlainError("it is a table, not a number")
    shapes = available(glossary, term).shapes
    if not shapes:
        raise NotPlainError("it is made of values, not of rows")
    model = _model(glossary, metric, shapes[0], models)
    maker = _Maker(glossary, metric, shapes[0], model)
    formula = metric.over_rows or metric.formula
    maker.refuse_open_choice()
    parts = {name: maker.measure(name) for name in names(formula)}
    expression = arithmetic(formula, parts)
    for name, measure in maker.measures.items():
        model.measures.setdefault(name, measure)
        simple.setdefault(name, _simple(name, measure))
    plain = all(re.fullmatch(r"\w+", part) for part in parts.values())
    over = (name for name in names(expression) if name in model.measures)
    kind: str = "derived"
    params: dict[str, Any] = {"expr": expression, "metrics": [{"name": name} for name in over]}
    two = ratio(formula) if plain else None
    if two:
        kind, params = "ratio", {"numerator": {"name": parts[two[0]]}, "denominator": {"name": parts[two[1]]}}
    elif expression in model.measures:
        kind, params = "simple", {"measure": {"name": expression, "fill_nulls_with": 0}}
    meta = {"term": term.id, "unit": metric.unit, "better": metric.better, "formula": metric.formula}
    if metric.parameters:
        meta["parameters"] = ", ".join(f"{name} = {value}" for name, value in metric.parameters.items())
    if checks := [check.text for check in metric.checks if check.then == "refuse"]:
        meta["meaningless_where"] = "; ".join(checks)
    return {
        "name": metric.key,
        "label": term.term,
        "description": term.definition,
        "type": kind,
        "type_params": params,
        "config": {"meta": meta},
    }


def _simple(name: str, measure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "description": measure["description"],
        "type": "simple",
        "type_params": {"measure": {"name": name}},
    }


def _model(glossary: Glossary, metric: Metric, shape: Shape, models: dict[str, _Model]) -> _Model:
    """The semantic model that a metric's rows stand in; those of revenue are told apart by their window."""
    from cstool.backends.semantic_expressions import NotPlainError

    if metric.of == "revenue":
        if metric.window == "all":
            raise NotPlainError(ELSEWHERE["span"])
        months = metric.months or 1
        name = f"retention_{months}m"
        before = "month before" if months == 1 else f"month {months} months before"
        about = (
            f"One row an account and month: {CLOSING} (the month's first day), ending_mrr (its MRR in that month),"
            f" starting_mrr (its MRR in the {before}), both 0 where there is none, and customer_before (whether it"
            f" had paid in any month before that). Months that have no {before} in the data are left out."
        )
        return models.setdefault(
            name, _Model(name, about, CLOSING, "month", {"account": "foreign"}, [], last_only=True)
        )
    if not shape.dated:
        raise NotPlainError("its rows have no date")
    name = shape.shape.replace("-", "_")
    monthly = glossary.roles[shape.dated].kind == "period"
    roles = {role: glossary.roles[role].kind for role in (*shape.required, *shape.could_have) if role != "currency"}
    ids = {role: "primary" if shape.unique == (role,) else "foreign" for role, kind in roles.items() if kind == "id"}
    when = "the first day of its month" if monthly else glossary.roles[shape.dated].about
    about = f"{shape.about[0].upper()}{shape.about[1:]}; {shape.dated} is {when}."
    texts = [role for role, kind in roles.items() if kind == "text"]
    return models.setdefault(name, _Model(name, about, shape.dated, "month" if monthly else "day", ids, texts))


class _Maker:
    """The measures of one metric, taken apart."""

    def __init__(self, glossary: Glossary, metric: Metric, shape: Shape, model: _Model) -> None:
        self.metric, self.shape, self.model = metric, shape, model
        relation = glossary.relations[metric.of]
        self.known = {one.measure: one for one in relation.measures}
        if shape.dated:
            self.known |= {one.measure: one for one in shape.measures}
        self.derived = {one.column: one.sql for one in shape.derived}
        self.constants = {name: _number(value) for name, value in metric.parameters.items()}
        self.constants |= {f"has_{role}": str(self._has(role)).lower() for role in shape.could_have}
        self.constants["chosen_rows"] = "true"
        self.measures: dict[str, dict[str, Any]] = {}

    def _has(self, role: str) -> bool:
        """Whether the model is taken to have a column: what the metric needs, and what says how a row ended."""
        return role in {need.split("|")[0] for need in self.metric.needs} or role in self.shape.optional

    def refuse_open_choice(self) -> None:
        """What is only defined once rows have been chosen is no metric of all rows."""
        from cstool.backends.semantic_expressions import NotPlainError
        from cstool.backends.transpile import fold

        for check in self.metric.checks:
            sql = fold(check.sql, {**self.constants, "chosen_rows": "false"})
            if check.on == "all" and check.then == "refuse" and sql.lower() == "true":
                raise NotPlainError("which rows it counts has to be said: " + check.text)

    def measure(self, name: str) -> str:
        """A measure as an expression over aggregates. Raises NotPlainError."""
        from cstool.backends.semantic_expressions import NotPlainError, arithmetic, names, taken_apart

        measure = self.known[name]
        if measure.formula:
            parts = {one: self.measure(one) for one in names(measure.formula) if one in self.known}
            if "span" in names(measure.formula):
                raise NotPlainError(ELSEWHERE["span"])
            return arithmetic(measure.formula, parts)
        if not measure.sql:
            if name in self.metric.assumed:
                return _number(self.metric.assumed[name])
            raise NotPlainError(f"no column gives {name}")
        sql, own = self._over_columns(measure), f"{self.model.name}_{name}"
        # With other parameters than another metric's it is another measure, and bears the metric's name too.
        for called in (own, f"{own}_of_{self.metric.key}"):
            expression, aggregates = taken_apart(sql, called)
            documents = {
                part: self._document(part, measure, one.how, one.of, one.percentile) for part, one in aggregates.items()
            }
            if all(self.model.measures.get(part, document) == document for part, document in documents.items()):
                break
        self.measures |= documents
        return expression

    def _over_columns(self, measure: Measure) -> str:
        """A measure's SQL in which only columns of the table stand."""
        from cstool.backends.semantic_expressions import NotPlainError, inlined, names
        from cstool.backends.transpile import fold

        sql = fold(measure.sql, self.constants)
        while columns := [one for one in names(sql) if one in self.derived]:
            sql = fold(inlined(sql, {one: self.derived[one] for one in columns}), self.constants)
        for one in names(sql):
            if one in ELSEWHERE:
                raise NotPlainError(ELSEWHERE[one])
        return sql

    def _document(self, name: str, measure: Measure, how: str, of: str, percentile: str) -> dict[str, Any]:
        document: dict[str, Any] = {"name": name, "description": measure.about, "agg": how, "expr": of}
        if percentile:
            document["agg_params"] = {"percentile": float(percentile), "use_discrete_percentile": False}
        if self.model.last_only:
            document["non_additive_dimension"] = {"name": CLOSING, "window_choice": "max"}
        return document


def _number(value: Any) -> str:
    text = f"{value:f}"
    return text if text.replace(".", "").isdigit() else given_values.literal(value)


def _yaml(value: Any, depth: int = 0) -> Iterator[str]:
    """Lines of YAML; every text is quoted as JSON has it, which YAML reads too."""
    pad = "  " * depth
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield f"{pad}{key}:\n"
            yield from _yaml(inner, depth + 1)
        elif isinstance(inner, list) and inner:
            yield f"{pad}{key}:\n"
            for item in inner:
                lines = "".join(_yaml(item, depth + 2))
                yield f"{pad}  - {lines[len(pad) + 4 :]}"
        else:
            yield f"{pad}{key}: {json.dumps(inner, ensure_ascii=False)}\n"
