"""Trino, Starburst and Amazon Athena."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from cstool.backends.dialects.base import Dialect, words
from cstool.backends.unsupported import Node

_PERCENTILE = ("an exact percentile of a group (percentile_cont)", "compute it from a file instead")


class Trino(Dialect):
    """It has no exact percentile of a group; all else that is special the translator knows."""

    functions = words(
        "ABS AVG CAST CEIL COALESCE CONCAT COUNT DATE_DIFF DATE_TRUNC DAY DAY_OF_WEEK DENSE_RANK EXP FIRST_VALUE",
        "FLOOR GREATEST LAG LAST_DAY_OF_MONTH LAST_VALUE LEAD LEAST LENGTH LN LOG10 LOWER LPAD LTRIM MAX MAX_BY MIN",
        "MIN_BY MONTH NULLIF POWER QUARTER RANK REGEXP_LIKE REGEXP_REPLACE REPLACE ROUND ROW_NUMBER RTRIM SIGN SQRT",
        "STRPOS SUBSTR SUBSTRING SUM TRIM TRUNCATE UPPER YEAR",
        "DATE_FORMAT",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INTEGER TIMESTAMP VARCHAR")
    constructs = words(
        "dpipe escape except filter ilike nullsafeeq nullsafeneq range_between rows_between tuple values",
    )
    native = frozenset({exp.NullSafeEQ, exp.NullSafeNEQ})

    unsupported: Mapping[str, tuple[str, str]] = {"withingroup": _PERCENTILE, "PERCENTILE_CONT": _PERCENTILE}

    def visit_cast(self, node: Node) -> Node:
        """A time with all its digits: TIMESTAMP alone has three, and rounds the last moment of a day to the next."""
        if node.is_type("timestamp"):
            node.set("to", exp.DataType.build("timestamp(9)", dialect="trino"))
        return super().visit_cast(node)


DIALECT = Trino("trino")
