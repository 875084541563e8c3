"""Snowflake."""

from __future__ import annotations

from sqlglot import exp

from cstool.backends.dialects.base import Dialect, words
from cstool.backends.unsupported import Node


class Snowflake(Dialect):
    """Its names are upper case, it has no filter, and its own test of a pattern is of the whole text."""

    functions = words(
        "ABS AVG CAST CEIL CHARINDEX COALESCE COUNT DATEDIFF DATE_FROM_PARTS DAY DAYOFWEEKISO DENSE_RANK EXP",
        "FIRST_VALUE FLOOR GREATEST_IGNORE_NULLS LAG LAST_DAY LAST_VALUE LEAD LEAST_IGNORE_NULLS LEFT LENGTH LN LOG",
        "LOWER LPAD LTRIM MAX MAX_BY MEDIAN MIN MIN_BY MONTH NULLIF PERCENTILE_CONT POSITION POWER QUARTER RANK",
        "REGEXP_INSTR REGEXP_REPLACE REPLACE RIGHT ROUND ROW_NUMBER RTRIM SIGN SQRT SUBSTRING SUM TRIM UPPER YEAR",
        "TO_CHAR",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INT TIMESTAMP TIMESTAMPNTZ VARCHAR")
    constructs = words(
        "dpipe escape except ilike nullsafeeq nullsafeneq range_between rows_between tuple values withingroup",
    )
    native = frozenset({exp.DateFromParts, exp.Greatest, exp.Least, exp.NullSafeEQ, exp.NullSafeNEQ})
    upper_names = True

    def log_of_ten(self, value: Node) -> Node:
        return exp.Anonymous(this="LOG", expressions=[exp.Literal.number(10), self.double(value)])

    def visit_regexplike(self, node: Node) -> Node:
        return exp.func("regexp_instr", node.this.copy(), node.expression.copy()) > 0


DIALECT = Snowflake("snowflake")
