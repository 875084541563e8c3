"""What can be computed: every metric with its measures and the shapes that give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cstool.compute.recognize.shapes import shapes_of
from cstool.model.entries import Glossary, Metric, Relational, Term
from cstool.model.inputs import Measure, Shape


@dataclass(frozen=True, slots=True)
class Available:
    """A metric or table of the catalogue: the measures it uses and the shapes it can be computed from."""

    term: Term
    name: str
    of: str
    measures: tuple[Measure, ...]
    shapes: tuple[Shape, ...]

    @property
    def metric(self) -> Metric | None:
        return self.term.metric

    @property
    def table(self) -> Relational | None:
        return self.term.table

    @property
    def sample(self) -> str | None:
        """A kind of file that all of it can be computed from; None where some measure has to be given."""
        return self.shapes[0].shape if self.shapes and not self.given else None

    @property
    def given(self) -> tuple[str, ...]:
        """The measures that no file gives."""
        assumed = self.metric.assumed if self.metric else {}
        return tuple(
            one.measure for one in self.measures if not one.sql and not one.formula and one.measure not in assumed
        )


def catalogue(glossary: Glossary) -> list[Available]:
    """Everything that can be computed, by name."""
    return [available(glossary, term) for _, term in sorted(glossary.metrics.items())]


def available(glossary: Glossary, term: Term) -> Available:
    kind = term.metric or term.table
    assert kind is not None
    relation = glossary.relations.get(kind.of)
    known = {measure.measure: measure for measure in relation.measures} if relation else {}
    if term.metric:
        formulas = [term.metric.over_rows or term.metric.formula]
    else:
        assert term.table is not None
        formulas = [part.formula for part in term.table.columns]
    used = {name for formula in formulas for name in re.findall(r"[a-z_]\w*", formula)}
    own = {one.measure: one for shape in shapes_of(glossary, kind.of) for one in shape.measures}
    measures = tuple(
        measure if measure.sql or measure.formula else own.get(name, measure)
        for name, measure in known.items()
        if name in used
    )
    shapes = tuple(shape for shape in shapes_of(glossary, kind.of) if _serves(shape, term, measures))
    return Available(term, kind.name, kind.of, measures, shapes)


def _serves(shape: Shape, term: Term, measures: Sequence[Measure]) -> bool:
    """Whether rows of a shape give what a metric needs."""
    if shape.dated:
        return True
    if shape.lacks and not (
        term.table and term.table.sql == "cohort_retention" and "customers_start" not in shape.lacks
    ):
        named = {name for one in measures for name in (one.measure, *re.findall(r"[a-z_]\w*", one.formula))}
        if named & set(shape.lacks) or (term.table and term.table.sql):
            return False
    if term.table and term.table.sql:
        return not shape.measures and (bool(shape.months) or not term.table.by_month)
    if term.metric and term.metric.window == "all":
        return bool(shape.months)
    own = {measure.measure for measure in shape.measures}
    return all(not shape.measures or measure.measure in own or bool(measure.formula) for measure in measures)
