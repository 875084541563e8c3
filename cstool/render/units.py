"""Numbers as people read them; rounding happens here and nowhere else, half up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

_PLACES = {"percent": 1, "currency": 2, "ratio": 2, "score": 1, "months": 1, "days": 1, "minutes": 1, "count": 0}
_WORDS = {"months": "months", "days": "days", "minutes": "min"}

UNDEFINED = "n/a"
_WIDE = Context(prec=400)  # digits: more than a double's largest value has before the point


def shown(value: Any, unit: str | None, *, cents: bool = False) -> str:
    """A value for people: `92.5%`, `1,234.50`, `n/a`. Text and values without unit stay as they are.

    Amounts have cents where they are not whole, and with `cents` always.
    """
    if value is None:
        return UNDEFINED
    if unit is None or isinstance(value, str):
        return str(value)
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if unit == "percent":
        number = _WIDE.multiply(number, Decimal(100))
    places = 0 if unit == "currency" and not cents and not _has_cents(number) else _PLACES[unit]
    text = f"{rounded(number, places):,f}"
    if unit == "percent":
        return f"{text}%"
    return f"{text} {_WORDS[unit]}" if unit in _WORDS else text


def shown_alike(values: Sequence[Any], unit: str | None) -> list[str]:
    """The values of a column for people: amounts all with cents, or all without."""
    cents = unit == "currency" and any(
        _has_cents(value if isinstance(value, Decimal) else Decimal(repr(value)))
        for value in values
        if isinstance(value, (Decimal, float, int))
    )
    return [shown(value, unit, cents=cents) for value in values]


def _has_cents(amount: Decimal) -> bool:
    """Whether an amount is not whole as it is shown, so that a trace left by a division is none."""
    near = rounded(amount, 2)
    return near != near.to_integral_value()


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up to so many places; never minus zero."""
    whole = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return whole if whole else abs(whole)
