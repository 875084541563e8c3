"""Times as people write them, in the patterns of Spark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.engines.duck import EngineError

_LETTERS = {
    "Y": "yyyy", "m": "M", "d": "d", "b": "MMM", "B": "MMMM",
    "H": "H", "M": "m", "S": "s", "I": "h", "p": "a", "n": "SSSSSSSSS",
}  # fmt: skip
_TIGHT = {"m": "MM", "d": "dd"}  # where nothing stands between the numbers


def patterns(formats: Sequence[str]) -> list[str]:
    """Formats of strptime as patterns of Spark.

    Raises EngineError for what Spark reads otherwise than DuckDB: years of two digits, which it takes for 2000 to 2099.
    """
    return list(dict.fromkeys(map(_pattern, formats)))


def _pattern(form: str) -> str:
    letters = _LETTERS | _TIGHT if re.search("%Y%m|%m%Y", form) else _LETTERS
    made = ""
    for letter, other in re.findall("%(.)|([^%]+)", form):
        if letter and letter not in letters:
            raise EngineError(f"times written as {form} are not read by Spark")
        made += letters[letter] if letter else re.sub("[A-Za-z']+", lambda found: _quoted(found[0]), other)
    return made


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
