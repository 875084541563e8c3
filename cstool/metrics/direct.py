"""Metrics of values given on the command line instead of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from cstool.errors import UsageError
from cstool.glossary.entries import Measure, Metric
from cstool.metrics.expressions import Expression


def given_number(name: str, text: str) -> Decimal:
    """A measure's value: `1200`, `0.03`, `3%`, `1_200` is refused. Raises UsageError."""
    bare = text.strip()
    try:
        number = Decimal(bare.removesuffix("%")) / (100 if bare.endswith("%") else 1)
    except InvalidOperation:
        number = Decimal("NaN")
    if "_" in bare or not number.is_finite():
        raise UsageError(f"--set {name}: '{text}' is not a number", hint="write it plainly: 1234.5, or 3% for 0.03")
    return number


def missing_measures(formulas: Sequence[tuple[Metric, Expression]], given: Mapping[str, Decimal]) -> None:
    """Raises UsageError listing what a metric needs and was not given."""
    for metric, expression in formulas:
        missing = sorted(expression.names - set(given) - set(metric.optional))
        if missing:
            needed = " ".join(f"--set {name}=VALUE" for name in sorted(expression.names - set(metric.optional)))
            raise UsageError(
                f"{metric.name} needs {', '.join(missing)}" + ("" if given else ", or a file to compute them from"),
                hint=f"give a file, or: cstool calc {metric.name} {needed}",
            )


def direct_relation(
    formulas: Sequence[tuple[Metric, Expression]], given: Mapping[str, Decimal]
) -> tuple[str, dict[str, Measure]]:
    """One row that holds the given values, as a relation and its measures; what may be left out is zero."""
    names = sorted({name for _, expression in formulas for name in expression.names})
    values = {name: given.get(name, Decimal(0)) for name in names}
    columns = ", ".join(f'{literal(value)} as "{name}"' for name, value in values.items())
    relation = f"select null as closing, 0 as span, {columns or '1 as nothing'}"
    return relation, {name: Measure(name, "given", f'any_value("{name}")') for name in names}


def literal(value: Decimal) -> str:
    """A number as an exact SQL literal, no wider than it has to be."""
    places = max(0, -int(value.as_tuple().exponent))
    whole = max(1, value.adjusted() + 1)
    if whole + places > 38 or places > 18:
        return f"cast('{value}' as double)"
    return f"cast('{value:f}' as decimal({max(whole, 1) + places}, {places}))"
