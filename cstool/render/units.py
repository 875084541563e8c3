"""Numbers as people read them; rounding happens here and nowhere else, half up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

_PLACES = {"percent": 1, "currency": 2, "ratio": 2, "score": 1, "months": 1, "days": 1, "count": 0}
_WORDS = {"months": "months", "days": "days"}
_FEW, _HOUR, _DAY = 10, 60, 1440  # minutes

ON_DUTY = "minutes on duty"  # a day of them has no 24 hours
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
    if unit in ("minutes", ON_DUTY):
        return _duration(number, days=unit == "minutes")
    places = 0 if unit == "currency" and not cents and not _has_cents(number) else _PLACES[unit]
    text = f"{rounded(number, places):,f}"
    if unit == "percent":
        return f"{text}%"
    return f"{text} {_WORDS[unit]}" if unit in _WORDS else text


def _duration(minutes: Decimal, *, days: bool) -> str:
    """Minutes as people say them: `4.5 min`, `45 min`, `7 h 13 min`, and with `days` `3.4 days`."""
    whole = int(rounded(minutes, 0))
    if abs(minutes) < _FEW:
        return f"{rounded(minutes, 1):f}".removesuffix(".0") + " min"
    if whole < _HOUR:
        return f"{whole} min"
    if whole < _DAY or not days:
        return f"{whole // _HOUR} h {whole % _HOUR} min" if whole % _HOUR else f"{whole // _HOUR} h"
    return f"{rounded(_WIDE.divide(minutes, Decimal(_DAY)), 1):,f} days"


def shown_alike(values: Sequence[Any], unit: str | None) -> list[str]:
    """The values of a column for people: amounts all with cents, or all without."""
    cents = unit == "currency" and any(
        _has_cents(value if isinstance(value, Decimal) else Decimal(repr(value)))
        for value in values
        if isinstance(value, (Decimal, float, int))
    )
    return [shown(value, unit, cents=cents) for value in values]


def changes_shown(values: Sequence[Any], unit: str | None) -> list[str]:
    """Changes of a column for people, with their sign: percentages in points, `+1.2 pts`."""
    sizes = [abs(value) if isinstance(value, (Decimal, float, int)) else value for value in values]
    told = [text.replace("%", " pts") for text in shown_alike(sizes, unit)]
    return [_signed(text, value) for text, value in zip(told, values, strict=True)]


def _signed(size: str, value: Any) -> str:
    """The size of a change with its sign; what is shown as nothing has none."""
    if value is None or not re.search("[1-9]", size):
        return size
    return f"{'+' if value > 0 else '-'}{size}"


def _has_cents(amount: Decimal) -> bool:
    """Whether an amount is not whole as it is shown, so that a trace left by a division is none."""
    near = rounded(amount, 2)
    return near != near.to_integral_value()


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up to so many places; never minus zero."""
    whole = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return whole if whole else abs(whole)
