"""Text from files and glossaries is hostile: nothing in it may act on a terminal or in a spreadsheet."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

# C0 and C1 controls, other line ends, and the marks that reorder text on screen.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_ALL = re.compile(f"[{_CONTROLS}]")
_ALL_BUT_LAYOUT = re.compile(f"(?![\t\n])[{_CONTROLS}]")  # a delimited cell may hold tabs and lines: it is quoted
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """The text with control characters written out (`\\x1b`) instead of sent."""
    return _ALL.sub(lambda found: _written_out(found[0]), text)


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible_in_json(text: str) -> str:
    """JSON text in which the control characters that JSON itself lets through are written as its escapes."""
    return re.sub(f"(?!\n)[{_CONTROLS}]", lambda found: f"\\u{ord(found[0]):04x}", text)


def defused(text: str) -> str:
    """The text as a spreadsheet reads it literally: a leading formula mark quoted, control characters written out."""
    quoted = f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return _ALL_BUT_LAYOUT.sub(lambda found: _written_out(found[0]), quoted)


def plain_number(value: Decimal | float | int) -> str:
    """All digits of a number, without exponent, trailing zeros or minus zero: `0.8`, `1200`, `0.9448275862068966`."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if exact else "0"


def json_value(value: Any) -> Any:
    """A value as JSON holds it: decimals are numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def machine_cell(value: Any, *, raw: bool) -> str:
    """A csv or tsv cell: full digits, empty where undefined, text defused unless `raw`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (Decimal, float, int)):
        return plain_number(value)
    return str(value) if raw else defused(str(value))
