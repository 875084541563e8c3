"""What can be computed: every metric with its measures and shapes, and what a given file is good for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cstool.data.table import Table
from cstool.errors import UsageError
from cstool.glossary.entries import Glossary, Metric, Relational, Term
from cstool.glossary.inputs import Measure, Shape
from cstool.metrics.shapes import Fit, chosen_columns, fit, preset_of, shapes_of

NEEDS_MONTHS = frozenset({"cohort_retention", "recurring_revenue_forecast"})


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


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a file: its shape, the header of each role, headers left over, and what it is good for.

    `missing` gives by metric the roles (or, where no file gives them, the measures) that are lacking. `configured` are
    those of `metrics` that also ask for a file of weights and rules.
    """

    shape: str | None
    roles: Mapping[str, str]
    months: Sequence[str]
    unused: Sequence[str]
    unclear: Mapping[str, Sequence[str]]
    metrics: Sequence[str]
    missing: Mapping[str, Sequence[str]]
    configured: Sequence[str]


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
        return not shape.measures and (bool(shape.months) or term.table.sql not in NEEDS_MONTHS)
    if term.metric and term.metric.window == "all":
        return bool(shape.months)
    own = {measure.measure for measure in shape.measures}
    return all(not shape.measures or measure.measure in own or bool(measure.formula) for measure in measures)


def understood(
    glossary: Glossary, table: Table, mapping: Mapping[str, str], shape: str | None = None, preset: str | None = None
) -> Understood:
    """What a file is, what can be computed from it and what is missing for the rest.

    Raises UsageError for a shape or a preset that does not exist.
    """
    known = preset_of(glossary, preset) if preset else None
    chosen = chosen_columns(glossary, table, mapping, known)
    fits = {one.shape: fit(glossary, table, one, chosen) for one in glossary.shapes.values()}
    if wanted := shape or (known.shape if known else None):
        if wanted not in fits:
            raise UsageError(f"there is no shape '{wanted}'", hint=f"shapes: {', '.join(fits)}")
        fits = {wanted: fits[wanted]}
    fitting = [one for one in fits.values() if one.fits]
    best = max(fitting, key=_rank) if fitting else max(fits.values(), key=_closeness)
    usable, missing, configured = [], {}, []
    for one in catalogue(glossary):
        lacking = _lacking(one, fits)
        if lacking:
            missing[one.name] = lacking
        else:
            usable.append(one.name)
            configured += [one.name] if one.of == "health" and "risk_score" not in best.roles else []
    months = list(best.months.values())
    taken = {*best.roles.values(), *months}
    return Understood(
        best.shape.shape if best.fits else None,
        best.roles,
        months,
        [column for column in table.columns if column and column not in taken],
        best.unclear,
        usable,
        missing,
        configured,
    )


def _rank(one: Fit) -> tuple[int, int]:
    """The shape that tells most columns apart; of several the one that asks for more."""
    return len(one.roles) + len(one.months), len(one.shape.required)


def _closeness(one: Fit) -> tuple[int, int]:
    return len(one.roles), -len(one.missing)


def _lacking(one: Available, fits: Mapping[str, Fit]) -> Sequence[str]:
    """What keeps a metric from being computed from the file; nothing where it can be."""
    if one.given and not one.table:
        return one.given
    own = [fits[shape.shape] for shape in one.shapes if shape.shape in fits]
    fitting = [fit_ for fit_ in own if fit_.fits]
    if fitting:
        unmet = [
            [need for need in _needs(one, fit_.shape) if not set(need.split("|")) & set(fit_.roles)] for fit_ in fitting
        ]
        return tuple(dict.fromkeys(need.replace("|", " or ") for need in min(unmet, key=len)))
    if not own:
        return tuple(measure.measure for measure in one.measures)
    closest = min(own, key=lambda fit_: (len(fit_.missing), len(fit_.unclear), -len(fit_.roles)))
    return (*closest.missing, *closest.unclear)


def _needs(one: Available, shape: Shape) -> Sequence[str]:
    """The roles without which a file of the shape does not give it; a table may have gaps."""
    if one.table:
        return one.table.needs
    summed = {measure.measure: measure.needs for measure in shape.measures}
    used = [name for measure in one.measures for name in (measure.measure, *re.findall(r"\w+", measure.formula))]
    own = [need for name in used for need in summed.get(name, ())]
    return tuple(dict.fromkeys([*(one.metric.needs if one.metric else ()), *own]))
