"""Text from files and glossaries is hostile: nothing in it may act on a terminal or in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cstool.render.escapes import visible_but_layout

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defused(text: str) -> str:
    """The text as a spreadsheet reads it literally: a leading formula mark quoted, control characters written out."""
    quoted = f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return visible_but_layout(quoted)


def plain_number(value: Decimal | float | int) -> str:
    """All digits of a number, without exponent, trailing zeros or minus zero: `0.8`, `1200`, `0.9448275862068966`."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if exact else "0"


def machine_cell(value: Any, *, raw: bool) -> str:
    """A csv or tsv cell: full digits, empty where undefined, text defused unless `raw`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (Decimal, float, int)):
        return plain_number(value)
    return str(value) if raw else defused(str(value))
