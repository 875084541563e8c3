"""Two metrics on the same rows: both values, the measures that only one of them uses, and the accounts behind those."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from cstool.compute.formulas.catalog import available
from cstool.compute.run import calculate
from cstool.errors import CstoolError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.model.entries import Glossary, Term
from cstool.model.request import CalcRequest
from cstool.model.results import Result, Value

LARGEST = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both results (measures included), the measures that only one uses with their values, and the largest accounts.

    `only` gives by measure the metric that uses it and its value; `accounts` the rows of `calc --accounts` that moved
    those measures most, empty where the file has no accounts.
    """

    result: Result
    only: Mapping[str, tuple[str, Value]]
    accounts: Sequence[Mapping[str, Value]]


def compare(glossary: Glossary, finder: Finder, terms: Sequence[Term], request: CalcRequest) -> Comparison:
    """Computes both metrics with one window. Raises UsageError where a term is no number that calc computes."""
    for term in terms:
        if term.metric is None:
            raise UsageError(
                f"{term.term} is not a number that calc computes; --data needs two that are", code="not-computable"
            )
    metrics = [term.metric for term in terms if term.metric]
    # Unequal default windows would differ for a reason of their own, so both take the longer one.
    window = request.window or max(metric.months for metric in metrics) or None
    asked = replace(request, metrics=tuple(metric.name for metric in metrics), window=window, explain=True)
    try:
        result = calculate(glossary, finder, asked)
    except UsageError:
        if request.window:
            raise
        asked = replace(asked, window=None)
        result = calculate(glossary, finder, asked)
    measures = [available(glossary, term).measures for term in terms]
    uses = {metric.name: {one.measure for one in own} for metric, own in zip(metrics, measures, strict=True)}
    shared = set.intersection(*uses.values())
    values = {column.measure: result.rows[-1][column.key] for column in result.columns if column.measure}
    only = {measure: (name, values.get(measure)) for name, names in uses.items() for measure in sorted(names - shared)}
    movements = {one.movement for own in measures for one in own if one.measure in only and one.movement}
    return Comparison(result, only, _accounts(glossary, finder, asked, movements))


def _accounts(
    glossary: Glossary, finder: Finder, request: CalcRequest, movements: Collection[str]
) -> Sequence[Mapping[str, Value]]:
    """The accounts behind some movements, largest first."""
    if not movements or "-" in request.files or request.every:
        return ()
    try:
        listed = calculate(glossary, finder, replace(request, accounts=True, explain=False))
    except CstoolError:
        return ()
    return [row for row in listed.rows if row["movement"] in movements][:LARGEST]
