"""Values given on the command line instead of a file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from cstool.errors import UsageError
from cstool.model.entries import is_ordinary

ROW = "select null as closing, 0 as span"


def given_number(name: str, text: str) -> Decimal:
    """A measure's value: `1200`, `0.03`, `3%`. Raises UsageError."""
    bare = text.strip()
    try:
        number = Decimal(bare.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if "_" in bare or not number.is_finite():
        raise UsageError(
            f"{name}: '{text}' is not a number", hint="write it plainly: 1234.5, or 3% for 0.03", code="bad-value"
        )
    if not is_ordinary(number):
        raise UsageError(f"{name}: '{text}' has too many digits to compute with", code="bad-value")
    return number / 100 if bare.endswith("%") else number


def literal(value: Decimal) -> str:
    """A number as an exact SQL literal, no wider than it has to be: products of literals must fit 38 digits."""
    places = max(0, -int(value.as_tuple().exponent))
    whole = max(1, value.adjusted() + 1)
    if whole + places > 18:
        return f"cast('{value}' as double)"
    return f"cast('{value:f}' as decimal({whole + places}, {places}))"


def missing(
    metric: str, needed: set[str], given: Mapping[str, Decimal], *, file: bool, roles: Mapping[str, str] | None = None
) -> UsageError | None:
    """What to say where measures are neither given nor computed; `roles`: what a column may be for it."""
    lacking = sorted(needed - set(given))
    if not lacking:
        return None
    options = " ".join(f"--set {name}=VALUE" for name in (lacking if file else sorted(needed)))
    if file:
        named = " ".join(f"--map {roles[name]}=COLUMN" for name in lacking if roles and name in roles)
        hint = f"name the column: {named}, or add {options}" if named else f"add {options}"
        return UsageError(f"{metric}: no column gives {', '.join(lacking)}", hint=hint, code="missing-measure")
    return UsageError(
        f"{metric} needs {', '.join(lacking)}" + ("" if given else ", or a file to compute them from"),
        hint=f"give a file (`cstool init` names a folder's files for good), or: cstool calc {metric} {options}",
        code="missing-measure",
    )
