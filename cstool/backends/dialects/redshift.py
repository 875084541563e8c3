"""Amazon Redshift."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from cstool.backends.dialects.base import ZERO, Dialect, extracted, words
from cstool.backends.unsupported import Node


class Redshift(Dialect):
    """It has no filter, no max_by and no window frame by distance."""

    functions = words(
        "ABS AVG CAST CEIL COALESCE COUNT DATEDIFF DENSE_RANK DLOG10 EXP EXTRACT FIRST_VALUE FLOOR GREATEST LAG",
        "LAST_DAY LAST_VALUE LEAD LEAST LEFT LENGTH LN LOWER LPAD LTRIM MAX MEDIAN MIN NULLIF PERCENTILE_CONT",
        "POSITION POWER RANK REGEXP_REPLACE REPLACE RIGHT ROUND ROW_NUMBER RTRIM SIGN SQRT STRPOS SUBSTRING SUM TRIM",
        "UPPER",
        "TO_CHAR",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INTEGER MAX PRECISION TIMESTAMP VARCHAR")
    constructs = words("dpipe escape except ilike regexplike rows_between tuple values withingroup")
    native = frozenset({exp.Greatest, exp.Least})
    unsupported: Mapping[str, tuple[str, str]] = {
        "ARG_MAX": ("the value in the row of another's greatest (max_by)", "compute it from a file instead"),
        "ARG_MIN": ("the value in the row of another's least (min_by)", "compute it from a file instead"),
    }
    log10 = "DLOG10"

    def visit_year(self, node: Node) -> Node:
        return extracted(node)

    visit_month = visit_quarter = visit_year

    def visit_dayofweekiso(self, node: Node) -> Node:
        """Its weekdays count from 0 for Sunday."""
        sunday = exp.Extract(this=exp.var("DOW"), expression=node.this.copy())
        seven = exp.If(this=sunday.copy().eq(ZERO.copy()), true=exp.Literal.number(7))
        return exp.Case(ifs=[seven], default=sunday)


DIALECT = Redshift("redshift")
