"""Times as people write them, in the patterns of Spark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.engines.duck import EngineError

# By the letter of strptime: Spark's own, and what it may stand for. Spark alone would take 2026-001 for January.
_PARTS = {
    "Y": ("yyyy", "[0-9]{4}"),
    "m": ("M", "[0-9]{1,2}"),
    "d": ("d", "[0-9]{1,2}"),
    "b": ("MMM", "[^0-9 ,'-]{3}"),
    "B": ("MMMM", "[^0-9 ,'-]{3,9}"),
    "H": ("H", "[0-9]{1,2}"),
    "M": ("m", "[0-9]{1,2}"),
    "S": ("s", "[0-9]{1,2}"),
    "I": ("h", "[0-9]{1,2}"),
    "p": ("a", "[AaPp][Mm]"),
    "f": ("SSSSSS", "[0-9]{1,6}"),
}
_TIGHT = _PARTS | {"m": ("MM", "[0-9]{2}"), "d": ("dd", "[0-9]{2}")}  # where nothing stands between the numbers


def shaped(formats: Sequence[str]) -> list[tuple[str, str]]:
    """For each format of strptime, the expression that a text has to fit, and the pattern that Spark reads it by.

    Raises EngineError for what Spark reads otherwise than DuckDB: years of two digits, which it takes for 2000 to 2099.
    """
    return [_shaped(form) for form in formats]


def _shaped(form: str) -> tuple[str, str]:
    parts = _TIGHT if re.search("%Y%m|%m%Y", form) else _PARTS
    shape = pattern = ""
    for letter, other in re.findall("%(.)|([^%]+)", form):
        if letter and letter not in parts:
            raise EngineError(f"times written as {form} are not read by Spark")
        pattern += parts[letter][0] if letter else re.sub("[A-Za-z']+", _quoted, other)
        shape += parts[letter][1] if letter else re.escape(other)
    return rf"\A{shape}\z", pattern


def _quoted(found: re.Match[str]) -> str:
    return "'" + found[0].replace("'", "''") + "'"
