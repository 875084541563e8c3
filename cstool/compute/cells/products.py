"""Amounts times quantities as whole numbers, exact to 18 places."""

from __future__ import annotations

from decimal import Decimal

from cstool.compute.source import Source
from cstool.errors import InputError
from cstool.ingest.formats.numbers import WIDEST

_MOST_UNITS = 10**32  # of an amount times a quantity, in whole numbers: what Spark, too, divides exactly
_MOST_MRR = 10**20  # beside 18 digits behind the mark


def scaled(source: Source) -> dict[str, str]:
    """SQL of the cells' amounts and quantities as whole numbers, and of what makes their product one of 18 places.

    Raises InputError where a product has more digits than an exact number of 38 can hold.
    """
    places = {name: _places(source, name) for name in ("amount", "quantity")}
    left = WIDEST - sum(places.values())
    largest = "coalesce(max(abs({0})), 1)"
    most, times = source.engine.row(
        f"select {largest.format('amount')}, {largest.format('quantity')} from {source.cells}"
    )
    size = Decimal(most) * Decimal(times)
    if left < 0:
        both = " and ".join(source.roles.get(name, name) for name, own in places.items() if own)
        raise InputError(
            f"{source.name}: {both} have more than {WIDEST} digits behind the mark when multiplied",
            code="number-too-large",
        )
    if size * 365 * 10 ** (WIDEST - left) >= _MOST_UNITS or size * 31 >= _MOST_MRR:
        both = " times ".join(source.roles[name] for name in places if name in source.roles)
        raise InputError(
            f"{source.name}: {both} is too large to be computed exactly",
            hint="write amounts in thousands or millions",
            code="number-too-large",
        )
    wholes = {
        name: f"(cast({part} - {part} % 1 as hugeint) * cast({10**own} as hugeint)"
        f" + cast(cast({part} % 1 as decimal(18, {own})) * cast({10**own} as decimal(19, 0)) as hugeint))"
        for (name, own), part in zip(places.items(), ("amount", "coalesce(quantity, 1)"), strict=True)
    }
    return {f"scaled_{name}": sql for name, sql in wholes.items()} | {"unit": str(10**left)}


def _places(source: Source, name: str) -> int:
    """How many digits stand behind the mark of a column's numbers, zeros at the end left out."""
    cases = " ".join(f"when part % {Decimal(1).scaleb(-places):f} = 0 then {places}" for places in range(WIDEST))
    parts = f"(select cast({name} % 1 as decimal(18, 18)) as part from {source.cells} where {name} is not null)"
    found = source.engine.row(f"select max(case {cases} else {WIDEST} end) from {parts}")[0]
    return int(found or 0)
