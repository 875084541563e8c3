"""The dialect of `--engine spark`: Spark's, with settings of our own, and what it takes to read files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from cstool.backends.dialects.base import ZERO
from cstool.backends.dialects.spark import Spark, call, filled
from cstool.backends.duck import EngineError
from cstool.backends.unsupported import Node, UnsupportedError


@lru_cache(maxsize=256)
def to_spark(sql: str) -> str:
    """A query of DuckDB's in Spark's SQL. Raises EngineError for what is no SQL, or cannot be expressed in Spark."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        DIALECT.rewrite(tree)
        text: str = tree.sql("spark", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except (SqlglotError, UnsupportedError) as error:
        raise EngineError(f"not possible in Spark: {str(error).splitlines()[0]}") from error
    return text


class SparkEngine(Spark):
    """Spark, and the functions that read a file's cells. What it runs is printed for nobody, so nothing is listed."""

    plain_backslash = True

    def visit_anonymous(self, node: Node) -> Node:
        made = _READING.get(node.name.lower())
        return made(node.expressions) if made else super().visit_anonymous(node)


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


def _parsed_time(given: Sequence[Node]) -> Node:
    """`try_strptime(text, formats)`."""
    text, formats = given
    found = [
        filled(
            "case when text rlike shape then try_to_timestamp(text, pattern) end",
            text=text,
            shape=exp.Literal.string(shape),
            pattern=exp.Literal.string(pattern),
        )
        for shape, pattern in (_time_pattern(str(one.this)) for one in formats.expressions)
    ]
    return found[0] if len(found) == 1 else exp.Coalesce(this=found[0], expressions=found[1:])


def _time_pattern(form: str) -> tuple[str, str]:
    """The expression that a text has to fit for a format of strptime, and the pattern that Spark reads it by.

    Raises UnsupportedError for what Spark reads otherwise than DuckDB: years of two digits, taken for 2000 to 2099.
    """
    parts = _TIGHT if re.search("%Y%m|%m%Y", form) else _PARTS
    shape = pattern = ""
    for letter, other in re.findall("%(.)|([^%]+)", form):
        if letter and letter not in parts:
            raise UnsupportedError(f"times written as {form} are not read by Spark")
        pattern += parts[letter][0] if letter else re.sub("[A-Za-z']+", _quoted, other)
        shape += parts[letter][1] if letter else re.escape(other)
    return rf"\A{shape}\z", pattern


def _quoted(found: re.Match[str]) -> str:
    return "'" + found[0].replace("'", "''") + "'"


_READING: Mapping[str, Callable[[Sequence[Node]], Node]] = {
    "strlen": lambda given: call("octet_length", *given),
    "to_minutes": lambda given: call("make_dt_interval", ZERO, ZERO, *given),
    "to_seconds": lambda given: call("make_dt_interval", ZERO, ZERO, ZERO, *given),
    "try_strptime": _parsed_time,
}

DIALECT = SparkEngine("Spark")
